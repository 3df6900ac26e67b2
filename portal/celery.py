"""The Celery app of the worker and of everyone who files tasks; beat has its own in portal/beat.py."""

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
# Else only the thread that made it would find it: a web server's other threads would file tasks with an app of no broker.
app.set_default()
app.steps["worker"].add(DjangoStructLogInitStep)
app.steps["worker"].add(heartbeats.WorkerHeartbeat)


@signals.setup_logging.connect
def use_our_logging(**_: Any) -> None:
    """Connected, so that Celery leaves the root logger to structlog."""
    configure_logging()


@signals.worker_ready.connect
def catch_up(**_: Any) -> None:
    """What fell due while nothing ran starts now and not at the next tick."""
    app.send_task("sync.tasks.tick", expires=60)
    app.send_task("actions.tasks.sweep", expires=60)
