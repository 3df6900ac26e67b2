"""The whole demo data set of both HostBill stand-ins, read over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from providers.contract import pages
from providers.errors import NotFound, NotSupported, ProviderError
from providers.hostbill import HostBillProvider
from providers.transport import Limits
from sandbox.server import Sandbox
from tests.providers.hostbill.desk import KeptMemory, connection, desk_for, spec

FAMILIES = (
    ("domains", "list", "detail"),
    ("dns", "list", "detail"),
    ("billing", "list", "detail"),
    ("support", "list", "detail"),
    ("services", "list", "detail"),
    ("services", "list_machines", "machine"),
    ("certificates", "list", "detail"),
    ("profile", "list_contacts", "contact"),
)
KEPT = {
    "domains.list": "domains",
    "billing.list": "invoices",
    "support.list": "tickets",
    "services.list": "services",
    "certificates.list": "certificates",
    "profile.list_contacts": "contacts",
    "services.list_machines": "machines",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=1) as running:
        yield running


@pytest.fixture(params=["cloudviet", "dns-services"])
def portal(request: pytest.FixtureRequest, sandbox: Sandbox) -> Any:
    return next(one for one in sandbox if one.key == request.param)


def desk(portal: Any, preset: str, **more: Any) -> Any:
    more.setdefault("auth", portal.auth)
    return HostBillProvider(connection(portal.base_url, credential=portal.credential, **more), spec(preset))


def test_every_list_and_detail_reads_without_a_bad_row(portal):
    provider = desk(portal, portal.key)
    read = set()
    for family, listing, detail in FAMILIES:
        if not provider.can(f"{family}.{listing}"):
            continue
        members = getattr(provider, family)
        found: list[Any] = []
        for page in pages(getattr(members, listing)):
            assert page.complete, page.note
            assert page.bad == ()
            found += page.items
        assert found
        kept = KEPT.get(f"{family}.{listing}")
        if kept is not None:
            assert len(found) == len(portal.state.all(kept))
        for one in found:
            in_full = getattr(members, detail)(one.id)
            assert in_full.id == one.id
            # what the demo plants as nonsense are dates alone
            assert all(field.endswith("_on") for field in in_full.unreadable), (one.id, in_full.unreadable)
        read.add(f"{family}.{listing}")
    assert {"domains.list", "dns.list", "billing.list", "support.list", "services.list"} <= read
    assert ("services.list_machines" in read) == (portal.key == "cloudviet")


def test_the_planted_dates_are_told_and_never_guessed(portal):
    planted = {one["id"] for one in portal.state.all("domains") if one["expires"] < "1990" or one["expires"] > "2080"}
    told = {one.id for one in desk(portal, portal.key).domains.list().items if "expires_on" in one.unreadable}
    assert planted
    assert told == planted


def test_both_ways_of_signing_in_read_the_same(portal):
    lists = [desk(portal, portal.key, auth=auth).domains.list() for auth in ("basic", "jwt")]
    assert lists[0] == lists[1]


def test_an_unknown_portal_tells_what_it_can_by_its_swagger_document(portal):
    calls: list[Any] = []
    documented = desk(portal, portal.key).capabilities
    provider = desk(portal, "hostbill", calls=calls)
    assert provider.capabilities == documented
    assert provider.capabilities == documented
    assert len(calls) == 1


@pytest.mark.parametrize(
    "document", [(200, b"<html>Welcome</html>"), (404, {}), {"swagger": "2.0"}, {"paths": {"/pets": {"get": {}}}}, []]
)
def test_without_a_swagger_document_the_common_operations_are_assumed(document):
    memory = KeptMemory()
    with desk_for({"GET /": document}, preset="hostbill", memory=memory) as provider:
        offered = provider.capabilities
        with pytest.raises(NotSupported):
            provider.require("certificates.list")
    assert "domains.list" in offered
    assert not {"services.list_machines", "certificates.list"} & offered
    assert memory.get("hostbill.operations") == []


def test_a_swagger_document_may_write_paths_in_its_own_way():
    paths = {
        "/api/domain/@id": {"get": {}},
        "/api/service/{serviceId}/vms": {"get": {}},
        "/api/domain/": {"GET": {}},
        "/x": 7,
    }
    document = {"swagger": "2.0", "basePath": "/api/", "paths": paths}
    with desk_for({"GET /": document}, preset="hostbill") as provider:
        told = {"domains.list", "domains.detail", "domains.renewal_price", "services.list_machines"}
        assert provider.capabilities == told
    # what the documents name stays, what the portal publishes is added
    with desk_for({"GET /": document}, preset="dns-services") as provider:
        assert {"billing.list", "services.list_machines"} <= provider.capabilities


def test_a_portal_with_modules_off_offers_less(portal):
    portal.settings["modules_off"] = ["DNS", "Domains"]
    try:
        offered = desk(portal, "hostbill").capabilities
    finally:
        portal.settings["modules_off"] = []
    assert "billing.list" in offered
    assert not {"domains.list", "domains.detail", "dns.list", "dns.detail"} & offered


def test_what_a_portal_refuses_as_a_whole_is_not_offered_any_more(portal):
    memory = KeptMemory()
    provider = desk(portal, portal.key, memory=memory)
    assert provider.can("billing.list")
    portal.settings["modules_off"] = ["Billing"]
    try:
        with pytest.raises(NotSupported):
            provider.billing.list()
    finally:
        portal.settings["modules_off"] = []
    assert not provider.can("billing.list")
    assert not desk(portal, portal.key, memory=memory).can("billing.list")


def test_a_thing_that_is_gone_is_not_found(portal):
    provider = desk(portal, portal.key)
    for read in (
        provider.domains.detail,
        provider.billing.detail,
        provider.support.detail,
        provider.services.detail,
        provider.profile.contact,
    ):
        with pytest.raises(NotFound):
            read("999999")
    with pytest.raises(NotFound):
        provider.dns.detail("service:320:999999")


@pytest.mark.parametrize("kind", ["html", "truncated", "broken-json", "empty", "redirect", "wrong-types"])
def test_a_spoilt_list_is_an_error_with_a_sentence_and_never_an_empty_list(portal, kind):
    provider = desk(portal, portal.key)
    provider.test()
    provider._transport.limits = Limits(attempts=1)
    portal.fail(kind, path="/domain$")
    try:
        with pytest.raises(ProviderError) as caught:
            provider.domains.list()
    finally:
        portal.faults.clear()
    assert caught.value.operation == "GET /domain"
    assert caught.value.account == "Cloudviet (agency)"
    assert caught.value.sentence.endswith(".")


def test_two_rows_with_one_id_are_told_and_nothing_is_concluded_from_the_list(portal):
    provider = desk(portal, portal.key)
    portal.fail("duplicate-ids", path="/domain$")
    try:
        page = provider.domains.list()
    finally:
        portal.faults.clear()
    assert len({one.id for one in page.items}) == len(page.items)
    assert [bad.reason for bad in page.bad] == ["another row of the list has the same id"]
    assert not page.complete
