"""The three roles, kept as Django groups. Who has none sees nothing."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser, Group

if TYPE_CHECKING:
    from accounts.models import User


class Role(StrEnum):
    """The values are the groups' names."""

    ADMINISTRATOR = "Administrators"
    STAFF = "Staff"
    READER = "Readers"


def role_of(user: User | AnonymousUser) -> Role | None:
    """The person's strongest role; None for outsiders and inactive people. Asked once a request: the user keeps it."""
    return None if isinstance(user, AnonymousUser) else user.role


def grant(user: User, role: Role) -> None:
    """Gives the person this role instead of the one they had."""
    user.groups.remove(*user.groups.filter(name__in=[other.value for other in Role]))
    user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    vars(user).pop("role", None)


def may_administer(user: User | AnonymousUser) -> bool:
    """Accounts, credentials, people, settings."""
    return role_of(user) is Role.ADMINISTRATOR


def may_act(user: User | AnonymousUser) -> bool:
    """Change something upstream, ask for a sync, assign customers."""
    return role_of(user) in (Role.ADMINISTRATOR, Role.STAFF)
