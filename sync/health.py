"""How the reading of one account went within a day: what the health page tells. Six queries, however many runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from accounts.models import ProviderAccount, User
from sync.causes import Cause, cause_of
from sync.models import Run
from sync.queries import KindState, kinds_of, runs_visible_to
from sync.words import TONES
from web.tones import Tone, worst

DAY: Final = timedelta(hours=24)
WEEK: Final = timedelta(days=7)
HOURS: Final = 24
BAR, GAP, TALL = 16.0, 4.0, 56.0
"""The chart of the hours, in SVG units: a bar's width, the room between two, the height of the highest."""


@dataclass(slots=True)
class Tally:
    """Of the runs of a day that ended, all kinds or one."""

    runs: int = 0
    failed: int = 0
    requests: int = 0
    seconds: float = 0
    """Spent waiting for the portal, all calls together."""
    slowest: float = 0
    took: timedelta = field(default_factory=timedelta)

    def add(self, run: dict[str, Any]) -> None:
        self.runs += 1
        self.failed += run["state"] == Run.State.FAILED
        self.requests += run["requests"]
        self.seconds += run["upstream_seconds"]
        self.slowest = max(self.slowest, run["upstream_slowest"])
        if run["started_at"]:
            self.took += run["finished_at"] - run["started_at"]

    @property
    def latency(self) -> float | None:
        """Seconds that the portal takes for an answer, on average; None when it was not asked."""
        return self.seconds / self.requests if self.requests and self.seconds else None

    @property
    def duration(self) -> timedelta | None:
        return self.took / self.runs if self.runs else None


@dataclass(frozen=True, slots=True)
class Hour:
    """A bar of the chart: how many calls, and how the worst of its runs went."""

    begins: datetime
    requests: int
    failed: int
    tone: Tone
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Fault:
    """One sort of failure of the last week. `sentence` and `upstream_words` are those of its latest run."""

    cause: Cause
    count: int
    first: datetime
    last: datetime
    run_id: int
    sentence: str
    upstream_words: str


@dataclass(frozen=True, slots=True)
class Health:
    total: Tally
    lines: Sequence[tuple[KindState, Tally]]
    hours: Sequence[Hour]
    faults: Sequence[Fault]
    recent: Sequence[Run]

    @property
    def bad_hours(self) -> list[Hour]:
        """Those in which a sync failed, the latest first."""
        return [hour for hour in reversed(self.hours) if hour.failed]


def health_of(reader: User | AnonymousUser, account: ProviderAccount, now: datetime | None = None) -> Health:
    now = now or timezone.now()
    runs = runs_visible_to(reader).filter(account=account)
    total, by_kind = Tally(), defaultdict[str, Tally](Tally)
    hours: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for run in _ended(runs, now - DAY):
        total.add(run)
        by_kind[run["kind"]].add(run)
        hours[int((now - run["finished_at"]) / timedelta(hours=1))].append(run)
    lines = [(state, by_kind[state.kind]) for state in kinds_of(reader, account) if not state.lacking]
    return Health(total, lines, _chart(hours, now), _faults(runs, now - WEEK), list(runs.defer("held_ids")[:12]))


def _ended(runs: QuerySet[Run], since: datetime) -> Iterable[Any]:
    return runs.filter(finished_at__gte=since).values(
        "kind", "state", "requests", "upstream_seconds", "upstream_slowest", "started_at", "finished_at"
    )


def _chart(hours: dict[int, list[dict[str, Any]]], now: datetime) -> list[Hour]:
    counts = {hour: sum(run["requests"] for run in runs) for hour, runs in hours.items()}
    most = max([*counts.values(), 1])
    drawn = []
    for hour in range(HOURS - 1, -1, -1):
        runs, requests = hours.get(hour, []), counts.get(hour, 0)
        height = max(2.0, round(TALL * requests / most, 1)) if runs else 0.0
        tone = worst([TONES[Run.State(run["state"])] for run in runs]) if runs else Tone.UNKNOWN
        x = (HOURS - 1 - hour) * (BAR + GAP)
        failed = sum(run["state"] == Run.State.FAILED for run in runs)
        drawn.append(Hour(now - timedelta(hours=hour + 1), requests, failed, tone, x, round(TALL - height, 1), height))
    return drawn


def _faults(runs: QuerySet[Run], since: datetime) -> list[Fault]:
    """By cause, the latest first. A run that was cancelled has no error."""
    failed = runs.filter(finished_at__gte=since).exclude(error_code="")
    groups = failed.order_by().values("error_code").annotate(
        count=Count("pk"), first=Min("finished_at"), last=Max("finished_at"), newest=Max("pk")
    )  # fmt: skip
    found = list(groups)
    told = {run.pk: run for run in runs.filter(pk__in=[row["newest"] for row in found])} if found else {}
    faults = [
        Fault(
            cause_of(row["error_code"]), row["count"], row["first"], row["last"], row["newest"],
            told[row["newest"]].error, told[row["newest"]].upstream_words,
        )
        for row in found
        if row["newest"] in told
    ]  # fmt: skip
    return sorted(faults, key=lambda fault: fault.last, reverse=True)
