"""The feed of changes: what can be asked of it, by page and by API, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken
from sync.models import Change, Resource, Run
from sync.views.thing_pages import ChangeList
from tests.factories import make_account, make_customer, make_domain, make_invoice, make_machine, make_ticket
from tests.sync.conftest import make_account as make_other

pytestmark = pytest.mark.django_db


def changed(resource: Resource, field: str, old: object, new: object, **columns: object) -> Change:
    return Change.objects.create(
        **{"resource": resource, "field": field, "old": old, "new": new, "at": timezone.now(), **columns}
    )


@pytest.fixture
def told(db):  # noqa: ARG001  # the database first
    """One change of every sort that people ask for, by the word that finds it."""
    account, customer = make_account("Cloudviet main"), make_customer("Nordlys Bageri")
    domain = make_domain("shop.example", account=account, customer=customer).resource
    invoice = make_invoice("2026/41", account=account).resource
    machine = make_machine("web-1", account=account).resource
    ticket = make_ticket("Mail bounces", account=account).resource
    return {
        "nameservers-outside": changed(domain, "nameservers", ["ns1.a."], ["ns1.b."]),
        "nameservers": changed(domain, "nameservers", ["ns1.b."], ["ns1.c."], action=7),
        "lock": changed(domain, "locked", old=True, new=False),
        "auto-renew": changed(domain, "auto_renew", old=True, new=False),
        "expiry": changed(domain, "expires_on", "2026-01-01", "2027-01-01"),
        "status": changed(domain, "status", "active", "expired"),
        "records": changed(domain, "record.k", {"label": "www A"}, None),
        "answered": changed(ticket, "reply.9", None, {"label": "Karen", "by_staff": True}),
        "replies": changed(ticket, "reply.10", None, {"label": "Sofie", "by_staff": False}),
        "issued": changed(invoice, "appeared", None, "2026-01-01"),
        "paid": changed(invoice, "status", "unpaid", "paid"),
        "stopped": changed(machine, "status", "running", "stopped"),
        "gone": changed(domain, "gone", None, "2026-01-01T00:00:00Z"),
        "unlike": changed(domain, "locked", old=False, new=True),
    }


ALSO = {
    "nameservers": {"nameservers-outside"},
    "status": {"paid", "stopped"},
    "replies": {"answered"},
    "gone": {"issued"},
}
WORDS = (
    "nameservers-outside", "nameservers", "lock", "auto-renew", "expiry", "status", "records", "answered", "replies",
    "issued", "paid", "stopped", "gone",
)  # fmt: skip


def shown(client, **query: object) -> set[int]:
    answer = client.get(reverse("sync:changes"), query)
    assert answer.status_code == 200
    return {record.pk for record in answer.context["list"].matching}


@pytest.mark.parametrize("word", WORDS)
def test_each_happening_finds_what_it_says_on_the_page_and_in_the_api(client, told, bob, word):
    client.force_login(bob)
    expected = {told[each].pk for each in {word} | ALSO.get(word, set())}
    assert shown(client, what=word) == expected
    _token, text = tokens.make(bob, scope=ApiToken.Scope.READ)
    rows = client.get(f"/api/v1/changes/?what={word}", headers={"Authorization": f"Bearer {text}"}).json()["results"]
    assert {row["id"] for row in rows} == expected


def test_several_happenings_are_asked_for_at_once_and_narrowed_by_who_and_when(client, told, bob):
    client.force_login(bob)
    assert shown(client, what=["lock", "auto-renew"]) == {told["lock"].pk, told["auto-renew"].pk}
    assert shown(client, by="us") == {told["nameservers"].pk}
    assert shown(client, by="others", what="nameservers") == {told["nameservers-outside"].pk}
    Change.objects.filter(pk=told["lock"].pk).update(at=timezone.now() - timedelta(days=8))
    assert shown(client, what="lock", when="week") == set()
    assert shown(client, what="lock", when="month") == {told["lock"].pk}
    assert shown(client, kind="tickets") == {told["answered"].pk, told["replies"].pk}


def test_the_address_holds_the_whole_question(client, told, bob):
    client.force_login(bob)
    customer = told["lock"].resource.customer
    query = {"what": ["lock", "nameservers-outside"], "by": "others", "customer": customer.pk, "kind": "domains"}
    page = client.get(reverse("sync:changes"), query).content.decode()
    assert "a transfer lock was removed" in page
    assert "not by us" in page
    assert "what=lock&amp;what=nameservers-outside" in page
    assert shown(client, **query) == {told["lock"].pk, told["nameservers-outside"].pk}


def test_the_api_says_which_words_it_takes(client, told, bob):
    _token, text = tokens.make(bob, scope=ApiToken.Scope.READ)
    bearer = {"Authorization": f"Bearer {text}"}

    def asked(query: str):
        return client.get(f"/api/v1/changes/?{query}", headers=bearer)

    assert [row["id"] for row in asked("by=us").json()["results"]] == [told["nameservers"].pk]
    refused = asked("what=nonsense")
    assert refused.status_code == 400
    assert "nameservers-outside" in refused.json()["error"]["fields"]["what"][0]
    assert asked("since=yesterday").status_code == 400
    soon = (timezone.now() + timedelta(minutes=5)).isoformat().replace("+", "%2B")
    assert asked(f"since={soon}").json()["results"] == []
    assert len(asked(f"until={soon}").json()["results"]) == len(told)
    assert asked("what=lock,auto-renew&by=others").json()["results"]


def test_the_feed_costs_the_same_however_much_changed(client, told, bob, django_assert_num_queries):
    client.force_login(bob)
    query = {"what": ["lock", "records"], "by": "others", "when": "week"}
    make_other("First")  # the frame tells of accounts with schedules
    client.get(reverse("sync:changes"), query)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("sync:changes"), query)
    for number in range(40):
        other = make_other(f"Other {number}")
        thing = Resource.objects.create(account=other, kind="domains", upstream_id="1", name=f"d{number}.example")
        changed(thing, "locked", old=True, new=False)
    with django_assert_num_queries(len(few)):
        client.get(reverse("sync:changes"), query)
    assert len(few) <= MOST_QUERIES
    assert told


MOST_QUERIES = 17
"""Those of the page with its frame, whatever it shows."""


def test_a_long_feed_is_counted_so_far_and_says_that_there_is_more(client, told, bob, monkeypatch):
    client.force_login(bob)
    monkeypatch.setattr(ChangeList, "most_counted", 6)
    monkeypatch.setattr(ChangeList, "per_page", 4)
    newest = sorted((change.pk for change in told.values()), reverse=True)
    first = client.get(reverse("sync:changes"))
    assert "1 to 4 of more than 6" in first.content.decode()
    assert [row.record.pk for row in first.context["table"].paginated_rows] == newest[:4]
    last = client.get(reverse("sync:changes"), {"page": "2"})
    assert [row.record.pk for row in last.context["table"].paginated_rows] == newest[4:6]
    assert "Narrow the list to see the others." in last.content.decode()
    few = client.get(reverse("sync:changes"), {"what": "lock"})
    assert "1 to 1 of 1" in few.content.decode()


def test_a_page_of_the_feed_and_of_the_runs_is_asked_for_in_the_order_of_an_index(client, told, bob):
    client.force_login(bob)
    Run.objects.create(account=told["lock"].resource.account, kind="domains")
    for url, table in ((reverse("sync:changes"), "sync_change"), (reverse("sync:run-list"), "sync_run")):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        [rows] = [query["sql"] for query in asked if f'ORDER BY "{table}"."id" DESC' in query["sql"]]
        assert "NULLS" not in rows, "an order that names the place of nulls is served by no index"


def test_the_feed_is_narrowed_to_days_in_the_readers_time_zone(client, told, bob):
    client.force_login(bob)
    bob.time_zone = "Asia/Ho_Chi_Minh"
    bob.save()
    # The 10th there begins at 17:00 of the 9th in UTC.
    for word, at in (
        ("lock", "2026-03-09T16:59:59Z"),
        ("paid", "2026-03-09T17:00:00Z"),
        ("gone", "2026-03-10T17:00:00Z"),
    ):
        Change.objects.filter(pk=told[word].pk).update(at=at)
    assert shown(client, since="2026-03-10", until="2026-03-10") == {told["paid"].pk}
    assert shown(client, until="2026-03-10") == {told["lock"].pk, told["paid"].pk}
    assert told["gone"].pk in shown(client, since="2026-03-11")
    for odd in ("0001-01-01", "9999-12-31"):
        shown(client, since=odd, until=odd)
    page = client.get(reverse("sync:changes"), {"since": "2026-03-10", "what": "paid"}).content.decode()
    assert "10 Mar 2026" in page or "March 10" in page or "Mar 10" in page
    assert 'type="date" name="since" value="2026-03-10"' in page
    assert 'type="hidden" name="since"' not in page, "the form has an input for it"
    assert (
        "A filter in the address was left out"
        in client.get(reverse("sync:changes"), {"since": "soon"}).content.decode()
    )
