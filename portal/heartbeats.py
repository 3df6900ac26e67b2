"""Signs of life of worker and beat, kept in Redis, where /readyz reads them.

The worker's comes from its main process and not from a task, so that two long syncs on both of its places do not look like
a dead worker. Beat's is written when it has published the heartbeat task, so it proves that the schedule moves.
"""

from __future__ import annotations

import time
from typing import Any, Final

from celery import bootsteps
from django.core.cache import cache

TASK: Final = "portal.tasks.heartbeat"
WORKER: Final = "worker"
BEAT: Final = "beat"
JOBS: Final = "jobs"
EVERY_SECONDS: Final = 10.0


def _key(name: str) -> str:
    return f"heartbeat:{name}"


def record(name: str) -> None:
    cache.set(_key(name), time.time(), timeout=None)


def forget() -> None:
    """At a start: what the processes of an earlier run left says nothing about the new ones."""
    cache.delete_many([_key(name) for name in (WORKER, BEAT, JOBS)])


def ages() -> dict[str, float | None]:
    """Seconds since each sign of life; None when there was none."""
    now = time.time()
    found: dict[str, float] = cache.get_many([_key(name) for name in (WORKER, BEAT, JOBS)])
    return {name: max(0.0, now - found[_key(name)]) if _key(name) in found else None for name in (WORKER, BEAT, JOBS)}


class WorkerHeartbeat(bootsteps.StartStopStep):
    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        self._timer: Any = None
        super().__init__(parent, **kwargs)

    def start(self, parent: Any) -> None:
        record(WORKER)
        self._timer = parent.timer.call_repeatedly(EVERY_SECONDS, record, (WORKER,), priority=10)

    def stop(self, parent: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
