"""Filing: what is refused with nothing sent, and that the same is never filed twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from accounts.models import ProviderAccount
from actions.declare import Refused
from actions.engine.attempt import work
from actions.filing import file, why_not
from actions.models import Action, State
from tests.accounts import people

pytestmark = pytest.mark.django_db
PRICE: dict[str, Any] = {"price": Decimal("12.99"), "currency": "usd"}


def refusal(*args, **kwargs) -> Refused:
    with pytest.raises(Refused) as caught:
        file(*args, **kwargs)
    assert not Action.objects.exists()
    return caught.value


def test_a_decision_is_a_row_with_who_what_and_when(domain, bob):
    filed = file("test.poke", domain.resource, {"hard": 3}, actor=bob, request_id="click-1")
    action = Action.objects.get()
    assert filed.is_new
    assert filed.action == action
    assert (action.state, action.actor, action.target, action.summary) == (
        State.QUEUED, bob, "bahnhof.example", "Poke bahnhof.example",
    )  # fmt: skip
    assert (action.account, action.resource, action.request_id) == (domain.resource.account, domain.resource, "click-1")
    assert [event.user for event in action.events.all()] == [bob]


def test_secret_parameters_are_sealed_and_stand_nowhere_else(domain, bob, portal, upstream):
    action = file("test.poke", domain.resource, {"hard": 1, "code": "epp-77"}, actor=bob).action
    action.refresh_from_db()
    assert action.parameters == {"hard": 1}
    assert "epp-77" not in repr(list(Action.objects.values())) + repr(list(action.events.values()))
    work(action.pk, speak=portal.speak)
    assert upstream.sent == [{"hard": 1, "code": "epp-77"}]


def test_parameters_that_make_no_sense_are_refused_by_field(domain, bob):
    refused = refusal("test.poke", domain.resource, {"hard": "very"}, actor=bob)
    assert (refused.code, refused.fields) == ("invalid", {"hard": ["A whole number."]})


def test_what_the_portal_lacks_is_refused_with_a_sentence(domain, bob):
    account = domain.resource.account
    account.capabilities = ["domains.list"]
    refused = refusal("test.poke", domain.resource, {}, actor=bob)
    assert refused.code == "not_supported"
    assert "Cloudviet" in refused.sentence
    assert why_not("test.poke", domain.resource) == refused.sentence


@pytest.mark.parametrize("state", [ProviderAccount.State.PAUSED, ProviderAccount.State.REFUSED])
def test_an_account_that_is_not_active_takes_nothing(domain, bob, state):
    domain.resource.account.state = state
    assert refusal("test.poke", domain.resource, {}, actor=bob).code == "account_not_active"


def test_a_thing_that_is_gone_takes_nothing(domain, bob):
    domain.resource.gone_at = domain.resource.first_seen
    assert refusal("test.poke", domain.resource, {}, actor=bob).code == "gone"


def test_who_may_only_read_decides_nothing(domain):
    assert refusal("test.poke", domain.resource, {}, actor=people.rita()).code == "not_allowed"
    assert refusal("test.poke", domain.resource, {}, actor=people.charlie()).code == "not_allowed"


@pytest.mark.parametrize(
    ("price", "currency", "missing"),
    [
        (None, "USD", {"max_price"}), (Decimal(5), "", {"currency"}), (None, "", {"max_price", "currency"}),
        (Decimal("-1"), "USD", {"max_price"}), (Decimal("NaN"), "USD", {"max_price"}), (Decimal(5), "U$D", {"currency"}),
    ],
)  # fmt: skip
def test_money_needs_the_price_that_was_confirmed(domain, bob, price, currency, missing):
    refused = refusal("test.buy", domain.resource, {}, actor=bob, price=price, currency=currency)
    assert refused.code == "price_needed"
    assert refused.fields.keys() == missing


def test_the_same_key_gets_the_first_action_whatever_became_of_it(domain, bob):
    first = file("test.poke", domain.resource, {"hard": 1}, actor=bob, key="k1")
    Action.objects.update(state=State.FAILED)
    domain.resource.account.state = ProviderAccount.State.PAUSED
    again = file("test.poke", domain.resource, {"hard": 1}, actor=bob, key="k1")
    assert (again.action.pk, again.is_new) == (first.action.pk, False)


def test_the_same_key_with_another_body_is_a_conflict(domain, bob):
    file("test.poke", domain.resource, {"hard": 1}, actor=bob, key="k1")
    for kind, parameters in (("test.poke", {"hard": 2}), ("test.switch", {"hard": 1})):
        with pytest.raises(Refused) as caught:
            file(kind, domain.resource, parameters, actor=bob, key="k1")
        assert caught.value.code == "idempotency_conflict"
    assert Action.objects.count() == 1


def test_two_people_may_use_the_same_key(domain, bob):
    file("test.poke", domain.resource, {}, actor=bob, key="k1")
    assert file("test.poke", domain.resource, {}, actor=people.alice(), key="k1").is_new


@pytest.mark.parametrize("key", ["x" * 201, "a\x00b", "a\nb"])
def test_a_key_that_is_none_is_refused(domain, bob, key):
    assert refusal("test.poke", domain.resource, {}, actor=bob, key=key).fields.keys() == {"Idempotency-Key"}


def test_a_guard_lets_only_one_through_until_it_is_void(domain, bob):
    first = file("test.buy", domain.resource, {}, actor=bob, **PRICE)
    second = file("test.buy", domain.resource, {}, actor=people.alice(), **PRICE)
    assert (second.action.pk, second.is_new) == (first.action.pk, False)
    for state in (State.RUNNING, State.UNKNOWN, State.SUCCEEDED):
        Action.objects.update(state=state)
        assert not file("test.buy", domain.resource, {}, actor=bob, **PRICE).is_new
    Action.objects.update(state=State.FAILED)
    assert file("test.buy", domain.resource, {}, actor=bob, **PRICE).is_new
    assert file("test.buy", domain.resource, {"seen": "2028-01-01"}, actor=bob, **PRICE).is_new, (
        "another expiry was seen"
    )


def in_two_threads(act: Callable[[], Any]) -> list[Any]:
    """Both begin at the same moment, each on its own connection."""
    gate, came = threading.Barrier(2), list[Any]()

    def run() -> None:
        gate.wait(5)
        try:
            came.append(act())
        except Refused as refused:
            came.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return came


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keyed", [True, False])
def test_a_double_click_files_one_action(domain, bob, keyed):
    """Twenty times, so that the race is met: by key, and by guard alone."""
    for number in range(20):
        given: dict[str, Any] = {"key": f"k{number}"} if keyed else {}
        parameters = {"seen": f"2027-01-{number + 1:02}"}
        filed = in_two_threads(lambda: file("test.buy", domain.resource, parameters, actor=bob, **given, **PRICE))  # noqa: B023
        assert len({each.action.pk for each in filed}) == 1
        assert sorted(each.is_new for each in filed) == [False, True]
    assert Action.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_get_the_same_action_send_it_once(domain, bob, portal, upstream):
    action = file("test.poke", domain.resource, {}, actor=bob).action
    in_two_threads(lambda: work(action.pk, speak=portal.speak))
    assert len(upstream.sent) == 1
    action.refresh_from_db()
    assert (action.state, action.attempts) == (State.SUCCEEDED, 1)
