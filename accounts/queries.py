"""The reads that pages and API share. What the mirror knows of an account is asked by reverse relations: the mirror stands above
this app, which does not import it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Field,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Customer, ProviderAccount, User
from accounts.standing import Code, Standing
from web.shell import Scope

Reader = User | AnonymousUser


def accounts(user: Reader) -> QuerySet[ProviderAccount]:
    return ProviderAccount.objects.visible_to(user)


def demo_accounts() -> QuerySet[ProviderAccount]:
    """Those of the demo that are still on the desk."""
    return ProviderAccount.objects.filter(is_demo=True).exclude(state=ProviderAccount.State.DELETING)


def counted_accounts(user: Reader, scope: Scope | None = None) -> QuerySet[ProviderAccount]:
    """The accounts whose things are added up and warned about on a page of this scope; see `countable`. A scope that names a demo
    account, or a customer who has things only there, counts them."""
    found = ProviderAccount.objects.visible_to(user)
    if scope is None:
        return found.countable()
    if not scope.pk.isdecimal():
        return found.none()
    if scope.kind == "account":
        return found.filter(pk=int(scope.pk))
    return found.filter(resources__customer=int(scope.pk)).distinct().countable()


def accounts_with_standing(user: Reader, found: Mapping[int, Standing]) -> QuerySet[Any]:
    """Accounts with `resource_count`, `last_read_at` (the youngest complete read of any kind), and what `by_standing` adds."""
    mine = ProviderAccount.objects.filter(pk=OuterRef("pk")).order_by()
    counted = mine.annotate(n=Count("resources", filter=Q(resources__gone_at=None))).values("n")
    read = mine.annotate(at=Max("schedules__last_complete_at")).values("at")
    rows = by_standing(accounts(user), found)
    return rows.annotate(resource_count=_number(counted), last_read_at=Subquery(read))


def by_standing(rows: QuerySet[ProviderAccount], found: Mapping[int, Standing]) -> QuerySet[ProviderAccount]:
    """These accounts with `standing`, the code of how they were `found` to stand, and `badness`, its place among the codes, the
    worst first: to filter and to sort by."""
    stand: dict[Code, list[int]] = {code: [pk for pk, each in found.items() if each.code is code] for code in Code}
    return rows.annotate(
        standing=_chosen(stand, {code: code.value for code in Code}, CharField(), Code.UNREAD.value),
        badness=_chosen(stand, {code: place for place, code in enumerate(Code)}, IntegerField(), len(Code)),
    )


def _chosen(
    stand: Mapping[Code, list[int]], given: Mapping[Code, object], field: Field[Any, Any], otherwise: object
) -> Case:
    whens = [When(pk__in=pks, then=Value(given[code])) for code, pks in stand.items() if pks]
    return Case(*whens, default=Value(otherwise), output_field=field)


def customers(user: Reader) -> QuerySet[Customer]:
    return Customer.objects.visible_to(user)


def customers_with_counts(user: Reader) -> QuerySet[Any]:
    """Customers with `resource_count`: what they hold at accounts that this person may see."""
    mine = Customer.objects.filter(pk=OuterRef("pk")).order_by()
    theirs = Q(resources__gone_at=None, resources__account__in=accounts(user))
    return customers(user).annotate(
        resource_count=_number(mine.annotate(n=Count("resources", filter=theirs)).values("n"))
    )


def people() -> QuerySet[Any]:
    """All staff with `role_name`, the strongest of their roles; one query."""
    return User.objects.prefetch_related("groups").order_by(F("is_active").desc(), "email")


@dataclass(frozen=True, slots=True)
class KindCount:
    label: str
    count: int


def holdings(user: Reader, owner: ProviderAccount | Customer) -> list[KindCount]:
    """How many things of each kind hang on an account or a customer, in the order of the kinds; those at accounts that this person
    may see."""
    resources = owner.resources.filter(account__in=accounts(user)).order_by()
    labels = dict(resources.model._meta.get_field("kind").flatchoices)  # noqa: SLF001  # Django's documented model API
    found = dict(resources.values_list("kind").annotate(n=Count("pk")))
    return [KindCount(str(label), found[kind]) for kind, label in labels.items() if kind in found]


def holdings_sentence(counts: Iterable[KindCount]) -> str:
    words = ", ".join(f"{held.label} ({held.count})" for held in counts)
    return words or _("nothing that was read yet")


def audit_of(account: ProviderAccount) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(account=account).select_related("user")


def _number(counted: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
