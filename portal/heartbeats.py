"""Signs of life of workers and beat, kept in Redis, where /readyz reads them.

A worker's comes from its main process and not from a task, so that long syncs on all of its places do not look like a dead
worker; it says whose work it takes (syncs, actions, or both). Beat's is written when it has published the heartbeat task, so it
proves that the schedule moves.
"""

from __future__ import annotations

import time
from typing import Any, Final

from celery import bootsteps
from django.core.cache import cache

TASK: Final = "portal.tasks.heartbeat"
WORKER: Final = "worker"
ACTIONS: Final = "actions"
BEAT: Final = "beat"
JOBS: Final = "jobs"
ALL: Final = (WORKER, ACTIONS, BEAT, JOBS)
ROLES: Final = {"sync": WORKER, "actions": ACTIONS}
"""By the queue that a worker takes from."""
EVERY_SECONDS: Final = 10.0


def _key(name: str) -> str:
    return f"heartbeat:{name}"


def record(name: str) -> None:
    cache.set(_key(name), time.time(), timeout=None)


def _record_all(*names: str) -> None:
    for name in names:
        record(name)


def forget() -> None:
    """At a start: what the processes of an earlier run left says nothing about the new ones."""
    cache.delete_many([_key(name) for name in ALL])


def ages() -> dict[str, float | None]:
    """Seconds since each sign of life; None when there was none."""
    now = time.time()
    found: dict[str, float] = cache.get_many([_key(name) for name in ALL])
    return {name: max(0.0, now - found[_key(name)]) if _key(name) in found else None for name in ALL}


class WorkerHeartbeat(bootsteps.StartStopStep):
    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        self._timer: Any = None
        super().__init__(parent, **kwargs)

    def start(self, parent: Any) -> None:
        taken = parent.app.amqp.queues.consume_from
        roles = tuple(role for queue, role in ROLES.items() if queue in taken)
        _record_all(*roles)
        self._timer = parent.timer.call_repeatedly(EVERY_SECONDS, _record_all, roles, priority=10)

    def stop(self, parent: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
