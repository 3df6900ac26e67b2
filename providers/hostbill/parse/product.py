"""The catalogue: categories, products with their prices, and the form of a product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from providers.hostbill.parse.cycle import cycle_of
from providers.hostbill.parse.form import form_fields
from providers.hostbill.parse.row import Row, UnreadableRow
from providers.offers import Category, Product, ProductForm, ProductPrice
from providers.values import Unreadable, to_list

CYCLE_FIELD, DOMAIN_FIELDS = "cycle", frozenset({"domain", "hostname"})


def category(data: Any, zone: ZoneInfo) -> Category:
    """A row of `GET /category`."""
    row = Row(data, zone)
    return Category(
        id=row.identifier("id"),
        name=row.needed("name", "name", "title"),
        description=row.body("description"),
        slug=row.word("slug"),
    )


def product(data: Any, category_id: str, zone: ZoneInfo) -> Product:
    """A row of `GET /category/{category_id}/product`."""
    row = Row(data, zone)
    return _product(row, category_id, tuple(_prices(row.raw("periods"), zone)) or _own_price(row))


def product_form(data: Any, zone: ZoneInfo) -> ProductForm:
    """The `product` of `GET /order/{product_id}`. `wants_domain` is None where the portal does not list what the order asks for."""
    row = Row(data, zone)
    held = row.raw("config")
    config = Row(held if isinstance(held, Mapping) else {}, zone)
    asked = {one.word("id", "name"): one for one in _rows(config.raw("product"), zone)}
    cycle = asked.get(CYCLE_FIELD)
    prices = tuple(_prices(cycle.raw("items"), zone)) if cycle else ()
    return ProductForm(
        product=_product(row, row.word("category_id"), prices or _own_price(row)),
        fields=form_fields(config.raw("forms"), zone),
        addons=tuple(_extras(config.raw("addons"), zone)),
        subproducts=tuple(_extras(config.raw("subproducts"), zone)),
        wants_domain=not DOMAIN_FIELDS.isdisjoint(asked) if asked else None,
    )


def _product(row: Row, category_id: str, prices: tuple[ProductPrice, ...]) -> Product:
    counted, left = row.flag("stock"), row.number("qty")
    return Product(
        id=row.identifier("id"),
        name=row.needed("name", "name", "title"),
        category_id=row.word("category_id") or category_id,
        description=row.body("description"),
        prices=prices,
        currency=row.currency(),
        # `stock` says whether the portal counts at all
        in_stock=left > 0 if counted and left is not None else None,
    )


def _prices(value: Any, zone: ZoneInfo) -> Iterator[ProductPrice]:
    """The periods of a list, or of an object by their codes; each code once, and none for what names no code."""
    if isinstance(value, Mapping):
        value = [
            {"value": code, **(one if isinstance(one, Mapping) else {"price": one})} for code, one in value.items()
        ]
    seen: set[str] = set()
    for row in _rows(value, zone):
        code = row.word("value", "period", "cycle", "title")
        if code and code not in seen:
            seen.add(code)
            yield ProductPrice(
                cycle=cycle_of(code),
                code=code,
                price=row.money("price"),
                setup=row.money("setup", "setup", "setup_price"),
            )


def _own_price(row: Row) -> tuple[ProductPrice, ...]:
    """The price that stands in the product itself, where it lists no periods."""
    code = row.word("recurring", "cycle", "billingcycle") or row.word("paytype")
    if not code or not row.says("price", "recurring_price"):
        return ()
    price = row.money("price", "price", "recurring_price")
    return (ProductPrice(cycle=cycle_of(code), code=code, price=price, setup=row.money("setup")),)


def _extras(value: Any, zone: ZoneInfo) -> Iterator[Product]:
    """Add-ons and sub-products; each names its periods in a list of its own, or inside its small form."""
    for row in _rows(value, zone):
        inner = (part for part in _rows(row.raw("config"), zone) if part.raw("items") is not None)
        periods = row.raw("periods") or next((part.raw("items") for part in inner), None)
        try:
            yield _product(row, "", tuple(_prices(periods, zone)) or _own_price(row))
        except UnreadableRow:
            continue  # what can't be named is not offered; the product is


def _rows(value: Any, zone: ZoneInfo) -> Iterator[Row]:
    try:
        listed = to_list(value)
    except Unreadable:
        return
    for data in listed:
        if isinstance(data, Mapping):
            yield Row(data, zone)
