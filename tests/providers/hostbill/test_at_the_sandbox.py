"""The whole demo data set of both HostBill stand-ins, read over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from providers.contract import pages
from providers.errors import NotFound, ProviderError
from providers.hostbill import HostBillProvider
from providers.transport import Limits
from sandbox.server import Sandbox
from tests.providers.hostbill.desk import connection, spec

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
