"""Pausing, resuming and deleting an account. Who may is the view's business; every step leaves an audit entry."""

from __future__ import annotations

import time
from typing import Final

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import audit, leaving, queries
from accounts.models import Customer, ProviderAccount, User

State = ProviderAccount.State
BATCH: Final = 500
"""Resources deleted in one transaction, with all that hangs on them."""


def pause(account: ProviderAccount, *, by: User | None, reason: str = "", request: HttpRequest | None = None) -> bool:
    """Stops the reading of an active account. False when it was not active."""
    if not _move(account, State.ACTIVE, State.PAUSED, reason or (_("Paused by %(who)s.") % {"who": by} if by else "")):
        return False
    audit.record(
        by, audit.Event.ACCOUNT_PAUSED, account=account, detail={"reason": account.state_reason}, request=request
    )
    return True


def resume(account: ProviderAccount, *, by: User | None, request: HttpRequest | None = None) -> bool:
    """False when it was not paused; one that was refused is resumed by replacing its credential."""
    if not _move(account, State.PAUSED, State.ACTIVE, ""):
        return False
    audit.record(by, audit.Event.ACCOUNT_RESUMED, account=account, request=request)
    return True


def begin_deleting(account: ProviderAccount, *, by: User | None, request: HttpRequest | None = None) -> None:
    """Takes the account off every page at once, drops its credential and frees its name. `finish_deleting` does the rest, which
    may take a while, and `leaving` signs out at the portal: the caller files the tasks of both (`tasks.delete_later`)."""
    name = account.name
    with transaction.atomic():
        leaving.set_aside(account)
        account.state, account.state_reason = State.DELETING, ""
        account.sealed_credential = account.login_hint = ""
        account.name = f"{name[:80]} ({account.uuid.hex[:8]})"
        account.save(update_fields=["state", "state_reason", "sealed_credential", "login_hint", "name"])
        account.memories.all().delete()
        detail = {"provider": account.provider, "base_url": account.base_url}
        audit.record(by, audit.Event.ACCOUNT_DELETED, subject=name, account=account, detail=detail, request=request)


def finish_deleting(account_id: int, *, seconds: float) -> bool:
    """Deletes what hangs on an account that is being deleted, in batches, and at last the account. False when `seconds` were
    over before that; calling again goes on."""
    deadline = time.monotonic() + seconds
    account = ProviderAccount.objects.filter(pk=account_id, state=State.DELETING).first()
    if account is None:
        return True
    while time.monotonic() < deadline:
        # By its reverse relation: the mirror stands above this app, which does not import it.
        batch = list(account.resources.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not batch:
            account.delete()
            return True
        with transaction.atomic():
            account.resources.filter(pk__in=batch).delete()
    return False


def begin_deleting_demo(*, by: User | None, request: HttpRequest | None = None) -> list[int]:
    """All demo accounts, as `begin_deleting` does, and the demo's customers. Returns the accounts' ids."""
    accounts = list(queries.demo_accounts())
    for account in accounts:
        begin_deleting(account, by=by, request=request)
    Customer.objects.filter(is_demo=True).delete()
    return [account.pk for account in accounts]


def _move(account: ProviderAccount, before: str, after: str, reason: str) -> bool:
    moved = ProviderAccount.objects.filter(pk=account.pk, state=before).update(state=after, state_reason=reason[:500])
    if moved:
        account.state, account.state_reason = after, reason[:500]
    return bool(moved)
