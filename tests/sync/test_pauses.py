"""A portal that asked for a pause, and a person who wants to know at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from providers.errors import RateLimited
from sync.ask import ask
from sync.engine.slices import run_slice
from sync.models import Kind, Run
from tests.sync.double import drive

pytestmark = pytest.mark.django_db


def wait(seconds: float, *, sent: bool = True):
    def before(operation: str) -> None:
        if operation.startswith("domains.detail"):
            raise RateLimited("The portal takes no more calls.", retry_after=seconds, status=429 if sent else 0)

    return before


@pytest.fixture
def paused(account, portal):
    """A run that read the list, and was told to wait for twenty minutes."""
    portal.fill(5)
    portal.before = wait(1200)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    run_slice(run.pk, speak=portal.speak)
    run.refresh_from_db()
    assert run.lease_until is not None
    assert run.lease_until > timezone.now() + timedelta(minutes=19)
    return run


def test_a_person_has_it_tried_at_once(account, portal, paused, bob):
    portal.before = lambda _operation: None
    assert [run.pk for run in ask(account, [Kind.DOMAINS], user=bob)] == [paused.pk]
    run_slice(paused.pk, speak=portal.speak)
    paused.refresh_from_db()
    assert (paused.state, paused.asked_by) == ("queued", bob), "it went on, and begins again for who asked"
    drive(portal, paused)
    assert (paused.state, paused.details_done) == ("succeeded", 5)


@pytest.mark.usefixtures("paused")
def test_another_kind_of_the_account_does_not_wait_for_the_pause_either(account, portal, bob):
    [run] = ask(account, [Kind.ZONES], user=bob)
    drive(portal, run)
    assert run.state == "succeeded"


def test_what_nobody_waits_for_keeps_to_the_pause(account, portal, paused):
    calls = len(portal.calls)
    ask(account, [Kind.DOMAINS], user=None)
    run_slice(paused.pk, speak=portal.speak)
    assert len(portal.calls) == calls


def test_trying_while_the_pause_lasts_makes_no_failure_of_it(account, portal, paused, bob):
    portal.before = wait(1100, sent=False)  # as the shared limiter says it: nothing was sent
    for _ in range(10):
        ask(account, [Kind.DOMAINS], user=bob)
        run_slice(paused.pk, speak=portal.speak)
        paused.refresh_from_db()
        assert (paused.state, paused.note) == ("running", "Waiting for the portal's rate limit.")
        assert paused.lease_until > timezone.now() + timedelta(minutes=17)


def test_a_portal_that_says_wait_once_more_to_a_person_ends_the_run(account, portal, paused, bob):
    ask(account, [Kind.DOMAINS], user=bob)
    run_slice(paused.pk, speak=portal.speak)
    paused.refresh_from_db()
    assert (paused.state, paused.error_code) == ("failed", "rate_limited")
