"""What every resource list starts from: the rows that a person may see, inside the scope of the page."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet

from accounts.models import ProviderAccount, User
from sync.declare import ResourceSync, registry
from sync.models import Kind
from web.shell import Scope

ModelT = TypeVar("ModelT", bound=Model)


def visible(rows: QuerySet[ModelT], user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[ModelT]:
    """The rows of a family model (with its `resource`) at accounts that this person may see, with account and customer joined.

    What upstream no longer lists is included; lists leave it out with `present`.
    """
    found = rows.filter(resource__account__in=ProviderAccount.objects.visible_to(user))
    if (kind := _kind_of(rows.model)) is not None:
        found = found.filter(resource__kind=kind)  # says nothing new, but the spine's indexes begin with it
    if scope is not None:
        found = found.filter(**{f"resource__{scope.kind}_id": int(scope.pk)}) if scope.pk.isdecimal() else found.none()
    return found.select_related("resource__account", "resource__customer")


@cache
def _kind_of(model: type[Model]) -> Kind | None:
    """What the spine calls this family; None for what is no kind of its own."""
    declared = (each for each in registry.kinds.values() if isinstance(each, ResourceSync))
    return next((each.kind for each in declared if each.model is model), None)


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
