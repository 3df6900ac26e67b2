"""Puts slices into the queue. The row is the truth, the queue only carries it: what it loses is filed again by the tick.

The queue has levels: what carries no priority (ticks, actions) goes first, then what somebody waits for, then routine. Celery
on Redis keeps each level in a list of its own and asks them in this order, so that a 'sync now' stands behind no routine slice.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from sync.models import Run

log = structlog.get_logger(__name__)

RUN_SLICE: Final = "sync.tasks.run_slice"
URGENT: Final = 3
ROUTINE: Final = 6
LONGEST_COUNTDOWN: Final = 120.0
"""Seconds; well below the broker's visibility time-out. What waits longer is picked up by the tick."""


def file_slices(run_ids: Iterable[int], *, countdown: float = 0) -> None:
    """Files the next slice of each run, in this order, once the transaction has committed."""
    wanted = list(run_ids)
    if not wanted:
        return
    Run.objects.filter(pk__in=wanted).update(filed_at=timezone.now())
    if countdown <= LONGEST_COUNTDOWN:
        urgent = set(Run.objects.filter(pk__in=wanted, urgent=True).values_list("pk", flat=True))
        levels = [(run_id, URGENT if run_id in urgent else ROUTINE) for run_id in wanted]
        transaction.on_commit(partial(_send, levels, countdown))


def _send(levels: list[tuple[int, int]], countdown: float) -> None:
    try:
        for run_id, level in levels:
            current_app.send_task(RUN_SLICE, args=[run_id], countdown=countdown or None, retry=False, priority=level)
    except OperationalError as error:
        # The rows stay due; the next tick files them once the broker is back.
        log.warning("slices_not_filed", runs=len(levels), error=str(error)[:200])
