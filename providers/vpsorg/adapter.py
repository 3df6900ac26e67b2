"""VPS.org as the engines see it: domains, DNS zones and virtual machines. Its API has no invoices, tickets or certificates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from providers.contract import (
    Billing,
    Certificates,
    Connection,
    Dns,
    Domains,
    ProfileFamily,
    ProviderSpec,
    Services,
    Support,
)
from providers.errors import (
    MalformedResponse,
    NotFound,
    NotSupported,
    PermissionDenied,
    ProviderError,
)
from providers.resources import (
    Contact,
    ContactDetail,
    Domain,
    DomainDetail,
    Machine,
    MachineDetail,
    Page,
    Profile,
    Service,
    ServiceDetail,
    Upstream,
    Zone,
    ZoneDetail,
)
from providers.transport import Transport
from providers.vpsorg import parse
from providers.vpsorg.client import ApiToken, VpsOrgClient
from providers.vpsorg.lists import PAGE_SIZE, BadRowError, Form, Listing, Turn

T = TypeVar("T", bound=Upstream)

_DAY = 24 * 3600
_MONTH = 30 * _DAY
_FORM = "vpsorg.form"
_SCOPES = "vpsorg.scopes"
_REFUSED = "vpsorg.refused."

_SCOPED = {
    "domains": ("domains.list", "domains.detail"),
    "dns": ("dns.list", "dns.detail"),
    "servers": ("services.list_machines", "services.machine"),
}
"""What a token's scope opens."""


class _Kind(NamedTuple):
    """A list of upstream's: whose scope it is, how it is called, and how its names are spelled."""

    scope: str
    operation: str
    names: tuple[str, ...]


_DOMAINS = _Kind("domains", "GET /domains/", parse.DOMAIN_NAMES)
_ZONES = _Kind("dns", "GET /dns-zones/", parse.ZONE_NAMES)
_MACHINES = _Kind("servers", "GET /servers/", parse.MACHINE_NAMES)


class _Api:
    """What the families share: the client, the form that the API has, and what the token was refused."""

    def __init__(self, connection: Connection) -> None:
        self.transport = Transport(connection, ApiToken(connection))
        self.client = VpsOrgClient(self.transport)
        self._account = connection.account_name
        self._memory = connection.memory

    def form(self) -> Form | None:
        kept = self._memory.get(_FORM)
        return Form(kept) if kept in set(Form) else None

    def page(self, kind: _Kind, token: str | None, ask: Callable[..., Any], read: Callable[[Any, Form], T]) -> Page[T]:
        """One page of a list, its rows read by `read`. The first page tells the API's form anew."""
        turn = Turn.parse(token)
        paged = self.form() is not Form.DOCUMENTED or turn.page > 1
        try:
            data = ask(page=turn.page, page_size=PAGE_SIZE) if paged else ask()
        except ProviderError as error:
            if turn.page > 1 and isinstance(error, NotFound):
                note = "The list became shorter while it was read."
                return Page(items=(), complete=False, note=note)
            raise self._noted(kind, error) from None
        try:
            listing = Listing.read(data, turn)
            form = self._learned(listing, kind)
            return listing.page(turn, lambda row: read(row, form), kind.names)
        except MalformedResponse as error:
            raise self._placed(error, kind.operation) from None

    def one(self, operation: str, data: Any, read: Callable[[Any, Form], T], wanted: str) -> T:
        """One thing out of a detail's answer. Raises MalformedResponse when it is unreadable or another one."""
        row = data if isinstance(data, dict) else {}
        uuid, number = row.get("uuid"), row.get("id")
        form = Form.PRESENT if uuid and str(uuid) == wanted else Form.DOCUMENTED
        if wanted not in {str(uuid), str(number)}:
            error = MalformedResponse("The portal answered with another thing than the one asked for.")
            raise self._placed(error, operation)
        try:
            return read(data, form)
        except BadRowError as error:
            raise self._placed(MalformedResponse(f"The portal's answer makes no sense: {error}."), operation) from None
        except MalformedResponse as error:
            raise self._placed(error, operation) from None

    def refused(self, scope: str) -> bool:
        """Whether the token may not use a family: by its scopes, or because it was refused within a day."""
        if self._memory.get(_REFUSED + scope):
            return True
        scopes = self._memory.get(_SCOPES)
        return isinstance(scopes, list) and bool(scopes) and not _covered(scope, scopes)

    def profile(self) -> Profile:
        """Whose token this is. An API without `/account/me/`, as the documented one, only shows that the token is good."""
        try:
            found = parse.profile(self.client.account())
        except (NotFound, NotSupported, PermissionDenied):
            return self._profile_by_domains()
        except MalformedResponse as error:
            if error.status == 404:  # an unknown path may be answered with a web page
                return self._profile_by_domains()
            raise self._placed(error, "GET /account/me/") from None
        self._memory.set(_SCOPES, list(found.scopes), keep_seconds=_DAY)
        return found

    def _profile_by_domains(self) -> Profile:
        try:
            Listing.read(self.client.list_domains(), Turn())
        except PermissionDenied:
            pass  # a good token that may do something else
        except MalformedResponse as error:
            raise self._placed(error, _DOMAINS.operation) from None
        return Profile(id="", email="", name="API token")

    def _learned(self, listing: Listing, kind: _Kind) -> Form:
        form = listing.form()
        known = self.form()
        # domains alone decide: they are documented in both forms, everything else exists in the present one only
        if form is not None and form is not known and (kind is _DOMAINS or known is None):
            self._memory.set(_FORM, form.value, keep_seconds=_MONTH)
        return form or known or Form.PRESENT

    def _noted(self, kind: _Kind, error: ProviderError) -> ProviderError:
        """Keeps for a day that a whole family is closed to this token or does not exist."""
        absent = isinstance(error, NotFound | NotSupported) or (
            isinstance(error, MalformedResponse) and error.status == 404
        )
        if absent and kind is not _DOMAINS:
            self._memory.set(_REFUSED + kind.scope, "absent", keep_seconds=_DAY)
            sentence = "This portal's API has no such list."
            return NotSupported(sentence, operation=kind.operation, account=self._account, status=error.status)
        if isinstance(error, PermissionDenied):
            self._memory.set(_REFUSED + kind.scope, "denied", keep_seconds=_DAY)
        return error

    def _placed(self, error: ProviderError, operation: str) -> ProviderError:
        error.operation = error.operation or operation
        error.account = error.account or self._account
        return error


def _covered(scope: str, scopes: list[Any]) -> bool:
    return any(granted in scopes for granted in ("*:*", "*:read", f"{scope}:*", f"{scope}:read"))


class _Domains:
    def __init__(self, api: _Api) -> None:
        self._api = api

    def list(self, page: str | None = None) -> Page[Domain]:
        return self._api.page(_DOMAINS, page, self._api.client.list_domains, parse.domain)

    def detail(self, domain_id: str) -> DomainDetail:
        data = self._api.client.get_domain(domain_id)
        return self._api.one("GET /domains/{domain_id}/", data, parse.domain_detail, domain_id)


class _Dns:
    def __init__(self, api: _Api) -> None:
        self._api = api

    def list(self, page: str | None = None) -> Page[Zone]:
        return self._api.page(_ZONES, page, self._api.client.list_dns_zones, parse.zone)

    def detail(self, zone_id: str) -> ZoneDetail:
        data = self._api.client.get_dns_zone(zone_id)
        return self._api.one("GET /dns-zones/{uuid}/", data, parse.zone_detail, zone_id)


class _Services:
    def __init__(self, api: _Api) -> None:
        self._api = api

    def list(self, page: str | None = None) -> Page[Service]:
        raise _missing("services.list")

    def detail(self, service_id: str) -> ServiceDetail:
        raise _missing("services.detail")

    def list_machines(self, page: str | None = None) -> Page[Machine]:
        return self._api.page(_MACHINES, page, self._api.client.list_servers, parse.machine)

    def machine(self, machine_id: str) -> MachineDetail:
        data = self._api.client.get_server(machine_id)
        return self._api.one("GET /servers/{uuid}/", data, parse.machine_detail, machine_id)


class _ProfileFamily:
    def __init__(self, api: _Api) -> None:
        self._api = api

    def profile(self) -> Profile:
        return self._api.profile()

    def list_contacts(self, page: str | None = None) -> Page[Contact]:
        raise _missing("profile.list_contacts")

    def contact(self, contact_id: str) -> ContactDetail:
        raise _missing("profile.contact")


class VpsOrgProvider:
    """Threads may share it: it keeps nothing but what `connection.memory` keeps."""

    def __init__(self, connection: Connection, spec: ProviderSpec) -> None:
        self.spec = spec
        self._api = _Api(connection)
        self.domains: Domains | None = _Domains(self._api)
        self.dns: Dns | None = _Dns(self._api)
        self.billing: Billing | None = None
        self.support: Support | None = None
        self.services: Services | None = _Services(self._api)
        self.certificates: Certificates | None = None
        self.profile: ProfileFamily | None = _ProfileFamily(self._api)

    @property
    def capabilities(self) -> frozenset[str]:
        open_families = (names for scope, names in _SCOPED.items() if not self._api.refused(scope))
        return frozenset({"profile.profile", *(name for names in open_families for name in names)})

    def can(self, capability: str) -> bool:
        return capability in self.capabilities

    def require(self, capability: str) -> None:
        """Raises NotSupported, in words for staff, when `capability` is not offered."""
        if not self.can(capability):
            raise _missing(capability)

    def test(self) -> Profile:
        return self._api.profile()

    def close(self) -> None:
        self._api.transport.close()


def _missing(capability: str) -> NotSupported:
    return NotSupported("This portal does not offer that in its API.", operation=capability)
