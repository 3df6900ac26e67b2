"""What every resource list starts from: the rows that a person may see, inside the scope of the page."""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet

from accounts.models import ProviderAccount, User
from web.shell import Scope

ModelT = TypeVar("ModelT", bound=Model)


def visible(rows: QuerySet[ModelT], user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[ModelT]:
    """The rows of a family model (with its `resource`) at accounts that this person may see, with account and customer joined.

    What upstream no longer lists is included; lists leave it out with `present`.
    """
    found = rows.filter(resource__account__in=ProviderAccount.objects.visible_to(user))
    if scope is not None:
        found = found.filter(**{f"resource__{scope.kind}_id": int(scope.pk)}) if scope.pk.isdecimal() else found.none()
    return found.select_related("resource__account", "resource__customer")


def of_accounts(
    rows: QuerySet[ModelT], user: User | AnonymousUser, scope: Scope | None = None, *, path: str = "account"
) -> QuerySet[ModelT]:
    """Likewise the rows of what an account has as a whole (prices, products), with the account joined. They are no customer's, so
    that the scope of one holds none."""
    found = rows.filter(**{f"{path}__in": ProviderAccount.objects.visible_to(user)})
    if scope is not None:
        ours = scope.kind == "account" and scope.pk.isdecimal()
        found = found.filter(**{f"{path}_id": int(scope.pk)}) if ours else found.none()
    return found.select_related(path)


def present(rows: QuerySet[ModelT]) -> QuerySet[ModelT]:
    """Those that upstream still lists."""
    return rows.filter(resource__gone_at=None)
