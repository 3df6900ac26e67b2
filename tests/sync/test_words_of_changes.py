"""How changes and runs are told: in words that people use, whole, and each happening once."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from sync import signs, words
from sync.models import Change, Resource, Run
from tests.factories import make_account, make_domain, make_machine

pytestmark = pytest.mark.django_db


def told(field: str, old: Any, new: Any) -> words.Told:
    return words.tell(Change(field=field, old=old, new=new))


def test_a_status_is_told_without_the_spelling_of_our_code():
    assert (told("status", "customer_reply", "answered").old) == "customer reply"
    assert told("upstream_status", "Client_Reply", "Answered").old == "Client_Reply", "the portal's word stays its own"


def test_a_reply_is_told_as_what_was_written_and_by_whom():
    reply = {"label": "Karen", "author": "Karen", "body": "We have looked.", "by_staff": True, "sent_at": "2026-01-01"}
    said = told("reply.9", None, reply)
    assert (said.what, said.sentence, said.new) == ("reply of Karen", "added", "We have looked.")
    edited = told("reply.9", {"label": "Karen", "body": "Soon."}, {"label": "Karen", "body": "Done."})
    assert (edited.old, edited.new) == ("Soon.", "Done.")


def test_records_that_differ_in_their_priority_alone_are_told_apart():
    ten = {"label": "@ MX", "name": "@", "type": "MX", "content": "mx.example.", "priority": 10, "ttl": 3600}
    assert told("record.a", ten, None).old == "10 mx.example. (TTL 3600)"
    assert told("record.b", None, {**ten, "priority": 20, "ttl": None}).new == "20 mx.example."
    moved = told("record.a", {"label": "@ MX", "ttl": 3600}, {"label": "@ MX", "ttl": 60})
    assert (moved.old, moved.new) == ("TTL 3600", "TTL 60")


def test_what_names_a_line_is_not_said_twice():
    line = {"label": "Renewal of a.example", "description": "Renewal of a.example", "amount": "12.99"}
    assert told("line.1", None, line).new == "amount 12.99"


def test_a_list_of_runs_says_what_went_wrong_and_counts_no_rows_that_were_never_asked_for():
    acme = make_account("Acme")
    failed = Run(account=acme, state="failed", error="Acme, Domains (GET /domain): The portal is down: 503.")
    assert words.summary(failed) == "The portal is down: 503.", "the row says whose and what already"
    assert words.summary(Run(account=acme, state="failed", error="No reply: none.")) == "No reply: none."
    assert words.summary(Run(state="cancelled", note="Cancelled by Bob.")) == "Cancelled by Bob."
    assert words.summary(Run(state="queued")) == "–"
    assert words.summary(Run(state="running", seen=40, listed=120)) == "List 40 of 120"
    assert words.summary(Run(state="succeeded", seen=3)) == "3 rows"


def test_a_thing_with_another_id_leads_to_the_other_one_and_nobody_is_blamed_for_it(client, alice):
    old, new = make_domain("a.example").resource, make_domain("a.example", account=make_account("Other")).resource
    moved = {"resource": new.pk, "upstream_id": "77"}
    change = Change.objects.create(resource=old, field="replaced_by", new=moved, at=timezone.now())
    assert signs.cause(change) == ""
    client.force_login(alice)
    url = reverse("domains:domain-detail", args=[new.pk])
    for page in (reverse("sync:resource-history", args=[old.pk]), reverse("sync:changes")):
        assert f'href="{url}"' in client.get(page).content.decode()


def changed(resource: Resource, field: str, at: Any) -> Change:
    return Change.objects.create(resource=resource, field=field, old="running", new="stopped", at=at)


def test_the_feed_tells_a_status_once_where_the_portals_word_moved_with_it(client, alice):
    machine, other = make_machine("web-1").resource, make_machine("web-2").resource
    now = timezone.now()
    status, word = changed(machine, "status", now), changed(machine, "upstream_status", now)
    alone = changed(other, "upstream_status", now)
    client.force_login(alice)
    assert {row.pk for row in client.get(reverse("sync:changes")).context["list"].matching} == {status.pk, alone.pk}
    history = client.get(reverse("sync:resource-history", args=[machine.pk])).content.decode()
    assert "status at the portal" in history, f"the history keeps {word}"
