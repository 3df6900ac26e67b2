"""What is due: schedule rows become runs, and runs that nobody works on are filed again. Run by beat each minute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import Final, TypeVar

import structlog
from django.db import transaction
from django.db.models import Case, DurationField, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import ProviderAccount
from sync.declare import AccountSync, interval_of, needed, registry
from sync.engine.finish import spread, with_jitter
from sync.engine.hold import free, release_dead
from sync.engine.limits import limits
from sync.filing import file_slices
from sync.models import Kind, Run, Schedule

log = structlog.get_logger(__name__)

ItemT = TypeVar("ItemT")

_DAY: Final = timedelta(days=1)


def tick(now: datetime | None = None) -> int:
    """Starts what is due and picks up what was left lying; returns how many slices it filed. Two at once are harmless: what one has
    locked, the other leaves alone."""
    now = now or timezone.now()
    complete_schedules(now)
    _put_right(now)
    with transaction.atomic():
        started = _start_due(now)
    freed = release_dead(now)
    with transaction.atomic():
        left = _left_lying(now, freed)
        # What an asker has locked by now he files himself: to wait for him, with others locked, could be to wait for ever.
        mine = Run.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=[run.pk for run in started])
        unlocked = set(mine.values_list("pk", flat=True))
        started = [run for run in started if run.pk in unlocked]
        filed = in_turn([*left, *started])
        file_slices(run.pk for run in filed)
    if filed:
        log.info("sync_tick", started=len(started), picked_up=len(left), freed=len(freed))
    return len(filed)


def take_over_from_the_dead(now: datetime | None = None) -> int:
    """Files again what dead workers of this machine held; returns how many runs that are."""
    with transaction.atomic():
        freed = release_dead(now or timezone.now())
        file_slices(freed)
    if freed:
        log.info("sync_took_over", runs=len(freed))
    return len(freed)


def ensure_schedules(account: ProviderAccount, now: datetime | None = None) -> list[Schedule]:
    """Gives the account a schedule row for each kind that its portal may have; those that it lacks are noted as such, and asked
    about once a day. Returns the account's schedules."""
    now = now or timezone.now()
    have = set(Schedule.objects.filter(account=account).values_list("kind", flat=True))
    missing = [_first_schedule(account, kind, now) for kind in kinds() if kind not in have]
    if missing:
        Schedule.objects.bulk_create(missing, ignore_conflicts=True)
    return list(Schedule.objects.filter(account=account))


def complete_schedules(now: datetime) -> None:
    """Makes the schedules of accounts that came, or of kinds that an upgrade brought."""
    wanted = kinds()
    have: defaultdict[int, set[str]] = defaultdict(set)
    live = ProviderAccount.objects.live()
    for account_id, kind in Schedule.objects.filter(account__in=live).values_list("account", "kind"):
        have[account_id].add(kind)
    missing = [
        _first_schedule(account, kind, now) for account in live for kind in wanted if kind not in have[account.pk]
    ]
    if missing:
        Schedule.objects.bulk_create(missing, ignore_conflicts=True)


def kinds() -> list[Kind]:
    """The kinds that the installed apps declare, in the order of a first sync: what names the account's currency comes first."""
    declared = registry.in_order()
    first = [each.kind for each in declared if isinstance(each, AccountSync) and each.names_currency]
    return first + [each.kind for each in declared if each.kind not in first]


def lacks(account: ProviderAccount, kind: str) -> bool:
    """Whether the account's portal, when last asked, did not offer what this kind is read with."""
    return bool(account.capabilities) and not set(needed(registry[kind])) & set(account.capabilities)


def in_turn(runs: Iterable[Run]) -> list[Run]:
    """Interleaved by account, so that a large one does not come before all others."""
    by_account: defaultdict[int, list[Run]] = defaultdict(list)
    for run in runs:
        by_account[run.account_id].append(run)
    return list(_interleaved(by_account.values()))


def _first_schedule(account: ProviderAccount, kind: Kind, now: datetime) -> Schedule:
    absent = lacks(account, kind)
    wait = timedelta(seconds=limits().unsupported_seconds) if absent else timedelta()
    return Schedule(account=account, kind=kind, supported=not absent, next_due_at=now + wait)


def _start_due(now: datetime) -> list[Run]:
    chosen = _next_in_line(now)
    due = list(
        Schedule.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk__in=chosen, next_due_at__lte=now)
        .order_by("pk")
    )
    busy = set(
        Run.objects.filter(account__in={each.account_id for each in due}, state__in=Run.UNDER_WAY).values_list(
            "account", "kind"
        )
    )
    for schedule in due:
        interval = interval_of(schedule)
        late = now - schedule.next_due_at > interval
        schedule.next_due_at = now + (spread(interval) if late else with_jitter(interval))
    Schedule.objects.bulk_update(due, ["next_due_at"])
    place = {pk: number for number, pk in enumerate(chosen)}
    due.sort(key=lambda schedule: place[schedule.pk])
    return Run.objects.bulk_create(
        Run(account_id=schedule.account_id, kind=schedule.kind)
        for schedule in due
        if (schedule.account_id, schedule.kind) not in busy
    )


def _next_in_line(now: datetime) -> list[int]:
    """The schedules that this tick starts: of each account in turn that which missed most of its intervals, so that after downtime
    the kinds that matter by the minute come first. Bounded, and by what waits already."""
    rules = limits()
    waiting = Run.objects.filter(state=Run.State.QUEUED, urgent=False).count()
    room = min(rules.tick_runs, rules.backlog - waiting)
    if room <= 0:
        return []
    order = {kind: place for place, kind in enumerate(kinds())}
    due = Schedule.objects.filter(next_due_at__lte=now, account__state=ProviderAccount.State.ACTIVE, kind__in=order)

    def rank(schedule: Schedule) -> tuple[int, int]:
        missed = (now - schedule.next_due_at) // interval_of(schedule)
        return -missed, order[Kind(schedule.kind)]

    by_account: defaultdict[int, list[Schedule]] = defaultdict(list)
    for schedule in sorted(due, key=rank):
        by_account[schedule.account_id].append(schedule)
    return [schedule.pk for schedule in _interleaved(by_account.values())][:room]


def _put_right(now: datetime) -> None:
    """A clock that ran ahead and was put back leaves moments that no rule of ours sets; what waits for them is due now."""
    if not _clock_was_ahead(now):
        return
    reach = Coalesce(
        F("interval"),
        Case(*(When(kind=each.kind, then=Value(each.interval)) for each in registry.in_order()), default=Value(_DAY)),
        output_field=DurationField(),
    )
    longest = timedelta(seconds=2 * limits().backoff_longest_seconds)
    ahead = Schedule.objects.alias(most=Value(now + longest) + reach + reach)
    lacking_too_far = Q(supported=False, next_due_at__gt=now + timedelta(seconds=2 * limits().unsupported_seconds))
    too_far = Q(supported=True, next_due_at__gt=F("most")) | lacking_too_far
    moved = ahead.filter(too_far, account__state=ProviderAccount.State.ACTIVE)
    for schedule in moved:
        Schedule.objects.filter(pk=schedule.pk, next_due_at=schedule.next_due_at).update(next_due_at=now)
        log.warning("schedule_was_ahead", account_id=schedule.account_id, kind=schedule.kind)


def _clock_was_ahead(now: datetime) -> bool:
    """Whether one of the latest runs bears a moment that is still to come."""
    latest = Run.objects.order_by("-pk").values_list("created_at", "filed_at", "finished_at")[:100]
    ahead = now + timedelta(seconds=limits().clock_slack_seconds)
    return any(moment is not None and moment > ahead for run in latest for moment in run)


def _left_lying(now: datetime, freed: Sequence[int]) -> list[Run]:
    """Runs under way whose worker or whose place in the queue was lost."""
    rules = limits()
    long_ago = now - timedelta(seconds=rules.refile_seconds)
    ahead = now + timedelta(seconds=rules.clock_slack_seconds)
    unfiled = (
        Q(filed_at=None, created_at__lte=long_ago) | Q(filed_at__lte=long_ago) | Q(filed_at__gt=ahead) | Q(pk__in=freed)
    )
    lying = Run.objects.select_for_update(skip_locked=True, no_key=True).filter(
        free(now), unfiled, state__in=Run.UNDER_WAY
    )
    return list(lying.order_by(F("urgent").desc(), "pk")[: 2 * rules.tick_runs])


def _interleaved(lines: Iterable[Sequence[ItemT]]) -> Iterator[ItemT]:
    """The first of each line, then the second of each..."""
    return (each for each in chain.from_iterable(zip_longest(*lines)) if each is not None)
