"""Counts of the calls to the portals, for /metrics."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter

from providers.contract import CallRecord

CALLS: Final = Counter("holdfast_upstream_calls", "Calls to a provider's portal.", ["account", "operation", "status"])
SECONDS: Final = Counter(
    "holdfast_upstream_seconds", "Seconds spent waiting for a provider's portal.", ["account", "operation"]
)
ERRORS: Final = Counter(
    "holdfast_upstream_errors", "Calls to a provider's portal that failed.", ["account", "operation", "error"]
)


def count(account: str, call: CallRecord) -> None:
    """`account` is the account's id: a name would stay in the metrics after a renaming."""
    CALLS.labels(account, call.operation, str(call.status)).inc()
    SECONDS.labels(account, call.operation).inc(call.seconds)
    if call.error:
        ERRORS.labels(account, call.operation, call.error).inc()
