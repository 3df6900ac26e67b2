"""DNS zones and their records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from providers.errors import MalformedResponse
from providers.hostbill.answers import shape_of
from providers.hostbill.parse.domain import dns_name
from providers.hostbill.parse.row import Row
from providers.records import normalise
from providers.resources import Record, Zone
from providers.values import Unreadable, to_id, to_line, to_words

RECORD_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,19}", re.ASCII)
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


def service_ids(value: Any) -> tuple[str, ...]:
    """The `service_ids` of `GET /dns`; none where they are no list of ids."""
    try:
        return to_words(value, to_id) or ()
    except Unreadable:
        return ()


def types_of(data: Any) -> tuple[str, ...]:
    """The `types` of `GET /domain/{id}/dns/types`, each once, in upper case. Raises MalformedResponse."""
    operation = "GET /domain/{id}/dns/types"
    value = data.get("types", data) if isinstance(data, Mapping) else data
    try:
        words = to_words(value, to_line)
    except Unreadable:
        words = None
    if words is None:
        raise MalformedResponse(f"The portal’s answer is no list of types: {shape_of(data)}.", operation=operation)
    return tuple(dict.fromkeys(word.upper() for word in words if RECORD_TYPE.fullmatch(word)))


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
