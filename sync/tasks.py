"""What beat and the queue call."""

from __future__ import annotations

from typing import Any

from celery import shared_task, signals

from sync import due, filing
from sync import prune as pruning
from sync.engine import slices


@shared_task(name="sync.tasks.tick", ignore_result=True)
def tick() -> None:
    due.tick()


@shared_task(name=filing.RUN_SLICE, ignore_result=True)
def run_slice(run_id: int) -> None:
    slices.run_slice(run_id)


@shared_task(ignore_result=True)
def prune() -> None:
    pruning.prune()


@signals.worker_ready.connect
def take_over(**_: Any) -> None:
    """The tick may be done on another machine, which can't tell whether this one's former worker lives."""
    due.take_over_from_the_dead()
