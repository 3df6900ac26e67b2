"""Orders and quotes of several things: each item is sent as the page shows it, and nothing is sent when one can't be ordered."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from providers.errors import InvalidRequest, NotSupported
from providers.offers import (
    CertificateItem,
    CertificateOrder,
    DomainOrder,
    ProductItem,
    RegisterItem,
    RenewItem,
    TransferItem,
)
from providers.resources import Order, OrderedItem
from tests.providers.hostbill.desk import desk_for
from tests.sandbox.documents import operations

CSR = "-----BEGIN CERTIFICATE REQUEST-----\nMIIBWTCB\n-----END CERTIFICATE REQUEST-----"
TLDS = {"tlds": [{"id": "6", "tld": ".com", "periods": [{"period": "1", "register": "10.00"}]}]}
HOSTING = ProductItem(product_id="1080", domain="hosting.com", cycle="a")
CERTIFICATE = CertificateItem(
    order=CertificateOrder(product_id="840", csr=f" {CSR}\n", approver_email="admin@hosting.com")
)
NAME = RegisterItem(order=DomainOrder(name="hosting.com"))
RENEWAL = RenewItem(domain_id="1002")


def documented() -> dict[str, Any]:
    return next(one for one in operations("cloudviet") if one["id"] == "post_order")


def asked_of(say_to_change: Any, do: Any, **more: Any) -> list[Any]:
    bodies: list[Any] = []

    def say(method: str, path: str, body: bytes) -> Any:
        if method == "GET":
            return TLDS if path == "/domain/order" else {"error": ["invalid method"]}
        bodies.append((path, json.loads(body)))
        return say_to_change

    with desk_for(say, **more) as provider:
        do(provider)
    return bodies


def test_the_documented_order_of_four_things_is_what_is_sent_and_its_answer_is_read():
    example = documented()
    orders: list[Order] = []
    sent = asked_of(
        example["example_response"],
        lambda provider: orders.append(
            provider.catalog.order([HOSTING, CERTIFICATE, NAME, RENEWAL], payment_method="1")
        ),
    )
    wanted = json.loads(json.dumps(example["example_request"]))
    wanted["items"][1]["csr"] = CSR
    assert sent == [("/order", wanted)]
    assert orders == [
        Order(
            number="179534732",
            invoice_id="503425",
            total=Decimal("94.40"),
            items=(
                OrderedItem(id="1025", type="Hosting", name="hosting.com", product_id="1080"),
                OrderedItem(id="1026", type="Hosting", name="hosting.com", product_id="840"),
                OrderedItem(id="354", type="Domain Register", name="hosting.com", product_id="6"),
            ),
        )
    ]


def test_every_choice_of_an_item_is_sent():
    product = ProductItem(
        product_id="1",
        options={"custom[1618]": "10331", "custom[1424][9067]": "3", "custom[9]": ""},
        promo_code="SPRING",
    )
    certificate = CertificateItem(
        order=CertificateOrder(
            product_id="2",
            csr=CSR,
            years=2,
            software_id="0",
            contacts={"admin": "7", "tech": "8", "billing": "9"},
            organization={"name": "X"},
            extra={"custom[5]": "50", "dcv": "email"},
        )
    )
    transfer = TransferItem(
        order=DomainOrder(name="moves.com", epp_code="Xy9", nameservers=("a.x.com", "b.x.com"), contacts={"admin": "7"})
    )
    ((_, body),) = asked_of(
        {"success": True}, lambda provider: provider.catalog.order([product, certificate, transfer])
    )
    assert body == {
        "items": [
            {
                "type": "product",
                "product_id": 1,
                "custom": {"1618": {"10331": 1}, "1424": {"9067": "3"}},
                "promocode": "SPRING",
            },
            {
                "type": "certificate",
                "product_id": 2,
                "csr": CSR,
                "years": 2,
                "software": 0,
                "admin": 7,
                "tech": 8,
                "billing": 9,
                "organization": {"name": "X"},
                "data": {"5": {"50": 1}, "dcv": "email"},
            },
            {
                "type": "domain",
                "name": "moves.com",
                "years": 1,
                "action": "transfer",
                "tld_id": 6,
                "epp": "Xy9",
                "nameservers": ["a.x.com", "b.x.com"],
                "admin": 7,
            },
        ]
    }


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (ProductItem(product_id="x"), "product_id"),
        (ProductItem(product_id="1", options={"color": "red"}), "color"),
        (ProductItem(product_id="1", options={"custom[1]": "5", "custom[1][]": "6"}), "custom[1][]"),
        (CertificateItem(order=CertificateOrder(product_id="1", csr="example.com")), "csr"),
        (CertificateItem(order=CertificateOrder(product_id="1", csr=CSR, years=0)), "years"),
        (CertificateItem(order=CertificateOrder(product_id="1", csr=CSR, software_id="nginx")), "software_id"),
        (CertificateItem(order=CertificateOrder(product_id="1", csr=CSR, contacts={"registrant": "1"})), "contacts"),
        (RenewItem(domain_id="testname.com"), "domain_id"),
        (RenewItem(domain_id="1", years=11), "years"),
        (RegisterItem(order=DomainOrder(name="x.nowhere")), "name"),
        (RegisterItem(order=DomainOrder(name="x.com", years=2)), "years"),
    ],
)
def test_one_item_that_can_not_be_ordered_keeps_all_of_them_back(item, field):
    def order(provider: Any) -> None:
        for do in (provider.catalog.order, provider.catalog.quote):
            with pytest.raises(InvalidRequest) as caught:
                do([RENEWAL, item])
            assert list(caught.value.fields) == [field]
            assert caught.value.sentence.endswith("Nothing was sent.")

    assert asked_of({"success": True}, order) == []


def test_nothing_and_a_strange_way_to_pay_are_no_order():
    def order(provider: Any) -> None:
        with pytest.raises(InvalidRequest):
            provider.catalog.order([])
        with pytest.raises(InvalidRequest) as caught:
            provider.catalog.order([RENEWAL], payment_method="cash")
        assert list(caught.value.fields) == ["payment_method"]

    assert asked_of({"success": True}, order) == []


def test_a_portal_without_certificates_is_not_asked_for_one():
    def order(provider: Any) -> None:
        with pytest.raises(NotSupported):
            provider.catalog.order([RENEWAL, CERTIFICATE])

    assert asked_of({"success": True}, order, preset="dns-services") == []


@pytest.mark.parametrize(
    ("answer", "order"),
    [
        ({"order_num_list": [1, "2", 1, None, {}]}, Order(number="1, 2")),
        ({"items": {"10": {"id": 10, "type": "Hosting"}}}, Order(items=(OrderedItem(id="10", type="Hosting"),))),
        ({"items": [{"type": "Hosting"}, 7, {"id": {}}]}, Order()),
        ({"success": True, "items": "none"}, Order()),
        (
            {"info": ["order_placed", "Confirm the e-mail that was sent."]},
            Order(words="Confirm the e-mail that was sent."),
        ),
        ({"info": "Transfer takes five days"}, Order(words="Transfer takes five days")),
    ],
)
def test_whatever_an_answer_names_is_read_and_nothing_in_it_is_needed(answer, order):
    made: list[Order] = []
    asked_of(answer, lambda provider: made.append(provider.catalog.order([RENEWAL])))
    assert made == [order]
