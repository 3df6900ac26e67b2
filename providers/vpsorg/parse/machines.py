"""Virtual machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.fields import Fields
from providers.resources import Machine, MachineDetail, MachineStatus
from providers.values import Unreadable, to_ips, to_megabytes
from providers.vpsorg.lists import Form
from providers.vpsorg.parse.row import fields_of, id_of, word

MACHINE_NAMES = ("hostname", "name", "label")

_MACHINE_STATUS = {
    **dict.fromkeys(("running", "active", "online", "started"), MachineStatus.RUNNING),
    **dict.fromkeys(("stopped", "off", "offline", "shutdown", "powered_off"), MachineStatus.STOPPED),
    "suspended": MachineStatus.SUSPENDED,
    **dict.fromkeys(
        ("building", "pending", "deploying", "provisioning", "creating", "installing"), MachineStatus.BUILDING
    ),
    **dict.fromkeys(
        ("starting", "stopping", "restarting", "rebooting", "resizing", "backing_up", "migrating", "busy"),
        MachineStatus.BUSY,
    ),
    **dict.fromkeys(("failed", "error"), MachineStatus.FAILED),
}


def machine(row: Any, form: Form) -> Machine:
    """A virtual machine of the list. Raises BadRowError."""
    return Machine(**_machine_values(fields_of(row), form))


def machine_detail(row: Any, form: Form) -> MachineDetail:
    """A virtual machine in full. Raises BadRowError."""
    fields = fields_of(row)
    values = _machine_values(fields, form)
    created_at = fields.instant("created_at")
    password = fields.text("password") or None
    return MachineDetail(**{**values, "created_at": created_at, "password": password, "unreadable": fields.unreadable})


def _machine_values(fields: Fields, form: Form) -> dict[str, Any]:
    upstream_id = id_of(fields, form)
    name = fields.line("name", *MACHINE_NAMES)
    raw_status = fields.line("upstream_status", "status", "state") or ""
    plan = Fields(fields.raw("plan"))
    values = {
        "id": upstream_id,
        "name": name or upstream_id,
        "status": _MACHINE_STATUS.get(word(raw_status), MachineStatus.UNKNOWN),
        "upstream_status": raw_status,
        "ips": _addresses(fields),
        "memory_mb": _size(fields, "memory_mb", plan, "ram"),
        "disk_gb": _gigabytes(_size(fields, "disk_gb", plan, "disk_space", default_unit="GB")),
        "cpus": plan.number("cpus", "cpu"),
        "system": _joined(fields, "system", "os_name", "operating_system", "operating_system_version"),
        "plan": _named(fields, "plan", "plan_name", "plan"),
        "location": _named(fields, "location", "location_name", "location"),
    }
    if plan.unreadable:
        fields.mark("cpus")
    return {**values, "unreadable": fields.unreadable}


def _addresses(fields: Fields) -> tuple[str, ...] | None:
    """All addresses, IPv4 first. Three clients read three spellings."""
    found: list[str] = []
    said = False
    for names in (("ipv4_addresses", "ip_address", "ipv4"), ("ipv6_addresses", "ipv6")):
        said = said or fields.says(*names)
        try:
            found += [one for one in to_ips(fields.raw(*names)) or () if one not in found]
        except Unreadable:
            fields.mark("ips")
            return None
    return tuple(found) if said else None


def _size(fields: Fields, ours: str, plan: Fields, key: str, default_unit: str = "MB") -> int | None:
    unit = plan.raw(f"{key}_unit") or default_unit
    return fields.read(ours, (), lambda _: to_megabytes(plan.raw(key), unit))


def _gigabytes(megabytes: int | None) -> int | None:
    return None if megabytes is None else megabytes // 1024


def _named(fields: Fields, ours: str, flat: str, nested: str) -> str | None:
    """`plan_name` of the lists, `plan.name` of the details, or `plan` as a text."""
    value = fields.raw(nested)
    if isinstance(value, Mapping):
        return Fields(value).line("name")
    return fields.line(ours, flat, nested) if isinstance(value, str) or value is None else fields.line(ours, flat)


def _joined(fields: Fields, ours: str, flat: str, *nested: str) -> str | None:
    text = fields.line(ours, flat)
    if text:
        return text
    names = [Fields(fields.raw(key)).line("name") for key in nested]
    return " ".join(name for name in names if name) or text
