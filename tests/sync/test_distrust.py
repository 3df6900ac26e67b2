"""Tombstones, held runs, partial lists: what the engine does not believe at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.models import Customer
from providers.errors import NotSupported, Unavailable
from providers.resources import BadRow
from sync.models import Change, Resource, Run, Schedule
from sync.queries import held_runs
from sync.verdict import NotHeld, dismiss, release
from sync.words import tell
from tests.sync.double import sync

pytestmark = pytest.mark.django_db


def present() -> set[str]:
    return set(Resource.objects.present().values_list("upstream_id", flat=True))


def test_what_a_complete_list_no_longer_shows_gets_a_tombstone(account, portal):
    portal.fill(10)
    sync(portal, account)
    portal.drop(3, 4)
    run = sync(portal, account)
    assert (run.state, run.gone) == ("succeeded", 2)
    assert len(present()) == 8
    assert set(Change.objects.values_list("field", "resource__upstream_id")) == {("gone", "3"), ("gone", "4")}
    assert sync(portal, account).gone == 0


def test_what_comes_back_is_the_same_row_with_its_history(account, portal):
    portal.fill(10)
    sync(portal, account)
    pk = Resource.objects.get(upstream_id="3").pk
    customer = Customer.objects.create(name="Bakery")
    Resource.objects.filter(pk=pk).update(notes="keep me", tags=["shop"], customer=customer)
    portal.drop(3)
    sync(portal, account)
    portal.put(3)
    run = sync(portal, account)
    resource = Resource.objects.get(pk=pk)
    assert (resource.gone_at, resource.notes, run.state) == (None, "keep me", "succeeded")
    assert (resource.tags, resource.customer) == (["shop"], customer)
    assert list(resource.changes.order_by("pk").values_list("field", flat=True)) == ["gone", "returned"]


def test_a_partial_list_marks_nothing_as_gone(account, portal):
    portal.fill(10)
    sync(portal, account)
    seen_whole = Schedule.objects.get(account=account, kind="domains").last_complete_at
    portal.drop(3)
    portal.complete = False
    run = sync(portal, account)
    assert (run.state, run.gone, len(present())) == ("partial", 0, 10)
    assert "only part" in run.note
    assert Schedule.objects.get(account=account, kind="domains").last_complete_at == seen_whole


def test_fewer_rows_than_announced_mark_nothing_as_gone(account, portal):
    portal.fill(10)
    sync(portal, account)
    portal.drop(3)
    portal.total = 10
    run = sync(portal, account)
    assert (run.state, run.gone) == ("partial", 0)
    assert "announced 10 rows and showed 9" in run.note


def test_a_bad_row_with_its_id_is_no_row_that_vanished(account, portal):
    portal.fill(10)
    sync(portal, account)
    portal.drop(3, 4)
    portal.bad = (BadRow(id="3", name="d3.example", reason="The date makes no sense."),)
    run = sync(portal, account)
    assert (run.state, run.skipped, run.gone) == ("partial", 1, 1)
    assert present() == {str(n) for n in range(1, 11)} - {"4"}
    assert str(run.skipped_rows.get()) == "d3.example: The date makes no sense."


def test_a_bad_row_without_id_makes_the_list_incomplete(account, portal):
    portal.fill(10)
    sync(portal, account)
    portal.drop(3)
    portal.bad = (BadRow(id="", name="", reason="Not an object."),)
    run = sync(portal, account)
    assert (run.state, run.skipped, run.gone) == ("partial", 1, 0)


def test_many_vanishing_at_once_are_held_for_a_person(account, portal, bob):
    portal.fill(20)
    sync(portal, account)
    portal.drop(*range(1, 8))
    run = sync(portal, account)
    assert (run.state, run.gone, len(run.held_ids)) == ("held", 0, 7)
    assert "7 of 20 would vanish" in run.note
    assert len(present()) == 20
    assert release(run, bob) == 7
    run.refresh_from_db()
    assert (run.state, run.gone, len(present())) == ("succeeded", 7, 13)
    assert Change.objects.filter(field="gone", run=run).count() == 7
    with pytest.raises(NotHeld):
        release(run, bob)


def test_a_dismissed_run_keeps_everything_and_the_next_looks_again(account, portal, bob):
    portal.fill(20)
    sync(portal, account)
    portal.drop(*range(1, 8))
    held = sync(portal, account)
    dismiss(held, bob)
    held.refresh_from_db()
    assert (held.state, len(present())) == ("cancelled", 20)
    assert sync(portal, account).state == "held"


def test_a_held_run_waits_on_while_the_portal_is_down_and_can_be_decided(account, portal, bob):
    portal.fill(20)
    sync(portal, account)
    portal.drop(*range(1, 8))
    held = sync(portal, account)

    def down(_operation: str) -> None:
        raise Unavailable("The portal does not answer.", operation="GET /domain")

    portal.before = down
    assert sync(portal, account).state == "failed"
    assert list(held_runs(bob)) == [held], "an outage takes nothing off the desk"
    assert release(held, bob) == 7
    assert not held_runs(bob).exists()


def test_a_held_run_waits_on_while_the_portal_has_its_kind_switched_off(account, portal, bob):
    portal.fill(20)
    sync(portal, account)
    portal.drop(*range(1, 8))
    held = sync(portal, account)

    def off(_operation: str) -> None:
        raise NotSupported("The portal has this switched off.")

    portal.before = off
    assert sync(portal, account).state == "succeeded"
    assert list(held_runs(bob)) == [held]
    assert release(held, bob) == 7


def test_a_run_that_heard_the_list_takes_the_place_of_a_held_one(account, portal, bob):
    portal.fill(20)
    sync(portal, account)
    portal.drop(*range(1, 8))
    held = sync(portal, account)
    portal.fill(20)
    sync(portal, account)
    assert held.pk not in held_runs(bob).values_list("pk", flat=True)


def test_an_older_held_run_can_no_longer_be_released(account, portal, bob):
    portal.fill(20)
    sync(portal, account)
    portal.drop(*range(1, 8))
    held = sync(portal, account)
    portal.fill(20)
    assert sync(portal, account).state == "succeeded"
    with pytest.raises(NotHeld):
        release(held, bob)
    assert len(present()) == 20


@pytest.mark.parametrize(("rows", "dropped", "state"), [(20, 5, "succeeded"), (40, 8, "succeeded"), (40, 9, "held")])
def test_more_than_five_and_more_than_a_fifth_is_the_line(account, portal, rows, dropped, state):
    portal.fill(rows)
    sync(portal, account)
    portal.drop(*range(1, dropped + 1))
    assert sync(portal, account).state == state


def test_an_empty_list_counts_only_when_it_comes_twice(account, portal):
    portal.fill(2)
    sync(portal, account)
    portal.drop(1, 2)
    first = sync(portal, account)
    assert (first.state, first.gone, len(present())) == ("partial", 0, 2)
    second = sync(portal, account)
    assert (second.state, second.gone, len(present())) == ("succeeded", 2, 0)


def test_pages_that_lead_in_a_circle_end_the_list_as_incomplete(account, portal):
    portal.fill(6)
    honest = portal.page
    portal.page_size = 2
    portal.page = lambda items, token: replace(honest(items, token), next="2")
    run = sync(portal, account)
    assert (run.state, run.seen) == ("partial", 4)
    assert "lead back" in run.note


def test_a_run_that_failed_keeps_what_the_mirror_had(account, portal):
    from providers.errors import MalformedResponse

    portal.fill(6)
    sync(portal, account)

    def html(_operation: str) -> None:
        raise MalformedResponse(
            "The portal answered with a web page.", operation="GET /domain", upstream_words="<html>"
        )

    portal.before = html
    run = sync(portal, account)
    assert run.state == Run.State.FAILED
    assert run.error == "Acme Copenhagen, Domains (GET /domain): The portal answered with a web page."
    assert (run.error_code, run.upstream_words) == ("malformed_response", "<html>")
    assert len(present()) == 6
    schedule = Schedule.objects.get(account=account, kind="domains")
    assert schedule.failures == 1


def test_a_thing_under_another_id_inherits_what_is_ours_and_both_say_so(account, portal):
    portal.fill(10)
    sync(portal, account)
    customer = Customer.objects.create(name="Bakery")
    Resource.objects.filter(upstream_id="3").update(customer=customer, tags=["shop"], notes="Ask for Ms Lund.")
    portal.drop(3)
    portal.put(33, name="d3.example")
    run = sync(portal, account)
    old, new = Resource.objects.get(upstream_id="3"), Resource.objects.get(upstream_id="33")
    assert (run.state, old.gone_at is not None, new.gone_at) == ("succeeded", True, None)
    assert (new.customer, new.tags, new.notes) == (customer, ["shop"], "Ask for Ms Lund.")
    assert old.customer == customer, "never merged, never moved"
    assert Change.objects.get(resource=old, field="replaced_by").new == {"resource": new.pk, "upstream_id": "33"}
    told = Change.objects.get(resource=new, field="replaces")
    assert told.old == {"resource": old.pk, "upstream_id": "3"}
    assert tell(told).sentence == "seems to be the former #3: customer, notes and tags were taken over"


def test_a_portal_that_gives_everything_a_new_id_is_held_and_then_followed(account, portal, bob):
    portal.fill(20)
    sync(portal, account)
    Resource.objects.update(notes="keep me")
    portal.drop(*range(1, 21))
    for number in range(1, 21):
        portal.put(100 + number, name=f"d{number}.example")
    run = sync(portal, account)
    assert (run.state, len(run.held_ids)) == ("held", 20)
    assert release(run, bob) == 20
    assert set(Resource.objects.present().values_list("notes", flat=True)) == {"keep me"}
    assert Change.objects.filter(field="replaces").count() == 20


def test_a_name_that_is_not_alone_is_nobodys_heir(account, portal):
    portal.fill(10)
    portal.put(11, name="twin.example")
    portal.put(12, name="twin.example")
    sync(portal, account)
    Resource.objects.filter(name="twin.example").update(notes="whose?")
    portal.drop(11)
    portal.put(13, name="twin.example")
    sync(portal, account)
    assert Resource.objects.get(upstream_id="13").notes == ""
    assert not Change.objects.filter(field__in=["replaces", "replaced_by"]).exists()


def test_a_row_that_the_list_has_twice_with_different_values_is_told_as_skipped(account, portal):
    portal.fill(3)
    sync(portal, account)
    portal.listed = [*portal.listed, replace(portal.listed[0], upstream_status="Other")]
    run = sync(portal, account)
    assert (run.state, run.skipped, len(present())) == ("partial", 1, 3)
    assert "has it twice" in run.skipped_rows.get().reason
