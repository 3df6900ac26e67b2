"""Reads about syncs and what they found, for pages, API and the page frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Model, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import Customer, ProviderAccount, User
from sync.declare import interval_of, registry
from sync.models import Change, Kind, Resource, Run, Schedule, SkippedRow
from web.shell import Scope

ModelT = TypeVar("ModelT", bound=Model)

HEAVY = ("cursor", "queue", "seen_ids")
"""What only the engine needs of a run."""
MOST_COUNTED = 10_000
"""Runs and changes come without end: pages count and lead no further than this."""


def runs_visible_to(user: User | AnonymousUser) -> QuerySet[Run]:
    accounts = ProviderAccount.objects.visible_to(user)
    return Run.objects.filter(account__in=accounts).select_related("account", "asked_by").defer(*HEAVY)


def schedules_visible_to(user: User | AnonymousUser) -> QuerySet[Schedule]:
    return Schedule.objects.filter(account__in=ProviderAccount.objects.visible_to(user)).select_related("account")


def changes_visible_to(user: User | AnonymousUser) -> QuerySet[Change]:
    accounts = ProviderAccount.objects.visible_to(user)
    return Change.objects.filter(resource__account__in=accounts).select_related("resource__account")


def resources_visible_to(user: User | AnonymousUser) -> QuerySet[Resource]:
    return Resource.objects.visible_to(user).select_related("account", "customer")


def in_scope(rows: QuerySet[ModelT], scope: Scope | None, path: str = "") -> QuerySet[ModelT]:
    """The rows inside the page's scope; `path` leads to what has an account and a customer."""
    if scope is None:
        return rows
    return rows.filter(**{f"{path}{scope.kind}_id": int(scope.pk)}) if scope.pk.isdecimal() else rows.none()


def changes_of_run(user: User | AnonymousUser, run: Run) -> QuerySet[Change]:
    return changes_visible_to(user).filter(run=run)


def run_after(user: User | AnonymousUser, run: Run) -> Run | None:
    """The next one of the same account and kind."""
    same = runs_visible_to(user).filter(account=run.account_id, kind=run.kind, pk__gt=run.pk)
    return same.order_by("pk").first()


def latest_runs(runs: QuerySet[Run], schedules: QuerySet[Schedule] | None = None) -> QuerySet[Run]:
    """Of these runs, the last one of each account and kind; `schedules` narrows to those of theirs.

    It looks once for each schedule, of which there are few, and not at every run, of which there are many: what was asked for has a
    schedule.
    """
    newest = Run.objects.filter(account=OuterRef("account"), kind=OuterRef("kind")).order_by("-pk")
    rows = (Schedule.objects.all() if schedules is None else schedules).order_by()
    return runs.filter(pk__in=rows.values_list(Subquery(newest.values("pk")[:1])))


def held_runs(user: User | AnonymousUser) -> QuerySet[Run]:
    """The runs that wait for a person, among those that this one sees."""
    return waiting_for_a_person(runs_visible_to(user)).defer(*HEAVY, "held_ids")


def waiting_for_a_person(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Of these, those that are held, and no newer one of their account and kind has heard the list since."""
    newer = Run.objects.filter(account=OuterRef("account"), kind=OuterRef("kind"), pk__gt=OuterRef("pk"))
    newer = newer.exclude(Run.heard_nothing()).exclude(state__in=Run.UNDER_WAY)
    return runs.filter(~Exists(newer), state=Run.State.HELD)


def skipped_rows(run: Run) -> QuerySet[SkippedRow]:
    return run.skipped_rows.order_by("pk")


def history_of(resource: Resource) -> QuerySet[Change]:
    return resource.changes.select_related("run")


def resources_of_customer(user: User | AnonymousUser, customer: Customer) -> QuerySet[Resource]:
    return resources_visible_to(user).filter(customer=customer, gone_at=None).order_by("kind", "name")


def read_at(account_id: int, kind: str) -> datetime | None:
    """When the account's things of this kind were last all seen; None when that was never."""
    found = Schedule.objects.filter(account=account_id, kind=kind).values_list("last_complete_at", flat=True)
    return found.first()


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old a part of the mirror is: `as_of` the oldest of it, `newest` the youngest, None when nothing was read yet; `never`
    names what was never read whole, `late` what is older than twice its interval."""

    as_of: datetime | None
    newest: datetime | None
    never: tuple[Schedule, ...] = ()
    late: tuple[Schedule, ...] = ()


def freshness(user: User | AnonymousUser, kinds: Iterable[str] | None = None, account: int | None = None) -> Freshness:
    """The age of the oldest of what is shown: as old as the oldest complete read of these kinds, in the accounts that are read."""
    schedules = schedules_visible_to(user).filter(supported=True, account__state=ProviderAccount.State.ACTIVE)
    schedules = schedules.filter(kind__in=list(kinds) if kinds is not None else [kind.value for kind in registry.kinds])
    if account is not None:
        schedules = schedules.filter(account=account)
    rows = list(schedules)
    now = timezone.now()
    read = [row.last_complete_at for row in rows if row.last_complete_at is not None]
    return Freshness(
        as_of=min(read, default=None),
        newest=max(read, default=None),
        never=tuple(row for row in rows if row.last_complete_at is None),
        late=tuple(row for row in rows if is_late(row, now)),
    )


def is_late(schedule: Schedule, now: datetime) -> bool:
    """Older than twice its interval; a run may take a few minutes of that."""
    late = late_at(schedule)
    return late is not None and now > late


def late_at(schedule: Schedule) -> datetime | None:
    if schedule.last_complete_at is None:
        return None
    return schedule.last_complete_at + max(2 * interval_of(schedule), timedelta(minutes=5))


@dataclass(frozen=True, slots=True)
class KindState:
    """How one kind of one account stands: its schedule and its last run."""

    kind: Kind
    schedule: Schedule | None
    run: Run | None

    @property
    def lacking(self) -> bool:
        return self.schedule is not None and not self.schedule.supported

    @property
    def under_way(self) -> bool:
        return self.run is not None and self.run.under_way

    @property
    def waits(self) -> bool:
        """Of an account that just came: nothing is planned yet, or due and never read."""
        return not self.lacking and self.run is None and (self.schedule is None or self.due)

    @property
    def late(self) -> bool:
        return self.schedule is not None and is_late(self.schedule, timezone.now())

    @property
    def due(self) -> bool:
        return self.schedule is not None and self.schedule.next_due_at <= timezone.now()


def kinds_of(user: User | AnonymousUser, account: ProviderAccount) -> list[KindState]:
    """Every declared kind of an account, in the order of a first sync."""
    of_account = schedules_visible_to(user).filter(account=account)
    schedules = {row.kind: row for row in of_account}
    runs = {run.kind: run for run in latest_runs(runs_visible_to(user).filter(account=account), of_account)}
    return [
        KindState(declaration.kind, schedules.get(declaration.kind), runs.get(declaration.kind))
        for declaration in registry.in_order()
    ]
