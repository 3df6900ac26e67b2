"""Zones of a HostBill portal: those in DNS services, and the registrar's own DNS of each domain."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from providers import families
from providers.drafts import KnownZone, Spelling, refused, wire
from providers.errors import InvalidRequest, MalformedResponse, NotFound, NotSupported, PermissionDenied, ProviderError
from providers.hostbill.answers import row_values
from providers.hostbill.domains import list_domains
from providers.hostbill.edits import AtRegistrar, place_of
from providers.hostbill.orders import host, refusal
from providers.hostbill.parse.domain import domain
from providers.hostbill.parse.zone import ZONE_ID_KEYS, records_of, service_ids, types_of, zone_of_service
from providers.hostbill.portal import Portal, first_text, for_account, page_of, thing_of
from providers.resources import DomainStatus, Page, Record, RecordDraft, Zone, ZoneDetail

NOT_HELD = frozenset(
    {DomainStatus.PENDING, DomainStatus.PENDING_TRANSFER, DomainStatus.CANCELLED, DomainStatus.TRANSFERRED_AWAY}
)
"""Not yet or no longer ours. An expired domain keeps its records through grace and redemption, and people want to see them."""
_NOT = r"\b(?:not|isn['’]t|never)\s+(?:been\s+|yet\s+)?"
_ON = r"(?:enabled|active|activated|available|supported|managed|hosted|switched on|turned on|allowed|included|offered|used)"
NOT_HOSTED = re.compile(
    rf"dns\b.*{_NOT}{_ON}|dns\b.*\b(?:disabled|inactive|deactivated|switched off|turned off|unsupported)"
    r"|(?:domain|it) (?:does not|doesn['’]t|is not|isn['’]t) (?:use|using|pointed to|pointing to)"
    r" (?:our|these|the|this) .*(?:name ?servers?|dns)",
    re.IGNORECASE | re.DOTALL,
)
PASSING = re.compile(r"temporar|try again|later|moment|time.?out|connect|unreachable", re.IGNORECASE)
Parts = list[Page[Zone]]
DOMAIN_RECORDS = "GET /domain/{id}/dns"


@for_account
class Dns(families.Dns):
    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self._names: dict[str, str] | None = None
        self._naming = threading.Lock()
        self._read: dict[str, KnownZone] = {}

    def list(self, page: str | None = None) -> Page[Zone]:
        """`GET /dns` and, for the registrar's own DNS, `GET /domain`: one zone for each domain that is held."""
        parts: Parts = []
        if self.portal.capabilities.offers("GET /dns"):
            self._add(parts, self._in_services)
        if self.portal.capabilities.offers(DOMAIN_RECORDS):
            self._add(parts, self._at_registrar)
        if not parts:
            raise NotSupported("This portal offers no DNS in its API.", operation="GET /dns")
        return Page(
            items=tuple(item for part in parts for item in part.items),
            bad=tuple(bad for part in parts for bad in part.bad),
            complete=all(part.complete for part in parts),
            note=" ".join(part.note for part in parts if part.note),
        )

    def _add(self, parts: Parts, read: Callable[[], Page[Zone]]) -> None:
        """A half of the list that the portal does not have at all is no loss; what it has is the whole list then."""
        with suppress(NotSupported):
            parts.append(read())

    def _in_services(self) -> Page[Zone]:
        _, page = self._overview()
        return page

    def _overview(self) -> tuple[Any, Page[Zone]]:
        """The answer of `GET /dns` and the zones in it."""
        operation = "GET /dns"
        data = self.portal.whole(operation, self.portal.client.dns.list_dns)
        page = page_of(
            data,
            "zones",
            parse=lambda row: zone_of_service(row, self.portal.zone),
            operation=operation,
            id_of=service_zone_id,
        )
        return data, page

    def _at_registrar(self) -> Page[Zone]:
        domains = list_domains(self.portal)
        self._names = {one.id: one.name for one in domains.items}
        held = [one for one in domains.items if one.status not in NOT_HELD]
        return Page(
            items=tuple(Zone(id=f"domain:{one.id}", name=one.name, domain_id=one.id) for one in held),
            bad=tuple(replace(bad, id=f"domain:{bad.id}" if bad.id else "") for bad in domains.bad),
            complete=domains.complete,
            note=domains.note,
        )

    def detail(self, zone_id: str) -> ZoneDetail:
        """The records of `domain:<id>` or `service:<service>:<zone>`. Raises NotFound for an id of another form."""
        kind, _, rest = zone_id.partition(":")
        if kind == "domain" and rest:
            return self._domain_zone(zone_id, rest)
        service_id, _, inner = rest.partition(":")
        if kind == "service" and service_id and inner:
            return self._service_zone(zone_id, service_id, inner)
        raise NotFound("No zone of this portal has such an id.", operation="zone")

    def _domain_zone(self, zone_id: str, domain_id: str) -> ZoneDetail:
        shell = ZoneDetail(id=zone_id, name=self._name_of(domain_id), domain_id=domain_id)
        try:
            data = self.portal.client.domains.list_dns_records(domain_id)
        except NotSupported as error:
            # this domain's registrar has no DNS here; or the portal's DNS is off as a whole, and then the records have not changed
            return replace(shell, hosted=False, reason=error.upstream_words, unreadable=("records",))
        except InvalidRequest as error:
            if not says_not_hosted(error):
                raise
            return replace(shell, hosted=False, reason=error.upstream_words)
        return self._with_records(shell, data, DOMAIN_RECORDS)

    def _service_zone(self, zone_id: str, service_id: str, inner: str) -> ZoneDetail:
        operation = "GET /service/{service_id}/dns/{zone_id}"
        data = self.portal.client.dns.dns_zone_details(service_id, inner)
        named = thing_of(
            data,
            "zone",
            wanted=inner,
            parse=lambda row: zone_of_service({**row, "service_id": service_id, "domain_id": inner}, self.portal.zone),
            operation=operation,
        )
        shell = ZoneDetail(id=zone_id, name=named.name, service_id=service_id)
        return self._with_records(shell, data, operation)

    def _with_records(self, shell: ZoneDetail, data: object, operation: str) -> ZoneDetail:
        """The records are told to be unreadable where one of them was. Raises MalformedResponse where none stand in their place:
        that is no empty zone."""
        if isinstance(data, dict) and isinstance(data.get("zone"), dict):
            data = data["zone"]
        rows, note = row_values(data, "records", operation=operation)
        records, whole = records_of(rows, shell.name, self.portal.zone)
        if note:
            raise MalformedResponse("The portal answered nothing where the zone’s records belong.", operation=operation)
        written = ((row.get("type"), row.get("content")) for row in rows if isinstance(row, dict))
        self._read[shell.id] = KnownZone(shell.name, Spelling.seen(written))
        return replace(shell, records=records, unreadable=() if whole else ("records",))

    def places(self) -> tuple[str, ...]:
        """The `service_ids` of `GET /dns`, and whatever service one of its zones is in."""
        data, zones = self._overview()
        told = data.get("service_ids") if isinstance(data, Mapping) else None
        ids = [*service_ids(told), *(zone.service_id for zone in zones.items if zone.service_id)]
        return tuple(dict.fromkeys(ids))

    def zones_in(self, service_id: str) -> tuple[Zone, ...]:
        """`GET /service/{service_id}/dns`; where the portal refuses that, as the documents' own example does, the zones of
        `GET /dns` that are in this service. Raises MalformedResponse where one of them can't be read."""
        operation = "GET /service/{service_id}/dns"
        try:
            return self._listed_in(service_id, operation)
        except (InvalidRequest, MalformedResponse, NotSupported, PermissionDenied):
            _, page = self._overview()
        theirs = [bad for bad in page.bad if not bad.id or bad.id.startswith(f"service:{service_id}:")]
        if theirs or not page.complete:
            reason = theirs[0].reason if theirs else page.note
            whole = f"The list of zones can’t be read whole: {reason.removesuffix('.')}."
            raise MalformedResponse(whole, operation="GET /dns")
        return tuple(zone for zone in page.items if zone.service_id == service_id)

    def _listed_in(self, service_id: str, operation: str) -> tuple[Zone, ...]:
        data = self.portal.whole(operation, lambda: self.portal.client.dns.list_dns_for_service(service_id))
        page = page_of(
            data,
            "zones",
            "dns",
            parse=lambda row: zone_of_service(_within(row, service_id), self.portal.zone),
            operation=operation,
        )
        if page.bad or not page.complete or any(zone.service_id != service_id for zone in page.items):
            raise MalformedResponse("The portal’s list of a service’s zones can’t be read whole.", operation=operation)
        return page.items

    def record_types(self, zone_id: str) -> tuple[str, ...]:
        """`GET /domain/{id}/dns/types` for the registrar's own DNS. A DNS service does not tell its types."""
        kind, _, domain_id = zone_id.partition(":")
        place_of(self.portal, zone_id)
        if kind != "domain":
            return ()
        try:
            return types_of(self.portal.client.domains.dns_record_types(domain_id))
        except (InvalidRequest, NotSupported):
            return ()  # a registrar that does not tell them takes what it takes

    def create_zone(self, name: str, *, place: str = "") -> None:
        """Changes: `POST /service/{service_id}/dns`. The DNS of a domain at its registrar comes with the domain."""
        operation = "POST /service/{service_id}/dns"
        if not place:
            raise refusal("place", "At this portal a zone is made in a DNS service.", operation=operation)
        wanted = host("name", name, "This is no name of a zone.")
        self.portal.change(
            operation,
            lambda: self.portal.client.dns.add_dns_zone(place, wanted),
            only_for=f"service {place}",
        )

    def delete_zone(self, zone_id: str) -> None:
        """Changes: `DELETE /service/{service_id}/dns/{zone_id}`."""
        operation = "DELETE /service/{service_id}/dns/{zone_id}"
        zone = place_of(self.portal, zone_id)
        if isinstance(zone, AtRegistrar):
            sentence = "These records belong to a domain and go with it; they can only be removed one by one."
            raise refusal("zone", sentence, operation=operation)
        self.portal.change(
            operation,
            lambda: self.portal.client.dns.remove_dns_zone(zone.service_id, zone.inner),
            only_for=f"service {zone.service_id}",
        )
        self._read.pop(zone_id, None)

    def sets_ttl(self, zone_id: str) -> bool:
        """Only in a DNS service: the registrar's own DNS has none a record."""
        return place_of(self.portal, zone_id).sets_ttl

    def add(self, zone_id: str, draft: RecordDraft) -> None:
        """Changes: `POST /domain/{id}/dns` or `POST /service/{service_id}/dns/{zone_id}/records`."""
        place = place_of(self.portal, zone_id)
        place.check(draft)
        known = self._known(zone_id)
        place.add(wire(draft, known.name, known.spelling))

    def change(self, zone_id: str, record: Record, draft: RecordDraft) -> None:
        """Changes: `PUT` on the record."""
        place = place_of(self.portal, zone_id)
        place.check(draft, record)
        check_addressable(record)
        known = self._known(zone_id)
        place.change(record, wire(draft, known.name, known.spelling))

    def remove(self, zone_id: str, record: Record) -> None:
        """Changes: `DELETE` on the record."""
        check_addressable(record)
        place_of(self.portal, zone_id).remove(record)

    def _known(self, zone_id: str) -> KnownZone:
        """What was seen when the zone was read last, which is before each change; else it is read now."""
        if zone_id not in self._read and not self.detail(zone_id).hosted:
            raise InvalidRequest("The portal does not run this zone. Nothing was sent.", operation="zone")
        return self._read[zone_id]

    def _name_of(self, domain_id: str) -> str:
        """A domain's name: the records alone do not say it. The list is read once for all zones."""
        with self._naming:
            if self._names is None:
                self._names = {one.id: one.name for one in list_domains(self.portal).items}
            if domain_id in self._names:
                return self._names[domain_id]
        found = thing_of(
            self.portal.client.domains.domain_details(domain_id),
            "details",
            "domain",
            wanted=domain_id,
            parse=lambda row: domain(row, self.portal.zone),
            operation="GET /domain/{id}",
        )
        return found.name


def _within(row: Any, service_id: str) -> Any:
    """A row of one service's list may leave out which service that is."""
    return {"service_id": service_id, **row} if isinstance(row, Mapping) else row


def check_addressable(record: Record) -> None:
    """Raises InvalidRequest for a record that the portal gave no id."""
    if not record.id:
        raise refused("id", "The portal gave this record no id by which it could be changed.")


def service_zone_id(row: object) -> str:
    """The id that a row of `GET /dns` would have, empty where it lacks a part of it."""
    service_id, inner = first_text(row, "service_id"), first_text(row, *ZONE_ID_KEYS)
    return f"service:{service_id}:{inner}" if service_id and inner else ""


def says_not_hosted(error: ProviderError) -> bool:
    """Whether the portal says that it does not run a domain's DNS, and not that something went wrong for the moment."""
    words = error.upstream_words
    return bool(NOT_HOSTED.search(words)) and not PASSING.search(words)
