"""Counts the calls that actions and enquiries make, in rows: what a worker counts in itself nobody can ask it for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import structlog
from django.db import DatabaseError
from django.db.models import F

from accounts.models import ProviderAccount
from actions.models import CallTally
from providers.contract import CallRecord, Provider

log = structlog.get_logger(__name__)


class Speak(Protocol):
    """The gateway's `speaking_to`."""

    def __call__(
        self, account: ProviderAccount, *, on_call: Callable[[CallRecord], None] | None = None
    ) -> AbstractContextManager[Provider]: ...


class Tally:
    """Hears of each call; adapters may call from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests = self.errors = 0
        self.seconds = 0.0

    def __call__(self, call: CallRecord) -> None:  # the hook's form
        with self._lock:
            self.requests += 1
            self.errors += bool(call.error)
            self.seconds += call.seconds


@contextmanager
def counted(speak: Speak, account: ProviderAccount, kind: str) -> Iterator[Provider]:
    """The account's portal for the length of a block; its calls are added to those of the kind's family (`domain` of
    `domain.renew`)."""
    tally = Tally()
    try:
        with speak(account, on_call=tally) as provider:
            yield provider
    finally:
        _keep(account.pk, kind.partition(".")[0], tally)


def _keep(account_id: int, family: str, tally: Tally) -> None:
    if not tally.requests:
        return
    more = {name: F(name) + getattr(tally, name) for name in ("requests", "errors", "seconds")}
    row = CallTally.objects.filter(account=account_id, family=family)
    try:
        if not row.update(**more):
            CallTally.objects.bulk_create([CallTally(account_id=account_id, family=family)], ignore_conflicts=True)
            row.update(**more)
    except DatabaseError as error:
        # A figure less; what came of the action must not be judged by it.
        log.warning("calls_not_counted", requests=tally.requests, error=type(error).__name__)
