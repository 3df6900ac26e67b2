from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.queries import counted_accounts
from sync.models import Resource
from web.shell import Scope

ModelT = TypeVar("ModelT", bound=Model)


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose morning it is, narrowed to what, on which day. `accounts` are the ids of those that count: visible, inside the scope,
    and without the demo's beside real ones."""

    user: User
    scope: Scope | None
    today: date
    accounts: tuple[int, ...]

    @classmethod
    def of(cls, user: User, scope: Scope | None = None, today: date | None = None) -> Desk:
        """One query."""
        ids = counted_accounts(user, scope).values_list("pk", flat=True)
        return cls(user, scope, today or timezone.localdate(), tuple(ids))

    def counted(self, rows: QuerySet[ModelT]) -> QuerySet[ModelT]:
        """Of a family's rows, those at accounts that count."""
        return rows.filter(resource__account__in=self.accounts)

    def resources(self) -> QuerySet[Resource]:
        """What upstream lists at those accounts, inside the scope."""
        rows = Resource.objects.present().filter(account__in=self.accounts)
        if self.scope is not None and self.scope.kind == "customer":
            rows = rows.filter(customer=int(self.scope.pk)) if self.scope.pk.isdecimal() else rows.none()
        return rows
