"""Who may write for an action: the claim with its lease, committed before anything leaves, and the lock for what came of it."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from actions.limits import limits
from actions.models import Action, ActionEvent, State
from sync.engine.clean import clean_text

log = structlog.get_logger(__name__)


class LostLease(Exception):
    """The action is somebody else's by now, or was decided: nothing more is sent or written for this claim."""


def take(action_id: int) -> Action | None:
    """Claims a queued action for this worker, committed on return. None when it is not queued (any more) or waits for its time."""
    now = timezone.now()
    waiting = Action.objects.filter(pk=action_id, state=State.QUEUED)
    claimed = waiting.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=now)).update(
        state=State.RUNNING,
        generation=F("generation") + 1,
        attempts=F("attempts") + 1,
        claimed_by=f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"[:120],
        lease_until=now + timedelta(seconds=limits().lease_seconds),
        next_attempt_at=None,
        sent_at=None,
    )
    if claimed != 1:
        return None
    return Action.objects.select_related("account", "resource__account", "actor").get(pk=action_id)


def mark_sent(action: Action) -> None:
    """Writes down that the request leaves now, before it does: from here on a crash means 'unknown'. Raises LostLease."""
    now = timezone.now()
    until = now + timedelta(seconds=limits().lease_seconds)
    if not _mine(action).update(sent_at=now, lease_until=until):
        raise LostLease
    action.sent_at, action.lease_until = now, until


def renew(action: Action) -> None:
    """A sign of life. Raises LostLease."""
    if not _mine(action).update(lease_until=timezone.now() + timedelta(seconds=limits().lease_seconds)):
        raise LostLease


@contextmanager
def hold(action: Action, *states: str) -> Iterator[Action]:
    """A transaction that begins with the action's lock. Yields the row as it is now; raises LostLease when it is not in one of
    `states` or another claim came since."""
    with transaction.atomic():
        row = (
            Action.objects.select_for_update(of=("self",))
            .select_related("account", "resource__account")
            .get(pk=action.pk)
        )
        if row.generation != action.generation or row.state not in states:
            raise LostLease
        yield row


def note(action: Action, text: object, *, upstream_words: str = "", user: User | None = None) -> ActionEvent:
    """A line of the action's log."""
    return ActionEvent.objects.create(
        action=action, text=clean_text(str(text), 1000), upstream_words=clean_text(upstream_words, 500), user=user
    )


def _mine(action: Action) -> QuerySet[Action]:
    return Action.objects.filter(pk=action.pk, generation=action.generation, state=State.RUNNING)


class Heartbeat:
    """Renews the claim's lease while upstream takes its time. Used as a context manager."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"action-{action.pk}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._stopped.wait(limits().heartbeat_seconds):
                renew(self._action)
        except LostLease:
            log.info("lease_lost", action_id=self._action.pk)  # whoever writes next for this claim is told
        except DatabaseError as error:
            log.warning("lease_not_renewed", action_id=self._action.pk, error=str(error)[:200])
        finally:
            connection.close()
