from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import tokens
from support import queries
from tests.accounts import people
from tests.factories import make_ticket

pytestmark = pytest.mark.django_db


def test_what_waits_for_us_stands_first_and_what_is_closed_last(client):
    client.force_login(people.alice())
    make_ticket("Closed long ago", status="closed")
    make_ticket("They are looking", status="open")
    make_ticket("They asked us", status="answered")
    page = client.get(reverse("support:ticket-list")).content.decode()
    places = [page.index(subject) for subject in ("They asked us", "They are looking", "Closed long ago")]
    assert places == sorted(places)


def test_answered_tickets_wait_for_us_the_longest_waiting_first():
    newer = make_ticket("newer", status="answered")
    older = make_ticket("older", status="answered", last_reply_at=timezone.now() - timedelta(days=400))
    make_ticket("open", status="open")
    assert list(queries.waiting_for_us(people.alice())) == [older, newer]


def test_a_thread_folds_all_but_its_newest_messages(client):
    client.force_login(people.alice())
    ticket = make_ticket(replies=tuple((f"Author {number}", f"Message number {number}") for number in range(6)))
    page = client.get(reverse("support:ticket-detail", args=[ticket.pk])).content.decode()
    assert page.count("<summary") == 3
    assert all(f"Message number {number}" in page for number in range(6))


def test_a_thread_escapes_what_upstream_wrote(client):
    client.force_login(people.alice())
    ticket = make_ticket("<img src=x>", replies=(("<b>Eve</b>", "<script>alert(1)</script>\n> <i>quoted</i>"),))
    page = client.get(reverse("support:ticket-detail", args=[ticket.pk])).content.decode()
    for raw in ("<img src=x>", "<b>Eve", "<script>alert", "<i>quoted"):
        assert raw not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_word_of_a_message_finds_its_ticket_once(client):
    client.force_login(people.alice())
    make_ticket("Mail bounces", replies=(("Linh", "spamhaus lists us"), ("Khoa", "spamhaus says no")))
    make_ticket("Something else")
    page = client.get(reverse("support:ticket-list"), {"q": "spamhaus"}).content.decode()
    assert page.count(">Mail bounces</a>") == 1
    assert "Something else" not in page


def test_the_api_gives_the_thread_with_one_ticket_and_not_with_the_list(client):
    ticket = make_ticket("Mail bounces", replies=(("Linh", "It bounces"), ("Khoa", "Which one?")))
    headers = {"Authorization": f"Bearer {tokens.make(people.bob())[1]}"}
    [row] = client.get("/api/v1/tickets/", headers=headers).json()["results"]
    assert "replies" not in row
    answer = client.get(f"/api/v1/tickets/{ticket.pk}/", headers=headers).json()
    assert [(reply["author"], reply["body"], reply["by_staff"]) for reply in answer["replies"]] == [
        ("Linh", "It bounces", False),
        ("Khoa", "Which one?", True),
    ]
    assert (answer["number"], answer["subject"], answer["status"], answer["department"]) == (
        ticket.number,
        "Mail bounces",
        "open",
        "Technical",
    )
