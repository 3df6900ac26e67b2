"""Domains of a HostBill portal."""

from __future__ import annotations

from dataclasses import replace

from providers import families
from providers.errors import InvalidRequest, MalformedResponse, NotSupported
from providers.hostbill.answers import nameserver_value
from providers.hostbill.orders import check_years, order_of, payment_method_id
from providers.hostbill.parse.domain import domain, domain_detail, nameservers
from providers.hostbill.portal import Portal, first_text, for_account, page_of, thing_of
from providers.hostbill.renewals import price_of
from providers.resources import Domain, DomainDetail, Order, Page, Price
from providers.values import Unreadable


def list_domains(portal: Portal) -> Page[Domain]:
    operation = "GET /domain"
    data = portal.whole(operation, portal.client.domains.list_domains)
    return page_of(
        data,
        "domains",
        parse=lambda row: domain(row, portal.zone),
        operation=operation,
        id_of=lambda row: first_text(row, "id", "domain_id"),
    )


@for_account
class Domains(families.Domains):
    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def list(self, page: str | None = None) -> Page[Domain]:
        """`GET /domain`, whole; `page` is not used since HostBill has no pages."""
        return list_domains(self.portal)

    def detail(self, domain_id: str) -> DomainDetail:
        """`GET /domain/{id}`, and `GET /domain/{id}/ns` only where that does not tell the name servers."""
        found = self._told(domain_id)
        if found.nameservers is not None or "nameservers" in found.unreadable:
            return found
        try:
            return replace(found, nameservers=self._nameservers(domain_id))
        except Unreadable:
            return replace(found, unreadable=(*found.unreadable, "nameservers"))

    def renewal_price(self, domain_id: str, years: int) -> Price:
        """By `GET /domain/{id}` and the price list of `GET /domain/order`, in the account's currency."""
        check_years(years)
        return price_of(self.portal, self._told(domain_id), years)

    def renew(self, domain_id: str, years: int, *, payment_method: str = "") -> Order:
        """Changes: `POST /domain/{id}/renew`."""
        check_years(years)
        method = payment_method_id(payment_method)
        data = self.portal.change(
            "POST /domain/{id}/renew",
            lambda: self.portal.client.domains.renew_domain(domain_id, years=years, pay_method=method),
        )
        return order_of(self.portal, data)

    def _told(self, domain_id: str) -> DomainDetail:
        return thing_of(
            self.portal.client.domains.domain_details(domain_id),
            "details",
            "domain",
            wanted=domain_id,
            parse=lambda row: domain_detail(row, self.portal.zone),
            operation="GET /domain/{id}",
        )

    def _nameservers(self, domain_id: str) -> tuple[str, ...] | None:
        """None where the portal refuses the question, as some registrar modules do: the rest of the detail is good."""
        try:
            answer = self.portal.client.domains.domain_nameservers(domain_id)
        except (InvalidRequest, NotSupported, MalformedResponse):
            return None
        return nameservers(nameserver_value(answer))
