"""Members of staff: inviting, roles, deactivating. Every step leaves an audit entry."""

from __future__ import annotations

import secrets
from typing import Final

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from accounts.models import ApiToken, User
from accounts.roles import Role, grant, role_of

ONE_TIME_PASSWORD_BYTES: Final = 12


class LastAdministrator(Exception):
    """Nobody would be left who may administer Holdfast."""


def make_first_administrator(email: str, password: str) -> User:
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            user = User.objects.create_superuser(email, password)
        else:
            user.is_staff = user.is_superuser = user.is_active = True
            user.set_password(password)
            user.save()
        grant(user, Role.ADMINISTRATOR)
        audit.record(None, audit.Event.PERSON_INVITED, subject=user.email, detail={"role": Role.ADMINISTRATOR.value})
    return user


def invite(email: str, name: str, role: Role, *, by: User, request: HttpRequest | None = None) -> tuple[User, str]:
    """A new person and the password to hand over, which nobody can show again."""
    password = secrets.token_urlsafe(ONE_TIME_PASSWORD_BYTES)
    with transaction.atomic():
        user = User.objects.create_user(email, password, name=name)
        grant(user, role)
        audit.record(by, audit.Event.PERSON_INVITED, subject=user.email, detail={"role": role.value}, request=request)
    return user, password


def change_role(user: User, role: Role | None, *, by: User, request: HttpRequest | None = None) -> None:
    """Gives another role, or none. Raises LastAdministrator."""
    before = role_of(user)
    if before is role:
        return
    with transaction.atomic():
        if before is Role.ADMINISTRATOR:
            _keep_one_administrator(user)
            user.is_superuser = user.is_staff = False
            user.save(update_fields=["is_superuser", "is_staff"])
        if role is None:
            user.groups.remove(*user.groups.filter(name__in=[known.value for known in Role]))
            vars(user).pop("role", None)
        else:
            grant(user, role)
        detail = {"from": before.value if before else None, "to": role.value if role else None}
        audit.record(by, audit.Event.ROLE_CHANGED, subject=user.email, detail=detail, request=request)


def deactivate(user: User, *, by: User, request: HttpRequest | None = None) -> None:
    """Ends the person's sessions and tokens as well. Raises LastAdministrator."""
    with transaction.atomic():
        if role_of(user) is Role.ADMINISTRATOR:
            _keep_one_administrator(user)
        user.is_active = False
        user.save(update_fields=["is_active"])
        ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())
        end_sessions(user)
        audit.record(by, audit.Event.PERSON_DEACTIVATED, subject=user.email, request=request)


def activate(user: User, *, by: User, request: HttpRequest | None = None) -> None:
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(by, audit.Event.PERSON_ACTIVATED, subject=user.email, request=request)


def administrators() -> QuerySet[User]:
    """Those who may administer: superusers and the group."""
    active = User.objects.filter(is_active=True)
    return active.filter(is_superuser=True) | active.filter(groups__name=Role.ADMINISTRATOR.value)


def end_sessions(user: User) -> None:
    # A session does not say whose it is without being opened; there are few, and this is rare.
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def _keep_one_administrator(leaving: User) -> None:
    # Locked in one order and then asked anew: who waited for the lock sees what the one before it has done.
    list(User.objects.select_for_update().filter(pk__in=administrators().values("pk")).order_by("pk"))
    if not administrators().exclude(pk=leaving.pk).exists():
        raise LastAdministrator
