"""Domains of VPS.org, and their renewal, which is charged to the balance at once."""

from __future__ import annotations

from providers import families
from providers.errors import InvalidRequest, NotSupported
from providers.resources import Domain, DomainDetail, Order, Page, Price
from providers.vpsorg import parse
from providers.vpsorg.api import DOMAINS, Api
from providers.vpsorg.prices import AS_OF, CURRENCY, price_of

_MOST_YEARS = 10


class Domains(families.Domains):
    def __init__(self, api: Api) -> None:
        self._api = api

    def list(self, page: str | None = None) -> Page[Domain]:
        return self._api.page(DOMAINS, page, self._api.client.list_domains, parse.domain)

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
