"""What came of an attempt, written under the action's lock: accepted, failed, unknown, or queued again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import VaultError
from actions.declare import ActionKind, Refused
from actions.engine.ledger import hold, note
from actions.limits import limits, step_of
from actions.models import Action, Stage, State
from actions.publishing import publish_look, publish_work
from providers.errors import (
    AuthenticationFailed,
    InvalidRequest,
    NotFound,
    NotSupported,
    PaymentRequired,
    PermissionDenied,
    ProviderError,
    RateLimited,
    Unavailable,
)
from sync.engine.clean import clean_text, plain
from sync.expecting import forget

log = structlog.get_logger(__name__)

CERTAIN: Final = (
    AuthenticationFailed, InvalidRequest, NotFound, NotSupported, PaymentRequired, PermissionDenied,
)  # fmt: skip
"""Upstream refused: nothing changed."""
NOT_SENT: Final = (Unavailable, RateLimited)
"""Nothing of this call happened upstream."""


def succeed(action: Action, result: Mapping[str, Any] | None, *, told: str = "") -> Action:
    """Upstream accepted it. An answer that comes after its claim was given up settles the unknown outcome. Raises LostLease."""
    with hold(action, State.RUNNING, State.UNKNOWN) as row:
        accept(row, result or {}, told or _("The portal accepted it."))
    return row


def accept(row: Action, result: Mapping[str, Any], told: str) -> None:
    """Inside `hold`'s transaction."""
    now = timezone.now()
    row.state, row.stage, row.stands_at = State.SUCCEEDED, Stage.NONE, Stage.NONE
    row.result = {**row.result, **plain(result)}
    row.ended_at = row.moved_at = row.look_at = now
    row.looks, row.losses, row.absent_since, row.lease_until, row.next_attempt_at = 0, 0, None, None, None
    row.error = row.error_code = row.upstream_words = ""
    row.save()
    note(row, told)


def judge(action: Action, kind: ActionKind | None, error: Exception, *, sent: bool) -> Action:
    """Writes down what an attempt ended with. `sent`: whether the request had left, so that it may have happened.

    Raises LostLease when the claim is not this worker's any more.
    """
    if isinstance(error, Refused):
        return fail(action, error.sentence, error.code)
    if isinstance(error, VaultError):
        return fail(action, _("%(why)s Nothing was sent.") % {"why": error}, "sealed")
    if isinstance(error, CERTAIN):
        return fail(action, error.sentence, error.code, error.upstream_words)
    if isinstance(error, NOT_SENT) or (not sent and isinstance(error, ProviderError)):
        return _not_sent(action, kind, error)
    if not isinstance(error, ProviderError):
        log.error("action_crashed", action_id=action.pk, kind=action.kind, sent=sent, exc_info=error)
    if not sent:
        return fail(
            action,
            _("Holdfast itself failed at it (%(error)s). Nothing was sent.") % {"error": type(error).__name__},
            "crashed",
        )
    return lose(action, kind, error)


def fail(action: Action, sentence: str, code: str, upstream_words: str = "") -> Action:
    """Nothing changed, or what was changed stands in the sentence. Raises LostLease."""
    with hold(action, State.RUNNING, State.UNKNOWN) as row:
        give_up(row, sentence, code, upstream_words)
    return row


def give_up(row: Action, sentence: str, code: str, upstream_words: str = "") -> None:
    """Inside `hold`'s transaction."""
    row.state = State.FAILED
    row.error, row.error_code = clean_text(sentence, 1000), code[:40]
    row.upstream_words = clean_text(upstream_words, 500)
    row.ended_at, row.lease_until, row.look_at, row.next_attempt_at = timezone.now(), None, None, None
    row.save()
    forget(row.pk)
    note(row, _("Failed: %(why)s") % {"why": row.error}, upstream_words=row.upstream_words)


def _not_sent(action: Action, kind: ActionKind | None, error: ProviderError) -> Action:
    """Upstream can't be reached: a kind that may wait stays queued, until its patience is over."""
    rules, now = limits(), timezone.now()
    too_long = now - action.created_at >= timedelta(seconds=rules.wait_longest_seconds)
    if kind is None or not kind.may_wait or too_long:
        done = _("What had been done before stays; the rest was not sent.") if action.partly else _("Nothing was sent.")
        return fail(action, f"{error.sentence} {done}", error.code, error.upstream_words)
    wait = step_of(rules.wait_seconds, action.attempts - 1)
    if isinstance(error, RateLimited):
        wait = max(wait, min(error.retry_after, rules.wait_longest_seconds))
    with hold(action, State.RUNNING) as row:
        row.state, row.lease_until, row.sent_at = State.QUEUED, None, None
        row.next_attempt_at = now + timedelta(seconds=wait)
        row.error, row.error_code = clean_text(error.sentence, 1000), error.code
        row.upstream_words = clean_text(error.upstream_words, 500)
        row.save()
        note(
            row,
            _("Not sent: %(why)s It is tried again, and can be withdrawn until then.") % {"why": error.sentence},
            upstream_words=error.upstream_words,
        )
        publish_work(row.pk, countdown=wait)
    return row


def lose(action: Action, kind: ActionKind | None, error: Exception) -> Action:
    """It left, and nobody knows what came of it."""
    sentence = (
        error.sentence
        if isinstance(error, ProviderError)
        else _("Holdfast itself failed while it waited for the answer.")
    )
    words = error.upstream_words if isinstance(error, ProviderError) else ""
    with hold(action, State.RUNNING) as row:
        if kind is not None and kind.idempotent and row.attempts < limits().attempts:
            again(
                row,
                _("No clear answer: %(why)s It does no harm twice, so it is sent again.") % {"why": sentence},
                words,
            )
        else:
            leave_unknown(row, sentence, words)
    return row


def again(row: Action, told: str, upstream_words: str = "") -> None:
    """Inside a transaction that holds the row: back into the queue."""
    wait = step_of(limits().wait_seconds, row.attempts - 1) if row.attempts > 1 else 1.0
    row.state, row.lease_until = State.QUEUED, None
    row.next_attempt_at = timezone.now() + timedelta(seconds=wait)
    row.save()
    note(row, told, upstream_words=upstream_words)
    publish_work(row.pk, countdown=wait)


def leave_unknown(row: Action, sentence: str, upstream_words: str = "") -> None:
    """Inside a transaction that holds the row. It keeps its guard until it is settled."""
    wait = step_of(limits().look_seconds, 0)
    row.state, row.lease_until = State.UNKNOWN, None
    row.error, row.error_code = clean_text(sentence, 1000), "outcome_unknown"
    row.upstream_words = clean_text(upstream_words, 500)
    row.looks, row.absent_since = 0, None
    row.look_at = timezone.now() + timedelta(seconds=wait)
    row.save()
    note(
        row,
        _("It may have happened: %(why)s It is not sent again by itself; Holdfast looks at the portal.")
        % {"why": sentence},
        upstream_words=upstream_words,
    )
    publish_look(row.pk, countdown=wait)
