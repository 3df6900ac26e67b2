"""Larch, an imaginary registrar, as a provider of Holdfast: its domains, their name servers and their renewal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from providers.contract import AuthMethod, BaseProvider, Connection, CredentialField, ProviderSpec
from providers.errors import MalformedResponse
from providers.families import Domains, ProfileFamily
from providers.fields import Fields
from providers.resources import BadRow, Domain, DomainDetail, DomainStatus, Order, Page, Price, Profile
from providers.transport import Transport, path_segment

STATUSES = {"ok": DomainStatus.ACTIVE, "locked": DomainStatus.LOCKED, "lapsed": DomainStatus.EXPIRED}


class LarchToken:
    """Signs each request. There is nothing to renew: a token that is refused stays refused."""

    def __init__(self, connection: Connection) -> None:
        self._token = connection.credential["token"]

    def headers(self, transport: Transport) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self, transport: Transport, rejected: Mapping[str, str]) -> bool:
        return False


class LarchDomains(Domains):
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, page: str | None = None) -> Page[Domain]:
        answer = self._read("/domains", "GET /domains", cursor=page)
        rows = answer.get("domains")
        if not isinstance(rows, list):
            raise MalformedResponse("Larch answered without a list of domains.", operation="GET /domains")
        items, bad = [], []
        for row in rows:
            try:
                items.append(Domain(**shared(Fields(row))))
            except LookupError as missing:
                # one row that can't be read never stops a list: staff are told of it
                bad.append(BadRow(id=str(row)[:40], name="", reason=f"it has no {missing.args[0]}"))
        return Page(items=tuple(items), bad=tuple(bad), next=Fields(answer).id("cursor"))

    def detail(self, domain_id: str) -> DomainDetail:
        operation = "GET /domains/{id}"
        row = Fields(self._read(f"/domains/{path_segment(domain_id)}", operation))
        try:
            values = shared(row)
        except LookupError as missing:
            raise MalformedResponse(f"Larch’s answer has no {missing.args[0]}.", operation=operation) from None
        return DomainDetail(**values, registrar="Larch")

    def nameservers(self, domain_id: str) -> tuple[str, ...]:
        return self.detail(domain_id).nameservers or ()

    def set_nameservers(self, domain_id: str, nameservers: Sequence[str]) -> None:
        self._change("PUT", domain_id, "nameservers", {"nameservers": [*nameservers]})

    def renewal_price(self, domain_id: str, years: int) -> Price:
        operation = "GET /domains/{id}/price"
        row = Fields(self._read(f"/domains/{path_segment(domain_id)}/price", operation, years=str(years)))
        amount = row.money("price")
        if amount is None:
            raise MalformedResponse("Larch’s price can’t be read.", operation=operation)
        return Price(amount=amount, currency=row.line("currency") or "")

    def renew(self, domain_id: str, years: int, *, payment_method: str = "") -> Order:
        row = Fields(self._change("POST", domain_id, "renew", {"years": years}))
        return Order(number=row.id("order") or "", settled=True, expires_on=row.date("expires"))

    def _read(self, path: str, operation: str, **params: str | None) -> dict[str, Any]:
        asked = {name: value for name, value in params.items() if value is not None}
        data = self._transport.read("GET", path, operation=operation, params=asked).data
        return data if isinstance(data, dict) else {}

    def _change(self, method: str, domain_id: str, what: str, body: Mapping[str, Any]) -> Any:
        path = f"/domains/{path_segment(domain_id)}/{what}"
        return self._transport.change(method, path, operation=f"{method} /domains/{{id}}/{what}", json=body).data


def shared(row: Fields) -> dict[str, Any]:
    """What the list and the detail both tell. Raises LookupError, with the name of a field that a domain can't be without."""
    known = {"id": row.id("id"), "name": row.host("name", "domain")}
    for field, value in known.items():
        if value is None:
            raise LookupError(field)
    word = row.line("status", "state") or ""
    return {
        **known,
        "status": STATUSES.get(word, DomainStatus.UNKNOWN),
        "upstream_status": word,
        "registered_on": row.date("registered_on", "registered"),
        "expires_on": row.date("expires_on", "expires"),
        "auto_renew": row.flag("auto_renew", "auto"),
        "nameservers": row.hosts("nameservers", "ns"),
        "unreadable": row.unreadable,
    }


class LarchProfile(ProfileFamily):
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def profile(self) -> Profile:
        row = Fields(self._transport.read("GET", "/me", operation="GET /me").data)
        return Profile(id=row.id("id") or "", email=row.line("email") or "", name=row.line("name") or "")


class Larch(BaseProvider):
    def __init__(self, connection: Connection) -> None:
        self.spec = LARCH
        self._transport = Transport(connection, LarchToken(connection))
        self.domains = LarchDomains(self._transport)
        self.profile = LarchProfile(self._transport)

    def close(self) -> None:
        self._transport.close()


LARCH = ProviderSpec(
    key="larch",
    label="Larch",
    badge="LA",
    hue="other",
    base_url="https://api.larch.example/v1",
    base_path="/v1",
    auth_methods=(AuthMethod("bearer", "API token", (CredentialField("token", "API token", secret=True),)),),
    time_zone="UTC",
    connect=Larch,
)
