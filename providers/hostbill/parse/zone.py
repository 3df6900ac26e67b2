"""DNS zones and their records."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from providers.hostbill.parse.domain import dns_name
from providers.hostbill.parse.row import Row
from providers.records import normalise
from providers.resources import Record, Zone

ZONE_ID_KEYS = ("domain_id", "zone_id", "id")


def zone_of_service(data: Any, zone: ZoneInfo) -> Zone:
    """A row of `GET /dns`. What upstream calls `domain_id` there is the zone's own id, not a domain's."""
    row = Row(data, zone)
    service_id = row.identifier("service_id")
    zone_id = row.identifier(*ZONE_ID_KEYS)
    return Zone(
        id=f"service:{service_id}:{zone_id}",
        name=dns_name(row.needed("name", "name", "domain")),
        service_id=service_id,
        unreadable=row.unreadable,
    )


def records_of(rows: list[Any], name: str, zone: ZoneInfo) -> tuple[tuple[Record, ...], bool]:
    """The records of the zone `name`, and whether every row could be read as one."""
    found: list[Record] = []
    for data in rows:
        record = record_of(data, name, zone)
        if record is not None:
            found.append(record)
    return tuple(found), len(found) == len(rows)


def record_of(data: Any, name: str, zone: ZoneInfo) -> Record | None:
    """One record; None where it can't be read."""
    if not isinstance(data, dict):
        return None
    row = Row(data, zone)
    return normalise(
        name,
        record_id=row.raw("id", "record_id"),
        name=row.raw("name") if row.says("name") else "@",
        kind=row.raw("type"),
        content=row.raw("content"),
        ttl=row.raw("ttl"),
        priority=row.raw("priority", "prio"),
    )
