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
    """The person's strongest role; None for outsiders and inactive people. One query, kept on the object."""
    if not user.is_authenticated or not user.is_active:
        return None
    if user.is_superuser:
        return Role.ADMINISTRATOR
    if not hasattr(user, "_role"):
        held = set(user.groups.values_list("name", flat=True))
        user._role = next((role for role in Role if role.value in held), None)  # noqa: SLF001  # our own memo
    role: Role | None = user._role  # noqa: SLF001
    return role


def grant(user: User, role: Role) -> None:
    """Gives the person this role instead of the one they had."""
    user.groups.remove(*user.groups.filter(name__in=[other.value for other in Role]))
    user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    vars(user).pop("_role", None)


def may_administer(user: User | AnonymousUser) -> bool:
    """Accounts, credentials, people, settings."""
    return role_of(user) is Role.ADMINISTRATOR


def may_act(user: User | AnonymousUser) -> bool:
    """Change something upstream, ask for a sync, assign customers."""
    return role_of(user) in (Role.ADMINISTRATOR, Role.STAFF)
