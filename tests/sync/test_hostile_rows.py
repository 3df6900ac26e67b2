"""One bad row never stops a run, and nothing that upstream says breaks a batch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domains.models import Domain, Record
from domains.sync import DomainSync
from providers import resources
from providers.errors import MalformedResponse, NotFound
from providers.resources import ZoneDetail
from sync.models import Change, Kind, Resource
from tests.sync.double import record, sync

pytestmark = pytest.mark.django_db


def test_nul_bytes_surrogates_and_endless_names_are_made_to_fit(account, portal):
    portal.put(1, registrar="Reg\x00istrar \ud800 " + "x" * 500)
    run = sync(portal, account)
    registrar = Domain.objects.get().registrar
    assert registrar is not None
    assert registrar.startswith("Registrar ? xxx")
    assert (len(registrar), registrar[-1], run.state) == (200, "…", "succeeded")


def test_a_number_out_of_range_is_unreadable_and_overwrites_nothing(account, portal):
    portal.put(1, renewal_price=Decimal("12.99"), period_years=1)
    sync(portal, account)
    portal.put(1, renewal_price=Decimal("1e40"), period_years=10**12)
    run = sync(portal, account)
    domain = Domain.objects.select_related("resource").get()
    assert (domain.renewal_price, domain.period_years) == (Decimal("12.99"), 1)
    assert domain.resource.unreadable == ["period_years", "renewal_price"]
    assert run.state == "succeeded"
    portal.put(1, renewal_price=Decimal("13.50"), period_years=1)
    sync(portal, account)
    assert Resource.objects.get().unreadable == []
    assert Domain.objects.get().renewal_price == Decimal("13.50")


def test_an_unreadable_date_never_overwrites_a_good_one(account, portal):
    portal.put(1, expires_on=date(2027, 5, 1))
    sync(portal, account)
    portal.put(1, expires_on=None, unreadable=("expires_on",))
    sync(portal, account)
    domain = Domain.objects.select_related("resource").get()
    assert domain.expires_on == date(2027, 5, 1)
    assert (domain.resource.unreadable, domain.resource.due_on) == (["expires_on"], date(2027, 5, 1))
    assert not Change.objects.exists()


def test_a_row_whose_declaration_stumbles_is_skipped_with_its_reason(account, portal, monkeypatch):
    portal.fill(5)
    honest = DomainSync.columns

    def stumble(self: DomainSync, item: Any, account: Any) -> dict[str, Any]:
        if item.id == "3":
            raise KeyError("what")
        return honest(self, item, account)

    monkeypatch.setattr(DomainSync, "columns", stumble)
    run = sync(portal, account)
    assert (run.state, run.skipped, run.seen, Resource.objects.count()) == ("partial", 1, 5, 4)
    skipped = run.skipped_rows.get()
    assert (skipped.upstream_id, skipped.name) == ("3", "d3.example")
    assert "KeyError" in skipped.reason


def test_a_row_that_the_database_refuses_costs_only_itself(account, portal, monkeypatch):
    portal.fill(5)
    monkeypatch.setattr(DomainSync, "name", lambda _self, row: None if row.name == "d3.example" else row.name)
    run = sync(portal, account)
    assert (run.state, run.skipped, Resource.objects.count()) == ("partial", 1, 4)


def test_a_failing_detail_is_skipped_and_read_again_next_time(account, portal):
    portal.fill(5)

    def missing(operation: str) -> None:
        if operation == "domains.detail 3":
            raise NotFound("There is no such domain.")
        if operation == "domains.detail 4":
            raise MalformedResponse("The portal answered with a web page.")

    portal.before = missing
    run = sync(portal, account)
    assert (run.state, run.skipped, run.details_done) == ("partial", 2, 5)
    assert set(Resource.objects.filter(detail_wanted=True).values_list("upstream_id", flat=True)) == {"3", "4"}
    portal.before = lambda _operation: None
    assert sync(portal, account).state == "succeeded"
    assert not Resource.objects.filter(detail_wanted=True).exists()


def test_the_detail_of_another_thing_is_not_taken(account, portal):
    portal.fill(2)
    portal.details["1"] = portal.details["2"]
    run = sync(portal, account)
    assert (run.state, run.skipped) == ("partial", 1)
    assert "another one's" in run.skipped_rows.get().reason
    assert Domain.objects.get(resource__upstream_id="1").name == "d1.example"


@pytest.mark.parametrize("bad_id", ["", "x" * 201, "1\x002"])
def test_an_id_that_cannot_be_kept_is_skipped(account, portal, bad_id):
    portal.fill(2)
    portal.listed.append(replace(portal.listed[0], id=bad_id))
    run = sync(portal, account)
    assert (run.state, run.skipped, Resource.objects.count()) == ("partial", 1, 2)


def test_values_of_a_wrong_type_do_not_reach_the_database(account, portal):
    wrong: Any = {"nested": ["\x00"]}
    portal.put(1, registrar=wrong, auto_renew="yes", nameservers=("ns1.example.", 7), next_due_on="2027-01-01")
    run = sync(portal, account)
    resource = Resource.objects.get()
    assert run.state == "succeeded"
    assert resource.unreadable == ["auto_renew", "nameservers", "next_due_on", "registrar"]
    assert Domain.objects.get().registrar is None


def test_the_same_id_twice_is_told_only_when_it_contradicts_itself(account, portal):
    portal.fill(3)
    portal.listed.append(portal.listed[0])
    assert sync(portal, account).state == "succeeded"
    portal.listed[-1] = replace(portal.listed[0], expires_on=date(2030, 1, 1))
    run = sync(portal, account)
    assert (run.state, run.skipped) == ("partial", 1)
    assert Domain.objects.get(name="d1.example").expires_on == date(2027, 1, 1)


def zone(*records: resources.Record) -> ZoneDetail:
    return ZoneDetail(id="z1", name="d1.example", records=records)


def test_only_children_that_differ_are_written_and_told(account, portal):
    portal.zones["z1"] = zone(record("192.0.2.1", index="1"), record("192.0.2.2", index="2", name="mail"))
    run = sync(portal, account, Kind.ZONES)
    assert (Record.objects.count(), Change.objects.count()) == (2, 0)
    kept = Record.objects.get(name="mail").pk
    portal.zones["z1"] = zone(
        record("192.0.2.2", index="9", name="mail"), record("192.0.2.3", index="3"), record("192.0.2.4", index="4")
    )
    run = sync(portal, account, Kind.ZONES, full=True)
    assert Record.objects.get(name="mail").pk == kept
    assert set(Record.objects.values_list("content", flat=True)) == {"192.0.2.2", "192.0.2.3", "192.0.2.4"}
    # One renumbered, one deleted, two new, and the zone's own fingerprint.
    assert run.written == 5
    told = {
        (change.old and change.old["content"], change.new and change.new["content"]) for change in Change.objects.all()
    }
    assert told == {("192.0.2.1", None), (None, "192.0.2.3"), (None, "192.0.2.4")}


def test_a_childs_changed_column_is_told_with_both_values(account, portal):
    portal.zones["z1"] = zone(record("192.0.2.1", ttl=3600))
    sync(portal, account, Kind.ZONES)
    portal.zones["z1"] = zone(record("192.0.2.1", ttl=300))
    sync(portal, account, Kind.ZONES, full=True)
    change = Change.objects.get()
    assert change.field.startswith("record.")
    assert (change.old, change.new) == ({"label": "www A", "ttl": 3600}, {"label": "www A", "ttl": 300})


def test_the_same_record_twice_is_kept_twice(account, portal):
    portal.zones["z1"] = zone(record("192.0.2.1", index="1"), record("192.0.2.1", index="2"))
    run = sync(portal, account, Kind.ZONES)
    assert (run.state, Record.objects.count()) == ("succeeded", 2)
    assert sync(portal, account, Kind.ZONES, full=True).written == 0


def test_children_that_could_not_be_read_are_kept_as_they_were(account, portal):
    zone = ZoneDetail(id="z1", name="example.com", records=(record("www"), record("mail")))
    portal.zones["z1"] = zone
    sync(portal, account, Kind.ZONES)
    portal.zones["z1"] = replace(zone, records=(), unreadable=("records",))
    sync(portal, account, Kind.ZONES)
    assert Record.objects.count() == 2
    assert not Change.objects.exists()
    assert Resource.objects.get().unreadable == ["records"]
    portal.zones["z1"] = replace(zone, records=(record("www"),))
    sync(portal, account, Kind.ZONES)
    assert [row.name for row in Record.objects.all()] == ["www"]
    assert Resource.objects.get().unreadable == []
