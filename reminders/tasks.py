"""What beat and the queue call."""

from __future__ import annotations

from celery import shared_task

from reminders import claim, plan
from reminders import deliver as delivery


@shared_task(name="reminders.tasks.tick", ignore_result=True)
def tick() -> None:
    plan.plan()
    for user_id in claim.ready():
        deliver.delay(user_id)


@shared_task(name="reminders.tasks.deliver", ignore_result=True, expires=600)
def deliver(user_id: int) -> None:
    delivery.deliver(user_id)
