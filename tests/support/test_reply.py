"""A reply goes out once, waits while it can, and is found again when its answer got lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import tokens
from accounts.models import AccountShare, ProviderAccount
from actions.declare import Refused
from actions.filing import file
from actions.models import Action, State
from sandbox.server import Sandbox
from support.actions import LONGEST
from support.models import Reply, Ticket
from sync.models import Change, Kind
from tests.accounts import people
from tests.actions.desk import look, mirrored_account, sync, work
from tests.factories import make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Here are the headers.\r\n\r\nRegards,\r\nBob"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=3, data=None) as sandbox:
        yield sandbox


@pytest.fixture
def ticket(box: Sandbox) -> Ticket:
    account = mirrored_account(box.cloudviet, Kind.TICKETS)
    found = (
        Ticket.objects.filter(resource__account=account, status="answered").select_related("resource__account").first()
    )
    assert found is not None
    return found


def in_thread(ticket: Ticket) -> int:
    """How often our words stand in the portal's own thread."""
    sync(ticket.resource.account, Kind.TICKETS)
    return sum("Here are the headers." in reply.body for reply in Reply.objects.filter(ticket=ticket))


def replied(box: Sandbox) -> int:
    return sum(call.method == "POST" and "/tickets/" in call.path for call in box.requests)


def test_a_reply_is_sent_once_and_stands_in_the_thread_as_ours(box, ticket):
    action = work(file("ticket.reply", ticket.resource, {"body": WORDS}, actor=people.bob()).action)
    assert (action.state, action.error) == (State.SUCCEEDED, "")
    assert in_thread(ticket) == 1
    assert replied(box) == 1
    moved = Change.objects.filter(resource=ticket.resource)
    assert moved.exists()
    assert {change.action for change in moved} == {action.pk}, [(c.field, c.old, c.new, c.action) for c in moved]


def test_a_reply_whose_answer_got_lost_is_in_the_thread_once(box, ticket):
    box.cloudviet.fail("drop-after", method="POST", path="/tickets/", remaining=1)
    action = work(file("ticket.reply", ticket.resource, {"body": WORDS}, actor=people.bob()).action)
    assert action.state == State.UNKNOWN
    assert look(action).state == State.SUCCEEDED
    assert in_thread(ticket) == 1
    assert replied(box) == 1


def test_a_reply_that_never_arrived_is_failed_after_two_looks_and_not_sent_again(box, ticket):
    box.cloudviet.fail("drop-before", method="POST", path="/tickets/", remaining=1)
    action = work(file("ticket.reply", ticket.resource, {"body": WORDS}, actor=people.bob()).action)
    assert action.state == State.UNKNOWN
    assert look(action).state == State.UNKNOWN, "one look could have come too early"
    assert look(action, later=timedelta(minutes=2)).state == State.FAILED
    assert in_thread(ticket) == 0


def test_a_reply_waits_while_the_portal_is_away_and_goes_out_afterwards(ticket):
    account = ticket.resource.account
    address = account.base_url
    ProviderAccount.objects.filter(pk=account.pk).update(base_url="http://127.0.0.1:9/api")
    action = work(file("ticket.reply", ticket.resource, {"body": WORDS}, actor=people.bob()).action)
    assert action.state == State.QUEUED
    assert action.next_attempt_at is not None
    ProviderAccount.objects.filter(pk=account.pk).update(base_url=address)
    Action.objects.filter(pk=action.pk).update(next_attempt_at=action.created_at)
    assert work(action).state == State.SUCCEEDED
    assert in_thread(ticket) == 1


@pytest.mark.parametrize("body", ["", "  \r\n ", "x" * (LONGEST + 1), "a\x00b", 5, None])
def test_a_reply_that_no_portal_takes_is_refused_before_anything_is_sent(body):
    ticket = make_ticket()
    ticket.resource.account.capabilities = ["support.reply"]
    with pytest.raises(Refused) as refused:
        file("ticket.reply", ticket.resource, {"body": body}, actor=people.bob())
    assert refused.value.fields["body"]
    assert not Action.objects.exists()


def test_a_double_click_sends_one_reply(ticket):
    bob = people.bob()
    url = reverse("support:ticket-reply", args=[ticket.pk])

    def click(_number: int) -> int:
        client = Client()
        client.force_login(bob)
        try:
            return client.post(
                url, {"body": WORDS, "key": "the-form's-own"}, headers={"HX-Request": "true"}
            ).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(click, range(4))) == {200}
    assert Action.objects.count() == 1


def test_an_empty_reply_comes_back_with_what_is_wrong_and_a_long_one_with_its_text(client, ticket):
    client.force_login(people.bob())
    url = reverse("support:ticket-reply", args=[ticket.pk])
    empty = client.post(url, {"body": " ", "key": "a"}, headers={"HX-Request": "true"})
    assert (empty.status_code, "the reply is empty" in empty.content.decode()) == (422, True)
    long = client.post(url, {"body": "y" * 1_000_000, "key": "b"}, headers={"HX-Request": "true"})
    assert (long.status_code, "1000000" in long.content.decode()) == (422, True)
    assert "y" * 1000 in long.content.decode()


def test_the_box_comes_back_empty_beside_the_state_of_what_was_sent(client, ticket):
    client.force_login(people.bob())
    answer = client.post(
        reverse("support:ticket-reply", args=[ticket.pk]), {"body": WORDS, "key": "a"}, headers={"HX-Request": "true"}
    ).content.decode()
    state = reverse("actions:action-state", args=[Action.objects.get().pk])
    assert answer.index(state) < answer.index("<form"), "inside the form it would take the form's place"
    assert "Here are the headers" not in answer.split("<form")[1]


def test_readers_and_outsiders_do_not_reply(client, ticket):
    url = reverse("support:ticket-reply", args=[ticket.pk])
    client.force_login(people.rita())
    assert client.post(url, {"body": WORDS, "key": "a"}, headers={"HX-Request": "true"}).status_code == 422
    assert "Send to" not in client.get(reverse("support:ticket-detail", args=[ticket.pk])).content.decode()
    client.force_login(people.charlie())
    assert client.post(url, {"body": WORDS, "key": "a"}).status_code == 404
    ProviderAccount.objects.update(open_to_staff=False)
    bob = people.bob()
    client.force_login(bob)
    assert client.post(url, {"body": WORDS, "key": "a"}).status_code == 404
    assert not Action.objects.exists()
    AccountShare.objects.create(account=ticket.resource.account, user=bob)
    assert client.post(url, {"body": WORDS, "key": "a"}).status_code == 302


def test_the_api_files_a_reply_and_answers_with_the_action(client, ticket):
    headers = {"Authorization": f"Bearer {tokens.make(people.bob(), scope='write')[1]}", "Idempotency-Key": "k-1"}
    url = f"/api/v1/tickets/{ticket.pk}/reply/"
    answer = client.post(url, {"body": WORDS}, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["kind"], answer.json()["state"]) == (202, "ticket.reply", "queued")
    again = client.post(url, {"body": WORDS}, content_type="application/json", headers=headers)
    assert (again.status_code, again.json()["id"]) == (202, answer.json()["id"])
    other = client.post(url, {"body": "other"}, content_type="application/json", headers=headers)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_conflict")
    empty = client.post(
        url, {"body": ""}, content_type="application/json", headers={**headers, "Idempotency-Key": "k-2"}
    )
    assert (empty.status_code, list(empty.json()["error"]["fields"])) == (400, ["body"])
