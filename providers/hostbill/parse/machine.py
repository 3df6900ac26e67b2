"""Virtual machines, whose fields vary by installation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from providers.hostbill.parse.row import Row, scalar_text
from providers.hostbill.parse.statuses import MACHINE, status_of
from providers.resources import Machine, MachineDetail, MachineStatus
from providers.values import Unreadable, to_megabytes, to_text

ID_KEYS = ("id", "vmid", "vm_id")
PASSWORDS = (
    "password",
    "root_password",
    "rootpassword",
    "rootpass",
    "rootpw",
    "new_password",
    "newpassword",
    "pass",
    "pwd",
)
WRAPPERS = ("vm", "server", "result", "details", "data")
LEAST_MEGABYTES = 64
MOST_GIGABYTES = 100_000


def machine(data: Any, service_id: str, zone: ZoneInfo) -> Machine:
    """A row of `GET /service/{id}/vms`."""
    row = Row(data, zone)
    return Machine(**_shared(row, service_id), unreadable=row.unreadable)


def machine_detail(data: Any, service_id: str, zone: ZoneInfo) -> MachineDetail:
    """`GET /service/{id}/vms/{vmid}`."""
    row = Row(data, zone)
    return MachineDetail(
        **_shared(row, service_id),
        created_at=row.instant("created_at", "created_at", "created", "date_created", zero_is_none=True),
        password=row.text("password", *PASSWORDS),
        unreadable=row.unreadable,
    )


def new_password(data: Any) -> str:
    """What `POST .../resetpwd` answers, whose shape is not documented; empty where it shows no password."""
    if isinstance(data, Mapping):
        for inner in (data, *(data[key] for key in WRAPPERS if isinstance(data.get(key), Mapping))):
            found = next((text for key in PASSWORDS if (text := _secret(inner.get(key)))), "")
            if found:
                return found
    return ""


def _secret(value: Any) -> str:
    try:
        return to_text(value) or "" if isinstance(value, str | int) and not isinstance(value, bool) else ""
    except Unreadable:
        return ""


def _shared(row: Row, service_id: str) -> dict[str, Any]:
    key = row.identifier(*ID_KEYS)
    word = row.told("status", "state")
    return {
        "id": f"{service_id}:{key}",
        "name": row.told("label", "name", "hostname") or key,
        "status": status_of(word, MACHINE, MachineStatus.UNKNOWN),
        "upstream_status": word,
        "service_id": service_id,
        "ips": row.ips("ips", "ip_addresses", "ips", "ip", "ipv4"),
        "memory_mb": row.read("memory_mb", ("memory", "ram"), memory),
        "disk_gb": row.read("disk_gb", ("disk", "disk_space"), disk),
        "cpus": row.number("cpus", "cpus", "cores", "cpu"),
        "system": _system(row),
        "plan": _label(row, "plan", "plan", "package"),
        "location": _label(row, "location", "location", "node", "datacenter"),
    }


def _system(row: Row) -> str | None:
    """What runs on it; the bare number of a template says nothing to anybody."""
    name = _label(row, "system", "template_name", "os", "template")
    return None if name is not None and name.isdigit() else name


def _label(row: Row, field: str, *names: str) -> str | None:
    """A text, or the name inside an object where the installation nests it."""
    value = row.raw(*names)
    if isinstance(value, Mapping):
        return scalar_text(value.get("name")) or scalar_text(value.get("label"))
    return row.optional(field, *names)


def memory(value: Any) -> int | None:
    """In MB, which is what a bare number counts. So few that no system runs in it is another unit, which is not guessed."""
    megabytes = to_megabytes(value)
    if megabytes is not None and megabytes < LEAST_MEGABYTES:
        raise Unreadable("a size in an unknown unit")
    return megabytes


def disk(value: Any) -> int | None:
    """In GB, which is what a bare number counts. So many that it must be another unit are not guessed."""
    megabytes = to_megabytes(value, "GB")
    if megabytes is None:
        return None
    gigabytes = round(megabytes / 1024)
    if gigabytes > MOST_GIGABYTES:
        raise Unreadable("a size in an unknown unit")
    return gigabytes
