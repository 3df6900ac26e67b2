"""Judges how accounts stand by what their readings brought; accounts.standing has the words and shows the judgement."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import ProviderAccount
from accounts.standing import Code, Standing
from sync.causes import ONE, REMEDIES, SHORT, Cause, cause_of
from sync.declare import registry
from sync.models import Run, Schedule
from sync.queries import is_late, waiting_for_a_person
from web import dates

State = ProviderAccount.State
NAMED: Final = 3
"""Kinds that a sentence names; of more it tells how many there are."""
SHORTEST: Final = timedelta(seconds=5)
"""A shorter wait is that for our own rate, and over before it is read."""


def standings(accounts: Iterable[ProviderAccount], now: datetime | None = None) -> dict[int, Standing]:
    """By the accounts' primary keys. Three queries, however many accounts."""
    now, found = now or timezone.now(), list(accounts)
    ids = [account.pk for account in found]
    schedules: defaultdict[int, list[Any]] = defaultdict(list)
    for row in _schedules(ids):
        schedules[row.account_id].append(row)
    held = Counter(waiting_for_a_person(Run.objects.filter(account__in=ids)).values_list("account", flat=True))
    waits = _waits(ids, now)
    return {
        account.pk: judge(account, schedules[account.pk], held=held[account.pk], waits=waits.get(account.pk), now=now)
        for account in found
    }


def waiting_runs(now: datetime) -> Any:
    """Runs that keep their place until the portal's pause is over."""
    return Run.objects.filter(state__in=Run.UNDER_WAY, claimed_by="", lease_until__gt=now + SHORTEST).exclude(note="")


def judge(
    account: ProviderAccount, rows: Sequence[Any], *, held: int, waits: datetime | None, now: datetime
) -> Standing:
    """`rows` are the account's schedules of `_schedules`; `waits` is until when runs of it stand still, as the portal asked."""
    read = [row.last_complete_at for row in rows if row.last_complete_at is not None]
    failing = [row for row in rows if row.failures]
    facts: dict[str, Any] = {
        "as_of": min(read) if read and len(read) == len(rows) else None,
        "newest": max(read, default=None),
        "failing": tuple(row.kind for row in failing),
        "since": min((row.failing_since for row in failing if row.failing_since), default=None),
    }
    if account.state == State.REFUSED:
        return _refused(account, facts)
    if account.state != State.ACTIVE:
        told = _("Nothing of it is read until reading is resumed; what was read before stays and grows old.")
        return Standing(Code.PAUSED, _("Switched off"), f"{account.state_reason} {told}".strip(), **facts)
    if failing:
        facts["next_try"] = min(row.next_due_at for row in failing)
    causes = {cause_of(row.code or "") for row in failing}
    if waits or causes == {Cause.LIMITED}:
        return _told_to_wait(account, failing, waits, facts, now)
    if failing and len(failing) == len(rows):
        return _failing(account, failing, facts, now)
    if failing:
        return _in_part(failing, len(rows), facts, now)
    return _not_failing(rows, held, facts, now)


def _refused(account: ProviderAccount, facts: dict[str, Any]) -> Standing:
    told = _(
        "%(account)s: the portal refuses the sign-in%(since)s. Nothing is tried until the credential is replaced, so that the "
        "portal does not lock the login. What was read before stays."
    ) % {
        "account": account.name,
        "since": _(" since %(since)s") % {"since": dates.moment(facts["since"])} if facts["since"] else "",
    }
    reason = f"{told} {account.state_reason}".strip()
    return Standing(Code.REFUSED, _("Sign-in refused"), reason, **facts)


def _told_to_wait(
    account: ProviderAccount, failing: Sequence[Any], waits: datetime | None, facts: dict[str, Any], now: datetime
) -> Standing:
    until: datetime = waits or facts["next_try"]
    facts["next_try"] = until
    told = {"account": account.name, "until": dates.moment(max(until, now)), "when": _when(until, now)}
    sentence = _(
        "The portal has asked %(account)s to wait: too many calls. It is asked again by itself %(when)s, at %(until)s; "
        "what was read before stays."
    )
    label = _("Told to wait until %(until)s") % told
    remedy = str(REMEDIES[Cause.LIMITED]) if failing else ""
    return Standing(Code.TOLD_TO_WAIT, label, f"{sentence % told} {remedy}".strip(), **facts)


def _failing(account: ProviderAccount, failing: Sequence[Any], facts: dict[str, Any], now: datetime) -> Standing:
    """Nothing of it can be read. The cause is that of most kinds."""
    since = dates.moment(facts["since"] or now)
    ((cause, _count),) = Counter(cause_of(row.code or "") for row in failing).most_common(1)
    sentence = str(ONE[cause]) % {"account": account.name, "since": since}
    return Standing(
        Code.FAILING,
        _("Fails since %(since)s") % {"since": since},
        f"{sentence} {_goes_on(cause, facts['next_try'], now)}",
        **facts,
    )


def _in_part(failing: Sequence[Any], of: int, facts: dict[str, Any], now: datetime) -> Standing:
    since, count = dates.moment(facts["since"] or now), len(failing)
    kinds = [str(row.get_kind_display()) for row in failing]
    causes = Counter(cause_of(row.code or "") for row in failing).most_common()
    label = (
        _("%(n)s of %(of)s kinds fail") % {"n": count, "of": of}
        if count > 1
        else _("%(kind)s: fails") % {"kind": kinds[0]}
    )
    named = kinds if count <= NAMED else [*kinds[:NAMED], _("%(n)s more") % {"n": count - NAMED}]
    sentence = ngettext(
        "%(kinds)s can't be read since %(since)s: %(causes)s. The other %(rest)s kinds are read.",
        "%(kinds)s can't be read since %(since)s: %(causes)s. The other %(rest)s kinds are read.",
        count,
    ) % {
        "kinds": get_text_list(named, _("and")),
        "since": since,
        "causes": ", ".join(str(SHORT[cause]) for cause, _n in causes),
        "rest": of - count,
    }
    return Standing(
        Code.FAILING_IN_PART, label, f"{sentence} {_goes_on(causes[0][0], facts['next_try'], now)}", **facts
    )


def _not_failing(rows: Sequence[Any], held: int, facts: dict[str, Any], now: datetime) -> Standing:
    late = [row for row in rows if is_late(row, now)]
    if held:
        label = ngettext("%(n)s sync held", "%(n)s syncs held", held) % {"n": held}
        told = _(
            "So much differs from before that nothing of it was written. Compare and decide; until then the pages show what was "
            "read before."
        )
        return Standing(Code.HELD, label, told, **facts)
    if facts["as_of"] is None:
        label = _("Not read yet") if facts["newest"] is None else _("Not read in full yet")
        return Standing(Code.UNREAD, label, **facts)
    if late:
        facts["since"] = min(row.last_complete_at for row in late)
        kinds = [str(row.get_kind_display()) for row in late]
        named = kinds if len(late) <= NAMED else [*kinds[:NAMED], _("%(n)s more") % {"n": len(late) - NAMED}]
        told = _(
            "Older than it should be: %(kinds)s. It waits for its turn; should that last, look whether a worker runs."
        )
        return Standing(Code.BEHIND, _("Behind"), told % {"kinds": get_text_list(named, _("and"))}, **facts)
    partial = [row for row in rows if row.newest == Run.State.PARTIAL]
    if partial:
        kinds = [str(row.get_kind_display()) for row in partial]
        told = _("Some rows could not be read (%(kinds)s) and are tried again each time; the sync names them.")
        return Standing(Code.INCOMPLETE, _("In step, rows skipped"), told % {"kinds": ", ".join(kinds)}, **facts)
    return Standing(Code.IN_STEP, _("In step"), **facts)


def _goes_on(cause: Cause, next_try: datetime, now: datetime) -> str:
    told = _("What was read before stays; it is tried again by itself %(when)s.") % {"when": _when(next_try, now)}
    return f"{told} {REMEDIES[cause]}".strip()


def _when(moment: datetime, now: datetime) -> str:
    return dates.relative(moment, now=now) if moment > now else _("in a moment")


def _schedules(accounts: Sequence[int]) -> Any:
    """What the portals have, each with `code`, that of its last failure, and `newest`, how its last reading ended."""
    runs = Run.objects.filter(account=OuterRef("account"), kind=OuterRef("kind")).order_by("-pk")
    ended = runs.filter(finished_at__isnull=False).exclude(state=Run.State.CANCELLED)
    return (
        Schedule.objects.filter(account__in=accounts, supported=True, kind__in=[kind.value for kind in registry.kinds])
        .annotate(
            code=Subquery(runs.filter(state=Run.State.FAILED).values("error_code")[:1]),
            newest=Subquery(ended.values("state")[:1]),
        )
        .order_by("account", "kind")
    )


def newest_states(account: ProviderAccount) -> dict[str, str]:
    """How the last reading of each of its kinds ended."""
    return {row.kind: row.newest for row in _schedules([account.pk]) if row.newest}


def _waits(accounts: Sequence[int], now: datetime) -> dict[int, datetime]:
    rows = waiting_runs(now).filter(account__in=accounts).order_by().values("account")
    return dict(rows.annotate(until=Max("lease_until")).values_list("account", "until"))
