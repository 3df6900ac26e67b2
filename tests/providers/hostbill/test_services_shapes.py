"""Answers about services whose shape no page shows, in the ways that portals write them, and answers that are no answers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from providers.errors import InvalidRequest, MalformedResponse, NotSupported, OutcomeUnknown
from providers.hostbill.modules import offered_by_module
from providers.offers import Cycle, UpgradeOptions, UpgradeRequest
from providers.resources import ServiceAddress, ServiceMethod
from tests.providers.hostbill.desk import desk_for
from tests.sandbox.documents import operations

NO_ANSWER: list[Any] = [None, [], 7, "maybe", True]


def example(operation: str) -> Any:
    return next(one for one in operations("cloudviet") if f"{one['method']} {one['path']}" == operation)[
        "example_response"
    ]


def told(*pairs: tuple[str, str | None]) -> tuple[ServiceAddress, ...]:
    return tuple(ServiceAddress(ip=ip, host=host) for ip, host in pairs)


# --- labels ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "label"),
    [(example("GET /service/{id}/label"), "example"), ({"label": ""}, ""), ({"label": None}, ""), ({"label": 7}, "7")],
)
def test_a_label_is_read(answer, label):
    with desk_for({"GET /service/301/label": answer}) as provider:
        assert provider.services.label("301") == label


@pytest.mark.parametrize("answer", [*NO_ANSWER, {}, {"label": ["a"]}, {"label": {"a": 1}}, {"labels": "x"}])
def test_an_answer_without_a_label_is_no_empty_label(answer):
    with desk_for({"GET /service/301/label": answer}) as provider, pytest.raises(MalformedResponse) as caught:
        provider.services.label("301")
    assert caught.value.account == "Cloudviet (agency)"


# --- upgrades -------------------------------------------------------------------------------------------------------------


def test_the_documented_upgrade_options_are_read():
    with desk_for({"GET /service/301/upgrade": example("GET /service/{id}/upgrade")}) as provider:
        options = provider.services.upgrade_options("301")
    assert [(one.name, one.label, len(one.choices)) for one in options.resources] == [("custom[1557]", "Bandwidth", 3)]
    assert options.packages == ()


PACKAGE = {"id": 12, "name": "Pro", "description": "More", "periods": [{"value": "m", "price": 9, "setup": "1.00"}]}


@pytest.mark.parametrize(
    "packages",
    [
        [PACKAGE, 7, {"name": "no id"}],
        {"12": {key: value for key, value in PACKAGE.items() if key != "id"}},
        PACKAGE,
        {"0": PACKAGE, "1": {}},
    ],
)
def test_packages_are_read_in_several_shapes(packages):
    with desk_for({"GET /service/301/upgrade": {"resources": [], "package": packages}}) as provider:
        (package,) = provider.services.upgrade_options("301").packages
    assert (package.id, package.name, package.description) == ("12", "Pro", "More")
    assert [(one.cycle, one.code, one.price, one.setup) for one in package.prices] == [
        (Cycle.MONTHLY, "m", Decimal(9), Decimal("1.00"))
    ]


@pytest.mark.parametrize("answer", [{"resources": []}, {"package": []}, {"resources": None, "package": {}}])
def test_nothing_to_upgrade_is_an_answer(answer):
    with desk_for({"GET /service/301/upgrade": answer}) as provider:
        assert provider.services.upgrade_options("301") == UpgradeOptions()


@pytest.mark.parametrize("answer", [*NO_ANSWER, {}, {"products": []}])
def test_no_upgrade_options_are_not_none(answer):
    with desk_for({"GET /service/301/upgrade": answer}) as provider, pytest.raises(MalformedResponse):
        provider.services.upgrade_options("301")


REQUEST = UpgradeRequest(resources={"custom[1557]": "10103"}, package_id="12", cycle="a")


@pytest.mark.parametrize(
    "answer",
    [
        {"total": "12.50", "currency": "usd"},
        {"success": True, "charge": 12.5, "currency": "USD"},
        {"summary": {"total": "12.50", "currency": "USD"}, "items": []},
        {"upgrade": {"price": "$12.50"}, "currency": "USD"},
    ],
)
def test_an_estimate_names_its_price_in_several_ways(answer):
    sent: list[Any] = []

    def say(method: str, path: str, body: bytes) -> Any:
        sent.append((method, path, json.loads(body)))
        return answer

    with desk_for(say) as provider:
        quote = provider.services.upgrade_quote("301", REQUEST)
    assert (quote.total, quote.currency) == (Decimal("12.50"), "USD")
    assert sent == [
        (
            "POST",
            "/service/301/upgrade",
            {"resources": {"1557": "10103"}, "package": 12, "cycle": "a", "send": False},
        )
    ]


@pytest.mark.parametrize("answer", [*NO_ANSWER, {}, {"total": "soon"}, {"items": [{"price": 5}]}, {"success": True}])
def test_an_estimate_without_a_price_is_not_free(answer):
    with desk_for({"POST /service/301/upgrade": answer}) as provider, pytest.raises(MalformedResponse):
        provider.services.upgrade_quote("301", REQUEST)


def test_a_request_for_an_upgrade_is_sent_as_one():
    sent: list[Any] = []

    def say(_method: str, _path: str, body: bytes) -> Any:
        sent.append(json.loads(body)["send"])
        return {"success": True, "order_num": 77, "invoice_id": 0, "total": "n/a"}

    with desk_for(say) as provider:
        order = provider.services.upgrade("301", REQUEST)
    assert (order.number, order.invoice_id, order.total) == ("77", "", None)
    assert sent == [True]


CHANGES: dict[str, Any] = {
    "POST /service/301/label": lambda services: services.set_label("301", "x"),
    "POST /service/301/upgrade": lambda services: services.upgrade("301", REQUEST),
    "POST /service/301/cancel": lambda services: services.cancel("301", immediate=True, reason="x"),
    "POST /service/301/rdns": lambda services: services.set_reverse_dns("301", {"203.0.113.4": "a.vn"}),
}


@pytest.mark.parametrize("operation", CHANGES)
@pytest.mark.parametrize("answer", [None, [], {}, "", 0])
def test_an_answer_that_does_not_say_that_it_was_done_is_doubtful(operation, answer):
    with desk_for({operation: answer}) as provider, pytest.raises(OutcomeUnknown):
        CHANGES[operation](provider.services)


@pytest.mark.parametrize("operation", CHANGES)
def test_a_refusal_in_words_is_a_refusal(operation):
    with (
        desk_for({operation: {"success": False, "error": ["Not now"]}}) as provider,
        pytest.raises(InvalidRequest) as caught,
    ):
        CHANGES[operation](provider.services)
    assert (caught.value.upstream_words, caught.value.account) == ("Not now", "Cloudviet (agency)")


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("POST /service/301/label", {"label": "x"}),
        ("POST /service/301/cancel", {"immediate": "true", "reason": "x"}),
        ("POST /service/301/rdns", {"ipaddress": {"203.0.113.4": "a.vn"}}),
    ],
)
def test_what_is_sent_is_what_the_page_shows(operation, body):
    sent: list[Any] = []

    def say(method: str, path: str, raw: bytes) -> Any:
        sent.append((f"{method} {path}", json.loads(raw)))
        return {"info": ["cancell_sent"]}

    with desk_for(say) as provider:
        CHANGES[operation](provider.services)
    assert sent == [(operation, body)]


# --- addresses ------------------------------------------------------------------------------------------------------------

TWO = told(("203.0.113.4", None), ("2001:db8::1", None))


@pytest.mark.parametrize(
    "answer",
    [
        {"list": ["203.0.113.4", "2001:DB8::1"]},
        ["203.0.113.4/24", " 2001:db8::1 ", ""],
        {"ips": "203.0.113.4, 2001:db8::1"},
        {"ip": "203.0.113.4\n2001:db8::1"},
        {"ips": [{"ip": "203.0.113.4", "mac": "aa"}, {"ipaddress": "2001:db8::1"}]},
        {"success": True, "ips": {"7": {"ip": "203.0.113.4", "id": 7}, "9": {"address": "2001:db8::1", "id": 9}}},
        {"success": True, "203.0.113.4": None, "2001:db8::1": None},
        {"addresses": {"ipv4": ["203.0.113.4"], "ipv6": ["2001:db8::1", "203.0.113.4"]}},
    ],
)
def test_addresses_are_read_in_several_shapes(answer):
    with desk_for({"GET /service/301/ip": answer}) as provider:
        assert provider.services.addresses("301") == TWO


@pytest.mark.parametrize(
    "answer",
    [
        {"ipaddress": {"203.0.113.4": "Mail.Example.com.", "203.0.113.5": ""}},
        {"203.0.113.4": "mail.example.com", "203.0.113.5": False},
        {"rdns": [{"ip": "203.0.113.4", "ptr": "mail.example.com"}, {"ip": "203.0.113.5", "ptr": ""}]},
        {
            "entries": {
                "1": {"address": "203.0.113.4", "hostname": "mail.example.com"},
                "2": {"ip": "203.0.113.5", "host": "n/a"},
            }
        },
        {"203.0.113.4": {"rdns": "mail.example.com"}, "203.0.113.5": {"rdns": ""}},
    ],
)
def test_reverse_names_are_read_in_several_shapes(answer):
    with desk_for({"GET /service/301/rdns": answer}) as provider:
        assert provider.services.reverse_dns("301") == told(("203.0.113.4", "mail.example.com"), ("203.0.113.5", ""))


def test_a_reverse_name_that_is_none_is_not_told():
    with desk_for({"GET /service/301/rdns": {"203.0.113.4": "not a host!"}}) as provider:
        assert provider.services.reverse_dns("301") == told(("203.0.113.4", None))


@pytest.mark.parametrize("answer", [[], {"list": []}, {"ips": {}}, {"ipaddress": []}])
def test_no_addresses_is_an_answer(answer):
    with desk_for({"GET /service/301/ip": answer}) as provider:
        assert provider.services.addresses("301") == ()


DEEP: Any = ["203.0.113.4"]
for _ in range(8):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "answer", [None, "", 7, True, {"list": [7]}, {"ips": ["web-01"]}, {"list": None}, DEEP, "<b>x</b>"]
)
def test_what_is_no_list_of_addresses_is_told(answer):
    with desk_for({"GET /service/301/ip": answer}) as provider, pytest.raises(MalformedResponse) as caught:
        provider.services.addresses("301")
    assert caught.value.operation == "GET /service/{id}/ip"


# --- what a module can do -------------------------------------------------------------------------------------------------


def method(verb: str, route: str) -> ServiceMethod:
    return ServiceMethod(name="", method=verb, route=route)


@pytest.mark.parametrize(
    ("methods", "offers"),
    [
        (None, None),
        ([], set()),
        ([method("POST", "/service/@id/vms/@vmid/reboot")], {"services.reboot"}),
        ([method("POST", "/api/service/{id}/vms/{vm}/stop/")], {"services.stop"}),
        ([method("GET", "/service/:id/label")], {"services.label"}),
        ([method("GET", "/service/@id"), method("POST", "/pets"), method("PATCH", "/service/@id/label")], set()),
        ([method("POST", "/service/@id/upgrade")], {"services.upgrade", "services.upgrade_quote"}),
    ],
)
def test_routes_are_told_as_our_capabilities(methods, offers):
    assert offered_by_module(methods) == offers


@pytest.mark.parametrize(
    "answer", [{"error": ["invalid method"]}, None, {"methods": "none"}, {"methods": [{"name": "x"}]}]
)
def test_without_a_list_of_methods_it_is_not_known_what_a_module_can_do(answer):
    service = {"service": {"id": "301", "name": "Hosting", "status": "Active"}}
    with desk_for({"GET /service/301": service, "GET /service/301/methods": answer}) as provider:
        detail = provider.services.detail("301")
    assert (detail.methods, detail.offers) == (None, None)


def test_an_operation_that_the_portal_does_not_have_is_told_as_such():
    answer = (404, {"error": "Invalid method"})
    with desk_for({"GET /service/301/ip": answer}) as provider, pytest.raises(NotSupported):
        provider.services.addresses("301")
