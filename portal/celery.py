"""The Celery app: one for worker, beat and everyone who files tasks."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, signals
from django_structlog.celery.steps import DjangoStructLogInitStep

from portal import heartbeats
from portal.logs import configure_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("holdfast")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
app.steps["worker"].add(heartbeats.WorkerHeartbeat)


@signals.setup_logging.connect
def use_our_logging(**_: Any) -> None:
    """Connected, so that Celery leaves the root logger to structlog."""
    configure_logging()


@signals.after_task_publish.connect(sender=heartbeats.TASK)
def note_beat(**_: Any) -> None:
    heartbeats.record(heartbeats.BEAT)
