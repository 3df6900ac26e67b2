"""The catalogue: categories, products, their forms, quotes and orders."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from providers.errors import InvalidRequest, MalformedResponse, NotSupported, OutcomeUnknown, ProviderError
from providers.offers import (
    Category,
    Cycle,
    DomainOrder,
    Product,
    ProductItem,
    ProductPrice,
    QuoteLine,
    RegisterItem,
    RenewItem,
)
from providers.resources import InvoiceStatus, OrderedItem
from tests.providers.hostbill.desk import desk_for

BOTH = ("cloudviet", "dns-services")
EXAMPLES = {
    f"{one['method']} {one['path']}": one["example_response"]
    for one in json.loads((Path(__file__).parents[2] / "upstream" / "cloudviet.json").read_text("utf-8"))["operations"]
}


def products_of(catalog: Any) -> list[Product]:
    return [product for category in catalog.categories() for product in catalog.products(category.id)]


# --- at the stand-ins ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", BOTH)
def test_the_whole_catalogue_reads_and_every_product_has_a_form(stand_ins, at, key):
    catalog = at(stand_ins[key]).catalog
    sold = products_of(catalog)
    assert {product.id for product in sold} == {one["id"] for one in stand_ins[key].state.all("products")}
    for product in sold:
        assert product.prices
        assert all(price.price is not None and price.cycle is not Cycle.UNKNOWN for price in product.prices)
        form = catalog.form(product.id)
        assert (form.product.id, form.product.name, form.product.prices) == (product.id, product.name, product.prices)
        assert form.wants_domain
        assert [field.name for field in form.fields] == ["custom[1618]"]
        assert [addon.name for addon in form.addons] == ["Extra IP address"]


@pytest.mark.parametrize("key", BOTH)
def test_a_product_alone_is_quoted_ordered_paid_and_there(stand_ins, at, key):
    portal, provider = stand_ins[key], at(stand_ins[key])
    portal.set(auto_pay_from_credit=False)
    product = products_of(provider.catalog)[0]
    method = provider.billing.payment_methods()[0].id
    field = provider.catalog.form(product.id).fields[0]
    item = ProductItem(
        product_id=product.id,
        cycle=product.prices[0].code,
        domain="new.example",
        options={field.name: field.choices[1].id},
    )
    quote = provider.catalog.quote([item], payment_method=method)
    assert (quote.subtotal, quote.total) == (product.prices[0].price, quote.subtotal + quote.tax)
    assert quote.recurring[0][1] == product.prices[0].price
    assert [line.description for line in quote.lines] == [f"{product.name} · new.example"]
    before = len(portal.state.all("orders"))
    order = provider.catalog.order([item], payment_method=method)
    assert len(portal.state.all("orders")) == before + 1
    assert portal.log[-1].path.endswith(f"/order/{product.id}")
    assert order.number
    assert order.total == quote.total
    assert [one.name for one in order.items] == ["new.example"]
    invoice = provider.billing.detail(order.invoice_id)
    assert (invoice.status, invoice.total) == (InvoiceStatus.UNPAID, order.total)
    assert provider.services.detail(order.items[0].id).name == product.name


@pytest.mark.parametrize("key", BOTH)
def test_several_things_go_onto_one_invoice(stand_ins, at, key):
    portal, provider = stand_ins[key], at(stand_ins[key])
    portal.set(auto_pay_from_credit=False)
    product = products_of(provider.catalog)[0]
    ending = provider.domains.prices()[0]
    held = next(
        one for one in portal.state.all("domains") if one["status"] == "Active" and one["name"].endswith(ending.tld)
    )
    items = [
        ProductItem(product_id=product.id, cycle=product.prices[0].code, domain="basket.example"),
        RegisterItem(order=DomainOrder(name=f"basket-of-things.{ending.tld}", years=ending.periods[0].years)),
        RenewItem(domain_id=held["id"], years=1),
    ]
    quote = provider.catalog.quote(items)
    order = provider.catalog.order(items)
    assert (order.total, len(order.items)) == (quote.total, 3)
    assert len(provider.billing.detail(order.invoice_id).lines) == 3
    assert {line.description.partition(" · ")[0] for line in quote.lines} == {
        product.name, f"basket-of-things.{ending.tld}", held["name"]
    }  # fmt: skip
    assert portal.log[-2].path.endswith("/order")


@pytest.mark.parametrize("key", BOTH)
def test_what_can_not_be_had_is_neither_quoted_nor_ordered(stand_ins, at, key):
    portal, catalog = stand_ins[key], at(stand_ins[key]).catalog
    before = len(portal.state.all("orders")), len(portal.state.all("services"))
    good = products_of(catalog)[0].id
    for items in (
        [ProductItem(product_id="999999")],
        [ProductItem(product_id=good, cycle="z")],
        [ProductItem(product_id=good), ProductItem(product_id="999999")],
        [ProductItem(product_id="../order")],
        [],
    ):
        for ask in (catalog.quote, catalog.order):
            with pytest.raises(InvalidRequest):
                ask(items)
    with pytest.raises(InvalidRequest):
        catalog.order([ProductItem(product_id=good)], payment_method="stripe")
    assert (len(portal.state.all("orders")), len(portal.state.all("services"))) == before


# --- as documented -------------------------------------------------------------------------------------------------------------


def test_the_documented_catalogue_is_read_field_by_field():
    answers = {
        "GET /category": EXAMPLES["GET /category"],
        "GET /category/10/product": EXAMPLES["GET /category/{category_id}/product"],
        "GET /order/333": EXAMPLES["GET /order/{product_id}"],
    }
    with desk_for(answers) as provider:
        assert provider.catalog.categories()[0] == Category(id="10", name="Hosting", slug="hosting")
        (product,) = provider.catalog.products("10")
        form = provider.catalog.form("333")
    assert (product.id, product.name, product.category_id, product.in_stock) == ("333", "Starter Hosting", "10", None)
    assert product.description.splitlines() == ["Disk:10GB", "Memory:2GB", "MySql:10 DB", "Email:100 Users"]
    assert [(one.cycle, one.code, one.price, one.setup) for one in product.prices] == [
        (Cycle.MONTHLY, "m", Decimal("9.99"), Decimal(0)),
        (Cycle.ANNUALLY, "a", Decimal("109.89"), Decimal(0)),
        (Cycle.BIENNIALLY, "b", Decimal("199.8"), Decimal(0)),
        (Cycle.TRIENNIALLY, "t", Decimal("299.7"), Decimal(0)),
    ]
    assert form.product.prices == product.prices
    assert (form.product.id, form.product.category_id, form.wants_domain) == ("333", "49", True)
    (field,) = form.fields
    assert (field.name, field.label, field.kind, field.required) == ("custom[1618]", "Disk Size", "select", False)
    assert [(one.id, one.name) for one in field.choices] == [("10330", "512MB"), ("10331", "1GB"), ("10332", "2GB")]
    (addon,) = form.addons
    assert (addon.id, addon.name, addon.description) == (
        "31", "Cpanel2: Add Extra IP", "Automatically adds IP address to account"
    )  # fmt: skip
    assert [(one.code, one.price) for one in addon.prices] == [
        ("m", Decimal(5)),
        ("q", Decimal(20)),
        ("a", Decimal(50)),
    ]
    assert form.subproducts == ()


def test_the_documented_quote_and_orders_are_read_field_by_field():
    item = ProductItem(product_id="1080", cycle="a", domain="hosting.com")
    answers = {f"POST {path}": EXAMPLES[f"POST {path}"] for path in ("/quote", "/order")}
    answers["POST /order/1080"] = EXAMPLES["POST /order/{product_id}"]
    with desk_for(answers) as provider:
        quote = provider.catalog.quote([item])
        alone = provider.catalog.order([item], payment_method="1")
        several = provider.catalog.order([item, RenewItem(domain_id="1002")])
    assert (quote.total, quote.subtotal, quote.tax, quote.discount) == (
        Decimal("88.81"), Decimal("72.2"), Decimal("16.61"), Decimal(0)
    )  # fmt: skip
    assert quote.recurring == (("Annually", Decimal("81.18")), ("Monthly", Decimal("1.48")))
    assert quote.lines == (
        QuoteLine(description="GeoTrust QuickSSL Premium · test.api", amount=None),
        QuoteLine(description="VPS · user.test.api", amount=None),
        QuoteLine(description="hosting.com", amount=Decimal("12.00"), cycle="1 y"),
    )
    assert (alone.number, alone.invoice_id, alone.total) == ("873340995", "308979", Decimal("9.99"))
    assert alone.items == (OrderedItem(id="10", type="Hosting", name="test.com", product_id="3"),)
    assert (several.number, several.invoice_id, several.total) == ("179534732", "503425", Decimal("94.40"))
    assert [one.id for one in several.items] == ["1025", "1026", "354"]


def test_one_product_has_its_own_call_and_a_basket_another():
    sent: list[Any] = []

    def say(_method: str, path: str, body: bytes) -> Any:
        sent.append((path, json.loads(body)))
        return EXAMPLES["POST /order"]

    item = ProductItem(product_id="333", cycle="m", domain="a.example", options={"custom[7]": "12"}, promo_code="XMAS")
    with desk_for(say) as provider:
        provider.catalog.order([item], payment_method="2")
        provider.catalog.order([item, item], payment_method="2")
    fields = {"domain": "a.example", "cycle": "m", "custom": {"7": {"12": 1}}, "promocode": "XMAS"}
    assert sent[0] == ("/order/333", {**fields, "pay_method": 2})
    assert sent[1] == ("/order", {"pay_method": 2, "items": [{"type": "product", "product_id": 333, **fields}] * 2})


# --- as portals differ ---------------------------------------------------------------------------------------------------------

MONTH = ProductPrice(cycle=Cycle.MONTHLY, code="m", price=Decimal(5), setup=None)


@pytest.mark.parametrize(
    ("row", "prices"),
    [
        ({"periods": [{"value": "m", "price": "5.00"}]}, (MONTH,)),
        ({"periods": {"m": {"price": 5}}}, (MONTH,)),
        ({"periods": {"m": "5"}}, (MONTH,)),
        ({"periods": [{"title": "m", "price": 5}, {"title": "m", "price": 6}, {"price": 7}, 8]}, (MONTH,)),
        ({"price": 5, "recurring": "m"}, (MONTH,)),
        ({"price": 5, "paytype": "Once"}, (ProductPrice(cycle=Cycle.ONCE, code="Once", price=Decimal(5)),)),
        (
            {"periods": [{"value": "p5", "price": None}]},
            (ProductPrice(cycle=Cycle.QUINQUENNIALLY, code="p5", price=None),),
        ),
        ({"periods": [{"value": "x9", "price": "much"}]}, (ProductPrice(cycle=Cycle.UNKNOWN, code="x9", price=None),)),
        ({"periods": "none"}, ()),
        ({"periods": []}, ()),
    ],
)
def test_prices_are_read_in_other_shapes(row, prices):
    answer = {"products": {"7": {"name": "Hosting", **row}, "8": {"id": {}}}}
    with desk_for({"GET /category/1/product": answer}) as provider:
        (product,) = provider.catalog.products("1")
    assert (
        tuple(ProductPrice(cycle=p.cycle, code=p.code, price=p.price, setup=p.setup) for p in product.prices) == prices
    )
    assert product.id == "7"


@pytest.mark.parametrize(
    ("stock", "qty", "told"), [(True, "0", False), ("1", 3, True), (False, "0", None), (True, None, None)]
)
def test_only_a_portal_that_counts_says_that_nothing_is_left(stock, qty, told):
    row = {"id": 7, "name": "Hosting", "stock": stock, "qty": qty}
    with desk_for({"GET /category/1/product": [row]}) as provider:
        assert provider.catalog.products("1")[0].in_stock is told


@pytest.mark.parametrize(
    "config", [None, [], "x", {"product": 7, "forms": 7, "addons": 7}, {"addons": [{}, 7], "subproducts": {}}]
)
def test_a_strange_form_is_a_product_without_choices(config):
    answer = {"product": {"name": "Hosting", "config": config, "price": "5", "recurring": "m"}}
    with desk_for({"GET /order/7": answer}) as provider:
        form = provider.catalog.form("7")
    assert (form.product.id, form.fields, form.addons, form.subproducts, form.wants_domain) == ("7", (), (), (), None)
    assert form.product.prices == (MONTH,)


@pytest.mark.parametrize(
    "answer",
    [
        {"total": "5.00"},
        {"summary": {"total": "5"}, "items": {"0": {"product": None}}},
        {"summary": {"total": 5, "recurring": {"m": 3}, "tax": []}, "items": [7, {"domains": {"a": 7}, "error": ""}]},
        {"quote": {"total": 5, "tax": "0"}, "items": None},
    ],
)
def test_a_quote_needs_a_total_alone(answer):
    with desk_for({"POST /quote": answer}) as provider:
        quote = provider.catalog.quote([ProductItem(product_id="7")])
    assert (quote.total, quote.lines, quote.recurring) == (Decimal(5), (), ())


def test_taxes_of_a_quote_are_added_up_and_one_that_can_not_be_read_leaves_none():
    def tax(*taxes: Any) -> Any:
        with desk_for({"POST /quote": {"summary": {"total": 5, "tax": list(taxes)}}}) as provider:
            return provider.catalog.quote([ProductItem(product_id="7")]).tax

    assert tax({"tax": 1}, {"tax": "2.50"}) == Decimal("3.50")
    assert tax({"tax": 1}, {"tax": "much"}) is None
    assert tax({"tax": 1}, 7) is None


@pytest.mark.parametrize(
    "answer", [{}, [], 7, {"summary": {}}, {"summary": {"total": "free"}}, {"summary": 7, "items": 7}]
)
def test_a_quote_without_a_total_is_none(answer):
    with desk_for({"POST /quote": answer}) as provider, pytest.raises(MalformedResponse):
        provider.catalog.quote([ProductItem(product_id="7")])


def test_a_quote_that_leaves_something_out_is_a_refusal_in_the_portals_words():
    items = [{"valid": True, "error": []}, {"valid": False, "error": ["Out of stock"]}]
    answer = {"summary": {"total": 5}, "items": items}
    with desk_for({"POST /quote": answer}) as provider, pytest.raises(InvalidRequest) as caught:
        provider.catalog.quote([ProductItem(product_id="7")])
    assert caught.value.upstream_words == "Out of stock"


def test_a_portal_that_orders_one_at_a_time_takes_no_basket():
    document: dict[str, Any] = {"paths": {"/details": {"get": {}}, "/order/{id}": {"get": {}, "post": {}}}}
    with desk_for({"GET /": document, "POST /order/7": {"order_num": 5}}) as provider:
        assert {"catalog.order", "catalog.form"} <= provider.capabilities
        assert provider.catalog.order([ProductItem(product_id="7")]).number == "5"
        with pytest.raises(NotSupported):
            provider.catalog.order([ProductItem(product_id="7")] * 2)


@pytest.mark.parametrize("answer", [{}, [], "", None, (200, b"<html>"), (502, b"")])
def test_an_order_may_have_been_made_where_the_answer_says_nothing(answer):
    with desk_for({"POST /order/7": answer, "POST /order": answer}) as provider:
        for items in ([ProductItem(product_id="7")], [ProductItem(product_id="7")] * 2):
            with pytest.raises(OutcomeUnknown):
                provider.catalog.order(items)


@pytest.mark.parametrize(
    "answer", [7, "x", {"categories": 7}, [{}], {"categories": [{"id": 1}]}, [[]], {"product": []}]
)
def test_a_hostile_catalogue_ends_in_one_of_our_errors(answer):
    with desk_for({"GET /category": answer, "GET /category/1/product": answer, "GET /order/7": answer}) as provider:
        for read in (
            provider.catalog.categories,
            lambda: provider.catalog.products("1"),
            lambda: provider.catalog.form("7"),
        ):
            with pytest.raises(ProviderError):
                read()
