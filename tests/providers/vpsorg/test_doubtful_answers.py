"""What VPS.org says twice, without end, or against itself."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from providers.errors import InvalidRequest, MalformedResponse, NotSupported, OutcomeUnknown, PermissionDenied
from providers.offers import DomainOrder
from providers.resources import Domain
from providers.vpsorg.learned import DAY
from providers.vpsorg.parse.account import scopes
from tests.providers.vpsorg.conftest import Answers, asked
from tests.providers.vpsorg.test_any_json import CHANGES, ORDER
from tests.providers.vpsorg.test_documented_answers import LISTED

ONE: dict[str, Any] = {"uuid": "u1", "domain_name": "one.example", "status": "active"}
TWO: dict[str, Any] = {"uuid": "u2", "domain_name": "two.example", "status": "active"}


def page(*rows: Any) -> dict[str, Any]:
    return {"count": len(rows), "next": None, "previous": None, "results": list(rows)}


@pytest.mark.parametrize(
    ("rows", "bad"),
    [
        ((ONE, TWO, {**TWO, "uuid": "u1"}), [("u1", "two.example")]),
        ((ONE, TWO, ONE), []),
    ],
)
def test_a_list_with_an_id_twice_is_no_whole_list(answers: Answers, provider: Any, rows: Any, bad: list[Any]):
    answers["/domains/"] = page(*rows)
    found = provider.domains.list()
    assert [(one.id, one.name) for one in found.items] == [("u1", "one.example"), ("u2", "two.example")]
    assert [(one.id, one.name) for one in found.bad] == bad
    assert not found.complete
    assert "twice" in found.note


def test_a_row_that_can_not_be_read_makes_no_list_doubtful(answers: Answers, provider: Any):
    answers["/domains/"] = page(ONE, {"uuid": "u3"})
    found = provider.domains.list()
    assert (len(found.items), len(found.bad), found.complete) == (1, 1, True)


def test_a_search_without_an_end_is_given_up(server: Any, provider: Any):
    def more(handler: Any) -> None:
        number = int(re.findall(r"[?&]page=(\d+)", handler.path)[0])
        handler.reply(
            200, {"count": 9, "next": f"http://x/?page={number + 1}", "results": [{**ONE, "uuid": str(number)}]}
        )

    server.behave = more
    with pytest.raises(MalformedResponse, match="no end"):
        provider.domains.named("two.example")
    assert len(server.seen) == 100


def test_a_name_that_is_listed_twice_with_one_id_is_read_once(server: Any, answers: Answers, provider: Any):
    answers["/domains/"] = page(ONE, ONE)
    answers["/domains/u1/"] = ONE
    (found,) = provider.domains.named("one.example")
    assert isinstance(found, Domain)
    assert [path for _, path, _ in asked(server) if path == "/domains/u1/"] == ["/domains/u1/"]


# --- changes --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", [{"success": False}, {"success": "0", "detail": "x"}, {"uuid": "u9", "error": "x"}, {"errors": ["x"]}]
)
@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
def test_a_good_status_with_a_failure_in_the_body_leaves_it_open(
    server: Any, provider: Any, change: Any, answer: dict[str, Any]
):
    def say(handler: Any) -> None:
        handler.reply(200, page({**ONE, "domain_name": ORDER.name}) if handler.command == "GET" else answer)

    server.behave = say
    with pytest.raises(OutcomeUnknown) as caught:
        change(provider)
    assert (caught.value.account, bool(caught.value.operation)) == ("Acme", True)
    assert sum(method != "GET" for method, *_ in asked(server)) == 1


@pytest.mark.parametrize(
    "answer", [{}, [], None, True, "OK", {"detail": ""}, {"status": "Failed", "domain": "x"}, {"result": "error"}]
)
def test_an_order_whose_answer_tells_nothing_is_open(server: Any, answers: Answers, provider: Any, answer: Any):
    order = DomainOrder(name="example.com", epp_code="abcdef")
    answers["GET /domains/"] = LISTED
    answers["POST /domains/"] = answers["/domains/u1/renew/"] = answers["/domains/101/transfer/"] = (
        200,
        json.dumps(answer),
    )
    for do in (
        lambda: provider.domains.renew("u1", 1),
        lambda: provider.domains.register(order),
        lambda: provider.domains.transfer(order),
    ):
        with pytest.raises(OutcomeUnknown):
            do()
    assert sum(method != "GET" for method, *_ in asked(server)) == 3


def test_a_way_to_pay_is_refused_since_there_is_none(server: Any, provider: Any):
    order = DomainOrder(name="example.com", epp_code="abcdef")
    for do in (
        lambda: provider.domains.renew("u1", 1, payment_method="12"),
        lambda: provider.domains.register(order, payment_method="12"),
        lambda: provider.domains.transfer(order, payment_method="12"),
    ):
        with pytest.raises(InvalidRequest, match="takes no payment method") as caught:
            do()
        assert list(caught.value.fields) == ["payment_method"]
    assert server.seen == []


def test_the_code_of_a_transfer_is_in_no_words_of_its_order(answers: Answers, provider: Any):
    answers["GET /domains/"] = LISTED
    answers["/domains/101/transfer/"] = {"message": "Begun with S3cr3tC0de."}
    assert provider.domains.transfer(DomainOrder(name="example.com", epp_code="S3cr3tC0de")).words == "Begun with •••."


# --- what is offered ------------------------------------------------------------------------------------------------------------


def test_without_the_documented_update_the_present_form_still_sets_name_servers(answers: Answers, provider: Any):
    answers["/domains/"] = page(ONE)
    answers["GET /domains/u1/"] = ONE
    answers["PUT /domains/u1/"] = (405, {"detail": "no"})
    answers["POST /domains/u1/update_nameservers/"] = {"message": "done"}
    provider.domains.list()
    with pytest.raises(NotSupported):
        provider.domains.set_lock("u1", on=True)
    assert not provider.can("domains.set_lock")
    assert provider.can("domains.set_nameservers")
    provider.domains.set_nameservers("u1", ["ns1.x.example"])
    answers["POST /domains/u1/update_nameservers/"] = (405, {})
    with pytest.raises(NotSupported):
        provider.domains.set_nameservers("u1", ["ns1.x.example"])
    assert not provider.can("domains.set_nameservers")


def test_one_forbidden_thing_closes_nothing_that_the_scopes_allow(answers: Answers, provider: Any):
    provider._api.learned.keep_scopes(["servers:*"], seconds=DAY)
    answers["POST /servers/s1/backup/"] = (403, {"detail": "This server can't be backed up."})
    with pytest.raises(PermissionDenied):
        provider.services.back_up("s1")
    assert provider.can("services.back_up")
    answers["POST /servers/s2/backup/"] = {}
    provider.services.back_up("s2")


def test_scopes_that_are_none_are_not_kept():
    told = ["domains:*", "dns\0:read", "dns:\ud800", "x" * 9_000 + ":read", "servers: read", 7, "*:read"]
    assert scopes({"scopes": told}) == ("*:read", "domains:*")
    assert scopes({"scopes": {"dns": ["read"], "dns\0:*": True, "a" * 99: "read"}}) == ("dns:read",)
    assert len(scopes({"scopes": [f"a{number}:read" for number in range(10_000)]})) == 100
