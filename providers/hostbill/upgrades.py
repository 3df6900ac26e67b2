"""Upgrades of a service: what a request says, and what the portal answers that it would cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from providers.errors import MalformedResponse
from providers.hostbill.answers import shape_of
from providers.hostbill.forms import resources
from providers.hostbill.orders import refusal, whole
from providers.hostbill.parse.cycle import cycle_of
from providers.hostbill.parse.form import form_fields
from providers.hostbill.parse.row import Row, UnreadableRow
from providers.offers import Product, ProductPrice, Quote, UpgradeOptions, UpgradeRequest
from providers.values import Unreadable, to_list

OPTIONS = "GET /service/{id}/upgrade"
ESTIMATE = "POST /service/{id}/upgrade"
WRAPPERS = ("summary", "quote", "estimate", "upgrade", "details")
TOTALS = ("total", "charge", "amount_due", "amount", "price", "cost")


def options_of(data: Any, zone: ZoneInfo) -> UpgradeOptions:
    """The `resources` and the `package` of an answer; the shape of a package is not documented, and one without an id is left out.

    Raises MalformedResponse where the answer has neither.
    """
    if not isinstance(data, Mapping) or not {"resources", "package", "packages"} & data.keys():
        sentence = f"The portal’s answer holds no upgrade options: {shape_of(data)}."
        raise MalformedResponse(sentence, operation=OPTIONS)
    row = Row(data, zone)
    return UpgradeOptions(
        resources=form_fields(data.get("resources"), zone, bare_numbers=True),
        packages=tuple(_packages(row.raw("package", "packages"), zone)),
        currency=row.currency(),
    )


def _packages(value: Any, zone: ZoneInfo) -> Iterator[Product]:
    """Rows in a list, or in an object keyed by id, or one row alone."""
    if isinstance(value, Mapping) and not all(isinstance(one, Mapping) for one in value.values()):
        value = [value]
    elif isinstance(value, Mapping):
        value = [{"id": key, **one} for key, one in value.items()]
    try:
        rows = to_list(value)
    except Unreadable:
        return
    for data in rows:
        try:
            row = Row(data, zone)
            yield Product(
                id=row.identifier("id", "product_id"),
                name=row.needed("name", "name", "title"),
                category_id=row.word("category_id"),
                description=row.word("description"),
                prices=tuple(_prices(row)),
                currency=row.currency(),
                in_stock=row.flag("stock"),
            )
        except UnreadableRow:
            continue


def _prices(row: Row) -> Iterator[ProductPrice]:
    for data in row.items("periods", "cycles", "prices"):
        if not isinstance(data, Mapping):
            continue
        price = Row(data, row.zone)
        code = price.word("value", "cycle", "title")
        if code:
            yield ProductPrice(cycle=cycle_of(code), code=code, price=price.money("price"), setup=price.money("setup"))
    code = row.word("cycle", "recurring")
    if code and not row.says("periods", "cycles", "prices"):
        yield ProductPrice(cycle=cycle_of(code), code=code, price=row.money("price"), setup=row.money("setup"))


def request_fields(request: UpgradeRequest) -> dict[str, Any]:
    """The parameters of `upgrade_service` but for `send`. Raises InvalidRequest where nothing is asked for."""
    asked = resources(request.resources)
    if not asked and not request.package_id and not request.cycle:
        raise refusal("resources", "Nothing was chosen to change.", operation=ESTIMATE)
    package = request.package_id
    return {
        "resources": asked or None,
        "package": whole("package_id", package, "No package of this portal has such an id.") if package else None,
        "cycle": request.cycle or None,
    }


def quote_of(data: Any, zone: ZoneInfo) -> Quote:
    """What an estimate says; its shape is not documented. Raises MalformedResponse where it names no amount: none is made up from
    parts, since a tax or what was paid already may belong to it."""
    outer = data if isinstance(data, Mapping) else {}
    inner = next((outer[key] for key in WRAPPERS if isinstance(outer.get(key), Mapping)), outer)
    row = Row({**outer, **inner}, zone)
    total = row.money("total", *TOTALS)
    if total is None:
        sentence = f"The portal does not say what this upgrade costs: {shape_of(data)}."
        raise MalformedResponse(sentence, operation=ESTIMATE)
    return Quote(
        total=total,
        currency=row.currency(),
        subtotal=row.money("subtotal"),
        tax=row.money("tax"),
        discount=row.money("discount"),
    )
