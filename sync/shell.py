"""What the page frame tells of sync: how old the mirror is, what is held for a person, and what ails a whole portal."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sync import queries
from sync.incidents import incidents
from sync.models import Schedule
from web import dates
from web.shell import Freshness, NavCount, Notice, Scope, scope_of
from web.tones import Tone

LINES: Final = 12
"""Of the detail on hover."""
TELL_INCIDENTS: Final = {"portal:overview", "accounts:account-list"}
"""The pages that speak of the accounts as a whole."""


def frame_facts(request: HttpRequest) -> dict[str, Any]:
    """Two queries a page: the schedules, and how many runs are held; a third where incidents are told."""
    scope = scope_of(request)
    found = queries.freshness(request.user, account=_account_of(scope))
    held = queries.held_runs(request.user).count()
    facts: dict[str, Any] = {}
    if found.as_of is not None or found.never:
        facts["freshness"] = _freshness(found, held)
    if held:
        says = ngettext("%(n)s sync is held and waits for you", "%(n)s syncs are held and wait for you", held)
        facts["counts"] = {"accounts": NavCount(held, says % {"n": held}, urgent=True)}
    match = request.resolver_match
    if match is not None and match.view_name in TELL_INCIDENTS and (scope is None or scope.kind == "account"):
        facts["notices"] = _notices(request, scope)
    return facts


def _notices(request: HttpRequest, scope: Scope | None) -> list[Notice]:
    now = timezone.now()
    return [
        Notice(
            Tone.URGENT,
            incident.sentence(now),
            _("See the accounts"),
            f"{reverse('accounts:account-list')}?provider={incident.provider}",
        )
        for incident in incidents(request.user, now)
        if scope is None or scope.pk in {str(account.pk) for account in incident.accounts}
    ]


def _account_of(scope: Scope | None) -> int | None:
    return int(scope.pk) if scope is not None and scope.kind == "account" and scope.pk.isdecimal() else None


def _freshness(found: queries.Freshness, held: int) -> Freshness:
    """In step: everything is younger than twice its interval. Else what is late, as old as the oldest of it."""
    aside = ngettext("%(n)s sync held", "%(n)s syncs held", held) % {"n": held} if held else ""
    if not aside and found.late:
        aside = ngettext("%(n)s reading late", "%(n)s readings late", len(found.late)) % {"n": len(found.late)}
    if found.as_of is None:
        words, as_of = _("Being read for the first time"), None
    elif found.late:
        words, as_of = _("Read"), min(row.last_complete_at for row in found.late if row.last_complete_at)
    else:
        words, as_of = _("In step, last read"), found.newest
    return Freshness(
        words=words,
        tone=_tone(found, held),
        as_of=as_of,
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
    if row.failing_since is not None:
        told = _("%(read)s, fails since %(since)s") % {"read": told, "since": dates.moment(row.failing_since)}
    return f"{row.account.name}, {row.get_kind_display()}: {told}"
