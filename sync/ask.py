"""'Sync now', and its opposite: what people ask of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ProviderAccount, User
from sync.due import ensure_schedules, in_turn, lacks
from sync.due import kinds as declared_kinds
from sync.engine.aside import drop
from sync.engine.clean import clean_text
from sync.filing import file_slices
from sync.models import Run, Schedule


def ask(
    accounts: ProviderAccount | Iterable[ProviderAccount],
    kinds: Sequence[str] | None = None,
    *,
    user: User | None,
    full: bool = True,
    request_id: str = "",
) -> list[Run]:
    """Has the kinds (all that the portal offers, when None) of active accounts read now. Returns their runs.

    There is never a second run of one account and kind. One that waits is made full. One that was begun may have read what
    changed before it was asked, so it is told to begin again, `full` or not, when it is through; it stays the same run. Only when
    it comes to be held another one follows.
    They go before routine runs, in the queue and within their account. A person has a pause tried that the portal asked for, of
    whichever kind the run is that keeps it; the calls themselves still keep to it (`providers.limits`), and then nothing is sent
    and the wait goes on. Without a `request_id` that of the request under way is
    kept, so that logs lead from the click to the calls.
    """
    request_id = request_id or str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64]
    # In one order, here and for the runs, so that two who ask never wait for each other.
    asked = [accounts] if isinstance(accounts, ProviderAccount) else sorted(accounts, key=lambda each: each.pk)
    runs: list[Run] = []
    with transaction.atomic():
        for account in asked:
            if account.state == ProviderAccount.State.ACTIVE:
                runs += _ask_one(account, kinds, user=user, full=full, request_id=request_id)
        file_slices(run.pk for run in in_turn(runs))
    return runs


def can_be_asked(account: ProviderAccount, schedule: Schedule, kinds: Sequence[str] | None) -> bool:
    """A kind that was named is asked even when the portal refused it before; one that the portal is known to lack is not."""
    if kinds is None or schedule.supported:
        return schedule.supported and (kinds is None or schedule.kind in kinds)
    return schedule.kind in kinds and not lacks(account, schedule.kind)


def cancel(run: Run, user: User) -> bool:
    """Stops a run at its next batch; what it wrote stays. False when it had ended already."""
    with transaction.atomic():
        held = Run.objects.select_for_update(no_key=True).filter(pk=run.pk, state__in=Run.UNDER_WAY).first()
        if held is None:
            return False
        drop(held)
        held.state = Run.State.CANCELLED
        held.generation += 1  # takes the run out of its holder's hands
        held.lease_until, held.finished_at = None, timezone.now()
        held.note = clean_text(_("Cancelled by %(who)s.") % {"who": user}, 500)
        held.again = False
        held.queue, held.seen_ids, held.held_ids, held.cursor = [], [], [], {}
        held.save()
    return True


def _end_the_wait(account: ProviderAccount) -> None:
    """Runs that wait for a moment are anybody's at once: also that of another kind, since the account's runs work one at a time."""
    waiting = Run.objects.select_for_update(no_key=True).filter(
        account=account, state=Run.State.RUNNING, claimed_by="", lease_until__gt=timezone.now()
    )
    keys = list(waiting.order_by("pk").values_list("pk", flat=True))
    Run.objects.filter(pk__in=keys).update(lease_until=None, attempts=0)


def _ask_one(
    account: ProviderAccount, kinds: Sequence[str] | None, *, user: User | None, full: bool, request_id: str
) -> list[Run]:
    ensure_schedules(account)
    # The schedules' locks keep two askers and a tick from making two runs.
    schedules = list(Schedule.objects.select_for_update().filter(account=account).order_by("pk"))
    asked = {schedule.kind for schedule in schedules if can_be_asked(account, schedule, kinds)}
    wanted = [kind for kind in declared_kinds() if kind in asked]
    if user is not None:
        _end_the_wait(account)
    runs: dict[str, Run] = {}
    under_way = Run.objects.filter(account=account, kind__in=wanted, state__in=Run.UNDER_WAY)
    for run in under_way.select_for_update(no_key=True).order_by("pk"):
        if run.generation == 0 or run.again:
            run.full = run.full or full
        else:
            run.full, run.again = full, True
        run.urgent = True
        run.asked_by = run.asked_by or user
        run.request_id = request_id or run.request_id
        run.save(update_fields=["full", "again", "urgent", "asked_by", "request_id"])
        runs[run.kind] = run
    fresh = [
        Run(account=account, kind=kind, full=full, urgent=True, asked_by=user, request_id=request_id)
        for kind in wanted
        if kind not in runs
    ]
    runs |= {run.kind: run for run in Run.objects.bulk_create(fresh)}
    return [runs[kind] for kind in wanted]
