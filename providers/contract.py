"""What an adapter of a portal must be able to do. The engines know portals by this page alone.

A provider is a bundle of families (`domains`, `dns`, ...). A family that the portal lacks is None; a method that it lacks is absent
from `capabilities`, as `family.method` (`domains.list`, `billing.detail`). Callers ask `provider.can("domains.renew")` before they
offer it. What each method answers, and which of them change something, is in `providers.families`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from providers.families import (
    Billing,
    Catalog,
    Certificates,
    Dns,
    Domains,
    ProfileFamily,
    Services,
    Support,
    missing,
    offered_by,
)
from providers.resources import Page, Profile

__all__ = [
    "AuthMethod",
    "BaseProvider",
    "Billing",
    "CallRecord",
    "Catalog",
    "Certificates",
    "Connection",
    "CredentialField",
    "Dns",
    "Domains",
    "Limiter",
    "Memory",
    "ProfileFamily",
    "Provider",
    "ProviderSpec",
    "Services",
    "Support",
    "TokenStore",
    "pages",
]


class Provider(Protocol):
    """One account's portal, ready to be asked. Made by `ProviderSpec.connect`; not shared between threads unless it says so."""

    spec: ProviderSpec
    domains: Domains | None
    dns: Dns | None
    billing: Billing | None
    support: Support | None
    services: Services | None
    certificates: Certificates | None
    catalog: Catalog | None
    profile: ProfileFamily | None

    @property
    def capabilities(self) -> frozenset[str]:
        """What this account's portal can do, as `family.method`."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What staff should know about this portal's API, as sentences: the form in which it was met, what the token may do."""

    def can(self, capability: str) -> bool:
        """Whether `capability` is offered."""

    def test(self) -> Profile:
        """Signs in and reads whose login it is. Raises what the connect page turns into a sentence."""

    def sign_out(self) -> None:
        """Ends at the portal what its sign-ins left there, the tokens of `Connection.tokens`, and forgets them.

        Called when an account is taken off the desk or its credential replaced: the credential may be empty, so it never signs in
        for this. Gives up after seconds. Nothing to do where every call carries the secret itself.
        """

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
    """What every adapter shares: the families it has, and that asking for what is missing is a clear error.

    What an adapter overrides is what it can do; one whose portal may lack some of that narrows `capabilities`.
    """

    domains: Domains | None = None
    dns: Dns | None = None
    billing: Billing | None = None
    support: Support | None = None
    services: Services | None = None
    certificates: Certificates | None = None
    catalog: Catalog | None = None
    profile: ProfileFamily | None = None

    @property
    def capabilities(self) -> frozenset[str]:
        """What this account's portal can do, as `family.method`."""
        return offered_by(self)

    @property
    def notes(self) -> tuple[str, ...]:
        """What staff should know about this portal's API, as sentences for the account's page. Asks nobody."""
        return ()

    def can(self, capability: str) -> bool:
        """Whether `capability` is offered."""
        return capability in self.capabilities

    def require(self, capability: str) -> None:
        """Raises NotSupported, in words for staff, when `capability` is not offered."""
        if not self.can(capability):
            raise missing(capability)

    def test(self) -> Profile:
        """Signs in and reads whose login it is."""
        if self.profile is None:
            raise missing("profile.profile")
        return self.profile.profile()

    def sign_out(self) -> None:
        """Ends the tokens of its sign-ins at the portal; nothing to do where there are none."""

    def close(self) -> None:
        """Gives its connections back; nothing to do where there are none."""


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
