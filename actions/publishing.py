"""Puts actions into the queue, after commit. The row is the truth: what the queue loses is filed again by the sweeper."""

from __future__ import annotations

from functools import partial
from typing import Final

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from actions.models import Action, Enquiry

log = structlog.get_logger(__name__)

WORK: Final = "actions.tasks.work"
LOOK: Final = "actions.tasks.look"
ASK: Final = "actions.tasks.ask"
LONGEST_COUNTDOWN: Final = 120.0
"""Seconds; well below the broker's visibility time-out. What waits longer is picked up by the sweeper."""


def publish_work(action_id: int, *, countdown: float = 0) -> None:
    Action.objects.filter(pk=action_id).update(filed_at=timezone.now())
    if countdown <= LONGEST_COUNTDOWN:
        transaction.on_commit(partial(_send, WORK, action_id, countdown))


def publish_look(action_id: int, *, countdown: float = 0) -> None:
    if countdown <= LONGEST_COUNTDOWN:
        transaction.on_commit(partial(_send, LOOK, action_id, countdown))


def publish_enquiry(enquiry_id: int) -> None:
    Enquiry.objects.filter(pk=enquiry_id).update(filed_at=timezone.now())
    transaction.on_commit(partial(_send, ASK, enquiry_id, 0))


def _send(task: str, key: int, countdown: float) -> None:
    try:
        current_app.send_task(task, args=[key], countdown=countdown or None, retry=False)
    except OperationalError as error:
        # The row stays as it is; the next sweep files it once the broker is back.
        log.warning("action_not_published", task=task, key=key, error=str(error)[:200])
