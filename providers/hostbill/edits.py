"""Where a zone's records are written: at a domain's registrar, or in a DNS service."""

from __future__ import annotations

from providers.drafts import Wire, refused
from providers.errors import NotFound
from providers.hostbill.client.group import given
from providers.hostbill.portal import Portal
from providers.resources import Record, RecordDraft

DEFAULT_TTL = 3600
"""Seconds, as the documents' own example has them; a DNS service wants one named."""


class AtRegistrar:
    """The records that a domain's registrar keeps: addressed by an index that renumbers, without a TTL of their own."""

    sets_ttl = False

    def __init__(self, portal: Portal, domain_id: str) -> None:
        self._portal = portal
        self._domain_id = domain_id
        self._thing = f"domain {domain_id}"

    def check(self, draft: RecordDraft, record: Record | None = None) -> None:
        """Raises InvalidRequest for a TTL that would be dropped."""
        if draft.ttl is not None and (record is None or draft.ttl != record.ttl):
            raise refused("ttl", "This portal sets the TTL of these records itself.")

    def add(self, wire: Wire) -> None:
        self._portal.change(
            "POST /domain/{id}/dns",
            lambda: self._portal.client.domains.create_dns_record(
                self._domain_id,
                name=wire.name,
                record_type=wire.type,
                content=wire.content,
                priority=_text(wire.priority),
            ),
            only_for=self._thing,
        )

    def change(self, record: Record, wire: Wire) -> None:
        self._portal.change(
            "PUT /domain/{id}/dns/{index}",
            lambda: self._portal.client.domains.update_dns_record(
                self._domain_id,
                record.id,
                name=wire.name,
                record_type=wire.type,
                content=wire.content,
                priority=_text(wire.priority),
            ),
            only_for=self._thing,
        )

    def remove(self, record: Record) -> None:
        self._portal.change(
            "DELETE /domain/{id}/dns/{index}",
            lambda: self._portal.client.domains.remove_dns_record(self._domain_id, record.id),
            only_for=self._thing,
        )


class InService:
    """The records of a zone in a DNS service."""

    sets_ttl = True

    def __init__(self, portal: Portal, service_id: str, inner: str) -> None:
        self._portal = portal
        self.service_id = service_id
        self.inner = inner
        self._thing = f"service {service_id}"

    def check(self, draft: RecordDraft, record: Record | None = None) -> None:
        """A DNS service takes whatever a record can be."""

    def add(self, wire: Wire) -> None:
        body = _body(wire, DEFAULT_TTL)
        self._portal.change(
            "POST /service/{service_id}/dns/{zone_id}/records",
            lambda: self._portal.client.dns.add_dns_record(self.service_id, self.inner, body),
            only_for=self._thing,
        )

    def change(self, record: Record, wire: Wire) -> None:
        body = _body(wire, record.ttl or DEFAULT_TTL)
        self._portal.change(
            "PUT /service/{service_id}/dns/{zone_id}/records/{record_id}",
            lambda: self._portal.client.dns.edit_dns_record(self.service_id, self.inner, record.id, body),
            only_for=self._thing,
        )

    def remove(self, record: Record) -> None:
        self._portal.change(
            "DELETE /service/{service_id}/dns/{zone_id}/records/{record_id}",
            lambda: self._portal.client.dns.remove_dns_record(self.service_id, self.inner, record.id),
            only_for=self._thing,
        )


def place_of(portal: Portal, zone_id: str) -> AtRegistrar | InService:
    """Where the records of `domain:<id>` or `service:<service>:<zone>` are. Raises NotFound for an id of another form."""
    kind, _, rest = zone_id.partition(":")
    if kind == "domain" and rest:
        return AtRegistrar(portal, rest)
    service_id, _, inner = rest.partition(":")
    if kind == "service" and service_id and inner:
        return InService(portal, service_id, inner)
    raise NotFound("No zone of this portal has such an id.", operation="zone")


def _body(wire: Wire, ttl: int) -> dict[str, object]:
    content = wire.content.split(" ") if wire.type == "SRV" else wire.content
    return given(name=wire.name, type=wire.type, ttl=wire.ttl or ttl, priority=wire.priority, content=content)


def _text(priority: int | None) -> str | None:
    return None if priority is None else str(priority)
