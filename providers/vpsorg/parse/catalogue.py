"""What machines are made from, and the keys that they are given. All raise BadRowError."""

from __future__ import annotations

from typing import Any

from providers.fields import Fields
from providers.offers import Location, Option, Plan, System
from providers.resources import SshKey
from providers.values import to_megabytes
from providers.vpsorg.lists import BadRowError
from providers.vpsorg.parse.row import currency, fields_of
from providers.vpsorg.prices import CURRENCY


def plan(row: Any) -> Plan:
    fields = fields_of(row)
    plan_id = _required(fields)
    memory = fields.read("ram", ("ram",), lambda value: to_megabytes(value, fields.raw("ram_unit") or "MB"))
    priced = fields.money("price", "monthly_price", "price")
    return Plan(
        id=plan_id,
        name=fields.line("name") or plan_id,
        cpus=fields.number("cpus", "cpu"),
        cpu_type=fields.line("cpu_type", "cpu_type_name") or "",
        memory_mb=memory,
        disk_gb=_gigabytes(fields, "disk_space"),
        transfer_gb=_gigabytes(fields, "transfer"),
        monthly_price=priced,
        hourly_price=fields.decimal("hourly_price"),
        currency=currency(fields) or CURRENCY,
    )


def _gigabytes(fields: Fields, name: str) -> int | None:
    """Bare numbers are gigabytes; `500 MB` and `4 TB` are what they say."""
    megabytes = fields.read(name, (name,), lambda value: to_megabytes(value, fields.raw(f"{name}_unit") or "GB"))
    return None if megabytes is None else megabytes // 1024


def location(row: Any) -> Location:
    fields = fields_of(row)
    return Location(
        id=_required(fields, "id", "uuid"),
        name=fields.line("name") or "",
        country=fields.line("country", "country_name", "country") or "",
        country_code=(fields.line("country_code") or "").upper(),
        active=fields.flag("active", "is_active", "active"),
    )


def system(row: Any) -> System:
    """A version that has no readable id can't be ordered and is left out."""
    fields = fields_of(row)
    rows = [Fields(one) for one in fields.items("versions")]
    found = [(one.id("id", "uuid", "id"), one.line("name", "name", "version")) for one in rows]
    system_id = _required(fields)
    versions = tuple(Option(id=key, name=name or key) for key, name in found if key)
    return System(id=system_id, name=fields.line("name") or system_id, versions=versions)


def ssh_key(row: Any) -> SshKey:
    fields = fields_of(row)
    key_id = _required(fields)
    return SshKey(
        id=key_id,
        name=fields.line("name") or key_id,
        fingerprint=fields.line("fingerprint") or "",
        created_at=fields.instant("created_at"),
        last_used_at=fields.instant("last_used_at"),
    )


def _required(fields: Fields, *names: str) -> str:
    found = fields.id("id", *(names or ("uuid", "id")))
    if found is None:
        raise BadRowError("it has no readable id")
    return found
