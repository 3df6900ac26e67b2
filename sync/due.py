"""What is due: schedule rows become runs, and runs that nobody works on are filed again. Run by beat each minute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain, zip_longest

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import ProviderAccount
from sync.declare import AccountSync, interval_of, registry
from sync.engine.finish import with_jitter
from sync.engine.limits import limits
from sync.filing import file_slices
from sync.models import Kind, Run, Schedule

log = structlog.get_logger(__name__)


def tick(now: datetime | None = None) -> int:
    """Starts what is due and picks up what was left lying; returns how many slices it filed. Two at once are harmless: what one has
    locked, the other leaves alone."""
    now = now or timezone.now()
    complete_schedules(now)
    with transaction.atomic():
        started = _start_due(now)
    with transaction.atomic():
        left = _left_lying(now)
        filed = in_turn([*left, *started])
        file_slices(run.pk for run in filed)
    if filed:
        log.info("sync_tick", started=len(started), picked_up=len(left))
    return len(filed)


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
    """The kinds that the installed apps declare, in the order of a first sync: what an account has one of comes first, because the
    balance names the currency in which the rest is read."""
    declared = sorted(registry.in_order(), key=lambda declaration: not isinstance(declaration, AccountSync))
    return [declaration.kind for declaration in declared]


def lacks(account: ProviderAccount, kind: str) -> bool:
    """Whether the account's portal, when last asked, did not offer what this kind is read with."""
    return bool(account.capabilities) and registry[kind].capability not in account.capabilities


def in_turn(runs: Iterable[Run]) -> list[Run]:
    """Interleaved by account, so that a large one does not come before all others."""
    by_account: defaultdict[int, list[Run]] = defaultdict(list)
    for run in runs:
        by_account[run.account_id].append(run)
    return [run for run in chain.from_iterable(zip_longest(*by_account.values())) if run is not None]


def _first_schedule(account: ProviderAccount, kind: Kind, now: datetime) -> Schedule:
    absent = lacks(account, kind)
    wait = timedelta(seconds=limits().unsupported_seconds) if absent else timedelta()
    return Schedule(account=account, kind=kind, supported=not absent, next_due_at=now + wait)


def _start_due(now: datetime) -> list[Run]:
    due = list(
        Schedule.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(next_due_at__lte=now, account__state=ProviderAccount.State.ACTIVE, kind__in=kinds())
        .order_by("next_due_at", "pk")[: limits().tick_runs]
    )
    busy = set(
        Run.objects.filter(account__in={each.account_id for each in due}, state__in=Run.UNDER_WAY).values_list(
            "account", "kind"
        )
    )
    for schedule in due:
        schedule.next_due_at = now + with_jitter(interval_of(schedule))
    Schedule.objects.bulk_update(due, ["next_due_at"])
    order = {kind: place for place, kind in enumerate(kinds())}
    due.sort(key=lambda schedule: order[Kind(schedule.kind)])
    return Run.objects.bulk_create(
        Run(account_id=schedule.account_id, kind=schedule.kind)
        for schedule in due
        if (schedule.account_id, schedule.kind) not in busy
    )


def _left_lying(now: datetime) -> list[Run]:
    """Runs under way whose worker or whose place in the queue was lost."""
    long_ago = now - timedelta(seconds=limits().refile_seconds)
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    unfiled = Q(filed_at=None, created_at__lte=long_ago) | Q(filed_at__lte=long_ago)
    lying = Run.objects.select_for_update(skip_locked=True, no_key=True).filter(free, unfiled, state__in=Run.UNDER_WAY)
    return list(lying.order_by("pk")[: limits().tick_runs])
