"""How often each kind of an account is read, what that costs the portal, and changing it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, gateway
from accounts.models import ProviderAccount, User
from providers.errors import NotSupported
from sync.declare import AccountSync, ResourceSync, registry
from sync.due import ensure_schedules
from sync.engine.finish import spread
from sync.engine.queue import share_by_age
from sync.models import Kind, Resource, Run, Schedule

SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=7)
HEADROOM: Final = 0.8
"""The share of the rate limit that the schedule may use; the rest is for people, actions and first readings."""
HOUR: Final = timedelta(hours=1)


class IntervalsRefused(ValueError):
    """Nothing was set. `reasons` has a sentence by kind; one that concerns them all together stands under the empty name."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(" ".join(reasons.values()))
        self.reasons = dict(reasons)


@dataclass(frozen=True, slots=True)
class KindPlan:
    """One kind: how often it is read, and the calls that one routine run makes."""

    kind: Kind
    interval: timedelta
    default: timedelta
    own: bool
    """Set for this account; else the kind's default."""
    list_calls: int
    detail_calls: int
    estimated: bool
    """Not measured yet: no run of it was complete."""

    @property
    def per_hour(self) -> float:
        return (self.list_calls + self.detail_calls) * (HOUR / self.interval)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an account's schedule asks of its portal."""

    kinds: tuple[KindPlan, ...]
    allowed_per_hour: int
    """The account's rate limit."""

    @property
    def per_hour(self) -> float:
        return sum(each.per_hour for each in self.kinds)

    @property
    def share(self) -> float:
        """Of the rate limit, 1.0 being all of it."""
        return self.per_hour / self.allowed_per_hour if self.allowed_per_hour else math.inf

    @property
    def fits(self) -> bool:
        return self.share <= HEADROOM


def plan_of(account: ProviderAccount, chosen: Mapping[str, timedelta | None] | None = None) -> Plan:
    """The kinds that the portal offers, with the calls that they cost; `chosen` as if these intervals were set (None: the
    default).

    Measured on the last complete routine runs; where there is none yet, a list counts as one call and a detail as one. A handful of
    queries.
    """
    chosen = chosen or {}
    present = dict(
        Resource.objects.filter(account=account, gone_at=None).order_by().values_list("kind").annotate(n=Count("pk"))
    )
    measured = _last_complete(account)
    plans = []
    for schedule in Schedule.objects.filter(account=account, supported=True):
        if Kind(schedule.kind) in registry.kinds:
            own = chosen.get(schedule.kind, schedule.interval)
            plans.append(_plan(account, schedule.kind, own, present.get(schedule.kind, 0), measured.get(schedule.kind)))
    order = {kind: place for place, kind in enumerate(Kind)}
    plans.sort(key=lambda each: order[each.kind])
    return Plan(tuple(plans), 60 * _rate_of(account))


def set_intervals(account: ProviderAccount, chosen: Mapping[str, timedelta | None], *, user: User | None) -> bool:
    """Sets the intervals of these kinds; None is the kind's default. True when any moved; that is kept in the audit log.

    Raises IntervalsRefused, with nothing set, for what is too short, too long, unknown, or together more than the portal
    allows. What is made slower is never refused for the sum, lest a limit that was lowered meanwhile bars the way down.
    """
    ensure_schedules(account)
    check_each(chosen)
    with transaction.atomic():
        schedules = list(Schedule.objects.select_for_update().filter(account=account, kind__in=chosen).order_by("pk"))
        before, after = plan_of(account), plan_of(account, chosen)
        if not after.fits and after.per_hour > before.per_hour:
            raise IntervalsRefused({"": _too_much(after)})
        moved = [schedule for schedule in schedules if schedule.interval != _own(schedule.kind, chosen[schedule.kind])]
        told = {each.kind: [_told(each.interval), _told(_own(each.kind, chosen[each.kind]))] for each in moved}
        now = timezone.now()
        for schedule in moved:
            schedule.interval = _own(schedule.kind, chosen[schedule.kind])
            if not schedule.failures and schedule.supported:
                sooner = now + spread(schedule.interval or registry[schedule.kind].interval)
                schedule.next_due_at = min(schedule.next_due_at, sooner)
        Schedule.objects.bulk_update(moved, ["interval", "next_due_at"])
        if moved:
            audit.record(user, "sync_intervals_set", account=account, detail=told)
    return bool(moved)


def check_each(chosen: Mapping[str, timedelta | None]) -> None:
    """Raises IntervalsRefused for kinds that are unknown and intervals that are too short or too long."""
    reasons = {kind: _refusal(kind, interval) for kind, interval in chosen.items()}
    if refused := {kind: reason for kind, reason in reasons.items() if reason}:
        raise IntervalsRefused(refused)


def _rate_of(account: ProviderAccount) -> int:
    """Calls a minute; none while the package that brought the provider is gone."""
    if account.rate_per_minute:
        return account.rate_per_minute
    try:
        return gateway.spec_of(account).rate_per_minute
    except NotSupported:
        return 0


def _plan(
    account: ProviderAccount, kind: str, own: timedelta | None, present: int, last: tuple[int, int, int] | None
) -> KindPlan:
    declaration = registry[kind]
    interval = own or declaration.interval
    requests, list_calls, details = last or (1, 1, 0)
    detail_calls = 0
    if isinstance(declaration, AccountSync):
        list_calls = requests
    elif declaration.detail_capability and declaration.detail_capability in account.capabilities:
        each = (requests - list_calls) / details if details else 1.0
        detail_calls = math.ceil(_details(declaration, account, interval, present) * each)
    return KindPlan(
        Kind(kind), interval, declaration.interval, own is not None, list_calls, detail_calls, estimated=last is None
    )


def _details(declaration: ResourceSync[Any, Any], account: ProviderAccount, interval: timedelta, present: int) -> int:
    """How many details a routine run reads when nothing changes."""
    watched = 0
    which = declaration.watched()
    if which is not None and declaration.watch_budget:
        rows = Resource.objects.filter(which, account=account, kind=declaration.kind, gone_at=None)
        watched = min(rows.count(), declaration.watch_budget)
    return min(present, watched + share_by_age(present, interval, declaration.detail_age))


def _last_complete(account: ProviderAccount) -> dict[str, tuple[int, int, int]]:
    """By kind, of its last complete routine run: calls, those for the list, details read."""
    complete = Run.objects.filter(
        account=account,
        kind=OuterRef("kind"),
        full=False,
        state__in=[Run.State.SUCCEEDED, Run.State.PARTIAL],
        requests__gt=0,
    ).order_by("-pk")
    # Once for each kind, from its newest run back: the runs of a month are too many to be sorted for that.
    newest = Schedule.objects.filter(account=account).order_by().values_list(Subquery(complete.values("pk")[:1]))
    return {
        run["kind"]: (run["requests"], max(1, run["list_requests"]), run["details_done"])
        for run in Run.objects.filter(pk__in=newest).values("kind", "requests", "list_requests", "details_done")
    }


def _own(kind: str, interval: timedelta | None) -> timedelta | None:
    """What equals the default is no choice of its own: it follows when the default moves."""
    return None if interval == registry[kind].interval else interval


def _refusal(kind: str, interval: timedelta | None) -> str:
    if kind not in Kind.values or Kind(kind) not in registry.kinds:
        return _("There is no such kind.")
    if interval is None or SHORTEST <= interval <= LONGEST:
        return ""
    if interval < SHORTEST:
        return _("At least one minute, please.")
    return _("At most seven days, please.")


def _too_much(plan: Plan) -> str:
    return _(
        "That would be about %(calls)s calls an hour. %(allowed)s are allowed, and a fifth of them is kept free for people "
        "and actions. Nothing was set."
    ) % {"calls": f"{math.ceil(plan.per_hour):,}", "allowed": f"{plan.allowed_per_hour:,}"}


def _told(interval: timedelta | None) -> int | None:
    return None if interval is None else int(interval.total_seconds())
