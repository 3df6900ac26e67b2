"""Services: hosting and servers, what their modules can do, virtual machines, addresses and reverse DNS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.hostbill.client.group import Group, given


class Services(Group):
    def list_services(self) -> Any:
        """`GET /service`: the account's services. Reads. Both portals. Answers `{"services": [...]}`."""
        return self._read("GET", "/service")

    def service_details(self, service_id: str) -> Any:
        """`GET /service/{id}`: one service with its login name and password. Reads, and reveals a secret. Both portals.

        Answers `{"service": {...}}`.
        """
        return self._read("GET", "/service/{id}", id=service_id)

    def service_methods(self, service_id: str) -> Any:
        """`GET /service/{id}/methods`: what this service's module can do. Reads. Both portals.

        Answers `{"methods": [{"name", "method", "route"}]}`, routes with @name placeholders.
        """
        return self._read("GET", "/service/{id}/methods", id=service_id)

    def upgrade_options(self, service_id: str) -> Any:
        """`GET /service/{id}/upgrade`: what it can be upgraded to. Reads. Both portals.

        Answers `{"resources": [...], "package": [...]}`, prices as numbers in the account's currency.
        """
        return self._read("GET", "/service/{id}/upgrade", id=service_id)

    def service_label(self, service_id: str) -> Any:
        """`GET /service/{id}/label`: the label the account gave it. Reads. Both portals. Answers `{"label": text}`."""
        return self._read("GET", "/service/{id}/label", id=service_id)

    def list_vms(self, service_id: str) -> Any:
        """`GET /service/{id}/vms`: the virtual machines of a service. Reads. Cloudviet; the shape varies by portal."""
        return self._read("GET", "/service/{id}/vms", id=service_id)

    def vm_details(self, service_id: str, vm_id: str) -> Any:
        """`GET /service/{id}/vms/{vmid}`: one virtual machine. Reads. Cloudviet; the shape varies by portal."""
        return self._read("GET", "/service/{id}/vms/{vmid}", id=service_id, vmid=vm_id)

    def list_rebuild_templates(self, service_id: str, vm_id: str) -> Any:
        """`GET /service/{id}/vms/{vmid}/rebuild`: what a machine can be rebuilt from. Reads. Cloudviet; shape not
        documented. The `template` parameter of its table is a leftover of the POST and not sent."""
        return self._read("GET", "/service/{id}/vms/{vmid}/rebuild", id=service_id, vmid=vm_id)

    def ip_addresses(self, service_id: str) -> Any:
        """`GET /service/{id}/ip`: the addresses of a service. Reads. Cloudviet; the shape is not documented."""
        return self._read("GET", "/service/{id}/ip", id=service_id)

    def reverse_dns(self, service_id: str) -> Any:
        """`GET /service/{id}/rdns`: the reverse DNS of its addresses. Reads. Cloudviet; the shape is not documented."""
        return self._read("GET", "/service/{id}/rdns", id=service_id)

    def upgrade_service(
        self,
        service_id: str,
        *,
        send: bool,
        resources: Mapping[str, Any] | None = None,
        package: int | None = None,
        cycle: str | None = None,
    ) -> Any:
        """`POST /service/{id}/upgrade`: prices an upgrade and, with `send`, requests it. Changes when `send` is true (money);
        otherwise it only asks. Both portals; the shape of the answer is not documented.

        `resources`, by the ids of `upgrade_options`: `{id: item id}` for lists, `{id: quantity}` for sliders and quantities,
        `{id: {item id: quantity}}` for lists with quantities. `package`: id of another package. `cycle`: period code.
        """
        body = given(resources=resources, package=package, cycle=cycle, send=send)
        ask = self._change if send else self._read
        return ask("POST", "/service/{id}/upgrade", body=body, id=service_id)

    def cancel_service(self, service_id: str, *, immediate: bool, reason: str) -> Any:
        """`POST /service/{id}/cancel`: asks for a cancellation, at once or with the end of the paid period. Changes. Both portals.

        Answers `{"info": ["cancell_sent"]}`, spelt so. `immediate` is sent as text, as the page types it.
        """
        body = {"immediate": "true" if immediate else "false", "reason": reason}
        return self._change("POST", "/service/{id}/cancel", body=body, id=service_id)

    def change_service_label(self, service_id: str, label: str) -> Any:
        """`POST /service/{id}/label`: sets the label. Changes. Both portals. Answers `{"success": true, "info": [...]}`."""
        return self._change("POST", "/service/{id}/label", body={"label": label}, id=service_id)

    def stop_vm(self, service_id: str, vm_id: str) -> Any:
        """`POST /service/{id}/vms/{vmid}/stop`. Changes. Cloudviet; the shape of the answer is not documented."""
        return self._change("POST", "/service/{id}/vms/{vmid}/stop", id=service_id, vmid=vm_id)

    def start_vm(self, service_id: str, vm_id: str) -> Any:
        """`POST /service/{id}/vms/{vmid}/start`. Changes. Cloudviet; the shape of the answer is not documented."""
        return self._change("POST", "/service/{id}/vms/{vmid}/start", id=service_id, vmid=vm_id)

    def suspend_vm(self, service_id: str, vm_id: str) -> Any:
        """`POST /service/{id}/vms/{vmid}/suspend`. Changes. Cloudviet; the shape of the answer is not documented."""
        return self._change("POST", "/service/{id}/vms/{vmid}/suspend", id=service_id, vmid=vm_id)

    def unsuspend_vm(self, service_id: str, vm_id: str) -> Any:
        """`POST /service/{id}/vms/{vmid}/unsuspend`. Changes. Cloudviet; the shape of the answer is not documented."""
        return self._change("POST", "/service/{id}/vms/{vmid}/unsuspend", id=service_id, vmid=vm_id)

    def reboot_vm(self, service_id: str, vm_id: str) -> Any:
        """`POST /service/{id}/vms/{vmid}/reboot`. Changes. Cloudviet; the shape of the answer is not documented."""
        return self._change("POST", "/service/{id}/vms/{vmid}/reboot", id=service_id, vmid=vm_id)

    def reset_vm_password(self, service_id: str, vm_id: str) -> Any:
        """`POST /service/{id}/vms/{vmid}/resetpwd`: sets a new root password, which the answer may hold. Changes, and reveals a
        secret. Cloudviet; the shape of the answer is not documented."""
        return self._change("POST", "/service/{id}/vms/{vmid}/resetpwd", id=service_id, vmid=vm_id)

    def rebuild_vm(self, service_id: str, vm_id: str, *, template: str) -> Any:
        """`POST /service/{id}/vms/{vmid}/rebuild`: reinstalls it, what is on it is lost. Changes. Cloudviet; the shape is not
        documented. `template` is an id of `list_rebuild_templates`."""
        body = {"template": template}
        return self._change("POST", "/service/{id}/vms/{vmid}/rebuild", body=body, id=service_id, vmid=vm_id)

    def update_reverse_dns(self, service_id: str, names: Mapping[str, str]) -> Any:
        """`POST /service/{id}/rdns`: sets reverse DNS. Changes. Cloudviet; the shape of the answer is not documented.

        `names`: host name by IP address. Whether addresses that are not named keep theirs is not documented.
        """
        return self._change("POST", "/service/{id}/rdns", body={"ipaddress": dict(names)}, id=service_id)
