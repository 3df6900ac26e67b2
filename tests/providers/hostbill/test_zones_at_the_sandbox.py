"""Zones of both HostBill stand-ins, made and deleted over HTTP and read back; and lists of zones that no page shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from providers.errors import InvalidRequest, MalformedResponse, NotFound, NotSupported, RateLimited
from providers.resources import RecordDraft, Zone
from providers.transport import Limits
from sandbox.hostbill.portal import HostBillPortal
from sandbox.server import Sandbox
from tests.providers.hostbill.desk import desk_for
from tests.providers.hostbill.rented import desk, service_of, settled
from tests.providers.kit import Memory
from tests.sandbox.documents import operations


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=5) as running:
        yield running


@pytest.fixture(params=["cloudviet", "dns_services"])
def portal(request: pytest.FixtureRequest, sandbox: Sandbox) -> Any:
    return getattr(sandbox, request.param)


def example(operation: str) -> Any:
    return next(one for one in operations("cloudviet") if f"{one['method']} {one['path']}" == operation)[
        "example_response"
    ]


# --- at the stand-ins -----------------------------------------------------------------------------------------------------


def test_the_places_for_a_zone_are_the_dns_services_even_the_empty_ones(portal):
    wanted = {
        one["id"]
        for one in portal.state.all("services")
        if one["kind"] == "dns" and one["status"] not in ("Cancelled", "Terminated")
    }
    places = desk(portal).dns.places()
    assert wanted <= set(places)
    assert len(set(places)) == len(places)


def test_a_zone_is_made_filled_and_deleted(portal):
    place = service_of(portal, "dns")["id"]
    dns = desk(portal).dns
    before = {zone.id for zone in dns.zones_in(place)}
    dns.create_zone("Bücher-Test.com.", place=place)
    (made,) = [zone for zone in dns.zones_in(place) if zone.id not in before]
    assert (made.name, made.service_id) == ("xn--bcher-test-9db.com", place)
    assert made in dns.list().items

    dns.add(made.id, RecordDraft(name="www", type="A", content="203.0.113.9", ttl=600))
    assert ("www", "203.0.113.9", 600) in [(one.name, one.content, one.ttl) for one in dns.detail(made.id).records]
    with pytest.raises(InvalidRequest) as caught:
        dns.create_zone("xn--bcher-test-9db.com", place=place)
    assert "already exists" in caught.value.upstream_words

    dns.delete_zone(made.id)
    assert {zone.id for zone in dns.zones_in(place)} == before
    for gone in (dns.detail, dns.delete_zone):
        with pytest.raises(NotFound):
            gone(made.id)


def test_each_zone_is_in_the_list_of_its_service_alone(portal):
    dns = desk(portal).dns
    in_services = [zone for zone in dns.list().items if zone.service_id]
    listed = [zone for place in dns.places() for zone in dns.zones_in(place)]
    assert sorted(zone.id for zone in listed) == sorted(zone.id for zone in in_services)


def test_a_service_that_is_no_dns_takes_no_zone_and_says_so_once(portal):
    other = service_of(portal, "hosting")["id"]
    calls: list[Any] = []
    provider = desk(portal, calls=calls)
    for _ in range(2):
        with pytest.raises(NotSupported):
            provider.dns.create_zone("new.example", place=other)
    assert len(calls) == 1
    assert provider.can("dns.create_zone")


def test_the_zone_of_a_domain_is_not_deleted_and_nothing_is_sent(portal):
    calls: list[Any] = []
    dns = desk(portal, calls=calls).dns
    domain = portal.state.all("domains")[0]["id"]
    with pytest.raises(InvalidRequest) as caught:
        dns.delete_zone(f"domain:{domain}")
    assert caught.value.sentence.endswith("Nothing was sent.")
    assert calls == []


@pytest.mark.parametrize(("name", "place"), [("new.example", ""), ("", "320"), ("not a name", "320"), ("-", "320")])
def test_a_zone_needs_a_name_and_a_place(portal, name, place):
    calls: list[Any] = []
    with pytest.raises(InvalidRequest):
        desk(portal, calls=calls).dns.create_zone(name, place=place)
    assert calls == []


def test_the_registrar_tells_the_types_that_it_takes_and_a_dns_service_does_not(portal):
    dns = desk(portal).dns
    domain = portal.state.all("domains")[0]["id"]
    assert {"A", "AAAA", "MX", "URL"} <= set(dns.record_types(f"domain:{domain}"))
    assert dns.record_types("service:320:600") == ()
    with pytest.raises(NotFound):
        dns.record_types("zone-7")


def test_a_time_to_live_is_set_in_a_service_and_not_at_the_registrar(portal):
    calls: list[Any] = []
    dns = desk(portal, calls=calls).dns
    assert (dns.sets_ttl("service:320:600"), dns.sets_ttl("domain:47")) == (True, False)
    assert calls == []


# --- shapes ---------------------------------------------------------------------------------------------------------------

OVERVIEW = example("GET /dns")
TEN = (Zone(id="service:10:60", name="booble.com", service_id="10"),)


def test_the_documented_list_names_the_places():
    with desk_for({"GET /dns": OVERVIEW}) as provider:
        assert provider.dns.places() == ("10", "20")


@pytest.mark.parametrize(
    ("answer", "places"),
    [
        ({"service_ids": [10, "10", 30], "zones": []}, ("10", "30")),
        ({"service_ids": {"0": "10"}, "zones": OVERVIEW["zones"]}, ("10", "20")),
        ({"service_ids": "10, 20", "zones": []}, ("10", "20")),
        ({"zones": OVERVIEW["zones"]}, ("10", "20")),
        ({"service_ids": [], "zones": []}, ()),
        ({"service_ids": [{"id": 1}], "zones": OVERVIEW["zones"]}, ("10", "20")),
    ],
)
def test_places_are_read_in_several_shapes(answer, places):
    with desk_for({"GET /dns": answer}) as provider:
        assert provider.dns.places() == places


@pytest.mark.parametrize(
    "answer",
    [
        {"zones": [{"domain_id": "60", "name": "booble.com"}]},
        {"zones": {"60": {"name": "Booble.COM."}}},
        [{"id": 60, "name": "booble.com", "service_id": 10}],
    ],
)
def test_the_zones_of_a_service_may_be_told_by_itself(answer):
    with desk_for({"GET /service/10/dns": answer}) as provider:
        assert provider.dns.zones_in("10") == TEN


@pytest.mark.parametrize(
    "answer",
    [
        example("GET /service/{service_id}/dns"),
        {"error": ["Something went wrong"]},
        {"zones": None},
        {"zones": [{"name": "booble.com"}]},
        {"zones": [{"id": 60, "name": "booble.com", "service_id": 99}]},
        "none",
        (404, b""),
    ],
)
def test_else_the_list_of_all_zones_stands_in(answer):
    with desk_for({"GET /service/10/dns": answer, "GET /dns": OVERVIEW}) as provider:
        assert provider.dns.zones_in("10") == TEN
        assert provider.dns.zones_in("10") == TEN
        assert provider.can("dns.zones_in")


def test_what_the_portal_does_not_have_is_asked_once_a_day():
    asked: list[str] = []

    def say(method: str, path: str, _body: bytes) -> Any:
        asked.append(f"{method} {path}")
        return OVERVIEW if path == "/dns" else example("GET /service/{service_id}/dns")

    memory = Memory()
    for _ in range(2):
        with desk_for(say, memory=memory) as provider:
            assert provider.dns.zones_in("10") == TEN
            assert provider.dns.zones_in("30") == ()
    assert asked == ["GET /service/10/dns", *["GET /dns"] * 4]


@pytest.mark.parametrize(
    ("zones", "told"),
    [
        ([{"domain_id": "60", "service_id": "10"}], False),
        ([{"name": "lost.com"}], False),
        (None, False),
        ([{"domain_id": "61", "service_id": "20"}], True),
    ],
)
def test_a_zone_that_can_not_be_read_is_not_left_out_of_its_service(zones, told):
    with desk_for({"GET /dns": {"service_ids": ["10"], "zones": zones}}) as provider:
        if told:
            assert provider.dns.zones_in("10") == ()
        else:
            with pytest.raises(MalformedResponse):
                provider.dns.zones_in("10")


def test_too_many_calls_are_no_reason_for_another_one():
    asked: list[str] = []

    def say(_method: str, path: str, _body: bytes) -> Any:
        asked.append(path)
        return {"error": ["Too many requests"]}

    with desk_for(say) as provider:
        provider._transport.limits = Limits(attempts=1)
        with pytest.raises(RateLimited):
            provider.dns.zones_in("10")
    assert asked == ["/service/10/dns"]


@pytest.mark.parametrize(
    ("answer", "types"),
    [
        (example("GET /domain/{id}/dns/types"), ("A", "CNAME", "URL", "FRAME", "MX", "MXE", "TXT")),
        (["a", "mx", "A", ""], ("A", "MX")),
        ({"types": {"0": "A", "1": "TXT"}}, ("A", "TXT")),
        ({"types": "A, AAAA TXT"}, ("A", "AAAA", "TXT")),
        ({"types": ["<script>", "TXT"]}, ("TXT",)),
        ({"types": []}, ()),
        ({"error": ["invalid method"]}, ()),
        ({"error": ["DNS management is not enabled"]}, ()),
    ],
)
def test_types_are_read_in_several_shapes(answer, types):
    with desk_for({"GET /domain/47/dns/types": answer}) as provider:
        assert provider.dns.record_types("domain:47") == types


@pytest.mark.parametrize("answer", [None, 7, {"types": [["A"]]}, {"types": 7}, {"a": {"b": "c"}}])
def test_what_is_no_list_of_types_is_told(answer):
    with desk_for({"GET /domain/47/dns/types": answer}) as provider, pytest.raises(MalformedResponse):
        provider.dns.record_types("domain:47")


def test_what_is_sent_is_what_the_pages_show():
    sent: list[Any] = []

    def say(method: str, path: str, body: bytes) -> Any:
        sent.append((method, path, json.loads(body) if body else None))
        return example("POST /service/{service_id}/dns")

    with desk_for(say) as provider:
        provider.dns.create_zone("testzone.com", place="10")
        provider.dns.delete_zone("service:10:60")
    assert sent == [("POST", "/service/10/dns", {"name": "testzone.com"}), ("DELETE", "/service/10/dns/60", None)]


def test_a_deleted_zone_is_read_anew_when_its_id_comes_again(sandbox):
    portal: HostBillPortal = sandbox.cloudviet
    place = service_of(portal, "dns")["id"]
    dns = desk(portal).dns
    dns.create_zone("twice.example", place=place)
    (made,) = [zone for zone in dns.zones_in(place) if zone.name == "twice.example"]
    dns.detail(made.id)
    dns.delete_zone(made.id)
    with pytest.raises(NotFound):
        dns.add(made.id, RecordDraft(name="www", type="A", content="203.0.113.9"))


def test_a_dns_service_that_was_ordered_and_paid_takes_zones(sandbox):
    portal: HostBillPortal = sandbox.dns_services
    provider = desk(portal)
    made = provider.client.cart.order_product("501", {"cycle": "m"})
    settled(portal, made["invoice_id"])
    place = made["items"]["id"]
    assert place in provider.dns.places()
    assert provider.dns.zones_in(place) == ()
    provider.dns.create_zone("fresh.example", place=place)
    assert [zone.name for zone in provider.dns.zones_in(place)] == ["fresh.example"]
