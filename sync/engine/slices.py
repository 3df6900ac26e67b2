"""One slice of a run, from the claim to its end or to the filing of the next."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, Protocol

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import gateway
from accounts.models import ProviderAccount
from providers.contract import CallRecord, Provider
from providers.errors import (
    AuthenticationFailed,
    NotSupported,
    OutcomeUnknown,
    ProviderError,
    Unavailable,
)
from sync.declare import AccountSync, ResourceSync, needed, registry
from sync.engine.aside import forget_unread, resolve
from sync.engine.calls import Calls, Meter
from sync.engine.cursor import read_cursor
from sync.engine.details import BrokenOff, read_details
from sync.engine.finish import end_badly, end_unread, end_well
from sync.engine.hold import LostLease, free, give_back, hold, take
from sync.engine.limits import Limits, limits
from sync.engine.lists import read_list
from sync.engine.login import vouch
from sync.engine.work import Parked, Paused, Skips, SliceOver, Work
from sync.filing import LONGEST_COUNTDOWN, file_slices
from sync.models import Run, Schedule

log = structlog.get_logger(__name__)


class Speak(Protocol):
    """The gateway's `speaking_to`."""

    def __call__(
        self, account: ProviderAccount, *, on_call: Callable[[CallRecord], None] | None = None
    ) -> AbstractContextManager[Provider]: ...


def run_slice(run_id: int, *, speak: Speak = gateway.speaking_to) -> None:
    """Works on the run for one slice, if nobody else does. Leaves it ended, or filed again. Never raises for the run's own trouble:
    that is recorded on the run."""
    run = take(run_id)
    if run is None:
        return
    bound = {"run_id": run.pk, "account_id": run.account_id, "kind": run.kind}
    if run.request_id:
        bound["request_id"] = run.request_id
    with structlog.contextvars.bound_contextvars(**bound):
        try:
            _run(run, speak)
            _wake_next(run)
        except LostLease:
            log.info("lease_lost", generation=run.generation)
            _wake_next(run)
        except (OperationalError, InterfaceError) as error:
            _leave_lying(run, error)


def _run(run: Run, speak: Speak) -> None:
    rules = limits()
    try:
        if run.account.state != ProviderAccount.State.ACTIVE:
            end_unread(run, _("The account is not read: %(state)s.") % {"state": run.account.get_state_display()})
            return
        if run.attempts > rules.attempts:
            raise Parked
        _work(run, speak, rules)
    except (LostLease, OperationalError, InterfaceError):
        raise
    except SliceOver:
        give_back(run)
        _wake_next(run)  # before the run itself, so that a long one does not keep the account's others waiting
        file_slices([run.pk])
    except Paused as paused:
        # Attempts count the slices that committed nothing; to wait is no failure, to be told so again and again is one. Where
        # nothing was sent, because a pause is known already, it is the same wait that goes on.
        told = paused.limited.status != 0
        if run.attempts >= rules.attempts or (told and run.attempts and paused.seconds > rules.vain_pause_seconds):
            end_badly(run, paused.limited)
        else:
            _pause(run, paused.seconds, rules)
    except ProviderError as error:
        error.account = error.account or run.account.name
        end_badly(run, error)
    except Exception as error:  # recorded on the run; the log has the traceback
        log.exception("sync_crashed")
        end_badly(run, error)


def _work(run: Run, speak: Speak, rules: Limits) -> None:
    declaration = registry[run.kind]
    meter = Meter()
    until = time.monotonic() + rules.slice_seconds
    with speak(run.account, on_call=meter) as provider:
        ways = needed(declaration)
        if not any(map(provider.can, ways)):
            raise NotSupported(_("This portal does not offer that in its API."), operation=ways[0])
        with Calls(run, meter, rules, threads=_threads(run.account, provider, rules)) as calls:
            cursor, skips = read_cursor(run.cursor), Skips(run, rules.skipped_kept)
            if isinstance(declaration, AccountSync):
                _read_account(Work(run, run.account, declaration, provider, calls, rules, cursor, skips, until))
            else:
                _read_resources(Work(run, run.account, declaration, provider, calls, rules, cursor, skips, until))


def _read_account(work: Work[AccountSync]) -> None:
    answer = work.declaration.read(work.provider, work.ask)
    work.calls.count()
    work.run.list_requests = work.run.requests
    for upstream_id, name, reason in work.declaration.skipped(answer):
        work.skips.add(upstream_id, name, reason)
    with hold(work.run):
        work.skips.write()
        work.run.written += work.declaration.write(work.account, answer)
        work.run.seen = work.declaration.count(answer)
    end_well(work.run)


def _read_resources(work: Work[ResourceSync[Any, Any]]) -> None:
    run, cursor = work.run, work.cursor
    if not run.cursor:
        cursor.first = not Schedule.objects.filter(
            account=run.account_id, kind=run.kind, last_complete_at__isnull=False
        ).exists()
        cursor.full, cursor.before = run.full, run.requests
        with hold(run):
            run.cursor = cursor.as_json()
    elif run.generation > 1:
        forget_unread(run, cursor)
    if cursor.stage == "list":
        read_list(work)
    try:
        read_details(work)
    except AuthenticationFailed as refused:
        vouch(work, refused)
        raise SliceOver from refused
    except BrokenOff as broken:
        # A portal that gave other details is not down: it stumbles over these.
        if isinstance(broken.error, Unavailable | OutcomeUnknown) and not broken.gave:
            raise broken.error from broken
        cursor.refused = _("Details were not asked for any more after %(count)s in a row were not given.") % {
            "count": broken.count
        }
    resolve(work, detail=True)
    end_well(run, cursor)


def _threads(account: ProviderAccount, provider: Provider, rules: Limits) -> int:
    return account.concurrency or provider.spec.concurrency or rules.concurrency


def _pause(run: Run, seconds: float, rules: Limits) -> None:
    """Leaves the run to itself until the portal's limit has passed."""
    seconds = min(max(1.0, seconds), rules.longest_pause_seconds)
    until = timezone.now() + timedelta(seconds=seconds)
    give_back(run, until=until, note=_("Waiting for the portal's rate limit."))
    # What waits longer than the queue may hold it is picked up by the tick once the lease is over.
    if seconds < LONGEST_COUNTDOWN:
        file_slices([run.pk], countdown=seconds + 0.5)


def _leave_lying(run: Run, error: Exception) -> None:
    """The database went away in the middle. That says nothing about the portal: the run goes on where it was, as soon as the tick
    finds it, and is parked when it only ever comes to this."""
    log.warning("database_lost", error=type(error).__name__)
    until = timezone.now() + timedelta(seconds=limits().outage_seconds)
    try:
        if not connection.is_usable():
            connection.close()
        Run.objects.filter(pk=run.pk, generation=run.generation, state=Run.State.RUNNING).update(
            lease_until=until, claimed_by=""
        )
    except (OperationalError, InterfaceError):
        log.warning("database_still_away")  # the lease runs out by itself


def _wake_next(run: Run) -> None:
    """The account's next run stood back while this one was at work: what somebody waits for first, then in turn."""
    waiting = Run.objects.filter(free(timezone.now()), account=run.account_id, state__in=Run.UNDER_WAY).exclude(
        pk=run.pk
    )
    in_turn = waiting.order_by(F("urgent").desc(), F("filed_at").asc(nulls_first=True), "pk")
    following = in_turn.values_list("pk", flat=True).first()
    if following is not None:
        file_slices([following])
