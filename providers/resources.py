"""What upstream portals hold, in our own vocabulary. Nothing upstream-shaped leaves an adapter.

Long because a vocabulary without logic is looked up, not read through. Every adapter answers in these types; for all of them:

- `None` means *upstream did not say* (the list does not carry the field, or its value could not be read). The mirror keeps
  what it has. An empty string or tuple means *upstream said that it is empty*.
- `unreadable` names the fields whose upstream value was there but made no sense (`0000-00-00`, a year 2099, "n/a" for money).
- Dates are days and are never shifted; instants are aware datetimes in UTC; money is Decimal with an ISO 4217 currency, or an
  empty currency where upstream names none.
- A status is our word; `upstream_status` is the raw one beside it.
- Ids are upstream's, as text, in the form of `sync.Resource.upstream_id`.
- Fields with `secret` in their metadata (hosting passwords) are never mirrored, hashed or logged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar


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


class InvoiceStatus(StrEnum):
    DRAFT = "draft"
    UNPAID = "unpaid"
    PENDING = "pending"
    PAID = "paid"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    COLLECTIONS = "collections"
    UNKNOWN = "unknown"


class TicketStatus(StrEnum):
    """Who must speak next: `answered` waits for us, `open`, `customer_reply` and `in_progress` wait for the portal's staff."""

    OPEN = "open"
    ANSWERED = "answered"
    CUSTOMER_REPLY = "customer_reply"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class ServiceStatus(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"
    FRAUD = "fraud"
    UNKNOWN = "unknown"


class MachineStatus(StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"
    SUSPENDED = "suspended"
    BUILDING = "building"
    BUSY = "busy"
    FAILED = "failed"
    UNKNOWN = "unknown"


class CertificateStatus(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """What every mirrored thing has: its id at the portal and the fields whose value could not be read."""

    id: str
    unreadable: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice(Upstream):
    number: str
    status: InvoiceStatus
    upstream_status: str = ""
    issued_on: date | None = None
    due_on: date | None = None
    paid_at: datetime | None = None
    total: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    id: str
    description: str
    amount: Decimal | None
    """The line's total, without tax where the portal adds tax below the lines."""
    quantity: Decimal | None = None
    taxed: bool | None = None
    type: str = ""
    item_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDetail(Invoice):
    subtotal: Decimal | None = None
    tax: Decimal | None = None
    tax_rate: Decimal | None = None
    """In per cent."""
    credit: Decimal | None = None
    notes: str | None = None
    lines: tuple[InvoiceLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What the account owes and what credit it has. Not a resource: an account has one a currency."""

    currency: str
    owed: Decimal | None
    credit: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What something costs. `listed_on` is set where it comes from a published list of that day and not from the portal itself."""

    amount: Decimal
    currency: str = ""
    """Empty for the account's currency."""
    listed_on: date | None = None
    at_most: bool = False
    """The portal may charge less: it does not say whether an expired domain still has its usual price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What upstream made of an order or a renewal. Empty ids where it names none. A portal without invoices sets `settled`: the
    account's balance was charged at once."""

    number: str = ""
    invoice_id: str = ""
    total: Decimal | None = None
    currency: str = ""
    settled: bool = False
    expires_on: date | None = None
    """The new expiry, where the answer says it."""
    items: tuple[OrderedItem, ...] = ()
    words: str = ""
    """What the portal says comes next, such as the steps of a transfer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedItem:
    """One thing that an order made: the id of the domain, service or certificate that is to come."""

    id: str
    type: str
    """In upstream's words, such as `Domain Register`."""
    name: str = ""
    product_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditApplied:
    """What applying credit did to an invoice."""

    applied: Decimal
    invoice_status: InvoiceStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMethod:
    id: str
    name: str
    fixed_fee: Decimal | None = None
    percent_fee: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(Upstream):
    """`id` is the ticket's number."""

    number: str
    subject: str
    status: TicketStatus
    upstream_status: str = ""
    department: str | None = None
    opened_at: datetime | None = None
    read_by_us: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReply:
    """One message of a thread. The opening message of the ticket has the id `opening`."""

    id: str
    author: str
    body: str
    sent_at: datetime | None
    by_staff: bool
    """True when the portal's people wrote it."""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a message, still at the portal."""

    id: str
    name: str
    size: int | None = None
    """In bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file as upstream sent it. Hostile: whoever hands it on names it and its type anew, and never renders it."""

    content: bytes = field(repr=False)
    name: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDetail(Ticket):
    author: str | None = None
    email: str | None = None
    replies: tuple[TicketReply, ...] = ()
    """The whole thread, oldest first, with the opening message as its first entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    id: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Upstream):
    name: str
    """The product's name."""
    status: ServiceStatus
    upstream_status: str = ""
    domain: str | None = None
    label: str | None = None
    category: str | None = None
    billing_cycle: str | None = None
    next_due_on: date | None = None
    price: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMethod:
    """Something a service's module can do, as the portal lists it (`/service/@id/vms/@vmid/reboot`)."""

    name: str
    method: str
    route: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDetail(Service):
    registered_on: date | None = None
    next_invoice_on: date | None = None
    first_payment: Decimal | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False, metadata={"secret": True})
    methods: tuple[ServiceMethod, ...] | None = None
    offers: frozenset[str] | None = None
    """What this service can do, as capabilities (`services.reboot`), of those that differ from service to service. None where the
    portal does not tell it; then only trying shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine(Upstream):
    """A virtual machine. `id` is `<service id>:<vm id>` where it hangs on a service, else upstream's id."""

    name: str
    status: MachineStatus
    upstream_status: str = ""
    service_id: str | None = None
    ips: tuple[str, ...] | None = None
    memory_mb: int | None = None
    disk_gb: int | None = None
    cpus: int | None = None
    system: str | None = None
    plan: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineDetail(Machine):
    created_at: datetime | None = None
    password: str | None = field(default=None, repr=False, metadata={"secret": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAddress:
    """An address of a service. `host` is what it resolves to, None where that was not asked for or is not said."""

    ip: str
    host: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a machine can be rebuilt from."""

    id: str
    name: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SshKey:
    id: str
    name: str
    fingerprint: str = ""
    created_at: datetime | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate(Upstream):
    domain: str
    name: str
    """The product's name."""
    status: CertificateStatus
    upstream_status: str = ""
    certificate_status: str | None = None
    """The authority's word, empty until it has one."""
    expires_on: date | None = None
    next_due_on: date | None = None
    billing_cycle: str | None = None
    price: Decimal | None = None
    currency: str = ""
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleContact:
    """Somebody whom a thing names, to be read by people: `words` holds name, organisation, e-mail and phone."""

    role: str
    """registrant, admin, tech or billing."""
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDetail(Certificate):
    registered_on: date | None = None
    next_invoice_on: date | None = None
    first_payment: Decimal | None = None
    organization: str | None = None
    software: str | None = None
    """The server software that it was ordered for, by the id of `certificates.software` or by name."""
    contacts: tuple[RoleContact, ...] | None = None
    csr: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Upstream):
    first_name: str
    last_name: str
    email: str
    company: str = ""
    is_company: bool | None = None
    last_login_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetail(Contact):
    address: tuple[str, ...] | None = None
    city: str | None = None
    state: str | None = None
    postcode: str | None = None
    country: str | None = None
    phone: str | None = None
    mobile: str | None = None
    privileges: tuple[str, ...] | None = None
    """As `group.privilege`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Whose login this is. `scopes` is what a token may do, empty where the portal has no scopes. The rest is named as in
    `providers.people.PersonDraft`, so that it can be changed."""

    id: str
    email: str
    name: str
    company: str = ""
    country: str = ""
    currency: str = ""
    scopes: tuple[str, ...] = ()
    first_name: str | None = None
    last_name: str | None = None
    is_company: bool | None = None
    address: tuple[str, ...] | None = None
    city: str | None = None
    state: str | None = None
    postcode: str | None = None
    phone: str | None = None
    mobile: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row of a list that could not be read. It never stops a run; staff see the reason."""

    id: str
    name: str
    reason: str


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list. `next` is the token of the following page, None on the last.

    `complete` is False when upstream gave fewer rows than it announced, or some part of a list could not be read: what is missing
    then says nothing, and nothing is tombstoned.
    """

    items: tuple[T, ...]
    bad: tuple[BadRow, ...] = ()
    next: str | None = None
    total: int | None = None
    complete: bool = True
    note: str = ""
    """Why the page is incomplete, as a sentence for staff."""
