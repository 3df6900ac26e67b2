"""A zone as a page shows it: its records by purpose, and whether they are the ones that the world sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domains.dns.delegation import bypassed, operators
from domains.dns.groups import Group, grouped
from domains.models import Domain, Record, Zone
from sync.queries import read_at


@dataclass(frozen=True, slots=True)
class ZonePanel:
    zone: Zone
    groups: Sequence[Group]
    total: int
    shown: int
    find: str
    nameservers: Sequence[str]
    """What the registry has for the domain of this zone; empty where we do not hold that domain."""
    operators: Sequence[str]
    bypassed: bool
    read_at: datetime | None


def panel_of(zone: Zone, *, find: str = "", domain: Domain | None = None) -> ZonePanel:
    """Two queries: the records and the age. `find` narrows to records in whose name, type or value all its words occur."""
    records = list(zone.records.all())
    found = [record for record in records if matches(record, find)]
    nameservers = (domain.nameservers if domain else None) or []
    return ZonePanel(
        zone=zone,
        groups=grouped(found),
        total=len(records),
        shown=len(found),
        find=find,
        nameservers=nameservers,
        operators=operators(nameservers),
        bypassed=bypassed(nameservers, records),
        read_at=read_at(zone.resource.account_id, zone.resource.kind),
    )


def sets_ttl(zone: Zone) -> bool:
    """Whether a TTL can be given for its records: the registrar's own DNS has none a record. The portal is asked again before a
    write."""
    return not zone.resource.upstream_id.startswith("domain:")


def matches(record: Record, find: str) -> bool:
    text = f"{record.name} {record.type} {record.priority or ''} {record.content}".lower()
    return all(word in text for word in find.lower().split())
