"""The rail of the morning page: money due, the next 90 days, the health of the accounts, what changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Customer, ProviderAccount, User
from sync.models import Kind, Resource, Run, Schedule
from web import dates
from web.shell import Scope
from web.tones import Tone, worst

STRIP_DAYS = 90
WIDTH, TOP, BASE = 332.0, 17.6, 59.6
"""The strip's drawing, in SVG units: how wide, where the highest mark stands, where the lowest."""
MARK_STEP, HIGHEST = 8.4, 6
HOURS = 24


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


def strip(resources: list[tuple[date, str, bool | None]], today: date) -> Strip:
    """The next 90 days from (day, name, renews by itself): a mark a thing, six a day at most drawn, all told."""
    by_day: dict[date, list[tuple[str, str]]] = defaultdict(list)
    for day, name, renews in resources:
        by_day[day].append((name, "ok" if renews else "urgent" if (day - today).days <= dates.URGENT_DAYS else "soon"))
    drawn, counts = [], {"ok": 0, "soon": 0, "urgent": 0}
    for day in sorted(by_day):
        things = sorted(by_day[day], key=lambda thing: ("urgent", "soon", "ok").index(thing[1]))
        for _name, tone in things:
            counts[tone] += 1
        x = round((day - today).days * (WIDTH - 4) / STRIP_DAYS, 1)
        marks = tuple(
            Mark(x, round(BASE - MARK_STEP * place, 1), tone) for place, (_name, tone) in enumerate(things[:HIGHEST])
        )
        drawn.append(Day(day_words(day, things), day_url(day), marks))
    return Strip(
        tuple(drawn),
        tuple(round(7 * week * (WIDTH - 4) / STRIP_DAYS, 1) for week in range(1, STRIP_DAYS // 7 + 1)),
        tuple(months(today)),
        len(resources),
        counts,
    )


def day_words(day: date, things: list[tuple[str, str]]) -> str:
    names = ", ".join(name for name, _tone in things[:3])
    more = f" +{len(things) - 3}" if len(things) > 3 else ""
    told = ngettext("%(count)d lapses", "%(count)d lapse", len(things)) % {"count": len(things)}
    return f"{dates.exact_day(day)}: {told} ({names}{more})"


def day_url(day: date) -> str:
    return f"{reverse('domains:domain-list')}?day={day.isoformat()}"


def months(today: date) -> list[tuple[float, str]]:
    """Where the firsts of the months stand, with their short names."""
    found = []
    day = today
    for _step in range(STRIP_DAYS):
        day += timedelta(days=1)
        if day.day == 1:
            found.append((round((day - today).days * (WIDTH - 4) / STRIP_DAYS, 1), dates.month_name(day)))
    return found


def lapsing(user: User, scope: Scope | None, today: date) -> list[tuple[date, str, bool | None]]:
    """Domains, services and certificates that lapse in the next 90 days. One query."""
    kinds = [Kind.DOMAINS, Kind.SERVICES, Kind.CERTIFICATES]
    rows = within(Resource.objects.visible_to(user).present(), scope).filter(
        kind__in=kinds, due_on__gte=today, due_on__lte=today + timedelta(days=STRIP_DAYS)
    )
    return [
        (day, name, renews if kind == Kind.DOMAINS else True)
        for day, name, kind, renews in rows.values_list("due_on", "name", "kind", "domain__auto_renew")
        if day is not None
    ]


def within(rows: QuerySet[Resource], scope: Scope | None) -> QuerySet[Resource]:
    if scope is None:
        return rows
    return rows.filter(**{f"{scope.kind}_id": int(scope.pk)}) if scope.pk.isdecimal() else rows.none()


@dataclass(frozen=True, slots=True)
class Care:
    """What the desk looks after, in numbers."""

    domains: int
    services: int
    machines: int
    certificates: int
    customers: int


def care(user: User, scope: Scope | None) -> Care:
    counts = dict(
        within(Resource.objects.visible_to(user).present(), scope)
        .order_by()
        .values_list("kind")
        .annotate(count=Count("pk"))
        .values_list("kind", "count")
    )
    return Care(
        counts.get(Kind.DOMAINS, 0),
        counts.get(Kind.SERVICES, 0),
        counts.get(Kind.MACHINES, 0),
        counts.get(Kind.CERTIFICATES, 0),
        Customer.objects.visible_to(user).count(),
    )


@dataclass(slots=True)
class AccountHealth:
    """One account's line: how its syncs of the last 24 hours went, an hour a bar, and how old its data is."""

    account: ProviderAccount
    domains: int
    read_at: datetime | None
    tone: Tone
    words: str
    bars: list[tuple[float, str]] = field(default_factory=list)


RUN_TONES = {
    Run.State.SUCCEEDED: Tone.FINE,
    Run.State.PARTIAL: Tone.SOON,
    Run.State.HELD: Tone.URGENT,
    Run.State.FAILED: Tone.URGENT,
}


def health(user: User, now: datetime | None = None) -> list[AccountHealth]:
    """Every account that this person may see. Four queries, however many accounts."""
    moment = now or timezone.now()
    accounts = list(ProviderAccount.objects.visible_to(user))
    ids = [account.pk for account in accounts]
    domains = dict(
        Resource.objects.present()
        .filter(account__in=ids, kind=Kind.DOMAINS)
        .order_by()
        .values_list("account")
        .annotate(count=Count("pk"))
        .values_list("account", "count")
    )
    read = {
        row["account"]: row["newest"]
        for row in Schedule.objects.filter(account__in=ids, supported=True)
        .order_by()
        .values("account")
        .annotate(newest=Max("last_complete_at"))
    }
    hours: dict[int, dict[int, list[Tone]]] = defaultdict(lambda: defaultdict(list))
    ended = Run.objects.filter(account__in=ids, finished_at__gte=moment - timedelta(hours=HOURS)).order_by()
    for account_id, state, finished in ended.values_list("account", "state", "finished_at"):
        if finished is not None and state in RUN_TONES:
            hours[account_id][int((moment - finished).total_seconds() // 3600)].append(RUN_TONES[Run.State(state)])
    return [
        line_of(account, domains.get(account.pk, 0), read.get(account.pk), hours[account.pk]) for account in accounts
    ]


def line_of(
    account: ProviderAccount, domains: int, read_at: datetime | None, hours: dict[int, list[Tone]]
) -> AccountHealth:
    if account.state == ProviderAccount.State.PAUSED:
        tone, words = Tone.UNKNOWN, _("paused")
    elif account.state == ProviderAccount.State.REFUSED:
        tone, words = Tone.BROKEN, _("credential refused")
    elif read_at is None:
        tone, words = Tone.UNKNOWN, _("not read yet")
    else:
        tone, words = worst(hours.get(0, [Tone.FINE])), ""
    bars = [
        (round((HOURS - 1 - hour) * 4.0, 1), worst(tones).value)
        for hour, tones in sorted(hours.items())
        if hour < HOURS
    ]
    return AccountHealth(account, domains, read_at, tone, words, bars)


def next_day(user: User, scope: Scope | None, today: date) -> Resource | None:
    """What lapses first after the days that 'needs you' looks at; None when nothing does."""
    rows = within(Resource.objects.visible_to(user).present(), scope)
    return rows.filter(due_on__gt=today + timedelta(days=dates.SOON_DAYS)).order_by("due_on", "name").first()
