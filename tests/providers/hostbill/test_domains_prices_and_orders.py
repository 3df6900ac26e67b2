"""Prices, look-ups and orders of domains: each documented example, and what portals make of them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from providers.errors import InvalidRequest, MalformedResponse, NotSupported
from providers.offers import DomainOrder, TldPeriod
from providers.resources import Order, OrderedItem
from tests.providers.hostbill.desk import desk_for
from tests.providers.kit import Memory

Asked = list[tuple[str, str, Any]]

PERIODS = [
    {"period": "1", "register": "10.00", "transfer": "0.00", "renew": "15.00", "redemption": "40.00"},
    {"period": "2", "register": "20.00", "transfer": "20.00", "renew": "30.00", "redemption": "80.00"},
]
READ = (
    TldPeriod(
        years=1, register=Decimal("10.00"), transfer=Decimal(0), renew=Decimal("15.00"), redemption=Decimal("40.00")
    ),
    TldPeriod(
        years=2,
        register=Decimal("20.00"),
        transfer=Decimal("20.00"),
        renew=Decimal("30.00"),
        redemption=Decimal("80.00"),
    ),
)
TLDS = {"tlds": [{"id": "6", "tld": ".com", "periods": PERIODS}]}


def test_the_documented_price_list_look_up_and_form_are_read_in_full():
    form = {
        "type": "domaindnssupport",
        "title": "DNS Management",
        "id": "1424",
        "firstItemId": 9067,
        "name": "custom[1424][9067]",
        "required": False,
        "config": {"enableddefault": 0},
        "value": [],
        "items": [{"title": "", "value": 1, "id": 9067, "price": 4, "setup": 0, "selected": False}],
    }
    answers = {
        "GET /domain/order": TLDS,
        "POST /domain/lookup": {
            "available": False,
            "name": "example.com",
            "premium": False,
            "periods": [{"id": "6", **one} for one in PERIODS],
        },
        "GET /domain/order/6/form": {"forms": [form]},
    }
    with desk_for(answers) as provider:
        (com,) = provider.domains.prices()
        assert (com.id, com.tld, com.periods, com.listed_on) == ("6", "com", READ, None)
        taken = provider.domains.lookup("example.com")
        assert (taken.available, taken.premium, taken.periods, taken.tld_id) == (False, False, READ, "6")
        (field,) = provider.domains.order_form("6")
    assert (field.name, field.kind, field.label, field.price) == ("custom[1424][9067]", "check", "DNS Management", 4)


def test_the_documented_entries_of_one_name_are_two_domains():
    row = {"id": "47", "name": "testname.com", "expires": "2017-12-30", "status": "Active", "autorenew": "1"}
    old = {**row, "id": "48", "expires": "2017-05-30", "status": "Expired"}
    for shape in ({"details": [row, old]}, {"details": {"47": row, "48": old}}, [row, old]):
        with desk_for({"GET /domain/name/testname.com": shape}) as provider:
            found = provider.domains.named("testname.com")
        assert [(one.id, one.expires_on) for one in found] == [("47", date(2017, 12, 30)), ("48", date(2017, 5, 30))]
    for alone in ({"details": row}, row, {"details": [row, {**old, "name": "other.com"}]}):
        with desk_for({"GET /domain/name/testname.com": alone}) as provider:
            assert [one.id for one in provider.domains.named("testname.com")] == ["47"]
    with (
        desk_for({"GET /domain/name/testname.com": {"details": [{"id": "47"}]}}) as provider,
        pytest.raises(MalformedResponse),
    ):
        provider.domains.named("testname.com")


def test_an_order_is_sent_as_documented_and_its_documented_answer_is_read():
    asked: Asked = []

    def say(method: str, path: str, body: bytes) -> Any:
        if method == "GET":
            return TLDS
        asked.append((method, path, json.loads(body)))
        item = {"id": "10", "type": "Domain Register", "name": "test.com", "product_id": "3"}
        return {"order_num": 563647679, "invoice_id": "308977", "total": "10.00", "items": item}

    wanted = DomainOrder(
        name="Test.COM",
        years=2,
        epp_code=" Xy9 ",
        nameservers=("ns1.test.com", "ns2.test.com"),
        contacts={"registrant": "7", "admin": "8", "tech": ""},
        extra={"custom[1755]": "10952", "custom[1424][9067]": "1", "idnumber": "0123"},
    )
    with desk_for(say) as provider:
        order = provider.domains.transfer(wanted, payment_method="1")
        provider.domains.register(DomainOrder(name="test.com", epp_code="Xy9"))
    assert order == Order(
        number="563647679",
        invoice_id="308977",
        total=Decimal("10.00"),
        items=(OrderedItem(id="10", type="Domain Register", name="test.com", product_id="3"),),
    )
    full = {
        "name": "test.com",
        "years": "2",
        "action": "transfer",
        "tld_id": "6",
        "pay_method": 1,
        "epp": "Xy9",
        "nameservers": ["ns1.test.com", "ns2.test.com"],
        "registrant": 7,
        "admin": 8,
        "data": {"1755": {"10952": 1}, "1424": {"9067": "1"}, "idnumber": "0123"},
    }
    assert asked == [
        ("POST", "/domain/order", full),
        ("POST", "/domain/order", {"name": "test.com", "years": "1", "action": "register", "tld_id": "6"}),
    ]
    assert "Xy9" not in repr(wanted)


@pytest.mark.parametrize(
    ("tlds", "field"),
    [
        ({"tlds": [{"tld": ".com", "periods": PERIODS}]}, "name"),
        ({"tlds": [{"id": "6", "tld": ".com", "periods": PERIODS}, {"id": "7", "tld": "COM", "periods": []}]}, "name"),
        ({"tlds": [{"id": "6", "tld": ".com", "periods": []}]}, "years"),
        ({"tlds": [{"id": "6", "tld": ".com", "periods": "soon"}]}, "years"),
        ({"tlds": []}, "name"),
    ],
)
def test_a_name_is_not_ordered_by_a_list_that_does_not_say_how(tlds, field):
    with desk_for({"GET /domain/order": tlds}) as provider, pytest.raises(InvalidRequest) as caught:
        provider.domains.register(DomainOrder(name="test.com"))
    assert list(caught.value.fields) == [field]


def test_without_a_price_list_nothing_is_ordered_and_nobody_asks_twice():
    memory = Memory()
    for _ in range(2):
        with desk_for({}, memory=memory) as provider, pytest.raises(NotSupported):
            provider.domains.register(DomainOrder(name="test.com"))
    with desk_for({"GET /domain/order": {"tlds": [{"id": "6"}, "x"]}}) as provider, pytest.raises(MalformedResponse):
        provider.domains.prices()


def test_prices_that_contradict_each_other_are_none():
    rows = [*PERIODS, {**PERIODS[0], "renew": "16.00"}, {"period": "x"}, {"period": "-1"}, 7]
    with desk_for({"GET /domain/order": {"tlds": {"6": {"tld": "vn", "periods": rows}}}}) as provider:
        (ending,) = provider.domains.prices()
    assert (ending.id, ending.tld) == ("6", "vn")
    assert ending.periods == (TldPeriod(years=1), READ[1])
    negative = {"period": 1, "register": "-1.00", "transfer": "-1", "renew": 0, "redemption": None}
    with desk_for({"GET /domain/order": [{"id": 6, "tld": "vn", "periods": {"0": negative}}]}) as provider:
        assert provider.domains.prices()[0].periods == (TldPeriod(years=1),)


@pytest.mark.parametrize(
    ("answer", "available"),
    [
        ({"status": "ok"}, True),
        ({"status": "unavailable"}, False),
        ({"available": "1", "name": "EXAMPLE.com."}, True),
        ({"available": 0, "status": "ok"}, False),
        ([], False),
        ({}, False),
    ],
)
def test_a_look_up_may_answer_as_the_text_says_or_as_the_example_shows(answer, available):
    with desk_for({"POST /domain/lookup": answer}) as provider:
        assert provider.domains.lookup("example.com").available is available


@pytest.mark.parametrize(
    "answer", [{"name": "example.com"}, {"available": "maybe"}, {"available": True, "name": "other.com"}, [1], "yes", 7]
)
def test_a_look_up_that_says_nothing_is_no_free_name(answer):
    with desk_for({"POST /domain/lookup": answer}) as provider, pytest.raises(MalformedResponse):
        provider.domains.lookup("example.com")
