"""What beat and the queue call."""

from __future__ import annotations

from celery import shared_task

from actions import publishing
from actions.engine import attempt, enquiring, looking, sweeping


@shared_task(name=publishing.WORK, ignore_result=True)
def work(action_id: int) -> None:
    attempt.work(action_id)


@shared_task(name=publishing.LOOK, ignore_result=True)
def look(action_id: int) -> None:
    looking.look(action_id)


@shared_task(name=publishing.ASK, ignore_result=True)
def ask(enquiry_id: int) -> None:
    enquiring.answer(enquiry_id)


@shared_task(name="actions.tasks.sweep", ignore_result=True)
def sweep() -> None:
    sweeping.sweep()
