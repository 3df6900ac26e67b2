"""What the page frame tells of sync: how old the mirror is, and what is held for a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sync import queries
from sync.models import Schedule
from web import dates
from web.shell import Freshness, NavCount
from web.tones import Tone

LINES = 12
"""Of the detail on hover."""


def frame_facts(request: HttpRequest) -> dict[str, Any]:
    """Two queries a page: the schedules, and how many runs are held."""
    found = queries.freshness(request.user)
    held = queries.held_runs(request.user).count()
    facts: dict[str, Any] = {}
    if found.as_of is not None or found.never:
        facts["freshness"] = _freshness(found, held)
    if held:
        says = ngettext("%(n)s sync is held and waits for you", "%(n)s syncs are held and wait for you", held)
        facts["counts"] = {"accounts": NavCount(held, says % {"n": held}, urgent=True)}
    return facts


def _freshness(found: queries.Freshness, held: int) -> Freshness:
    aside = ngettext("%(n)s sync held", "%(n)s syncs held", held) % {"n": held} if held else ""
    if not aside and found.late:
        aside = ngettext("%(n)s reading late", "%(n)s readings late", len(found.late)) % {"n": len(found.late)}
    words = _("Read") if found.as_of is not None else _("Being read for the first time")
    return Freshness(
        words=words,
        tone=_tone(found, held),
        as_of=found.as_of,
        aside=aside,
        detail="\n".join(_line(row) for row in (*found.late, *found.never)[:LINES]),
        url=reverse("sync:run-list"),
    )


def _tone(found: queries.Freshness, held: int) -> Tone:
    if held:
        return Tone.URGENT
    if found.late:
        return Tone.SOON
    return Tone.FINE if found.as_of is not None else Tone.UNKNOWN


def _line(row: Schedule) -> str:
    if row.last_complete_at is None:
        told = _("not read in full yet")
    else:
        told = _("read %(ago)s") % {"ago": dates.relative(row.last_complete_at, now=timezone.now())}
    return f"{row.account.name}, {row.get_kind_display()}: {told}"
