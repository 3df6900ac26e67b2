"""How a provider's domains and zones become rows."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from accounts.models import ProviderAccount
from domains.models import Domain, Record, TldPrice, Zone
from domains.words import LEFT
from providers import resources
from providers.contract import Provider
from providers.offers import TldPeriod, TldPrices
from providers.resources import DomainStatus, Page, Upstream
from sync.declare import AccountSync, Ask, Children, ResourceSync, family, registry
from sync.models import Kind
from sync.sets import believed, replace_set
from web.hosts import unicode_host
from web.tones import Tone

TONES = {
    DomainStatus.ACTIVE: Tone.FINE,
    DomainStatus.LOCKED: Tone.FINE,
    DomainStatus.PENDING: Tone.SOON,
    DomainStatus.PENDING_TRANSFER: Tone.SOON,
    DomainStatus.EXPIRED: Tone.BROKEN,
    DomainStatus.REDEMPTION: Tone.BROKEN,
    DomainStatus.SUSPENDED: Tone.BROKEN,
    DomainStatus.CANCELLED: Tone.UNKNOWN,
    DomainStatus.TRANSFERRED_AWAY: Tone.UNKNOWN,
}


LISTED_WHILE = frozenset(
    {
        DomainStatus.ACTIVE,
        DomainStatus.LOCKED,
        DomainStatus.PENDING,
        DomainStatus.PENDING_TRANSFER,
        DomainStatus.SUSPENDED,
    }
)
"""One that lapsed or left may be taken off the list while the portal still shows it by its id."""


class DomainSync(ResourceSync[resources.Domain, resources.DomainDetail]):
    kind = Kind.DOMAINS
    model = Domain
    capability = "domains.list"
    detail_capability = "domains.detail"
    quiet = frozenset({"renewal_currency"})
    grave = frozenset({"status", "expires_on", "nameservers", "auto_renew", "locked"})
    listed_while = LISTED_WHILE
    known_by_name = True

    def list_page(self, provider: Provider, token: str | None) -> Page[resources.Domain]:
        return family(provider.domains).list(token)

    def read_detail(self, provider: Provider, upstream_id: str) -> resources.DomainDetail:
        return family(provider.domains).detail(upstream_id)

    def columns(self, item: Upstream, account: ProviderAccount) -> dict[str, Any]:
        said = super().columns(item, account)
        said["renewal_currency"] = said.get("renewal_currency") or account.currency
        return said

    def name(self, row: Domain) -> str:
        """In its own script, so that search finds what people type."""
        return unicode_host(row.name)

    def tone(self, row: Domain) -> Tone:
        return TONES.get(DomainStatus(row.status), Tone.UNKNOWN)

    def due_on(self, row: Domain) -> date | None:
        """The earlier of the registry's expiry and the provider's own due date."""
        if row.status in LEFT:
            return None
        return min((day for day in (row.expires_on, row.next_due_on) if day), default=None)

    def watched(self) -> Q:
        return Q(domain__status__in=[DomainStatus.PENDING, DomainStatus.PENDING_TRANSFER])

    watch_budget = 10


def record_key(record: resources.Record) -> str:
    """What makes a record the same one: name, type, content and priority. Upstream's index may renumber."""
    identity = "\n".join((record.name, record.type, record.content, str(record.priority)))
    return hashlib.sha256(identity.encode()).hexdigest()


def record_columns(_position: int, record: resources.Record) -> dict[str, Any]:
    return {
        "upstream_id": record.id,
        "name": record.name,
        "type": record.type,
        "content": record.content,
        "ttl": record.ttl,
        "priority": record.priority,
    }


class ZoneSync(ResourceSync[resources.Zone, resources.ZoneDetail]):
    kind = Kind.ZONES
    model = Zone
    capability = "dns.list"
    detail_capability = "dns.detail"
    interval = timedelta(hours=6)
    known_by_name = True
    children = (
        Children(
            name="record",
            model=Record,
            parent="zone",
            field="records",
            key=record_key,
            columns=record_columns,
            label=lambda record: f"{record.name} {record.type}",
            quiet=frozenset({"upstream_id"}),
        ),
    )

    def list_page(self, provider: Provider, token: str | None) -> Page[resources.Zone]:
        return family(provider.dns).list(token)

    def read_detail(self, provider: Provider, upstream_id: str) -> resources.ZoneDetail:
        return family(provider.dns).detail(upstream_id)

    def name(self, row: Zone) -> str:
        return unicode_host(row.name)

    def tone(self, row: Zone) -> Tone:
        return Tone.FINE if row.hosted else Tone.UNKNOWN


AMOUNTS = ("register", "transfer", "renew", "redemption")


class PriceSync(AccountSync):
    kind = Kind.PRICES
    capability = "domains.prices"
    interval = timedelta(hours=24)

    def read(self, provider: Provider, ask: Ask) -> tuple[TldPrices, ...]:
        return ask(family(provider.domains).prices)

    def count(self, answer: tuple[TldPrices, ...]) -> int:
        return sum(len(ending.periods) for ending in answer)

    def write(self, account: ProviderAccount, answer: tuple[TldPrices, ...]) -> int:
        if not believed(account, self.kind, self.count(answer)):
            return 0
        said: dict[tuple[str, int], dict[str, Any]] = {}
        for ending in answer:
            for period in ending.periods:
                columns = price_columns(account, ending, period)
                place = (ending.tld, period.years)
                if said.setdefault(place, columns) != columns:
                    # The list says it twice, otherwise each time: which one holds, nobody can tell.
                    said[place] = {**said[place], **dict.fromkeys(AMOUNTS)}
        return replace_set(
            TldPrice.objects.filter(account=account),
            said.values(),
            key=("tld", "years"),
            prices=(*AMOUNTS, "currency"),
        )


def price_columns(account: ProviderAccount, ending: TldPrices, period: TldPeriod) -> dict[str, Any]:
    return {
        "account_id": account.pk,
        "upstream_id": ending.id,
        "tld": ending.tld,
        "years": period.years,
        **{name: getattr(period, name) for name in AMOUNTS},
        "currency": ending.currency or account.currency,
        "listed_on": ending.listed_on,
    }


registry.add(DomainSync())
registry.add(ZoneSync())
registry.add(PriceSync())
