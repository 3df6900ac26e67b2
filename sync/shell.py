"""What the page frame tells of sync: how old the mirror is, what is held for a person, and what ails a whole portal."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import ProviderAccount
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
    """Three queries a page: the schedules, how many runs are held, which accounts fail; a fourth where incidents are told."""
    scope = scope_of(request)
    account = _account_of(scope)
    found = queries.freshness(request.user, account=account)
    held = queries.held_runs(request.user).count()
    facts: dict[str, Any] = {}
    if found.as_of is not None or found.never:
        facts["freshness"] = _freshness(found, held, _failing(request, account))
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


def _failing(request: HttpRequest, account: int | None) -> int:
    """How many accounts that should be read have something that could not be read at the last try."""
    rows = queries.schedules_visible_to(request.user).filter(
        failures__gt=0, supported=True, account__state=ProviderAccount.State.ACTIVE
    )
    rows = rows.filter(account=account) if account is not None else rows
    return rows.order_by().values("account").distinct().count()


def _freshness(found: queries.Freshness, held: int, failing: int) -> Freshness:
    """What is wrong comes first, and how old the rest is beside it. In step: everything was read, and is younger than twice its
    interval."""
    words, as_of, aside = _("In step, last read"), found.newest, ""
    if held:
        words = ngettext("%(n)s sync held", "%(n)s syncs held", held) % {"n": held}
    elif failing:
        words = ngettext("%(n)s account fails", "%(n)s accounts fail", failing) % {"n": failing}
    elif found.as_of is None:
        words, as_of = _("Being read for the first time"), None
    elif found.late:
        words, as_of = _("Read"), min(row.last_complete_at for row in found.late if row.last_complete_at)
        aside = ngettext("%(n)s reading late", "%(n)s readings late", len(found.late)) % {"n": len(found.late)}
    elif found.never:
        words = ngettext("%(n)s kind not read yet", "%(n)s kinds not read yet", len(found.never))
        words = words % {"n": len(found.never)}
    if held or failing or (found.never and not found.late):
        as_of, aside = None, _("last read %(ago)s") % {"ago": dates.relative(found.newest)} if found.newest else ""
    return Freshness(
        words=words,
        tone=_tone(found, held, failing),
        as_of=as_of,
        aside=aside,
        detail="\n".join(_line(row) for row in (*found.late, *found.never)[:LINES]),
        url=reverse("sync:run-list"),
    )


def _tone(found: queries.Freshness, held: int, failing: int) -> Tone:
    if held:
        return Tone.URGENT
    if found.late or failing:
        return Tone.SOON
    return Tone.UNKNOWN if found.never or found.as_of is None else Tone.FINE


def _line(row: Schedule) -> str:
    if row.last_complete_at is None:
        told = _("not read in full yet")
    else:
        told = _("read %(ago)s") % {"ago": dates.relative(row.last_complete_at, now=timezone.now())}
    if row.failing_since is not None:
        told = _("%(read)s, fails since %(since)s") % {"read": told, "since": dates.moment(row.failing_since)}
    return f"{row.account.name}, {row.get_kind_display()}: {told}"
