"""The plan of edits: what the zone is, what it would be, what is to be said about it. It asks nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from domains.dns.checks import Check, Level, checks_of, is_mass
from domains.dns.edits import Edit, Op, applied
from domains.dns.rows import Row, checksum


@dataclass(frozen=True, slots=True)
class Plan:
    edits: Sequence[Edit]
    before: Sequence[Row]
    after: Sequence[Row]
    checksum: str
    """Of the zone that it was made from."""
    checks: Sequence[Check]
    lost: Sequence[Edit]
    """Edits of records that the zone no longer has: it moved since they were staged. They are no part of the plan."""

    def count(self, op: Op) -> int:
        return sum(edit.op is op for edit in self.edits)

    @property
    def counts(self) -> str:
        """'1 added, 2 changed, 1 removed'."""
        told = [
            (self.count(Op.ADD), _("%(n)d added")),
            (self.count(Op.CHANGE), _("%(n)d changed")),
            (self.count(Op.REMOVE), _("%(n)d removed")),
        ]
        return ", ".join(words % {"n": number} for number, words in told if number)

    @property
    def refusals(self) -> list[Check]:
        return [check for check in self.checks if check.level is Level.REFUSED]

    @property
    def mass(self) -> bool:
        """It wants to be confirmed expressly."""
        return is_mass(self.before, self.edits)

    @property
    def spoken_checksum(self) -> str:
        """The beginning of it, to be compared by eye."""
        return f"{self.checksum[:4]} {self.checksum[4:8]}"


def plan_of(zone: str, rows: Iterable[Row], edits: Iterable[Edit], now: datetime) -> Plan:
    before = sorted(rows, key=Row.order)
    left = list(before)
    good, lost = [], []
    for edit in edits:
        if edit.was is None:
            good.append(edit)
        elif edit.was in left:
            left.remove(edit.was)
            good.append(edit)
        else:
            lost.append(edit)
    after = applied(before, good)
    return Plan(good, before, after, checksum(before), checks_of(zone, before, after, good, now), lost)
