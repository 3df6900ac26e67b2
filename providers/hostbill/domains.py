"""Domains of a HostBill portal: the portfolio, prices and orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from providers import families
from providers.errors import InvalidRequest, MalformedResponse, NotFound, NotSupported
from providers.hostbill.answers import row_values
from providers.hostbill.discretion import keeping
from providers.hostbill.dnssec import Dnssec
from providers.hostbill.endings import endings
from providers.hostbill.orders import (
    Action,
    check_years,
    domain_fields,
    domain_name,
    order_of,
    payment_method_id,
)
from providers.hostbill.parse.domain import domain, domain_detail
from providers.hostbill.parse.ending import availability
from providers.hostbill.parse.form import form_fields
from providers.hostbill.parse.registrar import inside, nameservers_told
from providers.hostbill.parse.row import UnreadableRow
from providers.hostbill.portal import Portal, first_text, for_account, page_of, thing_of, understood
from providers.hostbill.registrar import Registrar
from providers.hostbill.renewals import price_of
from providers.offers import Availability, DomainOrder, FormField, TldPrices
from providers.resources import Domain, DomainDetail, Order, Page, Price


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
class Domains(Registrar, Dnssec, families.Domains):
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
        return self._with_nameservers(found)

    def named(self, name: str) -> tuple[DomainDetail, ...]:
        """`GET /domain/name/{name}`. Entries of another name are left out."""
        operation = "GET /domain/name/{name}"
        wanted = domain_name(name)
        try:
            data = self.portal.client.domains.domain_details_by_name(wanted)
        except NotFound:
            return ()
        value = inside(data, "details", "domains")
        alone = isinstance(value, Mapping) and "id" in value
        rows = [value] if alone else row_values(value, "details", operation=operation)[0]
        read = understood(operation, lambda: [domain_detail(row, self.portal.zone) for row in rows])
        return tuple(one for one in read if one.name == wanted)

    # --- prices and orders ---------------------------------------------------------------------------------------------------

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

    def lookup(self, name: str) -> Availability:
        """`POST /domain/lookup`, which reads."""
        operation = "POST /domain/lookup"
        wanted = domain_name(name)
        data = self.portal.whole(operation, lambda: self.portal.client.domains.domain_availability(wanted))
        return understood(operation, lambda: availability(data, wanted, self.portal.zone))

    def prices(self) -> tuple[TldPrices, ...]:
        """`GET /domain/order`. A price of zero is none, except that a transfer may cost nothing."""
        return endings(self.portal)

    def order_form(self, tld_id: str) -> tuple[FormField, ...]:
        """`GET /domain/order/{id}/form`."""
        operation = "GET /domain/order/{id}/form"
        data = self.portal.whole(operation, lambda: self.portal.client.domains.tld_order_form(tld_id))
        rows, _ = row_values(data, "forms", operation=operation)
        return form_fields(rows, self.portal.zone)

    def register(self, order: DomainOrder, *, payment_method: str = "") -> Order:
        """Changes: `POST /domain/order` with the action `register`. Reads the price list first, for the ending's id and years."""
        return self._order(order, "register", payment_method)

    def transfer(self, order: DomainOrder, *, payment_method: str = "") -> Order:
        """Changes: `POST /domain/order` with the action `transfer`. Reads the price list first, for the ending's id and years."""
        return self._order(order, "transfer", payment_method)

    def _order(self, order: DomainOrder, action: Action, payment_method: str) -> Order:
        method = payment_method_id(payment_method)
        fields = domain_fields(order, action, endings(self.portal))
        if method is not None:
            fields["pay_method"] = method
        with keeping(order.epp_code) as scrubber:
            data = self.portal.change("POST /domain/order", lambda: self.portal.client.domains.order_domain(fields))
        return order_of(self.portal, data, scrubber)

    # --- one domain ----------------------------------------------------------------------------------------------------------

    def _told(self, domain_id: str) -> DomainDetail:
        return thing_of(
            self.portal.client.domains.domain_details(domain_id),
            "details",
            "domain",
            wanted=domain_id,
            parse=lambda row: domain_detail(row, self.portal.zone),
            operation="GET /domain/{id}",
        )

    def _with_nameservers(self, found: DomainDetail) -> DomainDetail:
        """Without them where the portal refuses the question, as some registrar modules do: the rest of the detail is good."""
        try:
            answer = self.portal.client.domains.domain_nameservers(found.id)
        except (InvalidRequest, NotSupported, MalformedResponse):
            return found
        try:
            return replace(found, nameservers=nameservers_told(answer))
        except UnreadableRow:
            return replace(found, unreadable=(*found.unreadable, "nameservers"))
