"""DNS zones of VPS.org and the changes to their records."""

from __future__ import annotations

from typing import Any, Final

from providers import families
from providers.drafts import KnownZone, Spelling, Wire, refused, wire
from providers.errors import InvalidRequest
from providers.resources import Page, Record, RecordDraft, Zone, ZoneDetail
from providers.vpsorg.api import Api, Kind
from providers.vpsorg.operations import NEEDS
from providers.vpsorg.parse import zones as parse
from providers.vpsorg.parse.orders import host

_ZONES: Final = Kind("dns", "GET /dns-zones/", parse.ZONE_NAMES)
_RECORD_TYPES: Final = ("A", "AAAA", "CNAME", "MX", "TXT", "NS", "SRV", "CAA")


class Dns(families.Dns):
    def __init__(self, api: Api) -> None:
        self._api = api
        self._read: dict[str, KnownZone] = {}

    def list(self, page: str | None = None) -> Page[Zone]:
        return self._api.page(_ZONES, page, self._api.client.dns.list_zones, parse.zone)

    def detail(self, zone_id: str) -> ZoneDetail:
        data = self._api.client.dns.get_zone(zone_id)
        zone = self._api.one("GET /dns-zones/{uuid}/", data, parse.zone_detail, zone_id)
        self._read[zone_id] = KnownZone(zone.name, Spelling.seen(parse.spelled_records(data)))
        return zone

    def places(self) -> tuple[str, ...]:
        """Zones belong to the account itself. Asks nobody."""
        return ("",)

    def record_types(self, zone_id: str) -> tuple[str, ...]:
        """The same for every zone. Asks nobody."""
        return _RECORD_TYPES

    def sets_ttl(self, zone_id: str) -> bool:
        return True

    def create_zone(self, name: str, *, place: str = "") -> None:
        """Changes: `POST /dns-zones/`."""
        need = NEEDS["dns.create_zone"]
        if place:
            self._api.refuse(need.operation, "place", "Zones of this portal belong to no service.")
        domain = host(name)
        if domain is None:
            self._api.refuse(need.operation, "name", "This is no domain name.")
        self._api.call(need, lambda: self._api.client.dns.create_zone(domain))

    def delete_zone(self, zone_id: str) -> None:
        """Changes: `DELETE /dns-zones/{uuid}/`, which takes the records along."""
        self._api.call(NEEDS["dns.delete_zone"], lambda: self._api.client.dns.delete_zone(zone_id))

    def add(self, zone_id: str, draft: RecordDraft) -> None:
        """Changes: `POST /dns-zones/{uuid}/records/`."""
        need = NEEDS["dns.add"]
        fields = _record_fields(self._written(zone_id, draft, need.operation))
        self._api.call(need, lambda: self._api.client.dns.create_record(zone_id, fields))

    def change(self, zone_id: str, record: Record, draft: RecordDraft) -> None:
        """Changes: `PATCH /dns-records/{uuid}/`, with all fields."""
        need = NEEDS["dns.change"]
        record_id = self._id_of(record, need.operation)
        fields = _record_fields(self._written(zone_id, draft, need.operation))
        self._api.call(need, lambda: self._api.client.dns.update_record(record_id, fields))

    def remove(self, zone_id: str, record: Record) -> None:
        """Changes: `DELETE /dns-records/{uuid}/`."""
        need = NEEDS["dns.remove"]
        record_id = self._id_of(record, need.operation)
        self._api.call(need, lambda: self._api.client.dns.delete_record(record_id))

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
            self._api.refuse(operation, "id", "The portal gave this record no id by which it could be changed.")
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
