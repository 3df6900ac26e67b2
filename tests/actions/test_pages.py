"""The ledger's pages: who sees, who acts, what is explained, what it costs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountShare
from accounts.roles import Role
from actions.filing import file
from actions.models import Action, Stage, State
from sync.models import Kind, Resource
from tests.accounts import people
from tests.factories import make_account, make_domain

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(domain, bob) -> Action:
    return file("test.buy", domain.resource, {}, actor=bob, price=Decimal("12.99"), currency="USD").action


def put(action: Action, **columns) -> Action:
    Action.objects.filter(pk=action.pk).update(**columns)
    action.refresh_from_db()
    return action


def page(client, action: Action, name: str = "action-detail", **query) -> str:
    answer = client.get(reverse(f"actions:{name}", args=[action.pk]), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


VIEWS = {
    "action-detail": "get", "action-state": "get", "action-withdraw": "post", "action-look": "post",
    "action-happened": "get", "action-not-happened": "get",
}  # fmt: skip


@pytest.mark.parametrize(("name", "method"), VIEWS.items())
def test_who_gets_what(client, action, name, method):
    account = action.account
    account.open_to_staff = False
    account.save()
    reader, sharer = people.rita(), people.make_person("Sam", Role.STAFF)
    AccountShare.objects.create(account=account, user=reader)
    AccountShare.objects.create(account=account, user=sharer)
    outsider = people.make_person("Otto", Role.STAFF)
    url = reverse(f"actions:{name}", args=[action.pk])
    assert getattr(client, method)(url).status_code == 302, "anonymous people are asked to sign in"
    reads = name in ("action-detail", "action-state")
    expected = {
        reader: 200 if reads else 403,
        outsider: 404,
        people.charlie(): 404 if reads else 403,
        sharer: 200 if method == "get" else 303,
    }
    for person, status in expected.items():
        client.force_login(person)
        assert getattr(client, method)(url).status_code == status, person.name


def test_a_list_shows_what_its_reader_may_see_and_costs_the_same_however_long(
    client, action, django_assert_max_num_queries
):
    hidden = make_domain(account=make_account("Private", open_to_staff=False, capabilities=action.account.capabilities))
    file("test.poke", hidden.resource, {}, actor=None)
    for _number in range(5):
        file("test.poke", action.resource, {}, actor=action.actor)
    client.force_login(action.actor)
    with django_assert_max_num_queries(16):
        shown = client.get(reverse("actions:action-list")).content.decode()
    assert "Poke bahnhof.example" in shown
    assert hidden.name not in shown
    client.force_login(people.charlie())
    assert "bahnhof" not in client.get(reverse("actions:action-list")).content.decode()


@pytest.mark.parametrize(
    ("view", "state", "stage", "seen"),
    [
        ("", State.QUEUED, "", True), ("", State.SUCCEEDED, Stage.DONE, False), ("", State.SUCCEEDED, Stage.PAID, True),
        ("unknown", State.UNKNOWN, "", True), ("unknown", State.QUEUED, "", False),
        ("money", State.SUCCEEDED, Stage.INVOICE_UNPAID, True), ("money", State.FAILED, "", False),
        ("stalled", State.SUCCEEDED, Stage.STALLED, True), ("stalled", State.SUCCEEDED, Stage.PAID, False),
        ("all", State.CANCELLED, "", True),
    ],
)  # fmt: skip
def test_the_tabs_hold_what_they_say(client, action, view, state, stage, seen):
    put(action, state=state, stage=stage)
    client.force_login(action.actor)
    shown = client.get(reverse("actions:action-list"), {"view": view}).content.decode()
    assert (f'href="{reverse("actions:action-detail", args=[action.pk])}' in shown) is seen


def test_the_navigation_counts_what_waits_for_a_person(client, action):
    client.force_login(action.actor)
    assert "waits for you" not in client.get(reverse("actions:action-list")).content.decode()
    put(action, state=State.UNKNOWN)
    assert "1 action waits for you" in client.get(reverse("actions:action-list")).content.decode()


def test_an_unknown_outcome_is_explained_with_what_to_do(client, action):
    put(action, state=State.UNKNOWN, sent_at=timezone.now(), error="No answer came.", upstream_words="<b>gateway</b>")
    client.force_login(action.actor)
    shown = page(client, action)
    for words in ("may have happened", "Look at the portal now", "It happened", "It did not happen", "No answer came."):
        assert words in shown
    assert "&lt;b&gt;gateway" in shown
    assert 'hx-trigger="every 20s"' in shown
    client.force_login(people.rita())
    shown = page(client, action)
    assert "may have happened" in shown
    assert "It did not happen" not in shown


def test_a_fragment_is_polled_until_it_has_ended_and_then_tells_the_page(client, action):
    client.force_login(action.actor)
    assert 'hx-trigger="every 2s"' in page(client, action, "action-state")
    put(action, state=State.RUNNING, sent_at=timezone.now())
    assert "sent, no answer yet" in page(client, action, "action-state")
    put(action, state=State.SUCCEEDED, stage=Stage.DONE, done_at=timezone.now())
    answer = client.get(reverse("actions:action-state", args=[action.pk]), {"open": 1})
    assert "hx-trigger" not in answer.content.decode()
    assert "hf:action-settled" in answer.headers["HX-Trigger"]
    assert "HX-Trigger" not in client.get(reverse("actions:action-state", args=[action.pk])).headers


def test_a_thing_shows_its_latest_decisions(client, action, domain):
    url = reverse("actions:resource-actions", args=[domain.pk])
    client.force_login(action.actor)
    answer = client.get(url)
    assert "Poke bahnhof.example" in answer.content.decode()
    assert "every 2s" in answer.content.decode()
    put(action, state=State.FAILED, error="The price rose.")
    answer = client.get(url, {"open": 1})
    assert "The price rose." in answer.content.decode()
    assert "hf:action-settled" in answer.headers["HX-Trigger"]
    client.force_login(people.charlie())
    assert client.get(url).status_code == 404


def test_an_invoice_that_the_answer_names_is_linked_once_it_is_read(client, action):
    put(action, state=State.SUCCEEDED, stage=Stage.INVOICE_UNPAID, result={"order": "77", "invoice_id": "9"})
    client.force_login(action.actor)
    assert "not read yet" in page(client, action)
    invoice = Resource.objects.create(account=action.account, kind=Kind.INVOICES, upstream_id="9", name="CV-9")
    assert reverse("billing:invoice-detail", args=[invoice.pk]) in page(client, action)


def test_withdrawing_from_the_page(client, action):
    client.force_login(action.actor)
    assert "Withdraw it" in page(client, action)
    url = reverse("actions:action-withdraw", args=[action.pk])
    assert client.get(url).status_code == 405
    client.post(url)
    action.refresh_from_db()
    assert action.state == State.CANCELLED
    assert "Too late" in client.get(client.post(url).headers["Location"]).content.decode()


def test_settling_from_the_page_wants_a_note(client, action):
    put(action, state=State.UNKNOWN)
    client.force_login(action.actor)
    url = reverse("actions:action-not-happened", args=[action.pk])
    assert "deciding it anew does it twice" in client.get(url).content.decode()
    answer = client.post(url, {"why": " "})
    assert answer.status_code == 422
    client.post(url, {"why": "No order <script> in the portal."})
    action.refresh_from_db()
    assert action.state == State.FAILED
    assert "&lt;script&gt;" in page(client, action)


def test_looking_again_from_the_page(client, action):
    put(action, state=State.UNKNOWN, look_at=None)
    client.force_login(action.actor)
    client.post(reverse("actions:action-look", args=[action.pk]))
    action.refresh_from_db()
    assert action.look_at is not None
    put(action, state=State.FAILED)
    answer = client.post(reverse("actions:action-look", args=[action.pk]))
    assert "nothing to look at" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("stage", Stage.values)
def test_every_state_and_stage_can_be_drawn(client, action, state, stage):
    put(action, state=state, stage=stage, stands_at=Stage.ORDERED if stage == Stage.STALLED else "")
    client.force_login(action.actor)
    for name in ("action-detail", "action-state"):
        assert "hf-chain" in page(client, action, name)


def test_a_detail_page_costs_a_constant_number_of_queries(client, action, django_assert_max_num_queries):
    client.force_login(action.actor)
    for number in range(20):
        action.events.create(text=f"Line {number}", user=action.actor)
    with django_assert_max_num_queries(18):
        page(client, action)
