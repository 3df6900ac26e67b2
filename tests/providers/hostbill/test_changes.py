"""Changes at portals that answer in their own way: prices, shapes that no page shows, refusals by word and by status."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from providers.errors import (
    InvalidRequest,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    PermissionDenied,
)
from providers.resources import InvoiceStatus, Order, OrderedItem, Record, RecordDraft
from tests.providers.hostbill.desk import desk_for
from tests.providers.kit import Memory

DOMAIN = {
    "id": "47",
    "name": "testname.com.vn",
    "status": "Active",
    "expires": "2027-12-30",
    "period": "2",
    "recurring_amount": "15.00",
    "nameservers": ["ns1.example.com", "ns2.example.com"],
}


def period(years: int, renew: str, redemption: str = "40.00") -> dict[str, str]:
    return {"period": str(years), "register": "10.00", "transfer": "0.00", "renew": renew, "redemption": redemption}


def desk(tlds: Any, **changes: Any) -> Any:
    return desk_for({"GET /domain/47": {"details": {**DOMAIN, **changes}}, "GET /domain/order": tlds})


# --- prices ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".com.vn", "com.vn", ".COM.VN"])
def test_the_longest_ending_and_the_right_period_make_the_price(ending):
    tlds = [
        {"id": "1", "tld": ".vn", "periods": [period(1, "99.00")]},
        {"id": "2", "tld": ending, "periods": [period(1, "15.00"), period(2, "29.00")]},
        {"id": "3", "tld": ".n.vn", "periods": [period(1, "77.00")]},
        "nonsense",
        {"id": "4", "tld": None},
    ]
    with desk({"tlds": tlds}) as provider:
        price = provider.domains.renewal_price("47", 2)
        assert (price.amount, price.currency, price.at_most) == (Decimal("29.00"), "", False)
        with pytest.raises(InvalidRequest) as caught:
            provider.domains.renewal_price("47", 3)
    assert caught.value.sentence == "The portal sells this ending for these numbers of years: 1, 2."
    assert list(caught.value.fields) == ["years"]


@pytest.mark.parametrize(
    ("status", "periods", "amount", "at_most"),
    [
        ("Expired", [period(2, "29.00", "80.00")], "80.00", True),
        ("Expired", [period(2, "29.00", "29.00")], "29.00", False),
        ("Expired", [period(2, "", "80.00")], "80.00", True),
        ("Redemption", [period(2, "90.00", "80.00")], "80.00", False),
    ],
)
def test_a_lapsed_domain_costs_at_most_what_redemption_costs(status, periods, amount, at_most):
    with desk({"tlds": [{"tld": ".vn", "periods": periods}]}, status=status) as provider:
        price = provider.domains.renewal_price("47", 2)
    assert (price.amount, price.at_most) == (Decimal(amount), at_most)


def test_a_list_keyed_by_id_with_numbers_is_read_all_the_same():
    tlds = {"9": {"tld": ".com.vn", "periods": {"0": {"period": 2, "renew": 29.5}, "1": "x", "2": {"period": 0}}}}
    with desk({"tlds": tlds}) as provider:
        assert provider.domains.renewal_price("47", 2).amount == Decimal("29.5")


NO_LIST: list[Any] = [
    {"tlds": []},
    {"tlds": [{"tld": ".dk", "periods": [period(2, "9.00")]}]},
    {"tlds": [{"tld": ".com.vn", "periods": []}]},
    {"tlds": [{"tld": ".com.vn", "periods": [period(2, "9.00")]}, {"tld": ".com.vn", "periods": [period(2, "8.00")]}]},
    {"error": ["invalid method"]},
]


@pytest.mark.parametrize("tlds", NO_LIST)
def test_without_a_listed_price_a_domain_tells_what_its_own_period_costs(tlds):
    with desk(tlds) as provider:
        assert provider.domains.renewal_price("47", 2).amount == Decimal("15.00")
        with pytest.raises(NotSupported) as caught:
            provider.domains.renewal_price("47", 1)
    assert "does not say what renewing this domain costs" in caught.value.sentence


@pytest.mark.parametrize("tlds", NO_LIST)
@pytest.mark.parametrize("changes", [{"status": "Expired"}, {"recurring_amount": "0.00"}, {"recurring_amount": "n/a"}])
def test_a_price_is_never_guessed(tlds, changes):
    with desk(tlds, **changes) as provider, pytest.raises(NotSupported):
        provider.domains.renewal_price("47", 2)


@pytest.mark.parametrize(
    ("status", "row"),
    [
        ("Active", period(2, "0.00")),
        ("Active", period(2, "n/a")),
        ("Active", period(2, "many")),
        ("Expired", period(2, "29.00", "0.00")),
        ("Expired", period(2, "29.00", "")),
    ],
)
def test_a_price_that_the_list_leaves_out_is_not_made_up_from_the_last_one(status, row):
    with desk({"tlds": [{"tld": ".vn", "periods": [row]}]}, status=status) as provider, pytest.raises(NotSupported):
        provider.domains.renewal_price("47", 2)


# --- answers --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "order"),
    [
        (
            {
                "order_num": 563647679,
                "invoice_id": "308977",
                "total": "10.00",
                "items": {"id": "10", "type": "Domain Register", "name": "test.com", "product_id": "3"},
            },
            Order(
                number="563647679",
                invoice_id="308977",
                total=Decimal("10.00"),
                items=(OrderedItem(id="10", type="Domain Register", name="test.com", product_id="3"),),
            ),
        ),
        (
            {"success": True, "order": {"order_num": "5", "invoice_id": 7, "total": 10.5, "currency": "dkk"}},
            Order(number="5", invoice_id="7", total=Decimal("10.5"), currency="DKK"),
        ),
        ({"info": ["order_placed"]}, Order()),
        ({"status": True, "invoice_id": 0, "total": "n/a"}, Order()),
        ({"order_num": ["5"], "invoice_id": {"id": 1}, "total": ["x"]}, Order()),
        (True, Order()),
    ],
)
def test_a_renewal_is_an_order_whatever_its_answer_names(answer, order):
    asked: list[Any] = []

    def say(method: str, path: str, body: bytes) -> Any:
        asked.append((method, path, json.loads(body)))
        return answer

    with desk_for(say) as provider:
        assert provider.domains.renew("47", 2, payment_method="12") == order
    assert asked == [("POST", "/domain/47/renew", {"years": "2", "pay_method": 12})]


@pytest.mark.parametrize("answer", [[], {}, None, "done", 1, [1]])
def test_an_answer_that_says_nothing_leaves_the_outcome_unknown(answer):
    with desk_for(lambda *_: answer) as provider:
        for do in (
            lambda: provider.domains.renew("47", 1),
            lambda: provider.billing.apply_credit("9"),
            lambda: provider.support.reply("9", "Hello"),
            lambda: provider.services.reboot("1:2"),
        ):
            with pytest.raises(OutcomeUnknown) as caught:
                do()
            assert caught.value.account == "Cloudviet (agency)"


def test_credit_is_applied_as_far_as_the_answer_says():
    with desk_for({"POST /invoice/9/credit": {"success": True, "invoice_status": "Paid", "applied": 2.1}}) as provider:
        applied = provider.billing.apply_credit("9")
    assert (applied.applied, applied.invoice_status) == (Decimal("2.1"), InvoiceStatus.PAID)
    for answer in ({"success": True}, {"success": True, "applied": "some"}, {"info": ["ok"]}, True):
        with desk_for({"POST /invoice/9/credit": answer}) as provider, pytest.raises(OutcomeUnknown):
            provider.billing.apply_credit("9")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"success": False, "error": ["Try again later"]}, InvalidRequest),
        ({"error": ["Too many requests"]}, InvalidRequest),
        ((400, {"error": ["The system is under maintenance, try again later"]}), InvalidRequest),
        ((422, {"error": ["rate limit"]}), InvalidRequest),
        ((404, {"error": ["try again later"]}), InvalidRequest),
        ((404, b""), InvalidRequest),
        ((404, {"error": ["Ticket not found"]}), NotFound),
        ((404, {"error": ["invalid method"]}), NotSupported),
        ({"error": "Access denied"}, PermissionDenied),
        ({"status": False}, InvalidRequest),
        ({"success": True, "error": ["Mail could not be sent"]}, OutcomeUnknown),
        ((503, {"error": ["maintenance"]}), OutcomeUnknown),
    ],
)
def test_no_refusal_in_words_makes_a_change_be_sent_again(answer, error):
    asked: list[str] = []

    def say(method: str, path: str, _body: bytes) -> Any:
        asked.append(f"{method} {path}")
        return answer

    with desk_for(say) as provider, pytest.raises(error) as caught:
        provider.support.reply("9", "Hello")
    assert type(caught.value) is error
    assert not caught.value.retry_change
    assert asked == ["POST /tickets/9"]


# --- what is remembered -------------------------------------------------------------------------------------------------------


def test_a_module_without_reboots_is_remembered_for_its_service_alone():
    asked: list[str] = []

    def say(method: str, path: str, _body: bytes) -> Any:
        asked.append(f"{method} {path}")
        return {"error": ["invalid method"]} if path.startswith("/service/1/") else {"success": True}

    memory = Memory()
    with desk_for(say, memory=memory) as provider:
        for _ in range(2):
            with pytest.raises(NotSupported):
                provider.services.reboot("1:5")
        provider.services.reboot("2:6")
        assert asked == ["POST /service/1/vms/5/reboot", "POST /service/2/vms/6/reboot"]
        assert provider.can("services.reboot")


def test_what_an_unknown_portal_does_not_publish_is_not_sent():
    asked: list[str] = []

    def say(method: str, path: str, _body: bytes) -> Any:
        asked.append(f"{method} {path}")
        paths: dict[str, Any] = {"/details": {"get": {}}, "/invoice": {"get": {}}, "/domain/{id}": {"get": {}}}
        return {"paths": paths} if path == "/" else {"success": True}

    record = Record(id="1", name="www", type="A", content="192.0.2.1")
    with desk_for(say, preset="hostbill") as provider:
        assert provider.can("billing.list")
        for do in (
            lambda: provider.domains.renew("47", 1),
            lambda: provider.billing.apply_credit("9"),
            lambda: provider.support.reply("9", "Hello"),
            lambda: provider.services.reboot("1:5"),
            lambda: provider.dns.remove("domain:47", record),
            lambda: provider.dns.remove("service:1:2", record),
        ):
            with pytest.raises(NotSupported) as caught:
                do()
            assert caught.value.sentence.endswith("Nothing was sent.")
    assert asked == ["GET /"]


# --- how records go out ---------------------------------------------------------------------------------------------------------


def written(zone_id: str, zone: Any, draft: RecordDraft) -> Any:
    """The body in which a record is sent into a zone that reads as `zone`."""
    bodies: list[Any] = []

    def say(method: str, _path: str, body: bytes) -> Any:
        if method == "GET":
            return zone
        bodies.append(json.loads(body))
        return {"info": ["ok"]}

    with desk_for(say) as provider:
        provider.dns.add(zone_id, draft)
    return bodies[0]


def test_a_record_is_sent_in_the_spelling_of_its_zone():
    plain = {"name": "example.com", "records": [{"id": "1", "name": "@", "type": "TXT", "content": "a"}]}
    spelled = {
        "name": "example.com",
        "records": {
            "0": {"id": "1", "name": "example.com", "type": "TXT", "content": '"a"'},
            "1": {"id": "2", "name": "www.example.com", "type": "CNAME", "content": "example.com."},
        },
    }
    text = RecordDraft(name="@", type="TXT", content="v=spf1 -all")
    host = RecordDraft(name="www", type="CNAME", content="example.net.", ttl=60)
    common = {"name": "@", "type": "TXT", "ttl": 3600}
    assert written("service:1:2", plain, text) == {**common, "content": "v=spf1 -all"}
    assert written("service:1:2", spelled, text) == {**common, "content": '"v=spf1 -all"'}
    assert written("service:1:2", plain, host)["content"] == "example.net"
    assert written("service:1:2", spelled, host) == {
        "name": "www",
        "type": "CNAME",
        "ttl": 60,
        "content": "example.net.",
    }


def test_service_records_go_out_as_a_list_and_as_a_text():
    draft = RecordDraft(name="_sip._tcp", type="SRV", content="5 5060 sip.example.net.", priority=10)
    sent = written("service:1:2", {"name": "example.com", "records": []}, draft)
    assert sent == {
        "name": "_sip._tcp",
        "type": "SRV",
        "ttl": 3600,
        "priority": 10,
        "content": ["5", "5060", "sip.example.net"],
    }
    domains = {"domains": [{"id": "47", "name": "example.com", "status": "Active"}], "records": []}
    sent = written("domain:47", domains, draft)
    assert sent == {"name": "_sip._tcp", "type": "SRV", "priority": "10", "content": "5 5060 sip.example.net"}


def test_a_zone_that_the_portal_does_not_run_takes_no_record():
    answers = {
        "GET /domain": {"domains": [{"id": "47", "name": "example.com", "status": "Active"}]},
        "GET /domain/47/dns": {"error": ["DNS management is not enabled for this domain"]},
    }
    with desk_for(answers) as provider, pytest.raises(InvalidRequest) as caught:
        provider.dns.add("domain:47", RecordDraft(name="www", type="A", content="192.0.2.1"))
    assert caught.value.sentence == "The portal does not run this zone. Nothing was sent."
