"""Domains of VPS.org: what the account holds, what a name costs, and what is kept of it. All is charged to the balance
at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from providers import families
from providers.contract import pages
from providers.errors import InvalidRequest, MalformedResponse, NotSupported, ProviderError
from providers.offers import Availability, DomainOrder, TldPeriod, TldPrices
from providers.resources import Domain, DomainDetail, Order, Page, Price
from providers.vpsorg.api import DOMAINS, MOST_PAGES, Api
from providers.vpsorg.lists import Form
from providers.vpsorg.operations import NEEDS, UPDATE_NAMESERVERS, Need
from providers.vpsorg.parse import domains as parse
from providers.vpsorg.parse import orders
from providers.vpsorg.prices import AS_OF, CURRENCY, LIST, price_of

S = TypeVar("S")

_MOST_YEARS: Final = 10
_MOST_NAMESERVERS: Final = 4
_SPELLINGS: Final = {
    "auto_renew": ("auto_renew",),
    "privacy_protection": ("privacy_protection", "whois_privacy"),
    "locked": ("locked", "transfer_lock"),
}
"""A setting as the page calls it, and all its names."""
_MASK: Final = "•••"
_DETAIL: Final = "GET /domains/{domain_id}/"


class Domains(families.Domains):
    def __init__(self, api: Api) -> None:
        self._api = api

    def list(self, page: str | None = None) -> Page[Domain]:
        return self._api.page(DOMAINS, page, self._api.client.domains.list, parse.domain)

    def detail(self, domain_id: str) -> DomainDetail:
        return self._api.one(_DETAIL, self._api.client.domains.get(domain_id), parse.domain_detail, domain_id)

    def named(self, name: str) -> tuple[DomainDetail, ...]:
        wanted = self._host("name", name, DOMAINS.operation)
        return tuple(self.detail(one.id) for one in self._listed_as(wanted))

    def _listed_as(self, name: str) -> tuple[Domain, ...]:
        def search(**place: Any) -> Any:
            return self._api.client.domains.list(search=name, **place)

        found: dict[str, Domain] = {}
        for number, page in enumerate(pages(lambda token: self._api.page(DOMAINS, token, search, parse.domain)), 1):
            if number == MOST_PAGES and page.next is not None:
                raise self._api.placed(MalformedResponse("The portal's list has no end."), DOMAINS.operation)
            found.update({one.id: one for one in page.items if one.name == name})
        return tuple(found.values())

    # --- prices and orders ---------------------------------------------------------------------------------------------------

    def renewal_price(self, domain_id: str, years: int) -> Price:
        """By the dated list of the documentation page, which is for one year: the API names no price."""
        self._check_years(years, "domains.renewal_price")
        listed = price_of(self.detail(domain_id).name)
        if listed is None:
            sentence = "The portal’s price list has no price for this ending, so it can’t be renewed here."
            raise self._api.placed(NotSupported(sentence), "domains.renewal_price")
        return Price(amount=listed.renew * years, currency=CURRENCY, listed_on=AS_OF)

    def prices(self) -> tuple[TldPrices, ...]:
        """The documentation page's list, dated, for one year: the API has none. Asks nobody."""
        return tuple(
            TldPrices(
                id="",
                tld=tld,
                periods=(TldPeriod(years=1, register=one.register, transfer=one.transfer, renew=one.renew),),
                currency=CURRENCY,
                listed_on=AS_OF,
            )
            for tld, one in LIST.items()
        )

    def lookup(self, name: str) -> Availability:
        """`POST /domains/search/`. It has a price where the portal's answer names one; the documentation knows of
        none."""
        need = NEEDS["domains.lookup"]
        wanted = self._host("name", name, need.operation)
        data = self._api.call(need, lambda: self._api.client.domains.search(wanted))
        try:
            return orders.availability(wanted, data)
        except MalformedResponse as error:
            raise self._api.placed(error, need.operation) from None

    def renew(self, domain_id: str, years: int, *, payment_method: str = "") -> Order:
        """Changes: `POST /domains/{uuid}/renew/`. Paid from the account's balance, so there is no way to pay to
        choose."""
        need = NEEDS["domains.renew"]
        self._check_years(years, need.operation)
        self._refuse_given(need, payment_method=payment_method)
        self._check_form(domain_id, need)
        data = self._api.call(need, lambda: self._api.client.domains.renew(domain_id, years=years))
        return orders.renewal(self._charged(need, data))

    def register(self, order: DomainOrder, *, payment_method: str = "") -> Order:
        """Changes: `POST /domains/`. The name is `pending` for 5 to 10 minutes, then active."""
        need = NEEDS["domains.register"]
        self._check_years(order.years, need.operation)
        self._refuse_given(need, contacts=order.contacts, extra=order.extra, payment_method=payment_method)
        name = self._host("name", order.name, need.operation)
        servers = self._hosts(order.nameservers, need.operation, fewest=2) if order.nameservers else None
        data = self._api.call(
            need,
            lambda: self._api.client.domains.register(
                name,
                years=order.years,
                auto_renew=order.auto_renew,
                privacy_protection=order.privacy,
                nameservers=servers,
            ),
        )
        return orders.registration(self._charged(need, data))

    def transfer(self, order: DomainOrder, *, payment_method: str = "") -> Order:
        """Changes: `POST /domains/{domain_id}/transfer/`, with one year of renewal; takes 5 to 7 days.

        The portal transfers what its list of domains shows already; the page does not say how a name held elsewhere
        comes to be there. Raises InvalidRequest for one that it does not show.
        """
        need = NEEDS["domains.transfer"]
        name = self._host("name", order.name, need.operation)
        if order.years != 1:
            self._api.refuse(
                need.operation, "years", "A transfer comes with one year of renewal, neither more nor less."
            )
        if not order.epp_code.strip():
            self._api.refuse(need.operation, "epp_code", "A transfer needs the EPP code of the present registrar.")
        self._refuse_given(
            need,
            contacts=order.contacts,
            extra=order.extra,
            nameservers=order.nameservers,
            privacy=order.privacy,
            payment_method=payment_method,
        )
        found = self._listed_as(name)
        if len(found) != 1:
            sentence = (
                "The portal can begin a transfer only for a name that its own list of domains shows already, once, and "
                f"it shows this one {len(found)} times. Have its support add it there."
            )
            self._api.refuse(need.operation, "name", sentence)
        code, domains = order.epp_code.strip(), self._api.client.domains
        try:
            data = self._api.call(
                need, lambda: domains.transfer(found[0].id, auth_code=code, auto_renew=order.auto_renew)
            )
        except ProviderError as error:
            raise _without(error, code) from None
        begun = orders.transfer(self._charged(need, data))
        return replace(begun, words=begun.words.replace(code, _MASK))

    # --- what is kept of a name ----------------------------------------------------------------------------------------------

    def nameservers(self, domain_id: str) -> tuple[str, ...]:
        return self._said(self.detail(domain_id).nameservers, "name servers")

    def set_nameservers(self, domain_id: str, nameservers: Sequence[str]) -> None:
        """Changes: `POST /domains/{uuid}/update_nameservers/` in the present form, `PUT /domains/{domain_id}/` in the
        documented one. The portal's own can't be put back by naming none."""
        need = NEEDS["domains.set_nameservers"]
        if _form_of(domain_id) is Form.DOCUMENTED:
            servers = self._hosts(nameservers, need.operation, fewest=2)
            self._api.call(need, lambda: self._api.client.domains.update(domain_id, nameservers=servers))
            return
        need = UPDATE_NAMESERVERS
        servers = self._hosts(nameservers, need.operation, fewest=1)
        self._api.call(need, lambda: self._api.client.domains.update_nameservers(domain_id, servers))

    def lock(self, domain_id: str) -> bool:
        return self._said(self.detail(domain_id).locked, "lock")

    def set_lock(self, domain_id: str, on: bool) -> None:
        """Changes: `PUT /domains/{domain_id}/`."""
        self._set(domain_id, "locked", on)

    def set_privacy(self, domain_id: str, on: bool) -> None:
        """Changes: `PUT /domains/{domain_id}/`."""
        self._set(domain_id, "privacy_protection", on)

    def auto_renew(self, domain_id: str) -> bool:
        return self._said(self.detail(domain_id).auto_renew, "renewal by itself")

    def set_auto_renew(self, domain_id: str, on: bool) -> None:
        """Changes: `PUT /domains/{domain_id}/`."""
        self._set(domain_id, "auto_renew", on)

    def detach(self, domain_id: str) -> None:
        """Changes: `DELETE /domains/{domain_id}/`. The registration goes on and renews if auto-renewal is on."""
        need = NEEDS["domains.detach"]
        self._api.call(need, lambda: self._api.client.domains.delete(domain_id))

    def _set(self, domain_id: str, setting: str, on: bool) -> None:
        """Sends a setting under the name that the portal shows it by: an API may pass over names that it does not know
        and still say 200. That is why the answer is looked at, too."""
        names = _SPELLINGS[setting]
        need = NEEDS["domains.set_lock"]
        name = setting
        if _form_of(domain_id) is Form.PRESENT and len(names) > 1:
            shown = self._api.client.domains.get(domain_id)
            shows = shown if isinstance(shown, dict) else {}
            name = next((one for one in names if one in shows), setting)
        change: dict[str, Any] = {name: on}
        data = self._api.call(need, lambda: self._api.client.domains.update(domain_id, **change))
        if orders.still_says(data, names, on):
            raise self._api.unsure(need.operation, "The portal accepted this but answered with the old setting.")

    def _charged(self, need: Need, data: Any) -> Any:
        """`data` itself. Raises OutcomeUnknown where it tells nothing: that is no proof of what costs money."""
        if not orders.tells_something(data):
            raise self._api.unsure(need.operation, "The portal accepted this without saying what it made of it.")
        return data

    # --- checks --------------------------------------------------------------------------------------------------------------

    def _said(self, value: S | None, what: str) -> S:
        if value is None:
            raise self._api.placed(MalformedResponse(f"The portal does not tell the {what} of this domain."), _DETAIL)
        return value

    def _check_years(self, years: int, operation: str) -> None:
        if not 1 <= years <= _MOST_YEARS:
            self._api.refuse(operation, "years", f"A domain is ordered for 1 to {_MOST_YEARS} years.")

    def _check_form(self, domain_id: str, need: Need) -> None:
        if _form_of(domain_id) is Form.DOCUMENTED:
            sentence = "The portal’s API does not have this in the form in which it is documented. Nothing was sent."
            raise self._api.placed(NotSupported(sentence), need.operation)

    def _host(self, field: str, text: str, operation: str) -> str:
        name = orders.host(text)
        if name is None:
            self._api.refuse(operation, field, "This is no domain name.")
        return name

    def _hosts(self, names: Sequence[str], operation: str, *, fewest: int) -> Sequence[str]:
        found = [self._host("nameservers", name, operation) for name in names]
        if not fewest <= len(found) <= _MOST_NAMESERVERS or len(set(found)) < len(found):
            sentence = f"The portal takes {fewest} to {_MOST_NAMESERVERS} name servers, each once."
            self._api.refuse(operation, "nameservers", sentence)
        return found

    def _refuse_given(self, need: Need, **given: Any) -> None:
        """What the portal has no place for is refused, not dropped."""
        for field, value in given.items():
            if value not in (None, (), {}, ""):
                what = field.replace("_", " ")
                self._api.refuse(need.operation, field, f"The portal takes no {what} with this order.")


def _form_of(domain_id: str) -> Form:
    """Numbers name domains in the documented form alone."""
    return Form.DOCUMENTED if domain_id.isdecimal() else Form.PRESENT


def _without(error: ProviderError, secret: str) -> ProviderError:
    """`error` without a secret that the portal may have repeated in its words."""
    error.upstream_words = error.upstream_words.replace(secret, _MASK)
    if isinstance(error, InvalidRequest):
        error.fields = {name: [one.replace(secret, _MASK) for one in error.fields[name]] for name in error.fields}
    return error
