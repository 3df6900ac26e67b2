"""The rail of the morning page: money due, the next 90 days, the health of the accounts, what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import ProviderAccount
from accounts.standing import Standing
from portal.overview.desk import Desk
from sync.models import Kind, Resource, Run
from web import dates
from web.tones import Tone, worst

STRIP_DAYS = 90
WIDTH, TOP, BASE = 332.0, 17.6, 59.6
"""The strip's drawing, in SVG units: how wide, where the highest mark stands, where the lowest."""
MARK_STEP, HIGHEST = 8.4, 6
HOURS = 24
LISTS = {
    Kind.DOMAINS: "domains:domain-list",
    Kind.CERTIFICATES: "services:certificate-list",
    Kind.SERVICES: "services:service-list",
}


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    tone: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the strip with its expiries, stacked."""

    words: str
    url: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    days: tuple[Day, ...]
    weeks: tuple[float, ...]
    months: tuple[tuple[float, str], ...]
    total: int
    by_tone: dict[str, int]


@dataclass(frozen=True, slots=True)
class Lapse:
    """A thing that lapses; whether somebody has to do something about it depends on whether it `renews` by itself."""

    day: date
    name: str
    kind: Kind
    renews: bool | None

    def tone(self, today: date) -> str:
        return "ok" if self.renews else "urgent" if (self.day - today).days <= dates.URGENT_DAYS else "soon"


def strip(lapses: list[Lapse], today: date) -> Strip:
    """The next 90 days: a mark a thing, six a day at most drawn, all told."""
    by_day: dict[date, list[Lapse]] = defaultdict(list)
    for lapse in lapses:
        by_day[lapse.day].append(lapse)
    drawn, counts = [], {"urgent": 0, "soon": 0, "ok": 0}
    for day in sorted(by_day):
        things = sorted(by_day[day], key=lambda lapse: list(counts).index(lapse.tone(today)))
        for lapse in things:
            counts[lapse.tone(today)] += 1
        x = round((day - today).days * (WIDTH - 4) / STRIP_DAYS, 1)
        marks = tuple(
            Mark(x, round(BASE - MARK_STEP * place, 1), lapse.tone(today))
            for place, lapse in enumerate(things[:HIGHEST])
        )
        drawn.append(Day(day_words(day, things), day_url(day, things), marks))
    return Strip(
        tuple(drawn),
        tuple(round(7 * week * (WIDTH - 4) / STRIP_DAYS, 1) for week in range(1, STRIP_DAYS // 7 + 1)),
        tuple(months(today)),
        len(lapses),
        counts,
    )


def day_words(day: date, things: list[Lapse]) -> str:
    names = ", ".join(lapse.name for lapse in things[:3])
    more = f" +{len(things) - 3}" if len(things) > 3 else ""
    told = ngettext("%(count)d lapses", "%(count)d lapse", len(things)) % {"count": len(things)}
    return f"{dates.exact_day(day)}: {told} ({names}{more})"


def day_url(day: date, things: list[Lapse]) -> str:
    """The list of what lapses on that day, of the kind that comes first among its things."""
    kinds = {lapse.kind for lapse in things}
    return next(f"{reverse(name)}?day={day.isoformat()}" for kind, name in LISTS.items() if kind in kinds)


def months(today: date) -> list[tuple[float, str]]:
    """Where the firsts of the months stand, with their short names."""
    found = []
    day = today
    for _step in range(STRIP_DAYS):
        day += timedelta(days=1)
        if day.day == 1:
            found.append((round((day - today).days * (WIDTH - 4) / STRIP_DAYS, 1), dates.month_name(day)))
    return found


def lapsing(desk: Desk) -> list[Lapse]:
    """Domains, services and certificates that lapse in the next 90 days. One query."""
    rows = desk.resources().filter(
        kind__in=LISTS, due_on__gte=desk.today, due_on__lte=desk.today + timedelta(days=STRIP_DAYS)
    )
    return [
        Lapse(day, name, Kind(kind), renews if kind == Kind.DOMAINS else True)
        for day, name, kind, renews in rows.values_list("due_on", "name", "kind", "domain__auto_renew")
        if day is not None
    ]


@dataclass(frozen=True, slots=True)
class Care:
    """What the desk looks after, in numbers."""

    domains: int
    services: int
    machines: int
    certificates: int
    customers: int


def care(desk: Desk) -> Care:
    """Two queries."""
    rows = desk.resources().order_by()
    counts = dict(rows.values_list("kind").annotate(count=Count("pk")).values_list("kind", "count"))
    return Care(
        counts.get(Kind.DOMAINS, 0),
        counts.get(Kind.SERVICES, 0),
        counts.get(Kind.MACHINES, 0),
        counts.get(Kind.CERTIFICATES, 0),
        rows.exclude(customer=None).values("customer").distinct().count(),
    )


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """One account's line: how it stands, and how its syncs of the last 24 hours went, an hour a bar."""

    account: ProviderAccount
    domains: int
    standing: Standing
    bars: list[tuple[float, str]]


RUN_TONES = {
    Run.State.SUCCEEDED: Tone.FINE,
    Run.State.PARTIAL: Tone.SOON,
    Run.State.HELD: Tone.URGENT,
    Run.State.FAILED: Tone.URGENT,
}


def health(
    accounts: Sequence[ProviderAccount], stand: Mapping[int, Standing], now: datetime | None = None
) -> list[AccountHealth]:
    """A line for each of these accounts, which `stand` so. Two queries, however many accounts."""
    moment = now or timezone.now()
    ids = [account.pk for account in accounts]
    domains = dict(
        Resource.objects.present()
        .filter(account__in=ids, kind=Kind.DOMAINS)
        .order_by()
        .values_list("account")
        .annotate(count=Count("pk"))
        .values_list("account", "count")
    )
    hours: dict[int, dict[int, list[Tone]]] = defaultdict(lambda: defaultdict(list))
    ended = Run.objects.filter(account__in=ids, finished_at__gte=moment - timedelta(hours=HOURS)).order_by()
    for account_id, state, finished in ended.values_list("account", "state", "finished_at"):
        if finished is not None and state in RUN_TONES:
            hours[account_id][int((moment - finished).total_seconds() // 3600)].append(RUN_TONES[Run.State(state)])
    return [
        AccountHealth(account, domains.get(account.pk, 0), stand[account.pk], bars(hours[account.pk]))
        for account in accounts
    ]


def bars(hours: dict[int, list[Tone]]) -> list[tuple[float, str]]:
    """Where an hour's bar stands, and how the worst of its runs ended."""
    return [
        (round((HOURS - 1 - hour) * 4.0, 1), worst(tones).value)
        for hour, tones in sorted(hours.items())
        if hour < HOURS
    ]


def next_day(desk: Desk) -> Resource | None:
    """What lapses first after the days that 'needs you' looks at; None when nothing does."""
    later = desk.today + timedelta(days=dates.SOON_DAYS)
    return desk.resources().filter(due_on__gt=later).order_by("due_on", "name").first()
