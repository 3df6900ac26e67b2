"""Figures for Prometheus, read from the runs themselves: workers have no port of their own to be asked at, and what they counted
would end with them. That goes for the calls to the portals and for how long those took as well."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, Final

import structlog
from django.db import DatabaseError
from django.db.models import Count, F, Max, Min, Sum
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from accounts.models import ProviderAccount
from sync.models import Run, Schedule

log = structlog.get_logger(__name__)

WINDOW: Final = timedelta(hours=1)


SUMS: Final = {
    "seen": "Rows that sync saw at the portal within the last hour.",
    "written": "Rows of the mirror that sync inserted or changed within the last hour.",
    "gone": "Things that sync marked as gone within the last hour.",
    "skipped": "Rows that sync could not read within the last hour.",
    "requests": "Calls that sync made within the last hour.",
    "list_requests": "Those of the calls that read lists.",
    "details_done": "Details that sync read within the last hour.",
}


class SyncCollector(Collector):
    """Three queries a scrape, whatever the number of accounts. Series: accounts times kinds; states and error codes are few."""

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing, so that registering asks the database nothing."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            families = [*_ended(), *_under_way(), *_schedules()]
        except DatabaseError as error:
            # The other figures of this process are still worth having.
            log.warning("sync_metrics_unread", error=type(error).__name__)
            return
        yield from families


def _ended() -> Iterator[GaugeMetricFamily]:
    runs = _family("runs_last_hour", "Sync runs that ended within the last hour.", "account", "kind", "state")
    errors = _family(
        "errors_last_hour", "Sync runs that failed within the last hour, by cause.", "account", "kind", "error"
    )
    took = _family("seconds_last_hour", "Seconds from the beginning to the end of those runs.", "account", "kind")
    waited = _family("upstream_seconds_last_hour", "What the portal took for the calls of sync.", "account", "kind")
    slowest = _family("upstream_slowest_seconds_last_hour", "What the slowest of them took.", "account", "kind")
    sums = {name: _family(f"{name}_last_hour", words, "account", "kind") for name, words in SUMS.items()}
    ended = Run.objects.filter(finished_at__gte=timezone.now() - WINDOW).order_by()
    totals: Counter[tuple[str, str, str]] = Counter()
    counts: Counter[tuple[str, str, str]] = Counter()
    rows: Iterable[Any] = ended.values("account", "kind", "state", "error_code").annotate(
        n=Count("pk"),
        took=Sum(F("finished_at") - F("started_at")),
        waited=Sum("upstream_seconds"),
        slowest=Max("upstream_slowest"),
        **{f"{name}_": Sum(name) for name in SUMS},
    )
    longest: defaultdict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        account, kind = str(row["account"]), row["kind"]
        counts[account, kind, row["state"]] += row["n"]
        if row["error_code"]:
            errors.add_metric([account, kind, row["error_code"]], row["n"])
        for name in SUMS:
            totals[account, kind, name] += row[f"{name}_"]
        # Counted in milliseconds, so that all of it is whole numbers.
        totals[account, kind, "took"] += int((row["took"] or timedelta()) / timedelta(milliseconds=1))
        totals[account, kind, "waited"] += round(1000 * row["waited"])
        longest[account, kind] = max(longest[account, kind], row["slowest"])
    for labels, count in counts.items():
        runs.add_metric(labels, count)
    for pair, seconds in longest.items():
        slowest.add_metric(pair, seconds)
    spans = {"took": took, "waited": waited}
    for (account, kind, name), total in totals.items():
        if name in spans:
            spans[name].add_metric([account, kind], total / 1000)
        else:
            sums[name].add_metric([account, kind], total)
    yield from (runs, errors, took, waited, slowest, *sums.values())


def _under_way() -> Iterator[GaugeMetricFamily]:
    under_way = _family("runs_under_way", "Sync runs that wait or work.", "kind", "state")
    waiting = _family("oldest_waiting_seconds", "How long the oldest run has waited to be taken up.", "urgent")
    now = timezone.now()
    under = Run.objects.filter(state__in=Run.UNDER_WAY).order_by().values("kind", "state", "urgent")
    counts: Counter[tuple[str, str]] = Counter()
    longest = {False: 0.0, True: 0.0}
    for row in under.annotate(n=Count("pk"), oldest=Min("created_at")):
        counts[row["kind"], row["state"]] += row["n"]
        if row["state"] == Run.State.QUEUED:
            longest[row["urgent"]] = max(longest[row["urgent"]], (now - row["oldest"]).total_seconds())
    for labels, count in counts.items():
        under_way.add_metric(labels, count)
    for urgent, seconds in longest.items():
        waiting.add_metric([str(urgent).lower()], max(0.0, seconds))
    yield from (under_way, waiting)


def _schedules() -> Iterator[GaugeMetricFamily]:
    age = _family("age_seconds", "Since when a kind of an account was last read whole.", "account", "kind")
    late = _family("lag_seconds", "How long a kind of an account has been due.", "account", "kind")
    failing = _family("failures", "Failed runs in a row.", "account", "kind")
    info = _family("account_info", "Always 1: which provider an account is at.", "account", "provider")
    now = timezone.now()
    live = Schedule.objects.filter(supported=True, account__state=ProviderAccount.State.ACTIVE)
    providers: dict[str, str] = {}
    for row in live.annotate(provider=F("account__provider")).order_by():
        labels = [str(row.account_id), row.kind]
        providers[str(row.account_id)] = row.provider
        if row.last_complete_at is not None:
            age.add_metric(labels, max(0.0, (now - row.last_complete_at).total_seconds()))
        late.add_metric(labels, max(0.0, (now - row.next_due_at).total_seconds()))
        failing.add_metric(labels, row.failures)
    for account, provider in providers.items():
        info.add_metric([account, provider], 1)
    yield from (age, late, failing, info)


def _family(name: str, words: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"holdfast_sync_{name}", words, labels=labels)
