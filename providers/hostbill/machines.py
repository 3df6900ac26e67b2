"""The virtual machines of a portal's services, which are only to be had service by service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from providers.errors import (
    InvalidRequest,
    MalformedResponse,
    NotFound,
    NotSupported,
    PermissionDenied,
    ProviderError,
    Unavailable,
)
from providers.hostbill.orders import refusal
from providers.hostbill.parse.machine import ID_KEYS, machine, machine_detail, new_password
from providers.hostbill.parse.template import templates_of
from providers.hostbill.portal import Portal, first_text, page_of, thing_of
from providers.resources import BadRow, Machine, MachineDetail, Page, Service, ServiceStatus, Template
from providers.secret import Secret

SERVICES_A_PAGE = 20
MOST_UNAVAILABLE = 2
DAY = 24 * 3600
WITHOUT_MACHINES = frozenset(
    {ServiceStatus.TERMINATED, ServiceStatus.CANCELLED, ServiceStatus.PENDING, ServiceStatus.FRAUD}
)
OPERATION = "GET /service/{id}/vms"
NO_MACHINES = "no"
NOT_SHOWN = "The portal gave the machine a new password without showing it. It may have sent it by e-mail."

Verb = Literal["reboot", "start", "stop", "suspend", "unsuspend"]


@dataclass(slots=True)
class _Gathered:
    items: list[Machine] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unavailable: int = 0


class Machines:
    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def page(self, services: Page[Service], after: str | None) -> Page[Machine]:
        """The machines of the next services behind the one called `after`; a page asks at most `SERVICES_A_PAGE` of them.

        A service whose module has no machines is not asked again for a day. One that could not be asked makes the page incomplete.
        Raises what concerns the whole account (sign-in, rate limit), and Unavailable when several services can't be reached.
        """
        waiting = sorted((one for one in services.items if one.status not in WITHOUT_MACHINES), key=_order)
        if after is not None:
            waiting = [one for one in waiting if _sort_key(one.id) > _sort_key(after)]
        found = _Gathered()
        asked = 0
        following: str | None = None
        for position, service in enumerate(waiting):
            if self._portal.connection.memory.get(_memory_key(service.id)) == NO_MACHINES:
                continue
            if asked == SERVICES_A_PAGE:
                following = waiting[position - 1].id
                break
            asked += 1
            self._gather(service, found)
        if not services.complete or services.bad:
            found.notes.append("The list of services could not be read whole, so their machines may be missing here.")
        return Page(
            items=tuple(found.items),
            bad=tuple(found.bad),
            next=following,
            complete=not found.notes,
            note=" ".join(found.notes),
        )

    def _gather(self, service: Service, found: _Gathered) -> None:
        try:
            page = self._of_service(service.id)
        except NotSupported:
            self._portal.connection.memory.set(_memory_key(service.id), NO_MACHINES, keep_seconds=DAY)
            return
        except (InvalidRequest, MalformedResponse, NotFound, PermissionDenied) as error:
            found.notes.append(_note(service, error))
            return
        except Unavailable as error:
            found.unavailable += 1
            if found.unavailable >= MOST_UNAVAILABLE:
                raise
            found.notes.append(_note(service, error))
            return
        found.items.extend(page.items)
        found.bad.extend(page.bad)
        if not page.complete:
            found.notes.append(f"Service {service.id} ({service.name}): {page.note}")

    def _of_service(self, service_id: str) -> Page[Machine]:
        data = self._portal.client.services.list_vms(service_id)
        return page_of(
            _listed(data),
            "vms",
            "servers",
            "virtual_machines",
            parse=lambda row: machine(row, service_id, self._portal.zone),
            operation=OPERATION,
            id_of=lambda row: machine_key(service_id, first_text(row, *ID_KEYS)),
        )

    def machine(self, machine_id: str) -> MachineDetail:
        """`GET /service/{id}/vms/{vmid}` of `<service id>:<vm id>`."""
        service_id, inner = _ids(machine_id, "GET /service/{id}/vms/{vmid}")
        data = self._portal.client.services.vm_details(service_id, inner)
        return thing_of(
            data,
            "vm",
            "server",
            wanted=inner,
            parse=lambda row: machine_detail(row, service_id, self._portal.zone),
            operation="GET /service/{id}/vms/{vmid}",
            id_key=_id_key(data),
        )

    def templates(self, machine_id: str) -> tuple[Template, ...]:
        """`GET /service/{id}/vms/{vmid}/rebuild`."""
        operation = "GET /service/{id}/vms/{vmid}/rebuild"
        data = self._portal.client.services.list_rebuild_templates(*_ids(machine_id, operation))
        return templates_of(data, operation=operation)

    def switch(self, verb: Verb, machine_id: str) -> None:
        """Changes: `POST /service/{id}/vms/{vmid}/` and what to do."""
        services = self._portal.client.services
        send: Mapping[Verb, Callable[[str, str], Any]] = {
            "reboot": services.reboot_vm,
            "start": services.start_vm,
            "stop": services.stop_vm,
            "suspend": services.suspend_vm,
            "unsuspend": services.unsuspend_vm,
        }
        self._change(verb, machine_id, send[verb])

    def reset_password(self, machine_id: str) -> Secret:
        """Changes: `POST /service/{id}/vms/{vmid}/resetpwd`. The portal's own words are not told: they may hold the password."""
        data = self._change("resetpwd", machine_id, self._portal.client.services.reset_vm_password)
        password = new_password(data)
        return Secret(password, words="" if password else NOT_SHOWN)

    def rebuild(self, machine_id: str, template_id: str) -> None:
        """Changes: `POST /service/{id}/vms/{vmid}/rebuild`."""
        if not template_id:
            sentence = "A machine is rebuilt from a template."
            raise refusal("template_id", sentence, operation="POST /service/{id}/vms/{vmid}/rebuild")
        self._change(
            "rebuild",
            machine_id,
            lambda service_id, inner: self._portal.client.services.rebuild_vm(service_id, inner, template=template_id),
        )

    def _change(self, verb: str, machine_id: str, send: Callable[[str, str], Any]) -> Any:
        """What one service's module lacks, another one may have."""
        operation = f"POST /service/{{id}}/vms/{{vmid}}/{verb}"
        service_id, inner = _ids(machine_id, operation)
        return self._portal.change(operation, lambda: send(service_id, inner), only_for=f"service {service_id}")


def _ids(machine_id: str, operation: str) -> tuple[str, str]:
    """The service's id and upstream's own of a machine. Raises NotFound."""
    service_id, _, inner = machine_id.partition(":")
    if not service_id or not inner:
        raise NotFound("No machine of this portal has such an id.", operation=operation)
    return service_id, inner


def machine_key(service_id: str, inner: str) -> str:
    return f"{service_id}:{inner}" if inner else ""


def _listed(data: Any) -> Any:
    """A service of one machine may answer with that machine alone."""
    if isinstance(data, Mapping) and isinstance(data.get("vm"), Mapping):
        return [data["vm"]]
    return data


def _id_key(data: Any) -> str:
    value = data
    if isinstance(data, Mapping):
        value = next((data[key] for key in ("vm", "server") if key in data), data)
    return next((key for key in ID_KEYS if first_text(value, key)), ID_KEYS[0])


def _note(service: Service, error: ProviderError) -> str:
    return f"The machines of service {service.id} ({service.name}) could not be read: {error.sentence}"


def _memory_key(service_id: str) -> str:
    return f"hostbill.vms.{service_id}"


def _order(service: Service) -> tuple[int, str]:
    return _sort_key(service.id)


def _sort_key(service_id: str) -> tuple[int, str]:
    """Numeric ids by their number; a page goes on behind the last service it asked, whatever was added or removed meanwhile."""
    return (len(service_id), service_id)
