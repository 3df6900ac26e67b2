"""The sweeper: what the queue lost, what dead workers left."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from celery import current_app
from django.utils import timezone
from kombu.exceptions import OperationalError

from actions import publishing
from actions.engine import ledger
from actions.engine.attempt import work
from actions.engine.sweeping import sweep
from actions.filing import file
from actions.models import Action, State
from providers import errors
from tests.actions.conftest import log_of, until_now

pytestmark = pytest.mark.django_db


def claimed(domain, bob, kind: str, *, sent: bool) -> Action:
    """Taken by a worker that is dead by now."""
    action = ledger.take(file(kind, domain.resource, {}, actor=bob, price=Decimal("12.99"), currency="USD").action.pk)
    assert action is not None
    if sent:
        ledger.mark_sent(action)
    until_now(action)
    return action


@pytest.mark.parametrize(
    ("kind", "sent", "state"),
    [
        ("test.poke", False, State.QUEUED), ("test.buy", False, State.QUEUED), ("test.switch", False, State.QUEUED),
        ("test.poke", True, State.UNKNOWN), ("test.buy", True, State.UNKNOWN), ("test.write", True, State.UNKNOWN),
        ("test.switch", True, State.QUEUED),
    ],
)  # fmt: skip
def test_what_a_dead_worker_left_is_decided_by_what_is_known_of_it(domain, bob, kind, sent, state):
    action = claimed(domain, bob, kind, sent=sent)
    sweep()
    action.refresh_from_db()
    assert (action.state, action.losses) == (state, 1)
    assert "worker died" in log_of(action)[-1]


def test_a_claim_with_a_sign_of_life_is_left_alone(domain, bob):
    action = claimed(domain, bob, "test.poke", sent=True)
    ledger.renew(action)
    sweep()
    action.refresh_from_db()
    assert action.state == State.RUNNING


def test_what_only_ever_kills_its_worker_is_given_up_with_nothing_sent(domain, bob):
    action = claimed(domain, bob, "test.poke", sent=False)
    for _death in range(4):
        sweep()
        until_now(action)
        assert ledger.take(action.pk) is not None
        until_now(action)
    sweep()
    action.refresh_from_db()
    assert (action.state, action.error_code) == (State.FAILED, "worker_lost")


def test_a_switch_that_keeps_losing_its_worker_is_unknown_in_the_end(domain, bob):
    action = claimed(domain, bob, "test.switch", sent=True)
    Action.objects.update(attempts=5)
    sweep()
    action.refresh_from_db()
    assert action.state == State.UNKNOWN


@pytest.fixture
def published(monkeypatch) -> list[tuple[str, int]]:
    """What went to the broker."""
    came: list[tuple[str, int]] = []
    monkeypatch.setattr(current_app, "send_task", lambda task, args, **_options: came.append((task, args[0])))
    return came


def test_a_queued_row_that_the_queue_lost_is_filed_again(domain, bob, published, django_capture_on_commit_callbacks):
    action = file("test.poke", domain.resource, {}, actor=bob).action
    with django_capture_on_commit_callbacks(execute=True):
        sweep()
    assert published == [], "it was filed just now"
    until_now(action)
    with django_capture_on_commit_callbacks(execute=True):
        sweep()
    assert published == [(publishing.WORK, action.pk)]


def test_what_waits_for_its_time_is_not_filed_before_it(domain, bob, portal, upstream):
    def down() -> None:
        raise errors.Unavailable("It can't be reached.")

    upstream.before = down
    action = file("test.write", domain.resource, {}, actor=bob).action
    work(action.pk, speak=portal.speak)
    Action.objects.update(filed_at=timezone.now() - timedelta(minutes=5))
    assert sweep() == 0
    until_now(action)
    assert sweep() == 1


def test_a_look_that_is_due_is_filed(domain, bob, published, django_capture_on_commit_callbacks):
    action = claimed(domain, bob, "test.poke", sent=True)
    sweep()
    until_now(action)
    with django_capture_on_commit_callbacks(execute=True):
        sweep()
    assert published == [(publishing.LOOK, action.pk)]


def test_a_broker_that_is_away_costs_no_decision(domain, bob, monkeypatch, django_capture_on_commit_callbacks):
    def away(*_args, **_options) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        file("test.poke", domain.resource, {}, actor=bob)
    assert Action.objects.get().state == State.QUEUED
