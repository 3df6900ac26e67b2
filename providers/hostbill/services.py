"""Services of a HostBill portal, and through `providers.hostbill.machines` what runs in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from providers import families
from providers.errors import InvalidRequest, MalformedResponse, NotSupported, PermissionDenied
from providers.hostbill.answers import row_values, shape_of
from providers.hostbill.machines import Machines
from providers.hostbill.modules import offered_by_module
from providers.hostbill.orders import host, order_of, refusal
from providers.hostbill.parse.address import service_addresses
from providers.hostbill.parse.row import UnreadableRow, scalar_text
from providers.hostbill.parse.service import service, service_detail, service_method
from providers.hostbill.portal import Portal, for_account, page_of, thing_of
from providers.hostbill.upgrades import options_of, quote_of, request_fields
from providers.offers import Quote, UpgradeOptions, UpgradeRequest
from providers.resources import (
    Machine,
    MachineDetail,
    Order,
    Page,
    Service,
    ServiceAddress,
    ServiceDetail,
    ServiceMethod,
    Template,
)
from providers.secret import Secret
from providers.values import Unreadable, to_ip


@for_account
class Services(families.Services):
    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self._machines = Machines(portal)

    def list(self, page: str | None = None) -> Page[Service]:
        """`GET /service`, whole."""
        operation = "GET /service"
        data = self.portal.whole(operation, self.portal.client.services.list_services)
        return page_of(data, "services", parse=lambda row: service(row, self.portal.zone), operation=operation)

    def detail(self, service_id: str) -> ServiceDetail:
        """`GET /service/{id}` and `GET /service/{id}/methods`; `methods` is None where the portal refuses to tell them."""
        return thing_of(
            self.portal.client.services.service_details(service_id),
            "service",
            wanted=service_id,
            parse=lambda row: self._in_full(row, service_id),
            operation="GET /service/{id}",
        )

    def _in_full(self, row: Mapping[str, Any], service_id: str) -> ServiceDetail:
        methods = self._methods(service_id)
        return replace(service_detail(row, methods, self.portal.zone), offers=offered_by_module(methods))

    def _methods(self, service_id: str) -> tuple[ServiceMethod, ...] | None:
        operation = "GET /service/{id}/methods"
        if not self.portal.capabilities.offers(operation):
            return None
        try:
            data = self.portal.client.services.service_methods(service_id)
            rows, note = row_values(data, "methods", operation=operation)
            return None if note else tuple(service_method(row, self.portal.zone) for row in rows)
        except (InvalidRequest, MalformedResponse, NotSupported, PermissionDenied, UnreadableRow):
            return None

    def label(self, service_id: str) -> str:
        """`GET /service/{id}/label`."""
        data = self.portal.client.services.service_label(service_id)
        value = data.get("label") if isinstance(data, Mapping) else None
        if not isinstance(data, Mapping) or "label" not in data or isinstance(value, list | Mapping | bool):
            sentence = f"The portal’s answer holds no label: {shape_of(data)}."
            raise MalformedResponse(sentence, operation="GET /service/{id}/label")
        return scalar_text(value) or ""

    def set_label(self, service_id: str, label: str) -> None:
        """Changes: `POST /service/{id}/label`."""
        self._change(
            "POST /service/{id}/label",
            service_id,
            lambda: self.portal.client.services.change_service_label(service_id, label),
        )

    def upgrade_options(self, service_id: str) -> UpgradeOptions:
        """`GET /service/{id}/upgrade`; prices in the account's currency, of a resource beside those of the service."""
        return options_of(self.portal.client.services.upgrade_options(service_id), self.portal.zone)

    def upgrade_quote(self, service_id: str, request: UpgradeRequest) -> Quote:
        """`POST /service/{id}/upgrade` with `send` false, by which nothing is ordered."""
        fields = request_fields(request)
        return quote_of(self.portal.client.services.upgrade_service(service_id, send=False, **fields), self.portal.zone)

    def upgrade(self, service_id: str, request: UpgradeRequest) -> Order:
        """Changes: `POST /service/{id}/upgrade` with `send` true."""
        fields = request_fields(request)
        data = self._change(
            "POST /service/{id}/upgrade",
            service_id,
            lambda: self.portal.client.services.upgrade_service(service_id, send=True, **fields),
        )
        return order_of(self.portal, data)

    def cancel(self, service_id: str, *, immediate: bool, reason: str) -> None:
        """Changes: `POST /service/{id}/cancel`."""
        self._change(
            "POST /service/{id}/cancel",
            service_id,
            lambda: self.portal.client.services.cancel_service(service_id, immediate=immediate, reason=reason),
        )

    def addresses(self, service_id: str) -> tuple[ServiceAddress, ...]:
        """`GET /service/{id}/ip`."""
        data = self.portal.client.services.ip_addresses(service_id)
        return service_addresses(data, operation="GET /service/{id}/ip")

    def reverse_dns(self, service_id: str) -> tuple[ServiceAddress, ...]:
        """`GET /service/{id}/rdns`."""
        data = self.portal.client.services.reverse_dns(service_id)
        return service_addresses(data, operation="GET /service/{id}/rdns")

    def set_reverse_dns(self, service_id: str, names: Mapping[str, str]) -> None:
        """Changes: `POST /service/{id}/rdns` with the given addresses alone. An empty name asks for none."""
        wanted = {_address(ip): host(ip, name, "This is no host name.") if name else "" for ip, name in names.items()}
        if not wanted:
            raise refusal("names", "No address was given.", operation="POST /service/{id}/rdns")
        self._change(
            "POST /service/{id}/rdns",
            service_id,
            lambda: self.portal.client.services.update_reverse_dns(service_id, wanted),
        )

    def _change(self, operation: str, service_id: str, send: Callable[[], Any]) -> Any:
        """What one service's module lacks, another one may have."""
        return self.portal.change(operation, send, only_for=f"service {service_id}")

    def list_machines(self, page: str | None = None) -> Page[Machine]:
        """The virtual machines of all services, 20 services a page; `page` is the id of the last service that was covered."""
        return self._machines.page(self.list(), page)

    def machine(self, machine_id: str) -> MachineDetail:
        """`GET /service/{id}/vms/{vmid}`."""
        return self._machines.machine(machine_id)

    def templates(self, machine_id: str) -> tuple[Template, ...]:
        """`GET /service/{id}/vms/{vmid}/rebuild`."""
        return self._machines.templates(machine_id)

    def reboot(self, machine_id: str) -> None:
        """Changes: `POST /service/{id}/vms/{vmid}/reboot`."""
        self._machines.switch("reboot", machine_id)

    def start(self, machine_id: str) -> None:
        """Changes: `POST /service/{id}/vms/{vmid}/start`."""
        self._machines.switch("start", machine_id)

    def stop(self, machine_id: str) -> None:
        """Changes: `POST /service/{id}/vms/{vmid}/stop`."""
        self._machines.switch("stop", machine_id)

    def suspend(self, machine_id: str) -> None:
        """Changes: `POST /service/{id}/vms/{vmid}/suspend`."""
        self._machines.switch("suspend", machine_id)

    def unsuspend(self, machine_id: str) -> None:
        """Changes: `POST /service/{id}/vms/{vmid}/unsuspend`."""
        self._machines.switch("unsuspend", machine_id)

    def reset_password(self, machine_id: str) -> Secret:
        """Changes: `POST /service/{id}/vms/{vmid}/resetpwd`."""
        return self._machines.reset_password(machine_id)

    def rebuild(self, machine_id: str, template_id: str) -> None:
        """Changes: `POST /service/{id}/vms/{vmid}/rebuild`."""
        self._machines.rebuild(machine_id, template_id)


def _address(text: str) -> str:
    try:
        found = to_ip(text)
    except Unreadable:
        found = None
    if not found:
        raise refusal(text[:60], "This is no address.", operation="POST /service/{id}/rdns")
    return found
