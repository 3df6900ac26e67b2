"""What each kind of trouble does to a run, to the schedule and to the account."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import gateway
from accounts.models import ProviderAccount
from providers.errors import AuthenticationFailed, NotSupported, PermissionDenied, RateLimited, Unavailable
from sync.engine import calls, hold
from sync.engine.slices import run_slice
from sync.models import Kind, Resource, Run, Schedule
from tests.sync.double import drive, sync

pytestmark = pytest.mark.django_db


def schedule_of(account: ProviderAccount, kind: Kind = Kind.DOMAINS) -> Schedule:
    return Schedule.objects.get(account=account, kind=kind)


def failing(error: Exception, *, on: str = ""):
    def before(operation: str) -> None:
        if operation.startswith(on):
            raise error

    return before


def test_an_unreachable_portal_fails_the_run_and_backs_off(account, portal):
    portal.before = failing(Unavailable("The portal does not answer.", cause="refused", operation="GET /domain"))
    waits = []
    for _ in range(9):
        run = sync(portal, account)
        assert (run.state, run.error_code) == ("failed", "unavailable")
        waits.append((schedule_of(account).next_due_at - timezone.now()).total_seconds())
    assert run.error == "Acme Copenhagen, Domains (GET /domain): The portal does not answer."
    assert 50 < waits[0] < 70
    assert 100 < waits[1] < 135
    assert 3000 < waits[-1] <= 3970
    assert schedule_of(account).failures == 9
    portal.before = lambda _operation: None
    portal.fill(1)
    assert sync(portal, account).state == "succeeded"
    assert schedule_of(account).failures == 0


def test_a_refused_credential_stops_the_trying(account, portal):
    portal.before = failing(AuthenticationFailed("The portal refused the password.", operation="POST /login"))

    @contextmanager
    def speak(account, *, on_call=None):
        try:
            with portal.speak(account, on_call=on_call) as provider:
                yield provider
        except AuthenticationFailed as error:
            gateway.mark_refused(account, error)
            raise

    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    run_slice(run.pk, speak=speak)
    run.refresh_from_db()
    account.refresh_from_db()
    assert (run.state, run.error_code, account.state) == ("failed", "authentication_failed", "refused")
    calls = len(portal.calls)
    assert sync(portal, account, Kind.ZONES).state == "cancelled"
    assert len(portal.calls) == calls


def test_what_the_portal_lacks_is_noted_and_asked_about_once_a_day(account, portal):
    portal.capabilities = frozenset()
    run = sync(portal, account)
    schedule = schedule_of(account)
    assert (run.state, run.error, schedule.supported) == ("succeeded", "", False)
    assert "does not offer" in schedule.words
    assert "does not offer" in run.note
    assert schedule.next_due_at > timezone.now() + timedelta(hours=23)
    assert schedule.last_complete_at is None
    portal.capabilities = frozenset({"domains.list"})
    assert sync(portal, account).state == "succeeded"
    assert schedule_of(account).supported


def test_a_list_that_is_not_permitted_fails_and_waits_a_day(account, portal):
    portal.before = failing(PermissionDenied("This login may not see domains."))
    run = sync(portal, account)
    schedule = schedule_of(account)
    assert (run.state, schedule.supported) == ("failed", False)
    assert "may not see" in schedule.words


def test_a_list_that_the_portal_switched_off_is_no_failure(account, portal):
    portal.before = failing(NotSupported("The portal has this switched off."))
    assert sync(portal, account).state == "succeeded"
    assert not schedule_of(account).supported


def test_a_short_rate_limit_is_waited_for(account, portal):
    portal.fill(20)
    limited = iter([True, False, False, True, True])

    def before(_operation: str) -> None:
        if next(limited, False):
            raise RateLimited("Too many calls.", retry_after=0.1)

    portal.before = before
    run = sync(portal, account)
    assert (run.state, run.details_done, run.skipped) == ("succeeded", 20, 0)


def test_a_long_rate_limit_ends_the_slice_and_the_run_goes_on_later(account, portal):
    portal.fill(20)
    limited = [False] * 6 + [True]

    def before(_operation: str) -> None:
        if limited and limited.pop(0):
            raise RateLimited("Too many calls.", retry_after=45)

    portal.before = before
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    run_slice(run.pk, speak=portal.speak)
    run.refresh_from_db()
    assert (run.state, run.note) == ("running", "Waiting for the portal's rate limit.")
    assert run.lease_until is not None
    assert 40 < (run.lease_until - timezone.now()).total_seconds() <= 45
    calls = len(portal.calls)
    run_slice(run.pk, speak=portal.speak)
    assert len(portal.calls) == calls, "nobody may claim it before"
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now())
    drive(portal, run)
    assert (run.state, run.details_done, run.skipped, run.note) == ("succeeded", 20, 0, "")


def test_details_that_nobody_answers_are_not_hammered(account, portal):
    portal.fill(200)
    portal.before = failing(Unavailable("The portal is down.", cause="server_error"), on="domains.detail")
    run = sync(portal, account)
    assert (run.state, run.error_code) == ("failed", "unavailable")
    assert len(portal.calls) < 100
    assert Resource.objects.count() == 200, "the list was good and is kept"


def test_details_that_are_refused_one_by_one_are_given_up(account, portal):
    portal.fill(200)
    portal.before = failing(PermissionDenied("Not yours."), on="domains.detail")
    run = sync(portal, account)
    assert run.state == "partial"
    assert "in a row were not given" in run.note
    assert len(portal.calls) < 120


def test_a_read_that_never_comes_back_fails_with_a_sentence(account, portal, settings):
    settings.HOLDFAST_SYNC = {"call_seconds": 0.3, "heartbeat_seconds": 0.1}
    portal.before = lambda _operation: time.sleep(1)
    started = time.monotonic()
    run = sync(portal, account)
    assert (run.state, run.error_code) == ("failed", "unavailable")
    assert time.monotonic() - started < 0.9


def test_a_fault_of_our_own_is_recorded_without_its_insides(account, portal):
    portal.before = failing(ZeroDivisionError("secret-token"))
    run = sync(portal, account)
    assert (run.state, run.error_code) == ("failed", "crashed")
    assert "ZeroDivisionError" in run.error
    assert "secret-token" not in run.error


def test_the_lease_is_renewed_while_the_portal_takes_its_time(account, portal, settings, monkeypatch):
    settings.HOLDFAST_SYNC = {"heartbeat_seconds": 0.05, "lease_seconds": 0.5}
    leases = []

    def slow(_operation: str) -> None:
        time.sleep(0.8)

    portal.before = slow
    portal.fill(1)

    def noted(run):
        hold.renew(run)
        leases.append(run.pk)

    monkeypatch.setattr(calls, "renew", noted)
    assert sync(portal, account).state == "succeeded"
    assert len(leases) >= 10
