"""Portals that stand in the way of what lies behind: rows that never answer, limits in the middle of a list."""

from __future__ import annotations

import time

import pytest
from django.utils import timezone

from providers.errors import RateLimited, Unavailable
from sync.engine.slices import run_slice
from sync.models import Kind, Resource, Run, Schedule
from tests.sync.double import drive, sync

pytestmark = pytest.mark.django_db


def stubborn(portal, numbers) -> None:
    """The details of these never come."""
    names = {f"domains.detail {number}" for number in numbers}

    def before(operation: str) -> None:
        if operation in names:
            raise Unavailable("The portal stumbles over it.", cause="server_error")

    portal.before = before


def test_rows_whose_details_never_come_do_not_keep_the_others_from_being_read(account, portal):
    portal.fill(60)
    stubborn(portal, range(1, 9))
    for _ in range(6):
        sync(portal, account)
    unread = set(Resource.objects.filter(detail_hash="").values_list("upstream_id", flat=True))
    assert unread == {str(number) for number in range(1, 9)}


def test_the_turn_goes_on_behind_rows_whose_details_never_come(account, portal):
    portal.fill(240)
    sync(portal, account)  # a share of ten a run
    for number in range(1, 241):
        portal.put(number, nameservers=("ns9.example.",)) if number % 50 == 0 else None
    stubborn(portal, range(1, 11))
    for _ in range(40):
        sync(portal, account)
    read = {call for call in portal.calls if call.startswith("domains.detail")}
    assert len(read) == 240
    assert Resource.objects.filter(domain__nameservers=["ns9.example."]).count() == 4


def test_watched_rows_that_are_wanted_for_ever_do_not_stop_the_turn_of_the_other_watched(account, portal):
    portal.fill(30)
    for number in range(1, 31):
        portal.put(number, status="pending")
    sync(portal, account)
    Resource.objects.filter(pk__in=Resource.objects.order_by("pk").values("pk")[:12]).update(detail_wanted=True)
    stubborn(portal, range(1, 13))
    portal.calls.clear()
    for _ in range(3):
        sync(portal, account)
    assert {f"domains.detail {number}" for number in range(13, 31)} <= set(portal.calls)


def test_a_list_that_is_longer_than_the_portal_gives_at_once_comes_to_its_end(account, portal):
    portal.fill(30)
    portal.page_size = 1
    asked = 0

    def ten_at_a_time(_operation: str) -> None:
        nonlocal asked
        asked += 1
        if asked % 11 == 0:
            raise RateLimited("Too many calls.", retry_after=60)

    portal.before = ten_at_a_time
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    for _ in range(12):
        run_slice(run.pk, speak=portal.speak)
        Run.objects.filter(pk=run.pk, state="running").update(lease_until=timezone.now())
    run.refresh_from_db()
    assert (run.state, run.seen) == ("succeeded", 30)


def test_a_portal_that_only_ever_says_wait_is_told_as_a_failure(account, portal):
    def wait(_operation: str) -> None:
        raise RateLimited("Too many calls.", retry_after=60)

    portal.before = wait
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    for _ in range(12):
        run_slice(run.pk, speak=portal.speak)
        Run.objects.filter(pk=run.pk, state="running").update(lease_until=timezone.now())
    run.refresh_from_db()
    assert (run.state, run.error_code) == ("failed", "rate_limited")
    assert Schedule.objects.get(account=account, kind="domains").failures == 1
    assert len(portal.calls) < 10


def test_details_slower_than_a_fair_slice_are_read_all_the_same(account, portal, settings, monkeypatch):
    monkeypatch.setattr("sync.engine.details.DRAIN_SECONDS", 0.1)
    settings.HOLDFAST_SYNC = {"fair_seconds": 0, "flush_seconds": 0.0, "heartbeat_seconds": 0.1}
    portal.fill(3)
    portal.before = lambda operation: time.sleep(0.6) if "detail" in operation else None
    Run.objects.create(account=account, kind=Kind.ZONES, urgent=True)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    drive(portal, run, slices=8)
    assert (run.state, run.details_done) == ("succeeded", 3)
