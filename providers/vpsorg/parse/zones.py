"""DNS zones and records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from providers.errors import MalformedResponse
from providers.fields import Fields
from providers.records import normalise
from providers.resources import Record, Zone, ZoneDetail
from providers.vpsorg.lists import BadRowError, Form
from providers.vpsorg.parse.row import fields_of, id_of

ZONE_NAMES = ("domain", "domain_name", "name")


def zone(row: Any, form: Form) -> Zone:
    """A zone of the list. Raises BadRowError."""
    fields = fields_of(row)
    return Zone(id=id_of(fields, form), name=_zone_name(fields), unreadable=fields.unreadable)


def zone_detail(row: Any, form: Form) -> ZoneDetail:
    """A zone with its records; `records` is unreadable when one of them is, or when upstream counts more than it shows.

    Raises BadRowError, and MalformedResponse when the answer has no records at all: that is no empty zone.
    """
    fields = fields_of(row)
    name = _zone_name(fields)
    rows = fields.raw("records")
    if not isinstance(rows, list):
        raise MalformedResponse("The portal's answer about this zone has no records.")
    records = [_record(name, one) for one in rows]
    readable = tuple(one for one in records if one is not None)
    counted = fields.number("records", "record_count")
    if len(readable) < len(rows) or (counted is not None and counted > len(rows)):
        fields.mark("records")
    return ZoneDetail(id=id_of(fields, form), name=name, records=readable, unreadable=fields.unreadable)


def spelled_records(data: Any) -> Iterable[tuple[Any, Any]]:
    """Type and value of a zone's records, as upstream spells them."""
    for row in Fields(data).items("records"):
        fields = Fields(row)
        yield fields.raw("record_type", "type"), fields.raw("value", "content")


def _zone_name(fields: Fields) -> str:
    name = fields.host("name", *ZONE_NAMES)
    if name is None:
        raise BadRowError("it has no readable name")
    return name


def _record(zone_name: str, row: Any) -> Record | None:
    fields = Fields(row)
    return normalise(
        zone_name,
        record_id=fields.raw("uuid", "id"),
        name=fields.raw("name"),
        kind=fields.raw("record_type", "type"),
        content=fields.raw("value", "content"),
        ttl=fields.raw("ttl"),
        priority=fields.raw("priority"),
    )
