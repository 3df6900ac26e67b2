"""Services of both HostBill stand-ins, asked and changed over HTTP and read back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from providers.errors import InvalidRequest, NotFound, NotSupported
from providers.offers import UpgradeRequest
from providers.resources import ServiceStatus
from sandbox.server import Sandbox
from tests.providers.hostbill.rented import desk, machine_of, service_of, settled


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=3) as running:
        yield running


@pytest.fixture(params=["cloudviet", "dns_services"])
def portal(request: pytest.FixtureRequest, sandbox: Sandbox) -> Any:
    return getattr(sandbox, request.param)


def test_a_label_is_set_and_read_back(portal):
    service = service_of(portal, "hosting")
    services = desk(portal).services
    for label in ("Shop – năm 2027", ""):
        services.set_label(service["id"], label)
        assert services.label(service["id"]) == label
        assert services.detail(service["id"]).label == label


def test_an_upgrade_is_priced_without_being_ordered_and_then_ordered(portal):
    service = service_of(portal, "hosting")
    services = desk(portal).services
    options = services.upgrade_options(service["id"])
    bandwidth, addresses = options.resources
    assert (bandwidth.kind, len(bandwidth.choices), bandwidth.default) == ("select", 3, "9953")
    assert (addresses.kind, addresses.least, addresses.most, addresses.default) == ("slider", 0, 8, "0")
    dearest = bandwidth.choices[-1]
    request = UpgradeRequest(resources={bandwidth.name: dearest.id, addresses.name: "2"})
    before = len(portal.state.all("invoices"))
    quote = services.upgrade_quote(service["id"], request)
    assert dearest.price is not None
    assert addresses.price is not None
    assert quote.total == dearest.price + 2 * addresses.price
    assert quote.currency == portal.flavour.currency
    assert len(portal.state.all("invoices")) == before

    order = services.upgrade(service["id"], request)
    assert len(portal.state.all("invoices")) == before + 1
    invoice = portal.state.get("invoices", order.invoice_id)
    assert order.number
    assert order.total == Decimal(invoice["total"])
    assert [one.id for one in order.items] == [service["id"]]

    if invoice["status"] == "Unpaid":
        settled(portal, invoice["id"])
    taken = services.upgrade_options(service["id"]).resources
    assert [one.default for one in taken] == [dearest.id, "2"]


def test_an_upgrade_that_makes_no_sense_is_refused_by_us_or_by_the_portal(portal):
    service = service_of(portal, "hosting")
    services = desk(portal).services
    before = len(portal.state.all("invoices"))
    for request in (
        UpgradeRequest(),
        UpgradeRequest(resources={"memory": "4"}),
        UpgradeRequest(package_id="big"),
        UpgradeRequest(resources={"custom[1557]": "1"}),
        UpgradeRequest(resources={"custom[1560]": "99"}),
    ):
        for ask in (services.upgrade_quote, services.upgrade):
            with pytest.raises(InvalidRequest):
                ask(service["id"], request)
    assert len(portal.state.all("invoices")) == before


def test_a_service_is_cancelled_at_the_end_of_its_period_once(portal):
    service = service_of(portal, "hosting")
    services = desk(portal).services
    services.cancel(service["id"], immediate=False, reason="Khách không cần nữa")
    assert portal.state.get("services", service["id"])["cancellation"] == {
        "reason": "Khách không cần nữa",
        "immediate": "false",
    }
    assert services.detail(service["id"]).status is not ServiceStatus.CANCELLED
    with pytest.raises(InvalidRequest) as caught:
        services.cancel(service["id"], immediate=True, reason="")
    assert caught.value.upstream_words == "Cancellation was already requested"


def test_a_service_is_cancelled_at_once(portal):
    service = next(
        one
        for one in portal.state.all("services")
        if one["kind"] == "hosting" and one["status"] == "Active" and not one.get("cancellation")
    )
    services = desk(portal).services
    services.cancel(service["id"], immediate=True, reason="moved")
    assert services.detail(service["id"]).status is ServiceStatus.CANCELLED


def test_a_service_tells_what_its_own_module_can_do(sandbox):
    services = desk(sandbox.cloudviet).services
    offers = {kind: services.detail(service_of(sandbox.cloudviet, kind)["id"]).offers for kind in ("dns", "machines")}
    hosting = next(one for one in sandbox.cloudviet.state.all("services") if one["kind"] == "hosting")
    plain = services.detail(hosting["id"]).offers
    common = {
        f"services.{one}" for one in ("label", "set_label", "cancel", "upgrade", "upgrade_quote", "upgrade_options")
    }
    machine = {f"services.{one}" for one in ("reboot", "start", "stop", "suspend", "rebuild", "templates", "machine")}
    zones = {f"dns.{one}" for one in ("create_zone", "delete_zone", "add", "change", "remove")}
    assert plain == common
    assert common | machine | {"services.set_reverse_dns"} <= (offers["machines"] or set())
    assert common | zones <= (offers["dns"] or set())
    assert not machine & (offers["dns"] or set())
    assert not zones & (offers["machines"] or set())


@pytest.mark.parametrize("dialect", ["plain", "numeric", "wordy"])
def test_addresses_get_reverse_names_in_every_dialect(sandbox, dialect):
    machine = machine_of(sandbox.cloudviet, dialect)
    service_id = machine["service_id"]
    services = desk(sandbox.cloudviet).services
    own = services.addresses(service_id)
    assert set(machine["ips"]) <= {one.ip for one in own}
    assert {one.host for one in own} == {None}
    assert {one.host for one in services.reverse_dns(service_id)} == {""}
    first = machine["ips"][0]
    services.set_reverse_dns(service_id, {first: "Mail.Bücher.vn."})
    assert {one.ip: one.host for one in services.reverse_dns(service_id)}[first] == "mail.xn--bcher-kva.vn"
    services.set_reverse_dns(service_id, {first: ""})
    assert {one.host for one in services.reverse_dns(service_id)} == {""}


def test_reverse_names_are_checked_before_anything_is_sent(sandbox):
    calls: list[Any] = []
    services = desk(sandbox.cloudviet, calls=calls).services
    for names in ({}, {"203.0.113": "a.vn"}, {"203.0.113.41": "not a host"}, {"": "a.vn"}):
        with pytest.raises(InvalidRequest) as caught:
            services.set_reverse_dns("320", names)
        assert caught.value.sentence.endswith("Nothing was sent.")
    assert calls == []


def test_what_one_module_lacks_is_not_asked_of_it_twice(sandbox):
    service = service_of(sandbox.cloudviet, "dns")
    calls: list[Any] = []
    provider = desk(sandbox.cloudviet, calls=calls)
    for _ in range(2):
        with pytest.raises(NotSupported):
            provider.services.set_reverse_dns(service["id"], {"203.0.113.41": "a.vn"})
    assert len(calls) == 1
    assert provider.can("services.set_reverse_dns")


def test_a_service_that_is_not_there_is_not_found(portal):
    services = desk(portal).services
    for ask in (services.label, services.upgrade_options, services.detail):
        with pytest.raises(NotFound):
            ask("999999")
