"""Services: hosting and servers, what their modules can do, virtual machines, addresses and reverse DNS."""

from __future__ import annotations

from typing import Any

from providers.hostbill.client.group import Group


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
