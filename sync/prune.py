"""Forgets old runs and changes, once a day, in small transactions that nobody waits for."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from sync.models import Change, Run

log = structlog.get_logger(__name__)

BATCH: Final = 500
LONGEST_SECONDS: Final = 300.0
"""After so long the rest waits for the next day."""


def prune(now: datetime | None = None, *, batch: int = BATCH) -> dict[str, int]:
    """Deletes runs (with their skipped and held rows) and changes that are older than the settings keep them. Of each account
    and kind stay the last run, the last that read its list to the end and the last that failed. Returns how many went."""
    now = now or timezone.now()
    last = time.monotonic() + LONGEST_SECONDS
    runs = _in_batches(lambda: _old_runs(now), batch, last)
    changes = _in_batches(lambda: _old_changes(now), batch, last)
    if runs or changes:
        log.info("sync_pruned", runs=runs, changes=changes)
    return {"runs": runs, "changes": changes}


def _old_runs(now: datetime) -> QuerySet[Run]:
    old = Run.objects.filter(finished_at__lt=now - timedelta(days=settings.HOLDFAST_KEEP_RUNS_DAYS))
    old = old.exclude(state__in=Run.UNDER_WAY)
    through = Q(state__in=(Run.State.SUCCEEDED, Run.State.PARTIAL))
    failed = Q(state=Run.State.FAILED)
    return old.filter(
        Exists(_later()),
        ~through | Exists(_later().filter(through)),
        ~failed | Exists(_later().filter(failed)),
    )


def _later() -> QuerySet[Run]:
    return Run.objects.filter(account=OuterRef("account"), kind=OuterRef("kind"), pk__gt=OuterRef("pk")).order_by()


def _old_changes(now: datetime) -> QuerySet[Change]:
    return Change.objects.filter(at__lt=now - timedelta(days=settings.HOLDFAST_KEEP_CHANGES_DAYS))


def _in_batches(old: Callable[[], QuerySet[Any]], batch: int, last: float) -> int:
    gone = 0
    while time.monotonic() < last:
        keys = list(old().order_by().values_list("pk", flat=True)[:batch])
        if keys:
            model: type[Model] = old().model
            with transaction.atomic():
                model._base_manager.filter(pk__in=keys).delete()  # noqa: SLF001  # Django's documented model API
            gone += len(keys)
        if len(keys) < batch:
            break
    return gone
