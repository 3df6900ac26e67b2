"""The reads of services, machines and certificates that pages, API and overview share."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from providers.resources import MachineStatus, ServiceStatus
from services.models import Certificate, Product, ProductPrice, Service, VirtualMachine
from sync.models import Resource
from sync.scoping import of_accounts, present, visible
from web.shell import Scope

ENDED = Q(status__in=[ServiceStatus.CANCELLED, ServiceStatus.TERMINATED, ServiceStatus.FRAUD])
DOWN = Q(status__in=[MachineStatus.STOPPED, MachineStatus.SUSPENDED, MachineStatus.FAILED])


def services_visible_to(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Service]:
    """The services that this person may see, those that upstream no longer lists included."""
    return visible(Service.objects.all(), user, scope)


def services(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Service]:
    """What upstream lists, each with `machine_count`."""
    return present(with_machine_count(services_visible_to(user, scope)))


def with_machine_count(rows: QuerySet[Service]) -> QuerySet[Service]:
    of_service = VirtualMachine.objects.filter(
        resource__account_id=OuterRef("resource__account_id"),
        service_id=OuterRef("resource__upstream_id"),
        resource__gone_at=None,
    )
    counted = of_service.order_by().values("service_id").annotate(count=Count("pk")).values("count")
    return rows.annotate(machine_count=Coalesce(Subquery(counted), Value(0)))


def machines_visible_to(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[VirtualMachine]:
    """The virtual machines that this person may see, those that upstream no longer lists included."""
    return visible(VirtualMachine.objects.all(), user, scope)


def machines(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[VirtualMachine]:
    return present(machines_visible_to(user, scope))


def machines_of(service: Service, user: User | AnonymousUser) -> QuerySet[VirtualMachine]:
    """The virtual machines that hang on this service."""
    return (
        machines(user)
        .filter(resource__account_id=service.resource.account_id, service_id=service.resource.upstream_id)
        .order_by("name", "pk")
    )


def service_of(machine: VirtualMachine, user: User | AnonymousUser) -> Service | None:
    """The service that this machine hangs on; None where it stands alone."""
    if not machine.service_id:
        return None
    found = services_visible_to(user).filter(
        resource__account_id=machine.resource.account_id, resource__upstream_id=machine.service_id
    )
    return found.first()


def products_visible_to(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Product]:
    """What the portals of the accounts that this person may see sell, each with its category and its prices. Two queries."""
    return of_accounts(Product.objects.all(), user, scope).select_related("category").prefetch_related("prices")


def charged(cycle: str) -> Q:
    """Products that have a price for such a period."""
    return Q(pk__in=ProductPrice.objects.filter(cycle=cycle).exclude(price=None).order_by().values("product"))


def lacking(machine: Resource, capability: str) -> str:
    """The service that this machine hangs on, by name, where its module is known to lack the capability; else empty."""
    holder = Service.objects.filter(
        resource__account_id=machine.account_id,
        resource__upstream_id=VirtualMachine.objects.filter(pk=machine.pk).values("service_id")[:1],
    ).select_related("resource")
    service = holder.first()
    if service is None or service.offers is None or capability in service.offers:
        return ""
    return service.resource.name


def offered_elsewhere(service: Service) -> list[str]:
    """The capabilities that other services of the account have and this one does not; none where its own are not known."""
    if service.offers is None:
        return []
    known = Service.objects.filter(resource__account_id=service.resource.account_id, resource__gone_at=None)
    every = known.annotate(one=Func(F("offers"), function="unnest")).order_by().values_list("one", flat=True).distinct()
    return sorted(set(every) - set(service.offers))


def certificates_visible_to(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Certificate]:
    """The certificates that this person may see, those that upstream no longer lists included."""
    return visible(Certificate.objects.all(), user, scope)


def certificates(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Certificate]:
    """What upstream lists, with `lapses_on`, the day that pages count down to."""
    return present(with_lapse(certificates_visible_to(user, scope)))


def with_lapse(rows: QuerySet[Certificate]) -> QuerySet[Certificate]:
    return rows.annotate(lapses_on=F("resource__due_on"))


def lapse_within(days: int, today: date | None = None) -> Q:
    """Lapsed already, or at the latest in `days` days."""
    return Q(resource__due_on__lte=(today or timezone.localdate()) + timedelta(days=days))
