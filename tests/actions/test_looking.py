"""After sending: unknown outcomes are reconciled, chains followed, and a person may settle what nobody can tell."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from actions.declare import Finding, Refused, Step, Verdict
from actions.engine.attempt import work
from actions.engine.looking import look
from actions.filing import file
from actions.models import Action, Stage, State
from actions.settling import look_now, settle, withdraw
from domains.models import Domain
from providers import errors
from sync.models import Expectation
from tests.actions.conftest import at, log_of, until_now

pytestmark = pytest.mark.django_db

HAPPENED = Finding(Verdict.HAPPENED, "The order is there.", {"order": "78"})
ABSENT = Finding(Verdict.NOT_HAPPENED, "No such order is there.")
UNTOLD = Finding(Verdict.CANT_TELL, "The portal keeps no such list.")


def unknown(domain, bob, portal, upstream, kind: str = "test.buy") -> Action:
    def lost() -> None:
        raise errors.OutcomeUnknown("No answer came.")

    upstream.after = lost
    action = file(kind, domain.resource, {}, actor=bob, price=Decimal("12.99"), currency="USD").action
    work(action.pk, speak=portal.speak)
    action.refresh_from_db()
    assert action.state == State.UNKNOWN
    return action


def looked(action: Action, portal) -> Action:
    until_now(action)
    look(action.pk, speak=portal.speak)
    action.refresh_from_db()
    return action


def test_what_is_found_to_have_happened_succeeded_and_is_followed(domain, bob, portal, upstream):
    action = unknown(domain, bob, portal, upstream)
    upstream.found = HAPPENED
    upstream.steps = [Step(Stage.INVOICE_UNPAID, "The invoice waits.", timedelta(minutes=5), {"invoice_id": "9"})]
    portal.put(1, name="bahnhof.example", expires_on=date(2031, 1, 1))
    looked(action, portal)
    assert (action.state, action.stage) == (State.SUCCEEDED, Stage.INVOICE_UNPAID)
    assert action.result == {"order": "78", "invoice_id": "9"}
    assert (action.error, action.error_code) == ("", "")
    assert len(upstream.sent) == 1
    assert Domain.objects.get().expires_on == date(2031, 1, 1)


def test_not_happened_is_believed_the_second_time_and_a_minute_later(domain, bob, portal, upstream):
    action = unknown(domain, bob, portal, upstream)
    upstream.found = ABSENT
    looked(action, portal)
    assert action.state == State.UNKNOWN
    assert at(action.look_at) >= at(action.absent_since) + timedelta(seconds=60)
    looked(action, portal)
    assert action.state == State.UNKNOWN, "too early"
    Action.objects.update(absent_since=timezone.now() - timedelta(seconds=61))
    looked(action, portal)
    assert (action.state, action.error_code) == (State.FAILED, "not_happened")
    assert len(upstream.sent) == 1, "never sent again by itself"
    assert not Expectation.objects.exists()
    assert file("test.buy", domain.resource, {}, actor=bob, price=Decimal(13), currency="USD").is_new, (
        "the guard is free"
    )


@pytest.mark.parametrize("between", [UNTOLD, errors.Unavailable("Down.")])
def test_two_reads_that_do_not_find_it_are_counted_only_when_nothing_else_was_found_between(
    domain, bob, portal, upstream, between
):
    action = unknown(domain, bob, portal, upstream)
    upstream.found = ABSENT
    looked(action, portal)
    upstream.found = between
    looked(action, portal)
    Action.objects.filter(absent_since__isnull=False).update(absent_since=timezone.now() - timedelta(seconds=61))
    upstream.found = HAPPENED
    looked(action, portal)
    assert action.state == State.SUCCEEDED


def test_what_cant_be_told_is_asked_less_and_less_and_then_left_to_a_person(domain, bob, portal, upstream):
    action = unknown(domain, bob, portal, upstream)
    waits = []
    for _look in range(15):
        looked(action, portal)
        assert action.state == State.UNKNOWN
        if action.look_at is not None:
            waits.append(round((action.look_at - timezone.now()).total_seconds()))
    assert waits == sorted(waits)
    assert waits[-1] == 3600
    assert action.look_at is None
    assert sum("could not tell" in line for line in log_of(action)) == 1, "the same finding is one line"


def test_a_portal_that_is_down_leaves_it_unknown(domain, bob, portal, upstream):
    action = unknown(domain, bob, portal, upstream)
    upstream.found = errors.Unavailable("The portal is down.")
    looked(action, portal)
    assert action.state == State.UNKNOWN
    assert at(action.look_at) > timezone.now()
    assert "Looked, and could not tell: The portal is down." in log_of(action)
    upstream.found = ZeroDivisionError("ours")
    looked(action, portal)
    assert action.state == State.UNKNOWN


def test_a_look_before_its_time_or_after_the_end_does_nothing(domain, bob, portal, upstream):
    action = unknown(domain, bob, portal, upstream)
    upstream.found = HAPPENED
    look(action.pk, speak=portal.speak)
    action.refresh_from_db()
    assert action.state == State.UNKNOWN
    looked(action, portal)
    calls = len(portal.calls)
    looked(action, portal)
    assert (action.stage, len(portal.calls)) == (Stage.DONE, calls)


def bought(domain, bob, portal) -> Action:
    action = file("test.buy", domain.resource, {}, actor=bob, price=Decimal("12.99"), currency="USD").action
    work(action.pk, speak=portal.speak)
    action.refresh_from_db()
    return action


def test_a_chain_is_followed_from_order_to_done(domain, bob, portal, upstream):
    soon = timedelta(minutes=5)
    upstream.steps = [
        Step(Stage.ORDERED, "Order 77.", soon), errors.Unavailable("Down."), Step(Stage.INVOICE_UNPAID, "Invoice 9.", soon),
        Step(Stage.PAID, "Paid.", soon), Step(Stage.PAID, "Paid.", soon), Step(Stage.DONE, "Renewed."),
    ]  # fmt: skip
    action = bought(domain, bob, portal)
    stages = [action.stage] + [looked(action, portal).stage for _look in range(5)]
    assert stages == ["ordered", "ordered", "invoice_unpaid", "paid", "paid", "done"]
    assert action.done_at is not None
    assert action.look_at is None
    assert [line for line in log_of(action) if line in ("Order 77.", "Invoice 9.", "Paid.", "Renewed.")] == [
        "Order 77.", "Invoice 9.", "Paid.", "Renewed.",
    ]  # fmt: skip


def test_a_chain_that_has_not_moved_for_days_stands_still_and_picks_up_again(domain, bob, portal, upstream):
    soon = timedelta(minutes=5)
    unpaid = Step(Stage.INVOICE_UNPAID, "Invoice 9.", soon)
    upstream.steps = [unpaid, unpaid, unpaid, Step(Stage.PAID, "Paid.", soon), Step(Stage.DONE, "Renewed.")]
    action = bought(domain, bob, portal)
    Action.objects.update(moved_at=timezone.now() - timedelta(days=4))
    looked(action, portal)
    assert (action.stage, action.stands_at) == (Stage.STALLED, Stage.INVOICE_UNPAID)
    assert at(action.look_at) > timezone.now() + timedelta(hours=5)
    looked(action, portal)
    assert action.stage == Stage.STALLED
    assert sum("stands still" in line for line in log_of(action)) == 1
    looked(action, portal)
    assert (action.stage, action.stands_at) == (Stage.PAID, "")
    assert looked(action, portal).stage == Stage.DONE


def test_a_chain_whose_portal_is_down_for_days_stands_still_too(domain, bob, portal, upstream):
    upstream.steps = [Step(Stage.ORDERED, "Order 77.", timedelta(minutes=5)), errors.Unavailable("Down.")]
    action = bought(domain, bob, portal)
    Action.objects.update(moved_at=timezone.now() - timedelta(days=4))
    assert looked(action, portal).stage == Stage.STALLED


def test_a_chain_that_ends_before_it_is_done_stands_still(domain, bob, portal, upstream):
    upstream.steps = [
        Step(Stage.ORDERED, "Order 77.", timedelta(minutes=5)),
        Step(Stage.STALLED, "The invoice was cancelled."),
    ]
    action = bought(domain, bob, portal)
    looked(action, portal)
    assert (action.stage, action.stands_at, action.look_at) == (Stage.STALLED, Stage.ORDERED, None)
    assert log_of(action)[-1] == "The invoice was cancelled."


def test_a_person_settles_what_nobody_can_tell_with_a_note(domain, bob, portal, upstream):
    action = unknown(domain, bob, portal, upstream)
    with pytest.raises(Refused):
        settle(action, bob, happened=True, why="  ")
    upstream.steps = [Step(Stage.ORDERED, "Order 77.", timedelta(minutes=5))]
    assert settle(action, bob, happened=True, why="Order 77 is in the portal.")
    action.refresh_from_db()
    assert (action.state, action.resolved_by, action.resolution) == (
        State.SUCCEEDED, bob, "Order 77 is in the portal.",
    )  # fmt: skip
    assert looked(action, portal).stage == Stage.ORDERED
    assert settle(action, bob, happened=False, why="no") is False, "it is settled"


def test_a_person_says_that_it_did_not_happen(domain, bob, portal, upstream):
    action = unknown(domain, bob, portal, upstream)
    assert settle(action, bob, happened=False, why="The portal shows no order.")
    action.refresh_from_db()
    assert (action.state, action.error_code) == (State.FAILED, "settled")
    assert not Expectation.objects.exists()


@pytest.mark.parametrize(
    ("happened", "state", "stage"), [(True, State.SUCCEEDED, Stage.DONE), (False, State.FAILED, Stage.STALLED)]
)
def test_a_person_ends_a_chain_that_stands_still(domain, bob, portal, upstream, happened, state, stage):
    upstream.steps = [Step(Stage.STALLED, "The invoice was cancelled.")]
    action = bought(domain, bob, portal)
    assert settle(action, bob, happened=happened, why="I saw it.")
    action.refresh_from_db()
    assert (action.state, action.stage) == (state, stage)


def test_a_person_has_it_looked_at_now(domain, bob, portal, upstream):
    action = unknown(domain, bob, portal, upstream)
    upstream.found = HAPPENED
    assert look_now(action, bob)
    look(action.pk, speak=portal.speak)
    action.refresh_from_db()
    assert action.state == State.SUCCEEDED
    assert not look_now(action, bob)


def test_what_was_not_sent_can_be_withdrawn(domain, bob, portal, upstream):
    action = file("test.poke", domain.resource, {}, actor=bob).action
    assert withdraw(action, bob)
    work(action.pk, speak=portal.speak)
    action.refresh_from_db()
    assert (action.state, upstream.sent) == (State.CANCELLED, [])
    assert not withdraw(action, bob)


def test_what_left_us_once_is_not_withdrawn(domain, bob, portal, upstream):
    def lost() -> None:
        raise errors.OutcomeUnknown("No answer came.")

    upstream.after = lost
    action = file("test.switch", domain.resource, {}, actor=bob).action
    work(action.pk, speak=portal.speak)
    action.refresh_from_db()
    assert action.state == State.QUEUED
    assert not withdraw(action, bob)
