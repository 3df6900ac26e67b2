"""Editing records against the stand-in portals over HTTP: the plan that was seen, one by one, and never half in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from actions.declare import Refused
from actions.filing import Filed, file
from actions.models import Stage, State
from domains.dns.rows import Row, checksum
from domains.dns.versions import mirrored_rows
from domains.models import Zone
from sandbox.portal import Portal
from sandbox.server import Sandbox
from sync.models import Change
from tests.accounts import people
from tests.domains.desk import carried, connect, log_of, looked_at, mirrored_zone
from tests.factories import make_account, make_record, make_zone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def bob():
    return people.bob()


def at_registrar(portal: Portal) -> Zone:
    record = max(
        portal.state.all("domains"), key=lambda one: len(one.get("records") or ()) if one["status"] == "Active" else 0
    )
    return mirrored_zone(connect(portal), f"domain:{record['id']}")


def in_service(portal: Portal) -> Zone:
    record = max(portal.state.all("zones"), key=lambda one: len(one["records"]))
    return mirrored_zone(connect(portal), f"service:{record['service_id']}:{record['id']}")


def at_vps(portal: Portal) -> Zone:
    record = max(portal.state.all("zones"), key=lambda one: len(one.get("records") or ()))
    return mirrored_zone(connect(portal), record["uuid"])


def edit(zone: Zone, person: Any, *changes: dict[str, Any], **more: Any) -> Filed:
    return file("zone.records", zone.resource, {"changes": list(changes), "override": True, **more}, actor=person)


def add(name: str, content: str, kind: str = "A", **more: Any) -> dict[str, Any]:
    return {"op": "add", "name": name, "type": kind, "content": content, **more}


def of(zone: Zone, kind: str) -> list[Any]:
    return [one for one in zone.records.all() if one.type == kind and not Row.of(one).kept_by_portal]


def values(zone: Zone) -> set[tuple[str, str, str]]:
    return {(row.name, row.type, row.content) for row in mirrored_rows(zone)}


def writes(box: Sandbox) -> list[Any]:
    return [one for one in box.requests if one.method in ("POST", "PUT", "PATCH", "DELETE") and "dns" in one.path]


PLACES = {"registrar": (at_registrar, "cloudviet"), "service": (in_service, "dns_services"), "vps": (at_vps, "vps_org")}


@pytest.mark.parametrize("place", PLACES)
def test_records_are_added_changed_and_removed_and_read_back(box, bob, place):
    make, key = PLACES[place]
    zone = make(getattr(box, key))
    first, second = of(zone, "A")[:2]
    action = carried(
        edit(
            zone,
            bob,
            add("probe", "192.0.2.77"),
            {"op": "change", "id": first.pk, "content": "192.0.2.78"},
            {"op": "remove", "id": second.pk},
            comment="Move the shop",
        ).action
    )
    assert (action.state, action.stage) == (State.SUCCEEDED, Stage.DONE), (action.error, log_of(action))
    now = values(zone)
    assert ("probe", "A", "192.0.2.77") in now
    assert (first.name, "A", "192.0.2.78") in now
    assert (first.name, "A", first.content) not in now
    assert (second.name, "A", second.content) not in now
    before, after = zone.versions.order_by("number")
    assert (before.author, after.author, after.comment, after.action) == (None, bob, "Move the shop", action.pk)
    assert after.checksum == checksum(mirrored_rows(zone)) == action.result.get("checksum", after.checksum)
    caused = set(
        Change.objects.filter(resource=zone.resource, field__startswith="record.").values_list("action", flat=True)
    )
    assert caused == {action.pk}


def test_a_zone_that_changed_meanwhile_is_not_written_to_and_the_mirror_is_brought_up(box, bob):
    zone = in_service(box.dns_services)
    filed = edit(zone, bob, add("probe", "192.0.2.77"))
    with box.dns_services.lock:
        record = box.dns_services.state.edit("zones", zone.resource.upstream_id.rpartition(":")[2])
        moved = next(one for one in record["records"] if one["type"] == "A")
        moved["content"] = "192.0.2.200"
    action = carried(filed.action)
    assert (action.state, action.error_code) == (State.FAILED, "zone_moved")
    assert writes(box) == []
    assert "192.0.2.200" in {row.content for row in mirrored_rows(zone)}
    again = carried(edit(zone, bob, add("probe", "192.0.2.77")).action)
    assert again.state == State.SUCCEEDED


def five(zone: Zone) -> tuple[list[dict[str, Any]], str]:
    """Five changes of five records, and the path on which the third is sent."""
    records = [one for one in zone.records.order_by("pk") if not Row.of(one).kept_by_portal][:5]
    changes = [{"op": "change", "id": one.pk, "ttl": 1234} for one in records]
    return changes, f"/records/{records[2].upstream_id}$"


def test_a_lost_answer_to_the_third_of_five_is_seen_in_the_zone_and_the_rest_goes_on(box, bob):
    zone = in_service(box.dns_services)
    changes, third = five(zone)
    box.dns_services.fail("drop-after", method="PUT", path=third, remaining=1)
    action = carried(edit(zone, bob, *changes).action)
    assert (action.state, action.stage) == (State.SUCCEEDED, Stage.DONE), log_of(action)
    assert "the zone shows that it happened" in log_of(action)
    assert len(writes(box)) == 5, "none was sent twice"
    assert [row.ttl for row in mirrored_rows(zone)].count(1234) == 5


def test_a_third_of_five_that_never_came_leaves_two_done_and_says_so(box, bob):
    zone = in_service(box.dns_services)
    changes, third = five(zone)
    box.dns_services.fail("drop-before", method="PUT", path=third, remaining=1)
    action = carried(edit(zone, bob, *changes).action)
    assert action.state == State.UNKNOWN
    assert len(writes(box)) == 3, "nothing more is sent while nobody knows"
    action = looked_at(action)
    assert (action.state, action.stage) == (State.SUCCEEDED, Stage.STALLED), (
        "a person has to say what becomes of the rest"
    )
    assert (len(action.result["applied"]), len(action.result["not_applied"])) == (2, 3)
    assert "2 of 5 edits are in the zone" in log_of(action)
    assert len(writes(box)) == 3


def test_a_lost_answer_of_a_change_that_never_came_stops_and_tells_what_is_there(box, bob):
    zone = in_service(box.dns_services)
    changes = [add(f"probe{n}", f"192.0.2.{n + 1}") for n in range(3)]
    filed = edit(zone, bob, *changes)
    box.dns_services.fail("drop-before", method="POST", path="/records$", remaining=1)
    action = carried(filed.action)
    assert action.state == State.UNKNOWN
    assert len(writes(box)) == 1, "nothing more is sent while nobody knows"
    assert looked_at(action).state == State.UNKNOWN
    action = looked_at(action, later=True)
    assert action.state == State.FAILED
    assert not {row.name for row in mirrored_rows(zone)} & {"probe0", "probe1", "probe2"}


def test_a_refusal_in_the_middle_says_which_were_applied_and_which_not(box, bob):
    zone = in_service(box.dns_services)
    first = of(zone, "A")[0]
    filed = edit(zone, bob, {"op": "remove", "id": first.pk}, add("probe0", "192.0.2.1"), add("probe1", "192.0.2.2"))
    box.dns_services.fail("rate-limited", method="POST", path="/records$", remaining=1, retry_after=1)
    action = carried(filed.action)
    assert (action.state, action.error_code) == (State.FAILED, "partly_applied"), action.error
    applied, _, left = action.error.partition("Not applied:")
    assert f"remove {first.name} A" in applied
    assert "add probe0 A" in left
    assert "add probe1 A" in left
    assert action.progress["done"] == [0]
    assert (first.name, "A", first.content) not in values(zone), "the page shows what is there"
    assert [version.action for version in zone.versions.all()] == [action.pk, None]


@pytest.mark.parametrize("fault", ["empty", "html", "status", "broken-json"])
def test_a_zone_that_can_not_be_read_is_not_written_to(box, bob, fault):
    zone = in_service(box.dns_services)
    filed = edit(zone, bob, add("probe", "192.0.2.77"))
    box.dns_services.fail(fault, method="GET", path="/service/.*/dns/")
    action = carried(filed.action)
    assert action.state == State.FAILED
    assert writes(box) == []


def test_a_zone_that_reads_as_empty_is_not_written_to(box, bob):
    zone = in_service(box.dns_services)
    filed = edit(zone, bob, add("probe", "192.0.2.77"))
    with box.dns_services.lock:
        box.dns_services.state.edit("zones", zone.resource.upstream_id.rpartition(":")[2])["records"] = []
    action = carried(filed.action)
    assert (action.state, action.error_code) == (State.FAILED, "empty")
    assert writes(box) == []


# --- what is refused before anything is filed ---------------------------------------------------------------------------------


@pytest.fixture
def zone():
    account = make_account(capabilities=["dns.list", "dns.detail", "dns.change", "dns.add", "dns.remove"])
    made = make_zone("shop.example", account=account, upstream_id="service:1:2")
    for n in range(10):
        make_record(made, f"host{n}", content=f"192.0.2.{n + 1}")
    make_record(made, "@", "NS", "ns1.portal.example.")
    make_record(made, "@", "SOA", "ns1.portal.example. root.shop.example. 1 2 3 4 5")
    return made


def refusal(zone: Zone, person: Any, *changes: dict[str, Any], **more: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        file("zone.records", zone.resource, {"changes": list(changes), **more}, actor=person)
    return refused.value


def test_a_mass_edit_wants_to_be_said_expressly(zone, bob):
    removed = [{"op": "remove", "id": one.pk} for one in of(zone, "A")[:4]]
    assert refusal(zone, bob, *removed).code == "override_needed"
    assert file("zone.records", zone.resource, {"changes": removed, "override": True}, actor=bob).is_new
    assert file("zone.records", zone.resource, {"changes": removed[:3]}, actor=bob).is_new


def test_the_portals_own_records_are_not_edited(zone, bob):
    for kind in ("NS", "SOA"):
        record = zone.records.get(type=kind)
        assert "changes.0.type" in refusal(zone, bob, {"op": "remove", "id": record.pk}).fields
    assert "changes.0.type" in refusal(zone, bob, add("@", "ns9.portal.example.", "NS")).fields


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (add("www", "192.0.2.300"), "changes.0.content"),
        (add("www", "not an address"), "changes.0.content"),
        (add("www", "", "TXT", ttl=0), "changes.0.ttl"),
        (add("www", "x.example.", "MX"), "changes.0.priority"),
        (add("a b", "192.0.2.3"), "changes.0.name"),
        (add("host1", "192.0.2.2"), "changes"),
        (add("host1", "shop.example.", "CNAME"), "changes"),
        ({"op": "remove", "id": 10**9}, "changes.0.id"),
        ({"op": "upsert"}, "changes.0.op"),
        ("nonsense", "changes.0.op"),
    ],
)
def test_what_can_not_be_a_record_is_refused_with_its_field(zone, bob, change, field):
    assert field in refusal(zone, bob, change).fields


def test_a_ttl_where_none_can_be_set_is_refused_and_not_dropped(bob):
    account = make_account(capabilities=["dns.change"])
    zone = make_zone(account=account, upstream_id="domain:5")
    make_record(zone, ttl=None)
    assert "changes.0.ttl" in refusal(zone, bob, add("www", "192.0.2.3", ttl=300)).fields


def test_a_zone_that_is_elsewhere_or_looks_empty_takes_no_edits(bob):
    account = make_account(capabilities=["dns.change"])
    assert refusal(make_zone(account=account, hosted=False), bob, add("www", "192.0.2.3")).code == "not_hosted"
    assert refusal(make_zone(account=account), bob, add("www", "192.0.2.3")).code == "empty"


def test_a_plan_of_another_zone_than_the_one_that_was_seen_is_refused(zone, bob):
    assert refusal(zone, bob, add("www", "192.0.2.3"), checksum="0" * 16).code == "zone_moved"
