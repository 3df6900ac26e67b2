"""What the answer to a change proves: that it was done, that nothing happened, or neither."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from providers.errors import InvalidRequest, NotSupported, OutcomeUnknown, ProviderError
from providers.families import changes
from providers.hostbill.outcomes import accepted
from providers.hostbill.refusals import judge
from providers.offers import DomainOrder, ProductItem, RenewItem, TransferItem
from tests.providers.hostbill.desk import desk_for
from tests.providers.hostbill.every_method import ASKS_FIRST
from tests.providers.hostbill.test_any_json import EVERY, Saying, SayingFirst, portal_saying

UPSTREAM = Path(__file__).resolve().parents[2] / "upstream"
CHANGES = [name for name in EVERY if changes(name.partition(" ")[0])]
NOT_SENT = (*[name for name in CHANGES if name.startswith(("dns.add", "dns.change"))], "domains.register_nameserver")
"""They read first, and what they read makes no sense here."""
NO_REQUEST = "certificates.order"
"""Its sample is no request that could be sent."""

DONE_AND_NOT: list[dict[str, Any]] = [
    {"order_num": 5, "error": ["The mail could not be sent"]},
    {"order_num": 5, "error": ["invalid method"]},
    {"order_num": 5, "error": ["Expired token"]},
    {"order_num": 5, "success": False},
    {"order_num_list": [5, 6], "errors": ["The second item is sold out"]},
    {"order": {"order_num": "5"}, "error": "x"},
    {"invoice_id": "308977", "success": False, "error": ["x"]},
    {"status": True, "error": ["x"]},
    {"success": "1", "error": ["x"]},
    {"success": 1, "error": ["x"]},
    {"success": True, "status": False},
    {"info": ["profile_updated"], "error": ["x"]},
    {"ticket": 865650, "error": ["x"]},
]
SAYS_NOTHING: list[Any] = [
    {"success": None},
    {"info": []},
    {"error": []},
    {"errors": {}, "info": None},
    {"ticket": False},
    {"order_num": None, "items": []},
    {"order_num": "", "total": "n/a"},
    {"data": None},
    {"status": "error"},
    {"status": 0},
    {"status": "0"},
    {"result": "failed", "message": "x"},
    {"success": "failure"},
    [{"error": "x"}],
]
REFUSED: list[dict[str, Any]] = [
    {"success": 0},
    {"success": "0"},
    {"success": "False"},
    {"errors": ["no"]},
    {"errors": {"years": ["Only one year is sold"]}},
    {"error": [], "errors": "no"},
    {"success": False, "info": ["Nothing was saved"]},
    {"success": False, "invoice_id": "0", "order_num": None, "error": ["x"]},
]


def outcome(name: str, answer: Any) -> type[ProviderError] | None:
    transport = SayingFirst if name.partition(" ")[0] in ASKS_FIRST else Saying
    try:
        EVERY[name](portal_saying(answer, transport))
    except ProviderError as error:
        return type(error)
    return None


@pytest.mark.parametrize("answer", DONE_AND_NOT, ids=json.dumps)
def test_what_was_refused_and_yet_made_something_is_unknown(answer):
    with pytest.raises(OutcomeUnknown):
        judge(answer, 200, "POST /domain/{id}/renew", changes=True)


@pytest.mark.parametrize("answer", [*DONE_AND_NOT, *SAYS_NOTHING], ids=json.dumps)
def test_no_change_takes_such_an_answer_for_done_or_for_nothing(answer):
    sent = [name for name in CHANGES if name not in (*NOT_SENT, NO_REQUEST)]
    assert len(sent) > 35
    assert {name: outcome(name, answer) for name in sent} == dict.fromkeys(sent, OutcomeUnknown)


@pytest.mark.parametrize("answer", REFUSED, ids=json.dumps)
def test_a_refusal_in_any_spelling_means_that_nothing_happened(answer):
    for name in CHANGES:
        assert outcome(name, answer) is InvalidRequest


def test_an_order_that_speaks_of_a_token_and_names_an_invoice_is_not_sent_again():
    seen: list[str] = []

    def say(_method: str, path: str, _body: bytes) -> Any:
        seen.append(path)
        return {"token": f"t{len(seen)}"} if path == "/login" else {"invoice_id": "7", "error": ["Invalid token"]}

    with desk_for(say, auth="jwt") as portal, pytest.raises(OutcomeUnknown):
        portal.domains.renew("47", 1)
    assert seen == ["/login", "/domain/47/renew"]


def test_an_unknown_method_beside_an_order_number_hides_nothing():
    with desk_for(lambda *_: {"order_num": 5, "error": ["invalid method"]}) as portal:
        for _ in range(2):
            with pytest.raises(OutcomeUnknown):
                portal.domains.renew("47", 1)
    with desk_for(lambda *_: {"error": ["invalid method"]}) as portal, pytest.raises(NotSupported):
        portal.domains.renew("47", 1)


@pytest.mark.parametrize("document", ["cloudviet", "dns_services"])
def test_every_documented_answer_to_a_change_says_that_it_was_done(document):
    told = json.loads((UPSTREAM / f"{document}.json").read_text(encoding="utf-8"))
    operations = told["operations"] if isinstance(told, dict) else told
    tried = 0
    for one in operations:
        answer = one.get("example_repaired") or one.get("example_response")
        answer = json.loads(answer) if isinstance(answer, str) and answer.startswith("{") else answer
        if one["method"] == "GET" or not answer or one.get("example_is_error"):
            continue
        operation = f"{one['method']} {one['path']}"
        judge(answer, 200, operation, changes=True)
        assert accepted(answer, operation) == answer
        tried += 1
    assert tried > 10


@pytest.mark.parametrize(
    "answer",
    [True, {"nameservers": []}, {"autorenew": False}, {"message": "The machine restarts"}, {"status": "stopped"}],
)
def test_what_shows_the_new_state_is_a_confirmation(answer):
    judge(answer, 200, "PUT /domain/{id}/ns", changes=True)
    assert accepted(answer, "PUT /domain/{id}/ns") == answer


# --- orders ---------------------------------------------------------------------------------------------------------------------

CODE = "S3cr3t-EPP/9"
COM = {"GET /domain/order": {"tlds": [{"id": "6", "tld": ".com", "periods": [{"period": 1}]}]}}
MOVE = DomainOrder(name="example.com", epp_code=CODE)
BASKET = [ProductItem(product_id="1"), TransferItem(order=MOVE), RenewItem(domain_id="47")]


@pytest.mark.parametrize("answer", [{"error": [f"The code {CODE} is wrong"]}, (400, {"epp": [f"{CODE} is wrong"]})])
def test_no_error_tells_the_code_of_a_transfer(answer, caplog):
    said = {**COM, "POST /domain/order": answer, "POST /order": answer, "POST /quote": answer}
    with desk_for(said) as portal, caplog.at_level("DEBUG"):
        for do in (
            lambda: portal.domains.transfer(MOVE),
            lambda: portal.catalog.order(BASKET),
            lambda: portal.catalog.quote(BASKET),
        ):
            with pytest.raises(InvalidRequest) as caught:
                do()
            told = f"{caught.value} {caught.value.upstream_words} {caught.value.fields} {caught.value!r}"
            assert CODE not in told
            assert "is wrong" in told
    assert CODE not in caplog.text


def test_no_order_tells_the_code_of_a_transfer():
    answer = {"order_num": 5, "info": [f"Begun with {CODE} just now"]}
    with desk_for({**COM, "POST /domain/order": answer, "POST /order": answer}) as portal:
        for order in (portal.domains.transfer(MOVE), portal.catalog.order(BASKET)):
            assert (order.number, order.words) == ("5", "Begun with ••• just now")


ITEM = {"id": "1", "type": "Hosting"}


@pytest.mark.parametrize(
    ("items", "whole"),
    [
        ([ITEM, ITEM], True),
        ([ITEM, ITEM, ITEM], True),
        ({"0": ITEM, "1": ITEM}, True),
        ([], True),
        (None, True),
        ([ITEM], False),
        ([ITEM, {"error": ["Sold out"]}, ITEM], False),
        ([ITEM, {"success": False}, ITEM], False),
    ],
)
def test_a_basket_of_which_only_a_part_was_ordered_is_not_done(items, whole):
    answer = {"order_num_list": [5], "invoice_id": "308977", "items": items}
    with desk_for({**COM, "POST /order": answer}) as portal:
        if whole:
            assert portal.catalog.order(BASKET).invoice_id == "308977"
            return
        with pytest.raises(OutcomeUnknown) as caught:
            portal.catalog.order(BASKET)
    assert "308977" in caught.value.sentence
    assert caught.value.account == "Cloudviet (agency)"
