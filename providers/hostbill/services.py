"""Services of a HostBill portal."""

from __future__ import annotations

from providers import families
from providers.errors import InvalidRequest, MalformedResponse, NotSupported, PermissionDenied
from providers.hostbill.answers import row_values
from providers.hostbill.machines import Machines
from providers.hostbill.parse.row import UnreadableRow
from providers.hostbill.parse.service import service, service_detail, service_method
from providers.hostbill.portal import Portal, for_account, page_of, thing_of
from providers.resources import Machine, MachineDetail, Page, Service, ServiceDetail, ServiceMethod


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
            parse=lambda row: service_detail(row, self._methods(service_id), self.portal.zone),
            operation="GET /service/{id}",
        )

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

    def list_machines(self, page: str | None = None) -> Page[Machine]:
        """The virtual machines of all services, 20 services a page; `page` is the id of the last service that was covered."""
        return self._machines.page(self.list(), page)

    def machine(self, machine_id: str) -> MachineDetail:
        """`GET /service/{id}/vms/{vmid}`."""
        return self._machines.machine(machine_id)

    def reboot(self, machine_id: str) -> None:
        """Changes: `POST /service/{id}/vms/{vmid}/reboot`."""
        self._machines.reboot(machine_id)
