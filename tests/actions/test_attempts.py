"""One attempt: what is looked at before sending, and what each way to end means."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import ProviderAccount
from actions.declare import Quote, Refused, registry
from actions.engine import ledger, outcomes
from actions.engine.attempt import work
from actions.filing import file
from actions.models import Action, Stage, State
from domains.models import Domain
from providers import errors
from sync.models import Change, Expectation, Resource
from tests.actions.conftest import at, log_of, until_now

pytestmark = pytest.mark.django_db


def done(domain, bob, portal, kind: str = "test.poke", **given) -> Action:
    """Filed and worked on once."""
    if kind == "test.buy":
        given = {"price": Decimal("12.99"), "currency": "USD", **given}
    action = file(kind, domain.resource, given.pop("parameters", {}), actor=bob, **given).action
    work(action.pk, speak=portal.speak)
    action.refresh_from_db()
    return action


def raising(error: Exception):
    def act() -> None:
        raise error

    return act


def test_what_upstream_accepted_is_succeeded_with_its_answer(domain, bob, portal, upstream):
    action = done(domain, bob, portal)
    assert (action.state, action.stage, action.result) == (State.SUCCEEDED, Stage.DONE, {"order": "77"})
    assert at(action.sent_at) <= at(action.ended_at) <= at(action.done_at)
    assert (action.attempts, action.generation, action.lease_until, action.look_at) == (1, 1, None, None)
    assert len(upstream.sent) == 1
    work(action.pk, speak=portal.speak)
    assert len(upstream.sent) == 1, "what has ended is never sent again"


def test_afterwards_the_page_shows_upstreams_truth_and_the_change_names_the_action(domain, bob, portal, upstream):
    Resource.objects.update(detail_hash="known")
    new = date(2031, 1, 1)
    upstream.after = lambda: portal.put(1, name="bahnhof.example", expires_on=new)
    action = done(domain, bob, portal)
    assert Domain.objects.get().expires_on == new
    assert Change.objects.get(field="expires_on").action == action.pk
    assert at(Resource.objects.get().fresh_at) >= at(action.sent_at)
    assert not Expectation.objects.exists()


def test_a_reread_that_fails_changes_no_outcome(domain, bob, portal, upstream):
    upstream.after = lambda: setattr(portal, "before", raising_read)
    action = done(domain, bob, portal)
    assert action.state == State.SUCCEEDED
    assert Resource.objects.get().detail_wanted, "the next run reads it"


def raising_read(_operation: str) -> None:
    raise errors.Unavailable("The portal is down.")


CERTAIN = [
    errors.AuthenticationFailed("The login was refused."), errors.PermissionDenied("It may not."), errors.NotFound("It is gone."),
    errors.InvalidRequest("It was refused.", upstream_words="too long"), errors.PaymentRequired("No credit."),
    errors.NotSupported("It is switched off."),
]  # fmt: skip


@pytest.mark.parametrize("error", CERTAIN, ids=lambda error: error.code)
@pytest.mark.parametrize("kind", ["test.poke", "test.switch", "test.write", "test.buy"])
def test_what_upstream_refuses_has_failed_with_its_reason(domain, bob, portal, upstream, kind, error):
    upstream.before = raising(error)
    action = done(domain, bob, portal, kind)
    assert (action.state, action.error, action.error_code) == (State.FAILED, error.sentence, error.code)
    assert action.upstream_words == error.upstream_words
    assert not Expectation.objects.exists(), "what moves now was moved by somebody else"


@pytest.mark.parametrize(
    "error", [errors.Unavailable("It can't be reached."), errors.RateLimited("Too many calls.", retry_after=600)]
)
@pytest.mark.parametrize("when", ["checked", "before"])
def test_what_never_left_us_has_failed_unless_the_kind_may_wait(domain, bob, portal, upstream, error, when):
    setattr(upstream, when, raising(error))
    for kind in ("test.poke", "test.switch", "test.buy"):
        action = done(domain, bob, portal, kind)
        assert action.state == State.FAILED
        assert action.error == f"{error.sentence} Nothing was sent."
    waits = done(domain, bob, portal, "test.write")
    assert (waits.state, waits.sent_at) == (State.QUEUED, None)
    least = 600 if isinstance(error, errors.RateLimited) else 25
    assert at(waits.next_attempt_at) > timezone.now() + timedelta(seconds=least - 5)
    work(waits.pk, speak=portal.speak)
    waits.refresh_from_db()
    assert waits.attempts == 1, "not before its time"
    setattr(upstream, when, lambda: None)
    until_now(waits)
    work(waits.pk, speak=portal.speak)
    waits.refresh_from_db()
    assert (waits.state, waits.attempts, waits.error) == (State.SUCCEEDED, 2, "")


def test_who_waits_gives_up_after_a_day(domain, bob, portal, upstream):
    upstream.before = raising(errors.Unavailable("It can't be reached."))
    action = done(domain, bob, portal, "test.write")
    Action.objects.update(created_at=timezone.now() - timedelta(days=1, seconds=1))
    until_now(action)
    work(action.pk, speak=portal.speak)
    action.refresh_from_db()
    assert (action.state, action.error) == (State.FAILED, "It can't be reached. Nothing was sent.")


UNCLEAR = [
    errors.OutcomeUnknown("No answer came.", upstream_words="<html>"),
    errors.MalformedResponse("No API's answer."),
    RuntimeError("bug"),
]


@pytest.mark.parametrize("error", UNCLEAR, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("kind", ["test.poke", "test.write", "test.buy"])
def test_what_left_us_without_an_answer_is_unknown_and_not_sent_again(domain, bob, portal, upstream, kind, error):
    upstream.after = raising(error)
    action = done(domain, bob, portal, kind)
    assert (action.state, action.error_code) == (State.UNKNOWN, "outcome_unknown")
    assert at(action.look_at) > timezone.now()
    work(action.pk, speak=portal.speak)
    assert len(upstream.sent) == 1
    if kind == "test.buy":
        again = file(kind, domain.resource, {}, actor=bob, price=Decimal(20), currency="USD")
        assert again.action.pk == action.pk, "it keeps its guard"


def test_a_kind_that_does_no_harm_twice_is_sent_again_five_times_at_most(domain, bob, portal, upstream):
    upstream.after = raising(errors.OutcomeUnknown("No answer came."))
    action = done(domain, bob, portal, "test.switch")
    for sent in range(1, 5):
        assert (action.state, len(upstream.sent)) == (State.QUEUED, sent)
        until_now(action)
        work(action.pk, speak=portal.speak)
        action.refresh_from_db()
    assert (action.state, len(upstream.sent)) == (State.UNKNOWN, 5)


@pytest.mark.parametrize("error", [errors.MalformedResponse("No API's answer."), errors.OutcomeUnknown("Timed out.")])
def test_a_read_before_sending_that_fails_has_sent_nothing(domain, bob, portal, upstream, error):
    upstream.checked = raising(error)
    action = done(domain, bob, portal)
    assert (action.state, action.sent_at, upstream.sent) == (State.FAILED, None, [])
    assert action.error.endswith("Nothing was sent.")


def test_a_fault_of_ours_before_sending_is_told_as_such(domain, bob, portal, upstream):
    upstream.checked = raising(ZeroDivisionError("secret in here"))
    action = done(domain, bob, portal)
    assert (action.state, action.error_code, upstream.sent) == (State.FAILED, "crashed", [])
    assert "ZeroDivisionError" in action.error
    assert "secret" not in action.error + str(log_of(action))


def test_what_was_decided_upon_is_compared_with_upstream_first(domain, bob, portal, upstream):
    upstream.checked = raising(Refused("It was renewed already, until 2028-01-01. Nothing was sent.", code="moved"))
    action = done(domain, bob, portal)
    assert (action.state, action.error_code, upstream.sent) == (State.FAILED, "moved", [])


@pytest.mark.parametrize(
    ("quote", "code"),
    [
        (Quote(Decimal("13.00"), "USD"), "price_rose"), (Quote(Decimal("1.00"), "EUR"), "price_changed"), (None, "price_unknown"),
        (Quote(Decimal("1.00"), ""), "currency_unknown"),
    ],
)  # fmt: skip
def test_a_price_that_is_not_what_was_confirmed_stops_it(domain, bob, portal, upstream, quote, code):
    upstream.price = quote
    action = done(domain, bob, portal, "test.buy")
    assert (action.state, action.error_code, upstream.sent) == (State.FAILED, code, [])
    assert "Nothing was sent." in action.error
    upstream.price = Quote(Decimal("12.99"), "USD")
    assert done(domain, bob, portal, "test.buy").state == State.SUCCEEDED, "the guard is free again"


def test_a_price_that_fell_is_fine(domain, bob, portal, upstream):
    upstream.price = Quote(Decimal("9.99"), "USD")
    assert done(domain, bob, portal, "test.buy").state == State.SUCCEEDED


def test_an_account_that_was_paused_meanwhile_is_not_sent_to(domain, bob, portal, upstream):
    action = file("test.poke", domain.resource, {}, actor=bob).action
    ProviderAccount.objects.update(state=ProviderAccount.State.PAUSED)
    work(action.pk, speak=portal.speak)
    action.refresh_from_db()
    assert (action.state, action.error_code, upstream.sent) == (State.FAILED, "account_not_active", [])


def test_a_kind_whose_app_is_gone_is_given_up(domain, bob, portal):
    action = file("test.poke", domain.resource, {}, actor=bob).action
    registry.actions.pop("test.poke")
    work(action.pk, speak=portal.speak)
    action.refresh_from_db()
    assert (action.state, action.error_code) == (State.FAILED, "not_installed")


def test_an_answer_full_of_traps_is_kept_without_them(domain, bob, portal, upstream):
    upstream.answer = {"words": "a\x00b\ud800", "total": Decimal("1.50"), "day": date(2027, 1, 1)}
    action = done(domain, bob, portal)
    assert action.state == State.SUCCEEDED
    assert action.result == {"words": "ab?", "total": "1.5", "day": "2027-01-01"}


def test_several_steps_go_on_where_they_were(domain, bob, portal, upstream):
    action = file("test.several", domain.resource, {}, actor=bob).action
    Action.objects.update(progress={"done": [0, 1]})
    work(action.pk, speak=portal.speak)
    action.refresh_from_db()
    assert upstream.sent == [{"step": 2}]
    assert action.result == {"done": [0, 1, 2]}
    assert "Step 2 is done." in log_of(action)


def test_a_refusal_in_the_middle_keeps_what_was_done_and_shows_it(domain, bob, portal, upstream):
    upstream.before = lambda: len(upstream.sent) == 2 and raising(errors.InvalidRequest("The third was refused."))()
    portal.put(1, name="bahnhof.example", expires_on=date(2031, 1, 1))
    action = done(domain, bob, portal, "test.several")
    assert (action.state, action.progress) == (State.FAILED, {"done": [0, 1]})
    assert Domain.objects.get().expires_on == date(2031, 1, 1), "read again, because something was changed"


def test_a_kind_that_lost_its_lease_stops_between_two_steps(domain, bob, portal, upstream):
    action = file("test.several", domain.resource, {}, actor=bob).action

    def taken_away() -> None:
        if len(upstream.sent) == 1:
            Action.objects.update(state=State.UNKNOWN)

    upstream.before = taken_away
    work(action.pk, speak=portal.speak)
    action.refresh_from_db()
    assert (action.state, action.progress, len(upstream.sent)) == (State.UNKNOWN, {"done": [0]}, 2)


def test_a_claim_that_was_taken_away_before_sending_sends_nothing(domain, bob, portal, upstream):
    upstream.checked = lambda: Action.objects.update(state=State.QUEUED) and None
    action = done(domain, bob, portal)
    assert (action.state, upstream.sent) == (State.QUEUED, [])


def test_an_answer_that_comes_after_its_claim_was_given_up_settles_it(domain, bob, portal, upstream):
    upstream.after = lambda: Action.objects.update(state=State.UNKNOWN) and None
    assert done(domain, bob, portal).state == State.SUCCEEDED


def test_an_answer_that_comes_after_a_person_decided_otherwise_stands_in_the_log(domain, bob, portal, upstream):
    upstream.after = lambda: Action.objects.update(state=State.FAILED) and None
    action = done(domain, bob, portal)
    assert action.state == State.FAILED
    assert log_of(action)[-1] == "The portal's answer came after this was decided otherwise: it had accepted it."


def test_an_old_claim_writes_nothing_over_a_newer_one(domain, bob):
    action = file("test.poke", domain.resource, {}, actor=bob).action
    claimed = ledger.take(action.pk)
    assert claimed is not None
    Action.objects.update(generation=2)
    with pytest.raises(ledger.LostLease):
        outcomes.succeed(claimed, {})
    with pytest.raises(ledger.LostLease):
        outcomes.judge(claimed, None, errors.NotFound("gone"), sent=True)
    with pytest.raises(ledger.LostLease):
        ledger.mark_sent(claimed)
