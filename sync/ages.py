"""How old what a page shows is, why it is no younger, and the way out of that. One query, two when something is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import ProviderAccount, User
from accounts.roles import may_act, may_administer
from sync.causes import ONE, cause_of
from sync.declare import ResourceSync, registry
from sync.incidents import Failing, together
from sync.models import Kind, Resource, Run, Schedule
from sync.queries import is_late, late_at, latest_runs, schedules_visible_to
from sync.words import every
from web import dates
from web.detail import Action, Age, Trouble
from web.shell import Scope
from web.tones import Tone

Reader = User | AnonymousUser
State = ProviderAccount.State
TROUBLES: Final = 3
"""Told one by one; the rest as a number."""


def age_of_kinds(reader: Reader, kinds: Iterable[str], scope: Scope | None = None) -> Age | None:
    """Of a list that shows these kinds: as old as the oldest of its accounts that are read. None when no account has them."""
    kinds = list(kinds)
    schedules = schedules_visible_to(reader).filter(supported=True, kind__in=kinds)
    if scope is not None:
        if not scope.pk.isdecimal():
            return None
        if scope.kind == "account":
            schedules = schedules.filter(account=int(scope.pk))
        else:
            theirs = Resource.objects.filter(account=OuterRef("account"), kind__in=kinds, customer=int(scope.pk))
            schedules = schedules.filter(Exists(theirs))
    return _age(list(schedules.order_by("account__name", "kind")), reader)


def age_of(resource: Resource, reader: Reader) -> Age:
    """Of the page of one thing. Its account should have been joined."""
    if resource.gone_at is not None:
        text = _("The portal has not listed it any more since %(since)s. It stands here as it was read last.")
        gone = Trouble(Tone.UNKNOWN, text % {"since": dates.moment(resource.gone_at)})
        return Age(resource.gone_at, Tone.UNKNOWN, troubles=(gone,))
    schedules = list(Schedule.objects.filter(account=resource.account_id, kind=resource.kind))
    for schedule in schedules:
        schedule.account = resource.account
    found = _age(schedules, reader)
    if found is None:
        return Age(resource.fresh_at, Tone.UNKNOWN)
    found = replace(found, detail=_of_details(resource))
    if resource.fresh_at is None or (found.as_of is not None and resource.fresh_at <= found.as_of):
        return found
    # It was read by itself since, after an action.
    return replace(found, as_of=resource.fresh_at, tone=found.tone if found.troubles else Tone.FINE)


def _of_details(resource: Resource) -> str:
    """What the list tells is as old as it; the rest comes with details, which are read in turn."""
    declaration = registry.kinds.get(Kind(resource.kind))
    if not isinstance(declaration, ResourceSync) or declaration.detail_capability not in resource.account.capabilities:
        return ""
    return _("What only its detail tells may be older, by %(span)s at most.") % {"span": every(declaration.detail_age)}


def _age(schedules: Sequence[Schedule], reader: Reader) -> Age | None:
    if not schedules:
        return None
    now = timezone.now()
    read = [row for row in schedules if row.account.state == State.ACTIVE]
    times = [row.last_complete_at for row in read or schedules if row.last_complete_at is not None]
    late = [row for row in read if is_late(row, now)]
    never = [row for row in read if row.last_complete_at is None]
    odd = [row for row in schedules if row.account.state != State.ACTIVE or row.failures or row in late or row in never]
    troubles = _troubles(odd, reader, now) if odd else ()
    tone = Tone.UNKNOWN if not times or not read else Tone.SOON if late else Tone.UNKNOWN if never else Tone.FINE
    late_from = [moment for row in read if (moment := late_at(row)) is not None]
    return Age(min(times, default=None), tone, _lines(schedules), troubles, min(late_from, default=None))


def _lines(schedules: Sequence[Schedule]) -> str:
    """What is told on hover, when it is more than the page says already."""
    if len(schedules) == 1:
        return ""
    return "\n".join(
        f"{row.account.name}, {row.get_kind_display()}: "
        + (dates.relative(row.last_complete_at) if row.last_complete_at else _("not read in full yet"))
        for row in schedules[:20]
    )


def _troubles(odd: Sequence[Schedule], reader: Reader, now: datetime) -> tuple[Trouble, ...]:
    """A sentence an account, the worst of its kinds; what several accounts of a portal suffer alike is one sentence."""
    runs = _last_runs(odd)
    by_account: dict[int, Schedule] = {}
    for row in sorted(odd, key=lambda row: (-row.failures, row.pk)):
        by_account.setdefault(row.account_id, row)
    failing = [row for row in by_account.values() if row.failures and row.account.state == State.ACTIVE]
    codes = {row.pk: run.error_code for row in failing if (run := runs.get((row.account_id, row.kind))) is not None}
    found = []
    for incident in together(Failing.of(row, codes.get(row.pk, ""), now) for row in failing):
        link = Action(_("See the accounts"), f"{reverse('accounts:account-list')}?provider={incident.provider}")
        found.append(Trouble(Tone.SOON, incident.sentence(now), link))
        for account in incident.accounts:
            del by_account[account.pk]
    found += [_trouble(row, runs.get((row.account_id, row.kind)), reader, now) for row in by_account.values()]
    if len(found) <= TROUBLES:
        return tuple(found)
    rest = len(found) - TROUBLES
    text = ngettext(
        "%(n)s more account is not read as it should be.", "%(n)s more accounts are not read as they should be.", rest
    )
    link = Action(_("See the accounts"), reverse("accounts:account-list"))
    return (*found[:TROUBLES], Trouble(Tone.SOON, text % {"n": rest}, link))


def _last_runs(schedules: Sequence[Schedule]) -> dict[tuple[int, str], Run]:
    active = {row.account_id for row in schedules if row.account.state == State.ACTIVE}
    if not active:
        return {}
    of_them = Schedule.objects.filter(account__in=active, kind__in={row.kind for row in schedules})
    runs = latest_runs(Run.objects.all(), of_them)
    light = runs.only("account_id", "kind", "state", "error_code", "finished_at", "note")
    return {(run.account_id, run.kind): run for run in light}


def _trouble(row: Schedule, run: Run | None, reader: Reader, now: datetime) -> Trouble:
    if row.account.state != State.ACTIVE:
        return _unread(row.account, reader)
    if run is not None and run.state == Run.State.HELD:
        text = _("%(account)s: the last sync is held, because so much differs. What stands here is from before it.")
        compare = Action(_("Compare and decide"), reverse("sync:run-detail", args=[run.pk]))
        return Trouble(Tone.URGENT, text % {"account": row.account.name}, compare)
    again = None
    if may_act(reader):
        url = reverse("sync:start-kind", args=[row.account_id, row.kind])
        again = Action(_("Try now") if row.failures else _("Sync now"), url, post=True)
    if run is not None and run.under_way:
        text = _("%(account)s: %(what)s is being read now.")
        return Trouble(Tone.UNKNOWN, text % {"account": row.account.name, "what": row.get_kind_display()})
    if row.failures:
        return Trouble(Tone.SOON, failing_sentence(row, run, now), again, stays=True)
    if row.last_complete_at is None:
        text = _("%(account)s: %(what)s was not read in full yet, so some of it may be missing here.")
    elif row.next_due_at > now:  # a sync that was stopped, or rejected by a person
        text = _("%(account)s: %(what)s was not read in full at the last sync, and is read again at %(due)s.")
    else:
        text = _("%(account)s: %(what)s was to be read at %(due)s and waits for its turn.")
    told = {"account": row.account.name, "what": row.get_kind_display(), "due": dates.moment(row.next_due_at)}
    return Trouble(Tone.SOON, text % told, again, stays=True)


def failing_sentence(row: Schedule, run: Run | None, now: datetime) -> str:
    """'Cloudviet main gives no answer since 14:05. What was read before stays; it is tried again in 4 minutes.'"""
    since = row.failing_since or (run.finished_at if run is not None else None) or row.next_due_at
    told = {"account": row.account.name, "since": dates.moment(since)}
    cause = str(ONE[cause_of(run.error_code if run is not None else "")]) % told
    when = dates.relative(row.next_due_at, now=now) if row.next_due_at > now else _("now")
    return f"{cause} " + _("What was read before stays; it is tried again %(when)s.") % {"when": when}


def _unread(account: ProviderAccount, reader: Reader) -> Trouble:
    """A paused or refused account: nothing of it is read until a person does something."""
    page = Action(_("See the account"), reverse("accounts:account-detail", args=[account.pk]))
    if account.state == State.REFUSED:
        text = _("%(account)s: the portal refused the credential, so nothing is read until it is replaced.")
        if may_administer(reader):
            page = Action(_("Replace the credential"), reverse("accounts:account-credential", args=[account.pk]))
        return Trouble(Tone.BROKEN, text % {"account": account.name}, page)
    if may_administer(reader) and account.state == State.PAUSED:
        page = Action(_("Resume reading"), reverse("accounts:account-resume", args=[account.pk]), post=True)
    text = _("%(account)s is paused and grows old. %(reason)s")
    return Trouble(Tone.UNKNOWN, (text % {"account": account.name, "reason": account.state_reason}).strip(), page)
