"""What somebody asks for while a run is under way is not lost, whatever becomes of it, and costs no more than was asked for."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from providers.errors import Unavailable
from sync.ask import ask
from sync.models import Kind, Resource, Run
from sync.reread import read_later
from tests.sync.double import drive, sync


def once(portal, when: str, deed) -> None:
    """Does it while the portal is asked for `when`, the first time."""
    left = [deed]

    def before(operation: str) -> None:
        if operation == when and left:
            thread = threading.Thread(target=elsewhere, args=(left.pop(),))
            thread.start()
            thread.join(10)

    portal.before = before


def elsewhere(deed) -> None:
    try:
        deed()
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_a_routine_run_that_is_asked_for_by_an_action_begins_again_as_a_routine_run(account, portal):
    portal.fill(48)
    sync(portal, account)
    portal.calls.clear()
    once(portal, "domains.list", lambda: ask(account, [Kind.DOMAINS], user=None, full=False))
    run = sync(portal, account)
    assert (run.state, run.full, run.urgent) == ("succeeded", False, True)
    assert portal.calls.count("domains.list") == 2
    assert len(portal.calls) == 2 + 2 * 2, "two details in turn each time"
    assert (run.requests, run.list_requests) == (6, 1)


@pytest.mark.django_db(transaction=True)
def test_who_asks_for_all_gets_all_in_the_second_round_alone(account, portal, bob, settings):
    settings.HOLDFAST_SYNC = {"slice_seconds": 0}
    portal.page_size = 24
    portal.fill(48)
    sync(portal, account)
    portal.calls.clear()
    once(portal, "domains.list", lambda: ask(account, [Kind.DOMAINS], user=bob))
    run = sync(portal, account)
    assert (run.state, run.full, run.asked_by) == ("succeeded", True, bob)
    assert len(portal.calls) == 2 + 2 + 2 + 48


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_of_a_run_that_comes_to_be_held_is_read_by_another_one(account, portal, bob):
    portal.fill(48)
    sync(portal, account)
    portal.drop(*range(1, 21))
    once(portal, "domains.list", lambda: ask(account, [Kind.DOMAINS], user=bob, request_id="click"))
    run = sync(portal, account)
    assert (run.state, run.asked_by) == ("held", None)
    following = Run.objects.get(state="queued")
    assert (following.asked_by, following.request_id, following.urgent, following.full) == (bob, "click", True, True)
    drive(portal, following)
    assert (following.state, len(following.held_ids)) == ("held", 20)


@pytest.mark.django_db(transaction=True)
def test_a_run_that_fails_says_who_asked_for_it_meanwhile(account, portal, bob):
    def ask_and_fail() -> None:
        ask(account, [Kind.DOMAINS], user=bob, request_id="click")

    once(portal, "domains.list", ask_and_fail)
    asked = portal.before

    def before(operation: str) -> None:
        asked(operation)
        raise Unavailable("The portal does not answer.")

    portal.before = before
    run = sync(portal, account)
    assert (run.state, run.asked_by, run.request_id) == ("failed", bob, "click")


@pytest.mark.django_db(transaction=True)
def test_a_second_round_is_not_measured_by_what_the_first_was_told(account, portal, bob):
    portal.fill(10)
    portal.total = 10

    def fewer() -> None:
        ask(account, [Kind.DOMAINS], user=bob)
        portal.drop(10)

    once(portal, "domains.detail 1", fewer)
    honest = portal.page

    def page(items, token):
        portal.total = 10 if len(items) == 10 else None  # it tells the number the first time alone
        return honest(items, token)

    portal.page = page
    run = sync(portal, account)
    assert (run.state, run.listed, run.seen, run.gone) == ("succeeded", None, 9, 1)


@pytest.mark.django_db(transaction=True)
def test_what_an_action_wants_read_again_is_not_settled_by_an_answer_from_before(account, portal):
    portal.fill(3)
    sync(portal, account)
    resource = Resource.objects.get(upstream_id="2")
    once(portal, "domains.detail 2", lambda: read_later([resource]))
    sync(portal, account, full=True)
    resource.refresh_from_db()
    assert resource.detail_wanted
    portal.before = lambda _operation: None
    sync(portal, account)
    resource.refresh_from_db()
    assert not resource.detail_wanted
