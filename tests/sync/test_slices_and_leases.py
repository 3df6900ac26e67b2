"""Cursors, leases, generations: what happens when time is up or another hand takes over."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from domains.models import Domain
from sync.ask import ask, cancel
from sync.engine import details, finish, lists, slices
from sync.engine.hold import LostLease, hold, take
from sync.engine.slices import run_slice
from sync.models import Kind, Resource, Run
from tests.sync.conftest import make_account
from tests.sync.double import drive, sync

pytestmark = pytest.mark.django_db


def upstream(portal) -> set[tuple[str, object, tuple[str, ...]]]:
    return {(each.name, each.expires_on, each.nameservers) for each in portal.details.values()}


def mirror() -> set[tuple[str, object, tuple[str, ...]]]:
    return {(row.name, row.expires_on, tuple(row.nameservers or ())) for row in Domain.objects.all()}


def test_a_long_run_goes_on_slice_by_slice_and_reads_nothing_twice(account, portal, settings):
    settings.HOLDFAST_SYNC = {"slice_seconds": 0.05, "detail_batch": 5}
    portal.fill(60)
    portal.page_size = 20
    portal.before = lambda _operation: time.sleep(0.005)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS, full=True)
    drive(portal, run)
    assert (run.state, run.details_done) == ("succeeded", 60)
    assert run.generation > 2
    assert mirror() == upstream(portal)
    assert portal.calls.count("domains.list") == 3
    assert len(portal.calls) == len(set(portal.calls)) + 2
    assert run.requests == len(portal.calls)


def test_an_unfinished_list_keeps_its_place_and_still_sees_what_vanished(account, portal, settings):
    portal.fill(30)
    sync(portal, account)
    portal.drop(2, 29)
    portal.page_size = 10
    settings.HOLDFAST_SYNC = {"slice_seconds": 0}
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    run_slice(run.pk, speak=portal.speak)
    run.refresh_from_db()
    assert (run.state, run.cursor["token"], len(run.seen_ids), run.lease_until) == ("running", "10", 10, None)
    drive(portal, run)
    assert (run.state, run.gone) == ("succeeded", 2)
    assert (run.seen_ids, run.queue, run.cursor) == ([], [], {})


def test_a_claim_excludes_every_other(account):
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    assert take(run.pk) is not None
    assert take(run.pk) is None


def test_a_lease_that_ran_out_is_taken_over(account):
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    first = take(run.pk)
    assert first is not None
    Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    second = take(run.pk)
    assert second is not None
    assert second.generation == first.generation + 1
    with pytest.raises(LostLease), hold(first):
        pass


def test_a_competing_claim_in_the_middle_rolls_the_batch_back(account, portal, monkeypatch):
    portal.fill(10)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    compare = lists._compare

    def compare_after_theft(*args):
        # What another worker's claim does, between this one's read and its write.
        Run.objects.filter(pk=run.pk).update(generation=F("generation") + 1, claimed_by="another")
        return compare(*args)

    monkeypatch.setattr(lists, "_compare", compare_after_theft)
    run_slice(run.pk, speak=portal.speak)
    run.refresh_from_db()
    assert (run.state, run.claimed_by, run.written, run.seen) == ("running", "another", 0, 0)
    assert not Resource.objects.exists()


def test_a_cancelled_run_stops_at_its_next_batch(account, portal, settings, alice, monkeypatch):
    settings.HOLDFAST_SYNC = {"detail_batch": 5}
    portal.fill(200)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS, full=True)
    flush = details._flush
    flushed: list[int] = []

    def flush_then_cancel(reading):
        flush(reading)
        flushed.append(1)
        if len(flushed) == 2:
            assert cancel(run, alice)

    monkeypatch.setattr(details, "_flush", flush_then_cancel)
    run_slice(run.pk, speak=portal.speak)
    run.refresh_from_db()
    assert (run.state, run.claimed_by != "", run.queue) == ("cancelled", True, [])
    assert "Cancelled by alice" in run.note
    assert 0 < Resource.objects.exclude(detail_hash="").count() < 200
    assert not cancel(run, alice)
    assert sync(portal, account).state == "succeeded"
    assert mirror() == upstream(portal)


def test_one_account_works_on_one_run_at_a_time(account):
    first = Run.objects.create(account=account, kind=Kind.DOMAINS)
    second = Run.objects.create(account=account, kind=Kind.ZONES)
    elsewhere = Run.objects.create(account=make_account("Another"), kind=Kind.ZONES)
    assert take(first.pk) is not None
    assert take(second.pk) is None
    assert take(elsewhere.pk) is not None


def test_a_run_that_only_kills_its_worker_is_parked(account, portal):
    portal.fill(1)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS, attempts=5)
    run_slice(run.pk, speak=portal.speak)
    run.refresh_from_db()
    assert (run.state, run.error_code) == ("failed", "parked")
    assert "set aside" in run.error


def test_asking_twice_makes_one_run(account, alice):
    first = ask(account, ["domains"], user=alice)
    second = ask([account], ["domains"], user=alice, request_id="r2")
    assert [run.pk for run in first] == [run.pk for run in second]
    assert Run.objects.get().full


def test_asking_while_it_runs_begins_it_again_afterwards(account, portal, alice, monkeypatch):
    portal.fill(5)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    end = finish.end_well

    def ask_then_end(current, cursor=None):
        if len(rounds) == 0:
            portal.put(6)
            assert ask(account, ["domains"], user=alice)[0].pk == run.pk
        rounds.append(current.pk)
        end(current, cursor)

    rounds: list[int] = []
    monkeypatch.setattr(slices, "end_well", ask_then_end)
    drive(portal, run)
    assert len(rounds) == 2
    assert (run.state, run.full, run.again, run.seen) == ("succeeded", True, False, 6)
    assert Resource.objects.filter(upstream_id="6").exists()
    assert Run.objects.count() == 1


def test_paused_accounts_are_not_asked(account, portal, alice):
    account.state = "paused"
    account.save()
    assert ask(account, None, user=alice) == []
    run = sync(portal, account)
    assert (run.state, portal.calls) == ("cancelled", [])
    assert "not read" in run.note


def test_a_long_slice_makes_way_for_another_run_of_its_account(account, portal, settings):
    settings.HOLDFAST_SYNC = {"fair_seconds": 0, "flush_seconds": 0, "detail_batch": 2}
    portal.fill(40)
    portal.before = lambda _operation: time.sleep(0.003)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    other = Run.objects.create(account=account, kind=Kind.ZONES)
    run_slice(run.pk, speak=portal.speak)
    run.refresh_from_db()
    assert (run.state, run.lease_until) == ("running", None)
    other.refresh_from_db()
    assert other.filed_at is not None
    drive(portal, other)
    drive(portal, run)
    assert (run.state, other.state) == ("succeeded", "succeeded")
    assert mirror() == upstream(portal)
