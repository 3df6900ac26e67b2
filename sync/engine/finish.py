"""How a run ends, and when its kind is read next."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import VaultError
from providers.errors import AuthenticationFailed, NotSupported, PermissionDenied, ProviderError, RateLimited
from sync.declare import interval_of, registry
from sync.engine.aside import carry_over, drop, told_of
from sync.engine.clean import clean_text
from sync.engine.cursor import Cursor, read_cursor
from sync.engine.hold import hold
from sync.engine.limits import limits
from sync.engine.queue import advance
from sync.engine.vanish import heard_more_before
from sync.engine.work import Parked
from sync.filing import file_slices
from sync.models import Run, Schedule

log = structlog.get_logger(__name__)


def end_well(run: Run, cursor: Cursor | None = None) -> None:
    """The run is through: succeeded, partial or held. When somebody asked for it meanwhile it begins again. Raises LostLease."""
    now = timezone.now()
    with hold(run, schedule=True) as schedule:
        if schedule is not None:
            if cursor is None:
                schedule.last_complete_at = now
            else:
                advance(run, cursor, schedule)
            _as_usual(schedule, run, now)
            if cursor is not None and not cursor.complete and not cursor.counted and heard_more_before(run):
                # The portal listed nothing: look again soon, once, whether it means it.
                schedule.next_due_at = now + timedelta(seconds=limits().backoff_first_seconds)
            schedule.save()
        if cursor is not None:
            carry_over(run, cursor)
            run.note = " ".join(part for part in (cursor.refused or cursor.note, told_of(run)) if part)[:500]
        run.state = _state(run, cursor)
        asked = _asked_meanwhile(run)
        if asked is not None and run.state != Run.State.HELD:
            _begin_again(run, asked)
            return
        _close(run, now)
        if asked is not None:
            # What is held waits for a person; who asked is not to wait for that.
            columns = {name: getattr(asked, name) for name in ("full", "asked_by_id", "request_id")}
            following = Run.objects.create(account_id=run.account_id, kind=run.kind, urgent=True, **columns)
            file_slices([following.pk])
    log.info("sync_ended", state=run.state, seen=run.seen, written=run.written, gone=run.gone, requests=run.requests)


def end_badly(run: Run, error: Exception) -> None:
    """The run failed: says why in a sentence, keeps what the mirror had, backs off. Raises LostLease."""
    now = timezone.now()
    with hold(run, schedule=True) as schedule:
        run.state = Run.State.FAILED
        drop(run)
        if schedule is not None and run.queue:
            # Else the next run would break off at the same place, and never come to those behind it.
            advance(run, read_cursor(run.cursor), schedule)
        _say(run, error)
        if schedule is not None:
            _judge(schedule, run, error, now)
            schedule.save()
        if isinstance(error, NotSupported):
            run.state, run.note, run.error = Run.State.SUCCEEDED, run.error[:500], ""
            run.error_code = ""
        asked = _asked_meanwhile(run)
        if asked is not None:
            run.asked_by_id, run.request_id, run.urgent = asked.asked_by_id, asked.request_id, True
        _close(run, now)
    log.info("sync_ended", state=run.state, error=run.error_code, requests=run.requests)


def end_unread(run: Run, note: str) -> None:
    """The account is paused, or waits for a new credential: nothing was asked. Raises LostLease."""
    with hold(run):
        run.state, run.note = Run.State.CANCELLED, note[:500]
        drop(run)
        _close(run, timezone.now())


def with_jitter(wait: timedelta) -> timedelta:
    """Within a tenth of `wait`, so that what was connected together does not stay in step for ever."""
    return wait * random.uniform(0.9, 1.1)  # noqa: S311  # spreads load, guards nothing


def spread(wait: timedelta) -> timedelta:
    """Anywhere in the second half of `wait`: what fell due together while nothing ran goes apart again."""
    return wait * random.uniform(0.5, 1.0)  # noqa: S311  # spreads load, guards nothing


def _state(run: Run, cursor: Cursor | None) -> str:
    if run.held_ids or run.held_changes:
        return Run.State.HELD
    if run.skipped or (cursor is not None and (not cursor.complete or cursor.refused)):
        return Run.State.PARTIAL
    return Run.State.SUCCEEDED


def _as_usual(schedule: Schedule, run: Run, now: datetime) -> None:
    schedule.failures, schedule.failing_since, schedule.supported, schedule.words = 0, None, True, ""
    if run.asked_by_id is not None or schedule.next_due_at <= now:
        schedule.next_due_at = now + with_jitter(interval_of(schedule))


def _judge(schedule: Schedule, run: Run, error: Exception, now: datetime) -> None:
    rules = limits()
    # Refused in the words for strangers, although the login is good: once, that may be a portal that stumbled.
    stumbled = isinstance(error.__cause__, AuthenticationFailed) and schedule.supported and not schedule.failures
    if isinstance(error, PermissionDenied | NotSupported) and not run.seen and not stumbled:
        schedule.supported, schedule.words = False, clean_text(run.error, 500)
        schedule.failures, schedule.failing_since = 0, None
        schedule.next_due_at = now + timedelta(seconds=rules.unsupported_seconds)
        return
    schedule.failures = min(schedule.failures + 1, 1000)
    schedule.failing_since = schedule.failing_since or now
    wait = min(rules.backoff_longest_seconds, rules.backoff_first_seconds * 2 ** min(schedule.failures - 1, 20))
    if isinstance(error, RateLimited):
        wait = max(wait, min(error.retry_after, rules.backoff_longest_seconds))
    schedule.next_due_at = now + with_jitter(timedelta(seconds=wait))


def _say(run: Run, error: Exception) -> None:
    """The sentence names the account, what was being read, and the cause."""
    what = registry[run.kind].kind.label
    if isinstance(error, ProviderError):
        run.error_code = error.code
        run.upstream_words = clean_text(error.upstream_words, 500)
        operation = f" ({error.operation})" if error.operation else ""
        cause = error.sentence
    elif isinstance(error, VaultError):
        run.error_code, operation, cause = "credential_unreadable", "", str(error)
    elif isinstance(error, Parked):
        run.error_code, operation = "parked", ""
        cause = _("The worker ended each time that it worked on this, so it was set aside. The log has the details.")
    else:
        run.error_code, operation = "crashed", ""
        cause = _("Holdfast itself stumbled (%(error)s). The log has the details.") % {"error": type(error).__name__}
    sentence = _("%(account)s, %(what)s%(operation)s: %(cause)s") % {
        "account": run.account.name,
        "what": what,
        "operation": operation,
        "cause": cause,
    }
    run.error = clean_text(sentence, 1000)


def _asked_meanwhile(run: Run) -> Run | None:
    """The run as those left it who asked for it while it was under way; None when nobody did. Read under the run's lock, which
    they take as well."""
    return Run.objects.filter(pk=run.pk, again=True).only("full", "asked_by", "request_id").first()


def _begin_again(run: Run, asked: Run) -> None:
    """Another round of the same run, so that who asked meanwhile sees what upstream says after they asked."""
    run.full, run.asked_by_id, run.request_id = asked.full, asked.asked_by_id, asked.request_id
    run.skipped_rows.all().delete()
    run.state, run.urgent, run.again = Run.State.QUEUED, True, False
    drop(run)
    run.cursor, run.queue, run.seen_ids = {}, [], []
    run.list_requests = run.seen = run.skipped = run.details_total = run.details_done = 0
    run.listed = run.started_at = None
    run.claimed_by = ""
    run.save()
    file_slices([run.pk])


def _close(run: Run, now: datetime) -> None:
    run.finished_at = now
    run.again = False
    run.queue, run.seen_ids, run.cursor = [], [], {}
    run.claimed_by = ""
    run.save()
