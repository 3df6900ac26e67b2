"""What beat and the queue call."""

from __future__ import annotations

from celery import shared_task

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
