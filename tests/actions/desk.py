"""An account at a stand-in portal whose things are mirrored, and the worker's turn taken by hand."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts import gateway
from accounts.models import ProviderAccount
from actions.engine import attempt, looking
from actions.models import Action
from sandbox.portal import Portal
from sync.engine.slices import run_slice
from sync.models import Kind, Run
from tests.accounts import people

FAST = 60_000
"""Calls a minute: the portal's patience is not what is tested."""


def mirrored_account(portal: Portal, *kinds: Kind) -> ProviderAccount:
    """An account at this portal with these kinds read in full."""
    account = people.account_at(portal, f"{portal.key} desk")
    ProviderAccount.objects.filter(pk=account.pk).update(rate_per_minute=FAST)
    account.refresh_from_db()
    with gateway.speaking_to(account):
        """Says what the portal can do, which the account keeps."""
    for kind in kinds:
        sync(account, kind)
    account.refresh_from_db()
    return account


def sync(account: ProviderAccount, kind: Kind) -> Run:
    """Reads one kind in full, as the worker does."""
    run = Run.objects.create(account=account, kind=kind, full=True)
    run_slice(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.SUCCEEDED, run.error
    return run


def work(action: Action) -> Action:
    """What a worker does with a queued action."""
    attempt.work(action.pk)
    action.refresh_from_db()
    return action


def look(action: Action, *, later: timedelta = timedelta()) -> Action:
    """What the sweeper does with one of unknown outcome or with a chain; `later` makes its first fruitless look that much older."""
    Action.objects.filter(pk=action.pk).update(look_at=timezone.now())
    if later and action.absent_since:
        Action.objects.filter(pk=action.pk).update(absent_since=action.absent_since - later)
    looking.look(action.pk)
    action.refresh_from_db()
    return action
