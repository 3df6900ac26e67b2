"""DNS zones and their records."""

from __future__ import annotations

from providers.families.missing import missing
from providers.resources import Page, Record, RecordDraft, Zone, ZoneDetail


class Dns:
    def list(self, page: str | None = None) -> Page[Zone]:
        """One page of the zones, those at the registrar and those in DNS services."""
        raise missing("dns.list")

    def detail(self, zone_id: str) -> ZoneDetail:
        """One zone with all its records. `hosted=False` where the portal does not run it."""
        raise missing("dns.detail")

    def places(self) -> tuple[str, ...]:
        """The ids of the services in which a zone can be made; one empty text where zones belong to no service."""
        raise missing("dns.places")

    def zones_in(self, service_id: str) -> tuple[Zone, ...]:
        """The zones of one DNS service."""
        raise missing("dns.zones_in")

    def record_types(self, zone_id: str) -> tuple[str, ...]:
        """The record types that this zone takes, in upper case; empty where the portal does not say."""
        raise missing("dns.record_types")

    def sets_ttl(self, zone_id: str) -> bool:
        """Whether a TTL can be set for a record of this zone. Asks nobody."""
        raise missing("dns.sets_ttl")

    def create_zone(self, name: str, *, place: str = "") -> None:
        """Changes: makes an empty zone, in the service `place`. Upstream does not say its id; read the list again."""
        raise missing("dns.create_zone")

    def delete_zone(self, zone_id: str) -> None:
        """Changes: deletes a zone with all its records. Raises InvalidRequest for one that belongs to a domain."""
        raise missing("dns.delete_zone")

    def add(self, zone_id: str, draft: RecordDraft) -> None:
        """Changes: adds a record. Upstream does not say its id; read the zone again to find it.

        Raises InvalidRequest, with nothing sent, for a draft that the zone can't hold as it is: a TTL where none can be set.
        """
        raise missing("dns.add")

    def change(self, zone_id: str, record: Record, draft: RecordDraft) -> None:
        """Changes: makes `record`, as the zone was just read, into `draft`. Its id must be of that read: indexes renumber."""
        raise missing("dns.change")

    def remove(self, zone_id: str, record: Record) -> None:
        """Changes: removes `record`, as the zone was just read. Its id must be of that read: indexes renumber."""
        raise missing("dns.remove")
