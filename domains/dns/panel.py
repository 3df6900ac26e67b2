"""A zone as a page shows it: its records by purpose with the edits that are staged, the plan, and whether they are the ones that
the world sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from domains.dns.delegation import bypassed, operators
from domains.dns.groups import Group, grouped
from domains.dns.plan import Plan, plan_of
from domains.dns.rows import Row
from domains.dns.stage import Staged
from domains.models import Domain, Zone
from sync.queries import read_at


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the page. `row` is what the zone has (what it would have, for an added one)."""

    row: Row
    pk: int | None = None
    staged: Staged | None = None

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def type(self) -> str:
        return self.row.type

    @property
    def content(self) -> str:
        return self.row.content

    @property
    def priority(self) -> int | None:
        return self.row.priority

    @property
    def sign(self) -> str:
        """The class of its row: add, chg, del, or nothing."""
        return {"add": "add", "change": "chg", "remove": "del"}[self.staged.edit.op] if self.staged else ""

    @property
    def becomes(self) -> Row | None:
        return self.staged.edit.new if self.staged else None


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
    plan: Plan | None = None
    lost: Sequence[Staged] = ()
    """Staged edits of records that the zone no longer has."""


def panel_of(zone: Zone, *, find: str = "", domain: Domain | None = None, staged: Sequence[Staged] = ()) -> ZonePanel:
    """Two queries: the records and the age. `find` narrows to records in whose name, type or value all its words occur."""
    records = list(zone.records.all())
    lines, lost = _lines([(record.pk, Row.of(record)) for record in records], staged)
    found = [line for line in lines if matches(line, find)]
    nameservers = (domain.nameservers if domain else None) or []
    edits = [one.edit for one in staged]
    times = [when for when in (read_at(zone.resource.account_id, zone.resource.kind), zone.resource.fresh_at) if when]
    return ZonePanel(
        zone=zone,
        groups=grouped(found),
        total=len(records),
        shown=len(found),
        find=find,
        nameservers=nameservers,
        operators=operators(nameservers),
        bypassed=bypassed(nameservers, records),
        read_at=max(times, default=None),
        plan=plan_of(zone.name, map(Row.of, records), edits, timezone.now()) if edits else None,
        lost=lost,
    )


def _lines(records: Sequence[tuple[int, Row]], staged: Sequence[Staged]) -> tuple[list[Line], list[Staged]]:
    """Every record once, with its edit where one is staged, and those to be added."""
    waiting = list(staged)
    lines = []
    for pk, row in records:
        mine = next((one for one in waiting if one.edit.was == row), None)
        if mine is not None:
            waiting.remove(mine)
        lines.append(Line(row, pk, mine))
    lines += [Line(one.edit.new, None, one) for one in waiting if one.edit.was is None and one.edit.new is not None]
    return lines, [one for one in waiting if one.edit.was is not None]


def sets_ttl(zone: Zone) -> bool:
    """Whether a TTL can be given for its records: the registrar's own DNS has none a record. The portal is asked again before a
    write."""
    return not zone.resource.upstream_id.startswith("domain:")


def matches(line: Line, find: str) -> bool:
    """What is staged is always shown: it is about to be sent."""
    text = f"{line.name} {line.type} {line.priority or ''} {line.content}".lower()
    return line.staged is not None or all(word in text for word in find.lower().split())
