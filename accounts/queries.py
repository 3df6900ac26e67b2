"""The reads that pages and API share. What the mirror knows of an account is asked by reverse relations: the mirror stands above
this app, which does not import it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Customer, ProviderAccount, User
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


def accounts_with_health(user: Reader) -> QuerySet[Any]:
    """Accounts with `resource_count`, `last_read_at` (the youngest complete read of any kind), `failing_kinds` and `trouble`, the
    sentence of the latest run that failed while one still does."""
    mine = ProviderAccount.objects.filter(pk=OuterRef("pk")).order_by()
    counted = mine.annotate(n=Count("resources", filter=Q(resources__gone_at=None))).values("n")
    read = mine.annotate(at=Max("schedules__last_complete_at")).values("at")
    failing = mine.annotate(n=Count("schedules", filter=Q(schedules__failures__gt=0, schedules__supported=True)))
    said = mine.filter(runs__state="failed").order_by("-runs__id").values("runs__error")[:1]
    return accounts(user).annotate(
        resource_count=_number(counted),
        last_read_at=Subquery(read),
        failing_kinds=_number(failing.values("n")),
        trouble=Subquery(said),
    )


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
