"""Signing out at the portals: a login that left the desk, by deletion or replacement, leaves no live token behind.

Best effort, tried once: nothing waits for it, and a token that could not be ended runs out by itself.
"""

from __future__ import annotations

from typing import Final

import structlog
from django.db import transaction

from accounts import audit, gateway
from accounts.errors import VaultError
from accounts.models import AccountTokens, LeftLogin, ProviderAccount
from providers.errors import ProviderError

log = structlog.get_logger(__name__)

_LONGEST_REASON: Final = 500


def set_aside(account: ProviderAccount, *, name: str = "") -> None:
    """Takes the account's tokens, as it is connected now, out of use and keeps them for `leave_all`. Inside the transaction that
    deletes the account or replaces its credential; the caller files the task after it."""
    held = AccountTokens.objects.filter(account=account.pk)
    sealed = held.exclude(sealed="").values_list("sealed", flat=True).first()
    if sealed:
        LeftLogin.objects.create(
            owner=account.uuid,
            name=name or account.name,
            provider=account.provider,
            base_url=account.base_url,
            auth=account.auth,
            sealed=sealed,
        )
    held.delete()


def leave_all() -> int:
    """Signs out wherever a login was left, one after the other. Returns how many there were."""
    count = 0
    while (left := _next()) is not None:
        _leave(left)
        count += 1
    return count


def _next() -> LeftLogin | None:
    """Takes one; what two workers want at once, one gets."""
    with transaction.atomic():
        left = LeftLogin.objects.select_for_update(skip_locked=True).order_by("pk").first()
        if left is not None:
            LeftLogin.objects.filter(pk=left.pk).delete()
    return left


def _leave(left: LeftLogin) -> None:
    reason = ""
    try:
        if not gateway.sign_out(left):
            return
    except ProviderError as error:
        reason = error.sentence
    except VaultError as error:
        reason = str(error)
    except Exception as error:  # an adapter of somebody else's may raise anything, and the other logins wait
        log.exception("sign_out_crashed", provider=left.provider)
        reason = type(error).__name__
    event = audit.Event.PORTAL_SIGN_OUT_FAILED if reason else audit.Event.PORTAL_SIGNED_OUT
    detail = {"base_url": left.base_url, **({"reason": reason[:_LONGEST_REASON]} if reason else {})}
    account = ProviderAccount.objects.exclude(state=ProviderAccount.State.DELETING).filter(uuid=left.owner).first()
    audit.record(None, event, subject=left.name, account=account, detail=detail)
