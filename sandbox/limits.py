"""What a portal grants a client: how fast it answers, how many requests it takes at once and in a minute."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sandbox.messages import Response

# settings of every portal; 0: no limit
LIMITS: dict[str, Any] = {"latency_ms": 0, "concurrency": 0, "rate_per_minute": 0}
MINUTE = 60.0
REFUSED = b'{"error":["Too many requests"],"detail":"Request was throttled."}'


@dataclass(slots=True)
class Admission:
    """What the answer's head tells of the limits; `refusal` is the whole answer to a request beyond them."""

    headers: dict[str, str] = field(default_factory=dict)
    refusal: Response | None = None


def check(values: Mapping[str, Any]) -> None:
    """ValueError for a limit that is none."""
    for name in LIMITS.keys() & values.keys():
        value = values[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ValueError(f"{name} is a number from 0 on")


class Limits:
    """Counts one portal's requests. A minute begins with its first request; refused ones count towards nothing."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._under_way = 0
        self._minute_ends = 0.0
        self._used = 0

    @contextmanager
    def admit(self, settings: Mapping[str, Any], stopping: threading.Event) -> Iterator[Admission]:
        """Holds a place for the length of the block, which begins after the portal's latency."""
        admission = self._enter(int(settings["concurrency"]), int(settings["rate_per_minute"]))
        if settings["latency_ms"]:
            stopping.wait(settings["latency_ms"] / 1000)
        try:
            yield admission
        finally:
            if admission.refusal is None:
                with self._lock:
                    self._under_way -= 1

    def _enter(self, at_once: int, per_minute: int) -> Admission:
        with self._lock:
            now = self._now()
            if now >= self._minute_ends:
                self._minute_ends, self._used = now + MINUTE, 0
            left = max(1, round(self._minute_ends - now))
            if per_minute and self._used >= per_minute:
                return _refused(_told(per_minute, 0, left), left)
            if at_once and self._under_way >= at_once:
                return _refused(_told(per_minute, per_minute - self._used, left), 1)
            self._under_way += 1
            self._used += 1
            return Admission(_told(per_minute, per_minute - self._used, left))


def _told(per_minute: int, remaining: int, left: int) -> dict[str, str]:
    if not per_minute:
        return {}
    return {
        "X-RateLimit-Limit": str(per_minute),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(left),
    }


def _refused(headers: dict[str, str], wait: int) -> Admission:
    return Admission(headers, Response(429, REFUSED, headers={"Retry-After": str(wait)}))
