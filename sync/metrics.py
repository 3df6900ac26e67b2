"""Counts for Prometheus: what the runs of this process did."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Histogram

from sync.models import Run

RUNS: Final = Counter("holdfast_sync_runs", "Sync runs that ended.", ["kind", "state"])
ROWS: Final = Counter("holdfast_sync_rows_written", "Rows of the mirror that sync inserted or changed.", ["kind"])
REQUESTS: Final = Counter("holdfast_sync_requests", "Calls that sync runs made.", ["kind"])
ERRORS: Final = Counter("holdfast_sync_errors", "Sync runs that failed, by cause.", ["kind", "error"])
SKIPPED: Final = Counter("holdfast_sync_rows_skipped", "Rows that could not be read.", ["kind"])
SECONDS: Final = Histogram(
    "holdfast_sync_run_seconds", "From a run's start to its end.", ["kind"], buckets=(0.5, 1, 2, 5, 15, 60, 300, 1800)
)


def count(run: Run) -> None:
    """Takes note of a run that has ended."""
    RUNS.labels(run.kind, run.state).inc()
    ROWS.labels(run.kind).inc(run.written)
    REQUESTS.labels(run.kind).inc(run.requests)
    SKIPPED.labels(run.kind).inc(run.skipped)
    if run.error_code:
        ERRORS.labels(run.kind, run.error_code).inc()
    if run.started_at and run.finished_at:
        SECONDS.labels(run.kind).observe((run.finished_at - run.started_at).total_seconds())
