"""The price list of `GET /domain/order`, and which of its endings a name has."""

from __future__ import annotations

from providers.errors import InvalidRequest, MalformedResponse, NotSupported
from providers.hostbill.answers import row_values
from providers.hostbill.parse.ending import tld_prices
from providers.hostbill.parse.row import UnreadableRow
from providers.hostbill.portal import Portal
from providers.offers import TldPrices

PRICES = "GET /domain/order"


def endings(portal: Portal) -> tuple[TldPrices, ...]:
    """All endings on sale; a row that can't be read is not offered. Raises NotSupported where the portal has no such list, and
    MalformedResponse where nothing in it can be read."""
    if not portal.capabilities.offers(PRICES):
        raise NotSupported("The portal does not offer its price list in its API.", operation=PRICES)
    rows, _ = row_values(portal.whole(PRICES, portal.client.domains.available_tlds), "tlds", operation=PRICES)
    found: list[TldPrices] = []
    for row in rows:
        try:
            found.append(tld_prices(row, portal.zone))
        except UnreadableRow:
            continue
    if rows and not found:
        raise MalformedResponse("The portal’s price list names no ending that can be read.", operation=PRICES)
    return tuple(found)


def fitting(sold: tuple[TldPrices, ...], name: str) -> tuple[TldPrices, ...]:
    """Every row of the longest ending that `name` has: none where it is not sold, several where the list says it twice."""
    rows = [one for one in sold if name.endswith(f".{one.tld}")]
    longest = max((len(one.tld) for one in rows), default=0)
    return tuple(one for one in rows if len(one.tld) == longest)


def ending_to_order(sold: tuple[TldPrices, ...], name: str, years: int) -> TldPrices:
    """The ending that an order of `name` names. Raises InvalidRequest where it is not sold, or not for so many years."""
    rows = fitting(sold, name)
    if len(rows) != 1 or not rows[0].id:
        twice = "lists the ending of this name twice, so it is not clear which one to order."
        raise _refusal("name", f"The portal {twice if rows else 'does not sell the ending of this name.'}")
    offered = [period.years for period in rows[0].periods]
    if years not in offered:
        numbers = ", ".join(map(str, offered))
        sold_for = f"The portal sells this ending for these numbers of years: {numbers}."
        raise _refusal(
            "years", sold_for if offered else "The portal does not say for how many years it sells this ending."
        )
    return rows[0]


def _refusal(field: str, sentence: str) -> InvalidRequest:
    return InvalidRequest(f"{sentence} Nothing was sent.", operation=PRICES, fields={field: [sentence]})
