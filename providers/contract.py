"""What an adapter of a portal must be able to do. The engines know portals by this page alone.

A provider is a bundle of families (`domains`, `dns`, ...). A family that the portal lacks is None; a method that it lacks is absent
from `capabilities`, as `family.method` (`domains.list`, `billing.invoice`). Callers ask `provider.can("domains.renew")` before they
offer it. Every method may raise the errors of `providers.errors` and nothing else.

A method *reads* unless its docstring begins with `Changes:`, so that nobody infers it from an HTTP verb. After a change,
`Unavailable` and `RateLimited` mean that nothing happened, `OutcomeUnknown` that it may have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from providers.errors import NotSupported
from providers.resources import (
    Balance,
    Certificate,
    CertificateDetail,
    Contact,
    ContactDetail,
    CreditApplied,
    Department,
    Domain,
    DomainDetail,
    Invoice,
    InvoiceDetail,
    Machine,
    MachineDetail,
    Order,
    Page,
    PaymentMethod,
    Price,
    Profile,
    Record,
    RecordDraft,
    Service,
    ServiceDetail,
    Ticket,
    TicketDetail,
    Zone,
    ZoneDetail,
)


class Domains(Protocol):
    def list(self, page: str | None = None) -> Page[Domain]:
        """One page of the account's domains; `page` is the `next` of the page before."""

    def detail(self, domain_id: str) -> DomainDetail:
        """One domain with name servers and dates. Raises NotFound when it is gone."""

    def renewal_price(self, domain_id: str, years: int) -> Price:
        """What renewing this domain for `years` costs now in all, tax left aside. Raises InvalidRequest for a period that is not
        sold and NotSupported where the price is not known: it is never guessed."""

    def renew(self, domain_id: str, years: int, *, payment_method: str = "") -> Order:
        """Changes: orders a renewal. In HostBill that is an order with an invoice; the expiry moves once that is paid."""


class Dns(Protocol):
    def list(self, page: str | None = None) -> Page[Zone]:
        """One page of the zones, those at the registrar and those in DNS services."""

    def detail(self, zone_id: str) -> ZoneDetail:
        """One zone with all its records. `hosted=False` where the portal does not run it."""

    def sets_ttl(self, zone_id: str) -> bool:
        """Whether a TTL can be set for a record of this zone. Asks nobody."""

    def add(self, zone_id: str, draft: RecordDraft) -> None:
        """Changes: adds a record. Upstream does not say its id; read the zone again to find it.

        Raises InvalidRequest, with nothing sent, for a draft that the zone can't hold as it is: a TTL where none can be set.
        """

    def change(self, zone_id: str, record: Record, draft: RecordDraft) -> None:
        """Changes: makes `record`, as the zone was just read, into `draft`. Its id must be of that read: indexes renumber."""

    def remove(self, zone_id: str, record: Record) -> None:
        """Changes: removes `record`, as the zone was just read. Its id must be of that read: indexes renumber."""


class Billing(Protocol):
    def list(self, page: str | None = None) -> Page[Invoice]:
        """One page of the invoices, drafts included."""

    def detail(self, invoice_id: str) -> InvoiceDetail:
        """One invoice with its lines."""

    def balances(self) -> tuple[Balance, ...]:
        """What is owed and what credit there is, one entry a currency."""

    def payment_methods(self) -> tuple[PaymentMethod, ...]:
        """The ways to pay, with their fees where the portal tells them."""

    def apply_credit(self, invoice_id: str, amount: Decimal | None = None) -> CreditApplied:
        """Changes: pays an invoice from the account's credit; None for as much as it needs."""


class Support(Protocol):
    def list(self, page: str | None = None) -> Page[Ticket]:
        """One page of the tickets, closed ones included."""

    def detail(self, number: str) -> TicketDetail:
        """One ticket with its whole thread."""

    def departments(self) -> tuple[Department, ...]:
        """Where a ticket can be sent."""

    def reply(self, number: str, body: str) -> None:
        """Changes: adds our reply to a ticket. Upstream does not say its id; read the thread again to find it."""


class Services(Protocol):
    def list(self, page: str | None = None) -> Page[Service]:
        """One page of the services."""

    def detail(self, service_id: str) -> ServiceDetail:
        """One service with what its module can do."""

    def list_machines(self, page: str | None = None) -> Page[Machine]:
        """One page of the virtual machines of all services."""

    def machine(self, machine_id: str) -> MachineDetail:
        """One virtual machine."""

    def reboot(self, machine_id: str) -> None:
        """Changes: restarts a virtual machine. Upstream accepts it; the machine takes its time."""


class Certificates(Protocol):
    def list(self, page: str | None = None) -> Page[Certificate]:
        """One page of the certificates."""

    def detail(self, certificate_id: str) -> CertificateDetail:
        """One certificate with its request."""


class ProfileFamily(Protocol):
    def profile(self) -> Profile:
        """Whose login this is; the cheapest authenticated read, used to test a credential."""

    def list_contacts(self, page: str | None = None) -> Page[Contact]:
        """One page of the contacts (sub-accounts)."""

    def contact(self, contact_id: str) -> ContactDetail:
        """One contact with address and privileges."""


class Provider(Protocol):
    """One account's portal, ready to be asked. Made by `ProviderSpec.connect`; not shared between threads unless it says so."""

    spec: ProviderSpec
    domains: Domains | None
    dns: Dns | None
    billing: Billing | None
    support: Support | None
    services: Services | None
    certificates: Certificates | None
    profile: ProfileFamily | None

    @property
    def capabilities(self) -> frozenset[str]:
        """What this account's portal can do, as `family.method`."""

    def can(self, capability: str) -> bool:
        """Whether `capability` is offered."""

    def test(self) -> Profile:
        """Signs in and reads whose login it is. Raises what the connect page turns into a sentence."""

    def close(self) -> None:
        """Gives its connections back."""


# --- what an adapter declares about itself ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One field of the form that connects an account."""

    name: str
    label: str
    secret: bool = False
    kind: str = "text"
    """text, email or password: the HTML input type."""
    help: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class AuthMethod:
    """One way to sign in, with the credential fields that it wants. `key`: basic, jwt or bearer."""

    key: str
    label: str
    fields: tuple[CredentialField, ...]


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """A provider as people pick it: a preset of an adapter. Registered in the entry-point group `holdfast.providers`.

    `base_path` is what a pasted host alone is completed with (`/api`). `rate_per_minute` and `concurrency` are what we allow
    ourselves when the portal says nothing. `connect` builds the adapter.
    """

    key: str
    label: str
    badge: str
    """Two letters."""
    hue: str
    """cv, ds, vo or other: the steady hue of its badge."""
    base_url: str
    base_path: str
    auth_methods: tuple[AuthMethod, ...]
    time_zone: str
    connect: Callable[[Connection], Provider]
    currency: str = ""
    portal_url: str = ""
    rate_per_minute: int = 240
    concurrency: int = 4
    help: str = ""

    def auth_method(self, key: str) -> AuthMethod:
        """The method named `key`. Raises KeyError."""
        for method in self.auth_methods:
            if method.key == key:
                return method
        raise KeyError(key)


class TokenStore(Protocol):
    """Where one account's access tokens live, shared by all processes and encrypted at rest."""

    def load(self) -> Mapping[str, Any] | None:
        """The stored tokens, or None."""

    def save(self, tokens: Mapping[str, Any] | None) -> None:
        """Keeps `tokens` for all processes; None forgets them."""

    def lock(self, *, timeout: float) -> AbstractContextManager[None]:
        """Held while one process logs in or refreshes, so that N processes log in once. Reload after entering.

        Raises Unavailable when it is not to be had within `timeout` seconds.
        """


class Memory(Protocol):
    """What an adapter has learned about one portal and need not ask again (services without virtual machines, the API's form)."""

    def get(self, key: str) -> Any:
        """The JSON value kept under `key`, None when there is none or it is older than it was said to keep."""

    def set(self, key: str, value: Any, *, keep_seconds: int) -> None:
        """Keeps a JSON value."""


class Limiter(Protocol):
    """The rate and concurrency limit of one account, shared by all processes."""

    def slot(self, *, timeout: float) -> AbstractContextManager[None]:
        """Waits for a turn, at most `timeout` seconds, and holds a place while the call is under way. Raises RateLimited."""

    def learn(self, *, remaining: int | None, reset_after: float | None, retry_after: float | None) -> None:
        """Takes what upstream's headers said about its own limit."""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One HTTP exchange, for metrics, logs and the counts of a sync run. Carries no secret and no body."""

    operation: str
    status: int
    seconds: float
    sent_bytes: int
    received_bytes: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """Everything an adapter needs to speak for one account. `repr` shows no secret."""

    account_name: str
    base_url: str
    auth: str
    credential: Mapping[str, str] = field(repr=False)
    time_zone: str
    tokens: TokenStore
    memory: Memory
    limiter: Limiter
    allowed_upstreams: tuple[str, ...] = ()
    """Hosts, host:port or CIDR that may be private or plain http (`HOLDFAST_ALLOWED_UPSTREAMS`)."""
    on_call: Callable[[CallRecord], None] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Added to every request, such as the request id that leads from the click to the call."""


class BaseProvider:
    """What every adapter shares: capabilities are data, and asking for what is missing is a clear error."""

    FAMILIES: ClassVar[tuple[str, ...]] = (
        "domains",
        "dns",
        "billing",
        "support",
        "services",
        "certificates",
        "profile",
    )
    capabilities: frozenset[str] = frozenset()

    def can(self, capability: str) -> bool:
        return capability in self.capabilities

    def require(self, capability: str) -> None:
        """Raises NotSupported, in words for staff, when `capability` is not offered."""
        if not self.can(capability):
            raise NotSupported("This portal does not offer that in its API.", operation=capability)


def pages(first: Callable[[str | None], Page[Any]]) -> Iterator[Page[Any]]:
    """Every page of a list, from the first on; stops when a page names no next one or names one that was seen."""
    token: str | None = None
    seen: set[str] = set()
    while True:
        page = first(token)
        yield page
        token = page.next
        if token is None or token in seen:
            return
        seen.add(token)
