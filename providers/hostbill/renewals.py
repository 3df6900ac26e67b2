"""What renewing a domain costs at a HostBill portal, and the order that a renewal makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from providers.errors import InvalidRequest, NotSupported
from providers.hostbill.answers import row_values
from providers.hostbill.parse.row import Row, UnreadableRow
from providers.hostbill.portal import Portal
from providers.resources import DomainDetail, DomainStatus, Order, Price
from providers.values import Unreadable, to_host, to_line

PRICES = "GET /domain/order"
LAPSED = frozenset({DomainStatus.EXPIRED, DomainStatus.REDEMPTION})
UNKNOWN_PRICE = "The portal does not say what renewing this domain costs, so it can’t be ordered here."
MOST_YEARS = 10


def check_years(years: int) -> None:
    if not 1 <= years <= MOST_YEARS:
        sentence = f"A domain is renewed for 1 to {MOST_YEARS} years."
        raise InvalidRequest(f"{sentence} Nothing was sent.", fields={"years": [sentence]})


def price_of(portal: Portal, domain: DomainDetail, years: int) -> Price:
    """By the portal's price list of endings, else by what the domain's own period costs.

    A lapsed domain has the usual price or the one of redemption, and the portal does not say which: the dearer one is told, as
    `at_most`. Raises InvalidRequest for a period that is not sold, NotSupported where no price is known.
    """
    check_years(years)
    periods = _periods(portal, domain.name)
    if periods:
        row = periods.get(years)
        if row is None:
            sold = ", ".join(str(one) for one in sorted(periods))
            sentence = f"The portal sells this ending for these numbers of years: {sold}."
            raise InvalidRequest(sentence, operation=PRICES, fields={"years": [sentence]})
        price = _price_in(row, lapsed=domain.status in LAPSED, redemption=domain.status is DomainStatus.REDEMPTION)
        if price is not None:
            return price
    elif domain.status not in LAPSED and domain.period_years == years and domain.renewal_price:
        return Price(amount=domain.renewal_price, currency=domain.renewal_currency)
    raise NotSupported(UNKNOWN_PRICE, operation=PRICES)


def _price_in(row: Row, *, lapsed: bool, redemption: bool) -> Price | None:
    """None where the list has no price of that kind; a zero is how it leaves one out."""
    usual, redeemed = row.money("renew", "renew"), row.money("redemption", "redemption")
    if not lapsed:
        return Price(amount=usual) if usual else None
    if not redeemed:
        return None
    if redemption:
        return Price(amount=redeemed)
    return Price(amount=max(redeemed, usual or Decimal(0)), at_most=usual != redeemed)


def _periods(portal: Portal, name: str) -> dict[int, Row]:
    """The listed periods of the longest ending that `name` has, by their years; none where the portal has no such list.

    An ending that is listed twice is no price: it is not said which one holds.
    """
    try:
        data = portal.whole(PRICES, portal.client.domains.available_tlds) if portal.capabilities.offers(PRICES) else []
    except NotSupported:
        return {}
    fitting: dict[str, list[Mapping[str, Any]]] = {}
    for row in row_values(data, "tlds", operation=PRICES)[0]:
        ending = _ending(row)
        if ending and name.endswith(f".{ending}"):
            fitting.setdefault(ending, []).append(row)
    if not fitting:
        return {}
    rows = fitting[max(fitting, key=len)]
    return dict(_by_years(portal, rows[0].get("periods"))) if len(rows) == 1 else {}


def _ending(row: Any) -> str:
    """The ending of a row in lower-case punycode, empty where it has none."""
    if not isinstance(row, Mapping):
        return ""
    try:
        return to_host((to_line(row.get("tld")) or "").lstrip(".")) or ""
    except Unreadable:
        return ""


def _by_years(portal: Portal, periods: Any) -> Iterable[tuple[int, Row]]:
    rows = periods.values() if isinstance(periods, Mapping) else periods if isinstance(periods, list) else ()
    for one in rows:
        try:
            row = Row(one, portal.zone)
        except UnreadableRow:
            continue  # what can't be read is not offered; the other periods are
        years = row.number("period", "period")
        if years:
            yield years, row


def payment_method_id(text: str) -> int | None:
    """The id as the portal takes it, None where none was chosen. Raises InvalidRequest."""
    if not text:
        return None
    if text.isascii() and text.isdecimal():
        return int(text)
    sentence = "No way to pay of this portal has such an id."
    raise InvalidRequest(f"{sentence} Nothing was sent.", fields={"payment_method": [sentence]})


def order_of(portal: Portal, data: Any) -> Order:
    """What the answer to a renewal names; its shape is not documented, so nothing in it is needed."""
    if not isinstance(data, Mapping):
        return Order()
    inner = next((data[key] for key in ("order", "details") if isinstance(data.get(key), Mapping)), data)
    row = Row({**data, **inner}, portal.zone)
    invoice = row.word("invoice_id", "invoiceid", "invoice")
    return Order(
        number=row.word("order_num", "order_number", "order_id"),
        invoice_id="" if invoice == "0" else invoice,
        total=row.money("total", "total"),
        currency=row.currency(),
    )
