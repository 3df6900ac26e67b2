"""The reads of domains, zones and records that pages, API and exports share."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import ProviderAccount, User
from actions.models import Action
from domains.models import Domain, Record, TldPrice, Zone
from domains.words import DATES, LEFT
from providers.resources import DomainStatus
from sync.models import Kind, Resource
from sync.scoping import of_accounts, present, visible
from web.searching import Column
from web.shell import Scope

RENEWAL = "domain.renew"
PRESENT = Q(resource__gone_at=None)
GONE = Q(resource__gone_at__isnull=False)
STAYING = ~Q(status__in=LEFT)
AUTO_RENEW_OFF = STAYING & Q(auto_renew=False)
UNREADABLE = Resource.objects.filter(kind=Kind.DOMAINS, unreadable__overlap=list(DATES)).exclude(unreadable=[])
DATES_UNKNOWN = STAYING & (Q(expires_on=None) | Q(pk__in=UNREADABLE.values("pk")))
NOT_HOSTED = Q(hosted=False)
NAMES: Final[list[Column]] = ["resource__name", ("name", Q(name__contains="xn--"))]
"""Where a name is looked for: the spine has it in its own script, the family in punycode, and people type either."""
COMPARED = ("register", "renew", "transfer")


def domains_visible_to(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Domain]:
    """The domains that this person may see, those that upstream no longer lists included."""
    return visible(Domain.objects.all(), user, scope)


def with_renewal(domains: QuerySet[Domain]) -> QuerySet[Domain]:
    """Each with `renewal_id`, `renewal_state`, `renewal_stage` and `renewal_ended_at` of its latest renewal, null where none is."""
    latest = Action.objects.filter(resource=OuterRef("pk"), kind=RENEWAL).order_by("-pk")
    return domains.annotate(
        renewal_id=Subquery(latest.values("pk")[:1]),
        renewal_state=Subquery(latest.values("state")[:1]),
        renewal_stage=Subquery(latest.values("stage")[:1]),
        renewal_ended_at=Subquery(latest.values("ended_at")[:1]),
    )


def zones_visible_to(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Zone]:
    """The zones likewise."""
    return visible(Zone.objects.all(), user, scope)


def with_record_count(zones: QuerySet[Zone]) -> QuerySet[Zone]:
    """Each with `record_count`."""
    counted = Record.objects.filter(zone=OuterRef("pk")).order_by().values("zone").annotate(n=Count("pk")).values("n")
    return zones.annotate(record_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def records_visible_to(user: User | AnonymousUser) -> QuerySet[Record]:
    """The records of zones that upstream still lists, with the zone, its spine and its account."""
    return Record.objects.filter(
        zone__resource__account__in=ProviderAccount.objects.visible_to(user), zone__resource__gone_at=None
    ).select_related("zone__resource__account")


def zones_of(domain: Domain, user: User | AnonymousUser) -> QuerySet[Zone]:
    """The zones of this name that the person may see, with `record_count`: at the domain's own account first (`own`), there the
    one with the most records (a registrar's own DNS stands empty beside the zone in a DNS service), then at other accounts."""
    own = Q(resource__account=domain.resource.account_id)
    return (
        with_record_count(present(zones_visible_to(user)))
        .filter(Q(name=domain.name) | (own & Q(domain_id=domain.resource.upstream_id)))
        .annotate(own=ExpressionWrapper(own, output_field=BooleanField()))
        .order_by("-own", F("hosted").desc(nulls_last=True), F("record_count").desc(), "pk")
    )


def record_count_of(domain: Domain, user: User | AnonymousUser) -> int | None:
    """Of the first of those zones; None where its records can't be seen. Two queries."""
    zone = zones_of(domain, user).first()
    return zone.records.count() if zone and zone.hosted else None


def domains_of(zone: Zone, user: User | AnonymousUser) -> QuerySet[Domain]:
    """The domains of this zone's name that the person may see, at whichever account."""
    return present(domains_visible_to(user)).filter(name=zone.name).order_by("pk")


def prices_visible_to(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[TldPrice]:
    """What the portals of the accounts that this person may see ask for endings."""
    return of_accounts(TldPrice.objects.all(), user, scope)


def with_cheapest(prices: QuerySet[TldPrice], user: User | AnonymousUser) -> QuerySet[TldPrice]:
    """Each with `cheapest_register`, `cheapest_renew` and `cheapest_transfer`: whether no other account that this person may see
    asks less for as many years in the same currency, and at least one asks more. The demo's prices compete among themselves."""
    rivals = (
        prices_visible_to(user)
        .filter(
            tld=OuterRef("tld"),
            years=OuterRef("years"),
            currency=OuterRef("currency"),
            account__is_demo=OuterRef("account__is_demo"),
        )
        .exclude(account=OuterRef("account"))
        .exclude(currency="")
        .order_by()
    )
    return prices.annotate(
        **{
            f"cheapest_{name}": ExpressionWrapper(
                Exists(rivals.filter(**{f"{name}__gt": OuterRef(name)}))
                & ~Exists(rivals.filter(**{f"{name}__lt": OuterRef(name)})),
                output_field=BooleanField(),
            )
            for name in COMPARED
        }
    )


def ending_of(name: str, user: User | AnonymousUser) -> str:
    """The longest ending of this name that an account in sight has prices for; empty where none has."""
    labels = name.split(".")
    endings = [".".join(labels[place:]) for place in range(1, len(labels))]
    known = set(prices_visible_to(user).filter(tld__in=endings).order_by().values_list("tld", flat=True).distinct())
    return next((ending for ending in endings if ending in known), "")


def overdue() -> Q:
    """The registry's or the provider's date has passed; what has left us has no such date."""
    return Q(resource__due_on__lt=timezone.localdate())


def lapses_within(days: int) -> Q:
    """At the latest in so many days, what has lapsed already included: it waits most."""
    return Q(resource__due_on__lte=timezone.localdate() + timedelta(days=days))


def expired() -> Q:
    """By its status or by the registry's date."""
    passed = STAYING & Q(expires_on__lt=timezone.localdate())
    return passed | Q(status__in=[DomainStatus.EXPIRED, DomainStatus.REDEMPTION])


def not_hosted_here() -> Q:
    """Domains whose account's portal says that it does not run their DNS."""
    zones = Zone.objects.filter(
        name=OuterRef("name"), resource__account=OuterRef("resource__account"), resource__gone_at=None
    )
    # The few zones elsewhere are gathered once; only domains of their names are looked at one by one.
    elsewhere = Q(name__in=Zone.objects.filter(hosted=False).values("name"))
    return elsewhere & Q(Exists(zones.filter(hosted=False))) & ~Q(Exists(zones.filter(hosted=True)))
