"""VPS.org as the engines see it: domains, DNS zones and virtual machines. Its API has no invoices, tickets or certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from providers.drafts import Spelling, Wire, refused, wire
from providers.errors import (
    InvalidRequest,
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
    Order,
    Page,
    Price,
    Profile,
    Record,
    RecordDraft,
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
from providers.vpsorg.prices import AS_OF, CURRENCY, price_of

T = TypeVar("T", bound=Upstream)

_DAY = 24 * 3600
_MONTH = 30 * _DAY
_FORM = "vpsorg.form"
_SCOPES = "vpsorg.scopes"
_REFUSED = "vpsorg.refused."
_REFUSED_CHANGES = "vpsorg.refused.changes."

_SCOPED = {
    "domains": ("domains.list", "domains.detail", "domains.renewal_price"),
    "dns": ("dns.list", "dns.detail"),
    "servers": ("services.list_machines", "services.machine"),
}
"""What a token's scope opens."""
_CHANGING = {
    "domains": ("domains.renew",),
    "dns": ("dns.add", "dns.change", "dns.remove"),
    "servers": ("services.reboot",),
}
"""What it opens beyond that to a token that may change things, where the API has its present form."""
_MOST_YEARS = 10


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
            raise self.placed(error, kind.operation) from None

    def one(self, operation: str, data: Any, read: Callable[[Any, Form], T], wanted: str) -> T:
        """One thing out of a detail's answer. Raises MalformedResponse when it is unreadable or another one."""
        row = data if isinstance(data, dict) else {}
        uuid, number = row.get("uuid"), row.get("id")
        form = Form.PRESENT if uuid and str(uuid) == wanted else Form.DOCUMENTED
        if wanted not in {str(uuid), str(number)}:
            error = MalformedResponse("The portal answered with another thing than the one asked for.")
            raise self.placed(error, operation)
        try:
            return read(data, form)
        except BadRowError as error:
            raise self.placed(MalformedResponse(f"The portal's answer makes no sense: {error}."), operation) from None
        except MalformedResponse as error:
            raise self.placed(error, operation) from None

    def refused(self, scope: str) -> bool:
        """Whether the token may not use a family: by its scopes, or because it was refused within a day."""
        if self._memory.get(_REFUSED + scope):
            return True
        scopes = self._memory.get(_SCOPES)
        return isinstance(scopes, list) and bool(scopes) and not _covered(scope, scopes, "read")

    def change(self, scope: str, operation: str, send: Callable[[], Any]) -> Any:
        """The answer to a change. Raises NotSupported, with nothing sent, for a token or an API that is known not to allow it."""
        if not self.changes(scope):
            sentence = "The portal’s API or this account’s token does not allow this. Nothing was sent."
            raise NotSupported(sentence, operation=operation, account=self._account)
        try:
            return send()
        except PermissionDenied:
            self._memory.set(_REFUSED_CHANGES + scope, "denied", keep_seconds=_DAY)
            raise

    def changes(self, scope: str) -> bool:
        """Whether the token may change a family's things, and the API is one in which that is known to be possible."""
        if self.refused(scope) or self._memory.get(_REFUSED_CHANGES + scope) or self.form() is Form.DOCUMENTED:
            return False
        scopes = self._memory.get(_SCOPES)
        return not (isinstance(scopes, list) and scopes) or _covered(scope, scopes, "write")

    def placed(self, error: ProviderError, operation: str) -> ProviderError:
        """`error` with what it lacks of operation and account."""
        error.operation = error.operation or operation
        error.account = error.account or self._account
        return error

    def profile(self) -> Profile:
        """Whose token this is. An API without `/account/me/`, as the documented one, only shows that the token is good."""
        try:
            found = parse.profile(self.client.account())
        except (NotFound, NotSupported, PermissionDenied):
            return self._profile_by_domains()
        except MalformedResponse as error:
            if error.status == 404:  # an unknown path may be answered with a web page
                return self._profile_by_domains()
            raise self.placed(error, "GET /account/me/") from None
        self._memory.set(_SCOPES, list(found.scopes), keep_seconds=_DAY)
        return found

    def _profile_by_domains(self) -> Profile:
        try:
            Listing.read(self.client.list_domains(), Turn())
        except PermissionDenied:
            pass  # a good token that may do something else
        except MalformedResponse as error:
            raise self.placed(error, _DOMAINS.operation) from None
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


def _covered(scope: str, scopes: list[Any], verb: str) -> bool:
    return any(granted in scopes for granted in ("*:*", f"*:{verb}", f"{scope}:*", f"{scope}:{verb}"))


class _Domains:
    def __init__(self, api: _Api) -> None:
        self._api = api

    def list(self, page: str | None = None) -> Page[Domain]:
        return self._api.page(_DOMAINS, page, self._api.client.list_domains, parse.domain)

    def detail(self, domain_id: str) -> DomainDetail:
        data = self._api.client.get_domain(domain_id)
        return self._api.one("GET /domains/{domain_id}/", data, parse.domain_detail, domain_id)

    def renewal_price(self, domain_id: str, years: int) -> Price:
        """By the dated list of the documentation page, which is for one year: the API names no price."""
        self._check_years(years)
        listed = price_of(self.detail(domain_id).name)
        if listed is None:
            sentence = "The portal’s price list has no price for this ending, so it can’t be renewed here."
            raise self._api.placed(NotSupported(sentence), "domains.renewal_price")
        return Price(amount=listed.renew * years, currency=CURRENCY, listed_on=AS_OF)

    def renew(self, domain_id: str, years: int, *, payment_method: str = "") -> Order:
        """Changes: `POST /domains/{uuid}/renew/`. Paid from the account's balance, so there is no way to pay to choose."""
        self._check_years(years)
        operation = "POST /domains/{uuid}/renew/"
        return parse.renewal(
            self._api.change("domains", operation, lambda: self._api.client.renew_domain(domain_id, years))
        )

    def _check_years(self, years: int) -> None:
        if not 1 <= years <= _MOST_YEARS:
            sentence = f"A domain is renewed for 1 to {_MOST_YEARS} years."
            error = InvalidRequest(f"{sentence} Nothing was sent.", fields={"years": [sentence]})
            raise self._api.placed(error, "domains.renew")


@dataclass(frozen=True, slots=True)
class _Known:
    """What writing into a zone needs to know of it."""

    name: str
    spelling: Spelling


class _Dns:
    def __init__(self, api: _Api) -> None:
        self._api = api
        self._read: dict[str, _Known] = {}

    def list(self, page: str | None = None) -> Page[Zone]:
        return self._api.page(_ZONES, page, self._api.client.list_dns_zones, parse.zone)

    def detail(self, zone_id: str) -> ZoneDetail:
        data = self._api.client.get_dns_zone(zone_id)
        zone = self._api.one("GET /dns-zones/{uuid}/", data, parse.zone_detail, zone_id)
        self._read[zone_id] = _Known(zone.name, Spelling.seen(parse.spelled_records(data)))
        return zone

    def sets_ttl(self, zone_id: str) -> bool:
        return True

    def add(self, zone_id: str, draft: RecordDraft) -> None:
        """Changes: `POST /dns-zones/{uuid}/records/`."""
        operation = "POST /dns-zones/{uuid}/records/"
        fields = _record_fields(self._written(zone_id, draft, operation))
        self._api.change("dns", operation, lambda: self._api.client.create_dns_record(zone_id, fields))

    def change(self, zone_id: str, record: Record, draft: RecordDraft) -> None:
        """Changes: `PATCH /dns-records/{uuid}/`, with all fields."""
        operation = "PATCH /dns-records/{uuid}/"
        record_id = self._id_of(record, operation)
        fields = _record_fields(self._written(zone_id, draft, operation))
        self._api.change("dns", operation, lambda: self._api.client.update_dns_record(record_id, fields))

    def remove(self, zone_id: str, record: Record) -> None:
        """Changes: `DELETE /dns-records/{uuid}/`."""
        operation = "DELETE /dns-records/{uuid}/"
        record_id = self._id_of(record, operation)
        self._api.change("dns", operation, lambda: self._api.client.delete_dns_record(record_id))

    def _written(self, zone_id: str, draft: RecordDraft, operation: str) -> Wire:
        """In the spelling of the zone as it was read last, which is before each change; else it is read now."""
        if zone_id not in self._read:
            self.detail(zone_id)
        known = self._read[zone_id]
        try:
            written = wire(draft, known.name, known.spelling)
            if written.type not in _RECORD_TYPES:
                raise refused("type", f"The portal has no {written.type} records.")
        except InvalidRequest as error:
            raise self._api.placed(error, operation) from None
        return written

    def _id_of(self, record: Record, operation: str) -> str:
        if not record.id:
            error = refused("id", "The portal gave this record no id by which it could be changed.")
            raise self._api.placed(error, operation)
        return record.id


_RECORD_TYPES = frozenset({"A", "AAAA", "CNAME", "MX", "TXT", "NS", "SRV", "CAA"})


def _record_fields(written: Wire) -> dict[str, Any]:
    """A TTL or priority that is left open is not sent."""
    fields = {
        "record_type": written.type,
        "name": written.name,
        "value": written.content,
        "ttl": written.ttl,
        "priority": written.priority,
    }
    return {name: value for name, value in fields.items() if value is not None}


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

    def reboot(self, machine_id: str) -> None:
        """Changes: `POST /servers/{uuid}/power/` with `restart`."""
        operation = "POST /servers/{uuid}/power/"
        self._api.change("servers", operation, lambda: self._api.client.power_server(machine_id, "restart"))


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
        readable = (names for scope, names in _SCOPED.items() if not self._api.refused(scope))
        changeable = (names for scope, names in _CHANGING.items() if self._api.changes(scope))
        return frozenset({"profile.profile", *(name for names in (*readable, *changeable) for name in names)})

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
