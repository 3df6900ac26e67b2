"""Figures for Prometheus, read from the runs themselves: workers have no port of their own to be asked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, Final

import structlog
from django.db import DatabaseError
from django.db.models import Count, Sum
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from accounts.models import ProviderAccount
from sync.models import Run, Schedule

log = structlog.get_logger(__name__)

WINDOW: Final = timedelta(hours=1)


class SyncCollector(Collector):
    """Three queries a scrape."""

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing, so that registering asks the database nothing."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            families = [*_ended(), _under_way(), *_schedules()]
        except DatabaseError as error:
            # The other figures of this process are still worth having.
            log.warning("sync_metrics_unread", error=type(error).__name__)
            return
        yield from families


def _ended() -> Iterator[GaugeMetricFamily]:
    runs = GaugeMetricFamily(
        "holdfast_sync_runs_last_hour", "Sync runs that ended within the last hour.", labels=["kind", "state", "error"]
    )
    sums = {
        name: GaugeMetricFamily(f"holdfast_sync_{name}_last_hour", words, labels=["kind"])
        for name, words in (
            ("written", "Rows of the mirror that sync inserted or changed within the last hour."),
            ("requests", "Calls that sync made within the last hour."),
            ("skipped", "Rows that sync could not read within the last hour."),
            ("gone", "Things that sync marked as gone within the last hour."),
        )
    }
    ended = Run.objects.filter(finished_at__gte=timezone.now() - WINDOW).order_by()
    totals: dict[tuple[str, str], int] = {}
    rows: Iterable[Any] = ended.values("kind", "state", "error_code").annotate(
        n=Count("pk"), **{f"{name}_": Sum(name) for name in sums}
    )
    for row in rows:
        runs.add_metric([row["kind"], row["state"], row["error_code"]], row["n"])
        for name in sums:
            totals[name, row["kind"]] = totals.get((name, row["kind"]), 0) + row[f"{name}_"]
    for (name, kind), total in totals.items():
        sums[name].add_metric([kind], total)
    yield runs
    yield from sums.values()


def _under_way() -> GaugeMetricFamily:
    family = GaugeMetricFamily("holdfast_sync_runs_under_way", "Sync runs that wait or work.", labels=["kind", "state"])
    for row in Run.objects.filter(state__in=Run.UNDER_WAY).order_by().values("kind", "state").annotate(n=Count("pk")):
        family.add_metric([row["kind"], row["state"]], row["n"])
    return family


def _schedules() -> Iterator[GaugeMetricFamily]:
    age = GaugeMetricFamily(
        "holdfast_sync_age_seconds", "Since when a kind of an account was last read whole.", labels=["account", "kind"]
    )
    late = GaugeMetricFamily(
        "holdfast_sync_lag_seconds", "How long a kind of an account has been due.", labels=["account", "kind"]
    )
    failing = GaugeMetricFamily("holdfast_sync_failures", "Failed runs in a row.", labels=["account", "kind"])
    now = timezone.now()
    live = Schedule.objects.filter(supported=True, account__state=ProviderAccount.State.ACTIVE)
    for row in live.order_by():
        labels = [str(row.account_id), row.kind]
        if row.last_complete_at is not None:
            age.add_metric(labels, (now - row.last_complete_at).total_seconds())
        late.add_metric(labels, max(0.0, (now - row.next_due_at).total_seconds()))
        failing.add_metric(labels, row.failures)
    yield from (age, late, failing)
