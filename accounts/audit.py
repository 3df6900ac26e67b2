"""The audit log: who did what in Holdfast itself. Entries are written here and nowhere else, and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import structlog
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from accounts.models import AuditEntry, ProviderAccount, User
from web import visitor

log = structlog.get_logger(__name__)


class Event(StrEnum):
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    LOCKED_OUT = "locked_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # the name of an event
    TOKEN_MADE = "token_made"  # noqa: S105  # the name of an event
    TOKEN_REVOKED = "token_revoked"  # noqa: S105  # the name of an event
    ACCOUNT_CONNECTED = "account_connected"
    ACCOUNT_EDITED = "account_edited"
    ACCOUNT_PAUSED = "account_paused"
    ACCOUNT_RESUMED = "account_resumed"
    ACCOUNT_REFUSED = "account_refused"
    ACCOUNT_DELETED = "account_deleted"
    PORTAL_SIGNED_OUT = "portal_signed_out"
    PORTAL_SIGN_OUT_FAILED = "portal_sign_out_failed"
    PORTAL_PAUSE_LIFTED = "portal_pause_lifted"
    CREDENTIAL_REPLACED = "credential_replaced"
    PERSON_INVITED = "person_invited"
    PERSON_DEACTIVATED = "person_deactivated"
    PERSON_ACTIVATED = "person_activated"
    ROLE_CHANGED = "role_changed"
    CUSTOMER_DELETED = "customer_deleted"
    KEYS_ROTATED = "keys_rotated"


def record(
    user: User | AnonymousUser | None,
    event: Event | str,
    *,
    subject: str = "",
    account: ProviderAccount | None = None,
    detail: Mapping[str, Any] | None = None,
    request: HttpRequest | None = None,
) -> AuditEntry:
    """Writes one entry. `subject` is what it was done to, in words; `detail` is JSON and holds no secret."""
    person = user if isinstance(user, User) else None
    subject = subject or (account.name if account else "")
    entry = AuditEntry.objects.create(
        user_id=person.pk if person else None,
        who=person.email if person else "system",
        event=str(event),
        subject=subject[:300],
        account=account if account is not None and account.pk else None,
        detail=dict(detail or {}),
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
        ip=visitor.address_of(request) if request else None,
    )
    log.info("audit", audit_event=entry.event, who=entry.who, subject=entry.subject)
    return entry


# --- what Django and axes tell us -------------------------------------------------------------------------------------------


def _signed_in(sender: object, request: HttpRequest, user: User, **_: object) -> None:  # noqa: ARG001  # a signal's form
    record(user, Event.SIGNED_IN, request=request)


def _signed_out(sender: object, request: HttpRequest, user: User | None, **_: object) -> None:  # noqa: ARG001  # a signal's form
    if user is not None:
        record(user, Event.SIGNED_OUT, request=request)


def _sign_in_failed(
    sender: object,  # noqa: ARG001  # a signal's form
    credentials: Mapping[str, Any],
    request: HttpRequest | None = None,
    **_: object,
) -> None:
    record(None, Event.SIGN_IN_FAILED, subject=str(credentials.get("username", ""))[:254], request=request)


def _locked_out(sender: object, request: HttpRequest, username: str = "", **_: object) -> None:  # noqa: ARG001  # a signal's form
    record(None, Event.LOCKED_OUT, subject=str(username)[:254], request=request)


def listen(user_locked_out: Any) -> None:
    """Connects the signals; called once when the app is ready. axes' signal is handed in, because axes loads its models."""
    user_logged_in.connect(_signed_in, dispatch_uid="accounts.audit")
    user_logged_out.connect(_signed_out, dispatch_uid="accounts.audit")
    user_login_failed.connect(_sign_in_failed, dispatch_uid="accounts.audit")
    user_locked_out.connect(_locked_out, dispatch_uid="accounts.audit")
