"""Reads upstream with a few threads at once. They only ask; whatever touches our tables happens in the slice's own thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Event, Lock
from types import TracebackType
from typing import Any

from django.db import connections
from django.utils import timezone

from providers.contract import CallRecord
from providers.errors import Unavailable
from sync.engine.hold import renew
from sync.engine.limits import Limits
from sync.models import Run

GATHER_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one read: a value, or the exception that it ended with. `tag` is what the asker called it; `began` is when the
    portal was asked."""

    tag: int
    began: datetime
    value: Any = None
    error: Exception | None = None


class Meter:
    """Counts and times the HTTP exchanges of a slice; called from the reading threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.count = 0
        self.seconds = 0.0
        self.slowest = 0.0

    def __call__(self, call: CallRecord) -> None:  # the hook's form
        with self._lock:
            self.count += 1
            self.seconds += call.seconds
            self.slowest = max(self.slowest, call.seconds)


class Calls:
    """The reading threads of one slice. Used as a context manager; leaving it abandons what has not begun."""

    def __init__(self, run: Run, meter: Meter, rules: Limits, *, threads: int) -> None:
        self.threads = max(1, threads)
        self._run = run
        self._meter = meter
        self._before = run.requests
        self._seconds_before = run.upstream_seconds
        self._rules = rules
        self._stopped = Event()
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix=f"sync-{run.pk}")
        self._renewed = time.monotonic()
        self.under_way = 0

    def __enter__(self) -> Calls:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def begin(self, tag: int, read: Callable[[], Any]) -> None:
        """Has `read` done by one of the threads; its answer comes out of `next`."""
        self.under_way += 1
        # Each read carries the slice's context, so that its log lines name the run and the click.
        self._pool.submit(copy_context().run, self._answer, tag, read)

    def next(self, *, timeout: float) -> Answer | None:
        """The next answer, None when none came in time. Renews the lease meanwhile. Raises LostLease."""
        self.keep_lease()
        try:
            answer = self._answers.get(timeout=max(0.0, timeout))
        except Empty:
            return None
        finally:
            self.count()
        self.under_way -= 1
        return answer

    def some(self, *, timeout: float) -> list[Answer]:
        """The next answers, none when none came in time. Raises LostLease.

        It waits a moment for others beside the first: a slice that wakes for each answer takes the processor from the reading
        threads each time, and they have enough to do until then.
        """
        first = self.next(timeout=timeout)
        if first is None:
            return []
        found = [first]
        if self.under_way > self.threads:
            time.sleep(GATHER_SECONDS)
        while not self._answers.empty():
            found.append(self._answers.get())
        self.under_way -= len(found) - 1
        self.count()
        return found

    def ask(self, read: Callable[[], Any]) -> Any:
        """One read, waited for. Raises what it raised, and Unavailable when it does not come back."""
        self.begin(-1, read)
        last = time.monotonic() + self._rules.call_seconds
        while (left := last - time.monotonic()) > 0:
            answer = self.next(timeout=min(left, self._rules.heartbeat_seconds))
            if answer is not None:
                if answer.error is not None:
                    raise answer.error
                return answer.value
        raise Unavailable(f"The portal gave no answer within {self._rules.call_seconds:.0f} seconds.", cause="timeout")

    def wait(self, seconds: float) -> None:
        """Sleeps with the lease kept. Raises LostLease."""
        last = time.monotonic() + seconds
        while (left := last - time.monotonic()) > 0:
            time.sleep(min(left, self._rules.heartbeat_seconds))
            self.keep_lease()

    def stop(self) -> None:
        """What has not begun is answered as it is: nothing. `under_way` counts down through `next` all the same."""
        self._stopped.set()

    def count(self) -> None:
        self._run.requests = self._before + self._meter.count
        self._run.upstream_seconds = self._seconds_before + self._meter.seconds
        self._run.upstream_slowest = max(self._run.upstream_slowest, self._meter.slowest)

    def keep_lease(self) -> None:
        if time.monotonic() - self._renewed >= self._rules.heartbeat_seconds:
            self.count()
            renew(self._run)
            self._renewed = time.monotonic()

    def _answer(self, tag: int, read: Callable[[], Any]) -> None:
        began = timezone.now()
        if self._stopped.is_set():
            self._answers.put(Answer(tag, began, error=Unasked()))
            return
        try:
            answer = Answer(tag, began, value=read())
        except Exception as error:  # noqa: BLE001  # carried to the slice, which records it
            answer = Answer(tag, began, error=error)
        finally:
            # What an adapter remembers is in our tables; a thread that keeps a connection would starve the pool.
            connections.close_all()
        self._answers.put(answer)


class Unasked(Exception):
    """The slice ended before this read began."""
