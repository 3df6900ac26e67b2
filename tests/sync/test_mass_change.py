"""Many things that seem to change alike at once: nothing is written before a person has looked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from domains.models import Domain
from providers.errors import MalformedResponse
from providers.resources import DomainStatus
from sync.ask import cancel
from sync.expecting import expect
from sync.models import Change, Expectation, HeldRow, Kind, Resource, Run, Schedule
from sync.verdict import NotHeld, dismiss, held_lines, release
from tests.sync.double import drive, sync

pytestmark = pytest.mark.django_db

OTHER_DAY = date(2026, 12, 24)
OURS, THEIRS = ("ns1.example.", "ns2.example."), ("ns.elsewhere.example.",)


def statuses() -> set[str]:
    return set(Domain.objects.values_list("status", flat=True))


def nameservers() -> set[tuple[str, ...]]:
    return {tuple(each or ()) for each in Domain.objects.values_list("nameservers", flat=True)}


def cancel_all(portal, count: int, first: int = 1) -> None:
    for number in range(first, first + count):
        portal.put(number, status=DomainStatus.CANCELLED, upstream_status="Cancelled")


def test_many_rows_that_move_in_one_grave_column_are_held_and_not_written(account, portal):
    portal.fill(50)
    sync(portal, account)
    seen_whole = Schedule.objects.get(account=account, kind="domains").last_complete_at
    cancel_all(portal, 11)
    run = sync(portal, account)
    assert (run.state, run.held_changes, run.held_fields, run.written) == ("held", 11, ["status"], 0)
    assert "11 of 50 would change in the same way" in run.note
    assert statuses() == {"active"}
    assert not Change.objects.exists()
    assert Schedule.objects.get(account=account, kind="domains").last_complete_at == seen_whole
    lines = held_lines(run, 5)
    assert [(line.resource.name, line.field, line.old, line.new) for line in lines][:2] == [
        ("d1.example", "status", "active", "cancelled"),
        ("d10.example", "status", "active", "cancelled"),
    ]
    assert len(lines) == 5


@pytest.mark.parametrize(("rows", "moved", "state"), [(50, 10, "succeeded"), (60, 12, "succeeded"), (60, 13, "held")])
def test_more_than_ten_and_more_than_a_fifth_is_the_line(account, portal, rows, moved, state):
    portal.fill(rows)
    sync(portal, account)
    cancel_all(portal, moved)
    assert sync(portal, account).state == state
    assert Domain.objects.filter(status="cancelled").count() == (0 if state == "held" else moved)


def test_the_other_rows_of_a_held_list_are_written(account, portal):
    portal.fill(50)
    sync(portal, account)
    cancel_all(portal, 20)
    portal.put(50, expires_on=OTHER_DAY)
    portal.put(51)
    run = sync(portal, account)
    assert (run.state, run.held_changes) == ("held", 20)
    assert Domain.objects.get(name="d50.example").expires_on == OTHER_DAY
    assert Domain.objects.filter(name="d51.example").exists()


def test_columns_that_are_not_grave_may_move_all_at_once(account, portal):
    portal.fill(50)
    sync(portal, account)
    for number in range(1, 51):
        portal.put(number, upstream_status="Active (new word)")
    assert sync(portal, account).state == "succeeded"
    assert not HeldRow.objects.exists()


def test_a_first_sync_is_never_held(account, portal):
    portal.fill(30)
    portal.complete = False
    assert sync(portal, account).state == "partial"
    cancel_all(portal, 30)
    portal.complete = True
    assert sync(portal, account).state == "succeeded"
    assert statuses() == {"cancelled"}


def test_a_small_account_may_change_as_a_whole(account, portal):
    portal.fill(10)
    sync(portal, account)
    cancel_all(portal, 10)
    assert sync(portal, account).state == "succeeded"
    assert statuses() == {"cancelled"}


def test_the_mass_is_seen_across_the_pages_and_slices_of_a_list(account, portal, settings):
    portal.fill(60)
    sync(portal, account)
    portal.page_size = 5
    cancel_all(portal, 60)
    settings.HOLDFAST_SYNC = {"slice_seconds": 0}
    run = sync(portal, account)
    assert (run.state, run.held_changes, run.generation > 10) == ("held", 60, True)
    assert statuses() == {"active"}


def test_name_servers_that_only_details_tell_are_held_too(account, portal):
    portal.fill(40)
    sync(portal, account)
    for number in range(1, 41):
        portal.put(number, nameservers=THEIRS)
    run = sync(portal, account, full=True)
    assert (run.state, run.held_changes, run.held_fields) == ("held", 40, ["nameservers"])
    assert nameservers() == {OURS}
    assert not Change.objects.exists()


def test_what_is_held_stays_held_while_the_portal_says_so_whatever_else_is_read(account, portal):
    portal.fill(100)
    sync(portal, account)
    for number in range(1, 12):
        portal.put(number, nameservers=THEIRS, upstream_status="Moved")
    held = sync(portal, account)
    assert (held.state, held.held_changes) == ("held", 11)
    again = drive(portal, Run.objects.create(account=account, kind=Kind.DOMAINS, full=True))
    assert (again.state, again.held_changes) == ("held", 11), "eleven of a hundred, but the same eleven"
    assert HeldRow.objects.exclude(run=again).count() == 0


def test_a_portal_that_comes_to_its_senses_ends_the_waiting(account, portal, bob):
    portal.fill(50)
    sync(portal, account)
    cancel_all(portal, 20)
    held = sync(portal, account)
    portal.fill(50)
    run = sync(portal, account)
    assert (run.state, run.held_changes, HeldRow.objects.count()) == ("succeeded", 0, 0)
    with pytest.raises(NotHeld):
        release(held, bob)


def test_a_person_accepts_and_the_next_run_writes_them(account, portal, bob):
    portal.fill(50)
    sync(portal, account)
    cancel_all(portal, 20)
    run = sync(portal, account)
    assert release(run, bob) == 20
    run.refresh_from_db()
    assert (run.state, run.held_changes) == ("succeeded", 0)
    assert "accepted 20 changes" in run.note
    following = Run.objects.get(state="queued")
    assert (following.asked_by, following.urgent, following.full) == (bob, True, False)
    drive(portal, following)
    assert (following.state, following.held_changes) == ("succeeded", 0)
    assert Domain.objects.filter(status="cancelled").count() == 20
    assert Change.objects.filter(field="status", run=following).count() == 20
    assert not HeldRow.objects.exists()


def test_accepted_details_are_read_again_and_written(account, portal, bob):
    portal.fill(40)
    sync(portal, account)
    for number in range(1, 41):
        portal.put(number, nameservers=THEIRS)
    release(sync(portal, account, full=True), bob)
    following = drive(portal, Run.objects.get(state="queued"))
    assert (following.state, following.details_done) == ("succeeded", 40)
    assert nameservers() == {THEIRS}


def test_what_was_accepted_holds_for_what_was_shown_and_for_nothing_else(account, portal, bob):
    portal.fill(50)
    sync(portal, account)
    cancel_all(portal, 20)
    release(sync(portal, account), bob)
    for number in range(1, 21):
        portal.put(number, status=DomainStatus.EXPIRED)
    following = drive(portal, Run.objects.get(state="queued"))
    assert (following.state, following.held_changes) == ("held", 20)
    assert statuses() == {"active"}


def test_a_person_rejects_and_it_is_read_again(account, portal, bob):
    portal.fill(40)
    sync(portal, account)
    for number in range(1, 41):
        portal.put(number, nameservers=THEIRS)
    run = sync(portal, account, full=True)
    dismiss(run, bob)
    run.refresh_from_db()
    assert (run.state, HeldRow.objects.count()) == ("cancelled", 0)
    assert "kept 40" in run.note
    portal.fill(40)
    again = sync(portal, account)
    assert (again.state, again.details_done, again.written) == ("succeeded", 40, 40)
    assert Resource.objects.filter(detail_wanted=True).count() == 0
    assert not Change.objects.exists()


def test_vanishing_and_changing_are_held_and_decided_together(account, portal, bob):
    portal.fill(50)
    sync(portal, account)
    portal.drop(*range(1, 14))
    cancel_all(portal, 15, first=20)
    run = sync(portal, account)
    assert (run.state, len(run.held_ids), run.held_changes) == ("held", 13, 15)
    assert [line.field for line in held_lines(run, 100)] == ["gone"] * 13 + ["status"] * 15
    assert release(run, bob) == 28
    drive(portal, Run.objects.get(state="queued"))
    assert Resource.objects.present().count() == 37
    assert Domain.objects.filter(status="cancelled").count() == 15


def test_what_our_own_actions_announced_does_not_count(account, portal):
    portal.fill(50)
    sync(portal, account)
    until = timezone.now() + timedelta(minutes=5)
    ours = list(Resource.objects.order_by("pk")[:8])
    expect(Expectation(resource=each, field="status", action=7, until=until) for each in ours)
    cancel_all(portal, 18)
    run = sync(portal, account)
    assert run.state == "succeeded", "ten moved by themselves, and that is not more than ten"
    assert Domain.objects.filter(status="cancelled").count() == 18
    assert Change.objects.filter(field="status", action=7).count() == 8


def test_a_run_that_is_cancelled_or_fails_forgets_what_it_put_aside(account, portal, bob, settings):
    portal.fill(40)
    sync(portal, account)
    cancel_all(portal, 40)
    portal.page_size = 10
    settings.HOLDFAST_SYNC = {"slice_seconds": 0}
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    drive(portal, run, slices=2)
    assert HeldRow.objects.filter(run=run).count() == 20
    assert cancel(run, bob)
    assert HeldRow.objects.count() == 0
    failing = Run.objects.create(account=account, kind=Kind.DOMAINS)
    drive(portal, failing, slices=2)

    def away(_operation: str) -> None:
        raise MalformedResponse("The portal answered with a web page.")

    portal.before = away
    drive(portal, failing)
    assert (failing.state, failing.held_changes, HeldRow.objects.count()) == ("failed", 0, 0)
    assert statuses() == {"active"}
