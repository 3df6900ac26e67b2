from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.queries import counted_accounts
from accounts.standing import Standing, standings
from sync.models import Resource
from web.shell import Scope

ModelT = TypeVar("ModelT", bound=Model)


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose morning it is, narrowed to what, on which day. `accounts` are the ids of those that count: visible, inside the scope,
    and without the demo's beside real ones; `standings` is how these stand, and maybe others."""

    user: User
    scope: Scope | None
    today: date
    accounts: tuple[int, ...]
    standings: Mapping[int, Standing]

    @classmethod
    def of(
        cls,
        user: User,
        scope: Scope | None = None,
        today: date | None = None,
        *,
        stand: Mapping[int, Standing] | None = None,
    ) -> Desk:
        """`stand` is how all that the person sees stand, where that is known already. One query, else four."""
        counted = list(counted_accounts(user, scope))
        found = standings(counted) if stand is None else stand
        return cls(user, scope, today or timezone.localdate(), tuple(account.pk for account in counted), found)

    def counted(self, rows: QuerySet[ModelT]) -> QuerySet[ModelT]:
        """Of a family's rows, those at accounts that count."""
        return rows.filter(resource__account__in=self.accounts)

    def resources(self) -> QuerySet[Resource]:
        """What upstream lists at those accounts, inside the scope."""
        rows = Resource.objects.present().filter(account__in=self.accounts)
        if self.scope is not None and self.scope.kind == "customer":
            rows = rows.filter(customer=int(self.scope.pk)) if self.scope.pk.isdecimal() else rows.none()
        return rows
