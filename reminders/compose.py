"""What a digest says: the worst in its subject, a line for each thing, plain text and simple HTML beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reminders.declare import registry
from reminders.mail import one_line
from reminders.models import Reading, Reminder
from sync.links import page_of
from sync.models import Resource
from web.dates import days_left, exact_day, exact_instant

UNKNOWN_SHOWN: Final = 50
HORIZONS: Final = (0, 7, 30)


@dataclass(frozen=True, slots=True)
class Line:
    what: str
    name: str
    day: str
    days: str
    left: int
    account: str
    customer: str
    renewal: str
    url: str
    note: str = ""

    @property
    def facts(self) -> str:
        """All of it but the name, on one line."""
        whose = _("%(customer)s, at %(account)s") if self.customer else _("at %(account)s")
        parts = [
            self.day,
            self.days,
            whose % {"customer": self.customer, "account": self.account},
            _("auto-renew: %(state)s") % {"state": self.renewal} if self.renewal else "",
        ]
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    text: str
    html: str


def line_of(resource: Resource, day: date | None, today: date, *, what: str, note: str = "") -> Line:
    left = days_left(day, today=today)
    page = page_of(resource)
    return Line(
        what=what,
        name=one_line(resource.name),
        day=left.exact if day else "",
        days=left.words,
        left=(day - today).days if day else 0,
        account=one_line(resource.account.name),
        customer=one_line(resource.customer.name) if resource.customer else "",
        renewal=one_line(registry[what].renewal(resource)),
        url=settings.HOLDFAST_BASE_URL + page if page else "",
        note=one_line(note),
    )


def note_of(reading: Reading | None, read_at: datetime | None) -> str:
    """What has to be said of a date that upstream could not confirm just now."""
    if reading is not None and reading.answered:
        return ""
    as_of = exact_instant(read_at) if read_at else _("an unknown time")
    why = reading.words if reading is not None else _("there was no time to ask the portal again")
    return _("As of %(when)s, %(why)s.") % {"when": as_of, "why": why}


def lines_of(
    rows: Iterable[Reminder], readings: Mapping[int, Reading], read_at: Mapping[tuple[int, str], datetime], today: date
) -> list[Line]:
    """The soonest, and so the worst, first."""
    found = []
    for row in rows:
        thing = row.resource
        note = note_of(readings.get(thing.pk), read_at.get((thing.account_id, thing.kind)))
        found.append(line_of(thing, row.due_on, today, what=row.rule.what, note=note))
    return sorted(found, key=lambda line: (line.left, line.name))


def compose(lines: Sequence[Line], unknown: Sequence[Line], today: date) -> Mail:
    parts = {
        "sections": [(heading, list(group)) for heading, group in groupby(lines, key=_heading)],
        "unknown": unknown[:UNKNOWN_SHOWN],
        "unknown_more": max(0, len(unknown) - UNKNOWN_SHOWN),
        "settings_url": settings.HOLDFAST_BASE_URL + reverse("reminders:settings"),
        "day": exact_day(today),
        "subject": subject_of(lines),
    }
    text = render_to_string("reminders/mail/digest.txt", parts).strip() + "\n"
    return Mail(subject_of(lines), text, render_to_string("reminders/mail/digest.html", parts))


def subject_of(lines: Sequence[Line]) -> str:
    """'3 domains lapse within 7 days, 1 domain expired': the nearest that lapse, then what has."""
    if len(lines) == 1:
        only = lines[0]
        told = _("%(name)s %(days)s") if only.left < 0 else _("%(name)s lapses %(days)s")
        return told % {"name": only.name, "days": only.days}
    parts = [words for what, group in _by_kind(lines) if (words := _counted(what, group))]
    return ", ".join(parts)


def _by_kind(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    ordered = sorted(lines, key=lambda line: line.what)
    return [(what, list(group)) for what, group in groupby(ordered, key=lambda line: line.what)]


def _counted(what: str, lines: Sequence[Line]) -> str:
    ahead = sorted(line.left for line in lines if line.left >= 0)
    gone = len(lines) - len(ahead)
    said = []
    if ahead:
        within = next((days for days in HORIZONS if ahead[0] <= days), ahead[-1])
        said.append(registry[what].lapse_within(sum(left <= within for left in ahead), within))
    if gone:
        said.append(registry[what].expired(gone))
    return ", ".join(said)


def _heading(line: Line) -> str:
    if line.left < 0:
        return _("Expired")
    if line.left == 0:
        return _("Today")
    within = next((days for days in HORIZONS if line.left <= days), None)
    if within is None:
        return _("Later")
    return ngettext("Within %(days)d day", "Within %(days)d days", within) % {"days": within}
