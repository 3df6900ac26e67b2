"""DNS zones of VPS.org and the changes to their records."""

from __future__ import annotations

from typing import Any

from providers import families
from providers.drafts import KnownZone, Spelling, Wire, refused, wire
from providers.errors import InvalidRequest
from providers.resources import Page, Record, RecordDraft, Zone, ZoneDetail
from providers.vpsorg import parse
from providers.vpsorg.api import Api, Kind

_ZONES = Kind("dns", "GET /dns-zones/", parse.ZONE_NAMES)
_RECORD_TYPES = frozenset({"A", "AAAA", "CNAME", "MX", "TXT", "NS", "SRV", "CAA"})


class Dns(families.Dns):
    def __init__(self, api: Api) -> None:
        self._api = api
        self._read: dict[str, KnownZone] = {}

    def list(self, page: str | None = None) -> Page[Zone]:
        return self._api.page(_ZONES, page, self._api.client.list_dns_zones, parse.zone)

    def detail(self, zone_id: str) -> ZoneDetail:
        data = self._api.client.get_dns_zone(zone_id)
        zone = self._api.one("GET /dns-zones/{uuid}/", data, parse.zone_detail, zone_id)
        self._read[zone_id] = KnownZone(zone.name, Spelling.seen(parse.spelled_records(data)))
        return zone

    def sets_ttl(self, zone_id: str) -> bool:
        return True

    def add(self, zone_id: str, draft: RecordDraft) -> None:
        """Changes: `POST /dns-zones/{uuid}/records/`."""
        operation = "POST /dns-zones/{uuid}/records/"
        fields = _record_fields(self._written(zone_id, draft, operation))
        self._api.change("dns", operation, lambda: self._api.client.create_dns_record(zone_id, fields))

    def change(self, zone_id: str, record: Record, draft: RecordDraft) -> None:
        """Changes: `PATCH /dns-records/{uuid}/`, with all fields."""
        operation = "PATCH /dns-records/{uuid}/"
        record_id = self._id_of(record, operation)
        fields = _record_fields(self._written(zone_id, draft, operation))
        self._api.change("dns", operation, lambda: self._api.client.update_dns_record(record_id, fields))

    def remove(self, zone_id: str, record: Record) -> None:
        """Changes: `DELETE /dns-records/{uuid}/`."""
        operation = "DELETE /dns-records/{uuid}/"
        record_id = self._id_of(record, operation)
        self._api.change("dns", operation, lambda: self._api.client.delete_dns_record(record_id))

    def _written(self, zone_id: str, draft: RecordDraft, operation: str) -> Wire:
        """In the spelling of the zone as it was read last, which is before each change; else it is read now."""
        if zone_id not in self._read:
            self.detail(zone_id)
        known = self._read[zone_id]
        try:
            written = wire(draft, known.name, known.spelling)
            if written.type not in _RECORD_TYPES:
                raise refused("type", f"The portal has no {written.type} records.")
        except InvalidRequest as error:
            raise self._api.placed(error, operation) from None
        return written

    def _id_of(self, record: Record, operation: str) -> str:
        if not record.id:
            error = refused("id", "The portal gave this record no id by which it could be changed.")
            raise self._api.placed(error, operation)
        return record.id


def _record_fields(written: Wire) -> dict[str, Any]:
    """A TTL or priority that is left open is not sent."""
    fields = {
        "record_type": written.type,
        "name": written.name,
        "value": written.content,
        "ttl": written.ttl,
        "priority": written.priority,
    }
    return {name: value for name, value in fields.items() if value is not None}
