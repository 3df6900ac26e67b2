"""Domains, zones and their records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from providers.resources.lists import Upstream


class DomainStatus(StrEnum):
    ACTIVE = "active"
    PENDING = "pending"
    PENDING_TRANSFER = "pending_transfer"
    LOCKED = "locked"
    EXPIRED = "expired"
    REDEMPTION = "redemption"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    TRANSFERRED_AWAY = "transferred_away"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain(Upstream):
    """A registered name. `name` is in lower-case punycode, as DNS has it; pages show its Unicode form."""

    name: str
    status: DomainStatus
    upstream_status: str = ""
    registered_on: date | None = None
    expires_on: date | None = None
    """The registry's expiry."""
    auto_renew: bool | None = None
    period_years: int | None = None
    renewal_price: Decimal | None = None
    """What one more period costs, in the account's currency where `renewal_currency` is empty."""
    renewal_currency: str = ""
    nameservers: tuple[str, ...] | None = None
    locked: bool | None = None
    privacy: bool | None = None
    dns_managed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainDetail(Domain):
    next_due_on: date | None = None
    """The provider's own due date, earlier than the registry's expiry."""
    next_invoice_on: date | None = None
    first_payment: Decimal | None = None
    registrar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone(Upstream):
    """A DNS zone. `id` is `domain:<domain id>` for the registrar's own DNS, `service:<service id>:<zone id>` for a DNS service,
    upstream's id elsewhere. `name` in lower-case punycode without a final dot."""

    name: str
    domain_id: str | None = None
    service_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One DNS record, normalised so that the same record of any provider compares equal.

    `name` is relative to the zone (`@` for the apex) in lower case; `content` is in presentation form: no quotes around TXT
    (the joined text), host names with a final dot and lower case, SRV as `weight port target.`, SOA as its seven fields joined by
    blanks, CAA as `flags tag "value"`. `priority` stands apart for MX and SRV and is None for the others. `ttl` in seconds, None
    where the provider has none of its own per record (an upstream 0 at the registrar's DNS).
    """

    id: str
    name: str
    type: str
    content: str
    ttl: int | None = None
    priority: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDraft:
    """A record as it shall be, in the normal form of `Record`. `ttl` None leaves it open: a new record gets the portal's default, a
    changed one keeps what it has."""

    name: str
    type: str
    content: str
    ttl: int | None = None
    priority: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneDetail(Zone):
    records: tuple[Record, ...] = ()
    hosted: bool = True
    """False where the portal answers that it does not run this zone (the name servers are elsewhere); `records` is then empty."""
    reason: str = ""
    """The portal's words for `hosted=False`."""
