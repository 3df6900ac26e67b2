"""An account for a test, with everything that it keeps in this process."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from providers.contract import CallRecord, Connection
from providers.errors import Unavailable
from providers.limits import LocalLimiter


class KeptTokens:
    """As JSON, so that what can't be stored shows at once."""

    def __init__(self) -> None:
        self._kept = "null"
        self._lock = threading.Lock()

    def load(self) -> Mapping[str, Any] | None:
        kept: Mapping[str, Any] | None = json.loads(self._kept)
        return kept

    def save(self, tokens: Mapping[str, Any] | None) -> None:
        self._kept = json.dumps(tokens)

    @contextmanager
    def lock(self, *, timeout: float) -> Iterator[None]:
        if not self._lock.acquire(timeout=timeout):
            raise Unavailable("Another sign-in takes too long.")
        try:
            yield
        finally:
            self._lock.release()


class KeptMemory:
    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def get(self, key: str) -> Any:
        return json.loads(self._kept.get(key, "null"))

    def set(self, key: str, value: Any, *, keep_seconds: int) -> None:
        if keep_seconds <= 0:
            raise ValueError("what is learned is kept for a time")
        self._kept[key] = json.dumps(value)


def account_at(
    base_url: str,
    *,
    auth: str,
    credential: Mapping[str, str],
    time_zone: str = "UTC",
    on_call: Callable[[CallRecord], None] | None = None,
) -> Connection:
    """A new account at a server of this machine, with nothing learned and no patience lost on limits."""
    return Connection(
        account_name="Contract suite",
        base_url=base_url,
        auth=auth,
        credential=dict(credential),
        time_zone=time_zone,
        tokens=KeptTokens(),
        memory=KeptMemory(),
        limiter=LocalLimiter(rate_per_minute=600_000, concurrency=16),
        allowed_upstreams=("127.0.0.0/8", "::1"),
        on_call=on_call,
    )
