"""What a basket would cost, as `POST /quote` says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from providers.hostbill.parse.row import Row, UnreadableRow, scalar_text
from providers.offers import Quote, QuoteLine
from providers.values import Unreadable, to_list

PRICES = ("price", "total", "amount", "cost")


def quote(data: Any, zone: ZoneInfo) -> Quote:
    """Raises UnreadableRow where the answer names no total: none is made up from parts."""
    outer = Row(data, zone)
    held = outer.raw("summary", "quote")
    row = Row(held if isinstance(held, Mapping) else data, zone)
    total = row.money("total")
    if total is None:
        raise UnreadableRow("it names no total")
    return Quote(
        total=total,
        currency=row.currency() or outer.currency(),
        subtotal=row.money("subtotal"),
        tax=_tax(row),
        discount=row.money("discount"),
        recurring=tuple(_recurring(row.raw("recurring"), zone)),
        lines=tuple(_lines(outer.raw("items"), zone)),
    )


def refusals(data: Any) -> tuple[str, ...]:
    """Why items of a quote can't be had, in the portal's words; empty where all can be."""
    items = data.get("items") if isinstance(data, Mapping) else None
    found: list[str] = []
    for item in _list(items):
        if not isinstance(item, Mapping):
            continue
        words = [text for one in _list(item.get("error")) if (text := scalar_text(one))]
        if words or item.get("valid") is False:
            found.append("; ".join(words)[:200])
    return tuple(found)


def _tax(row: Row) -> Decimal | None:
    """All taxes together; None where one of them can't be read."""
    value = row.raw("tax")
    if not isinstance(value, list | Mapping):
        return row.money("tax")
    amounts = [Row(one, row.zone).money("tax") for one in _list(value) if isinstance(one, Mapping)]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(_list(value)) else None


def _recurring(value: Any, zone: ZoneInfo) -> Iterator[tuple[str, Decimal]]:
    for data in _list(value):
        row = Row(data if isinstance(data, Mapping) else {}, zone)
        word, price = row.word("title", "value"), row.money("price", *PRICES)
        if word and price is not None:
            yield word, price


def _lines(items: Any, zone: ZoneInfo) -> Iterator[QuoteLine]:
    """A line for each product and each domain of the items; most portals tell no price of a product here."""
    for data in _list(items):
        item = Row(data if isinstance(data, Mapping) else {}, zone)
        product = item.raw("product")
        if isinstance(product, Mapping) and product:
            yield _line(Row({**item.row, **product}, zone))
        for domain in _list(item.raw("domains")):
            if isinstance(domain, Mapping):
                yield _line(Row(domain, zone))


def _line(row: Row) -> QuoteLine:
    years = row.number("period")
    return QuoteLine(
        description=" · ".join(part for part in (row.word("name"), row.word("domain")) if part),
        amount=row.money("amount", *PRICES),
        setup=row.money("setup"),
        recurring=row.money("recurring", "recurring_price"),
        cycle=row.word("cycle", "billingcycle") or (f"{years} y" if years else ""),
        taxed=row.flag("taxed"),
    )


def _list(value: Any) -> tuple[Any, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    try:
        return to_list(value)
    except Unreadable:
        return ()
