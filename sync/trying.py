"""Trying before it is due: what failed and backs off, and what stands still because the portal asked for a pause."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from accounts import audit, gateway
from accounts.models import ProviderAccount, User
from accounts.standing import standing_of
from sync.ask import ask
from sync.filing import file_slices
from sync.models import Run, Schedule
from sync.queries import is_late
from sync.standing import newest_states, waiting_runs


class StillPaused(Exception):
    """The pause could not be ended; nothing was asked for."""


def try_again(account: ProviderAccount, *, user: User, beside: Collection[str] = ()) -> list[Run]:
    """Has what fails, is late or came with rows skipped read now, the kinds `beside` aside. Returns the runs; none where all is in
    step."""
    now = timezone.now()
    partial = {kind for kind, state in newest_states(account).items() if state == Run.State.PARTIAL}
    rows = Schedule.objects.filter(account=account, supported=True)
    odd = {row.kind for row in rows if row.failures or is_late(row, now) or row.kind in partial}
    kinds = sorted(odd.difference(beside))
    return ask(account, kinds, user=user, full=False) if kinds else []


def try_all_the_same(account: ProviderAccount, *, user: User) -> list[Run]:
    """Ends the pause that the portal asked for, and has what waits for its end or failed by it read now. Returns the runs.

    Raises StillPaused. A portal that asks for another pause is obeyed again.
    """
    before = gateway.headroom_of(account)
    if before is None or not gateway.lift_pause(account):
        raise StillPaused
    told = {"seconds": round(before.blocked_for), "standing": standing_of(account).code}
    audit.record(user, audit.Event.PORTAL_PAUSE_LIFTED, account=account, detail=told)
    freed = _free_what_waits(account)
    return [*freed, *try_again(account, user=user, beside=[run.kind for run in freed])]


@transaction.atomic
def _free_what_waits(account: ProviderAccount) -> list[Run]:
    runs = list(waiting_runs(timezone.now()).select_for_update(no_key=True).filter(account=account).order_by("pk"))
    Run.objects.filter(pk__in=[run.pk for run in runs]).update(lease_until=None, note="", urgent=True, attempts=0)
    file_slices(run.pk for run in runs)
    return runs
