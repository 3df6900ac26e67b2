"""/api/v1/accounts/<id>/schedules/, health/, capabilities/ and /api/v1/incidents/: what the pages tell, for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import gateway, tokens
from accounts.models import ApiToken, AuditEntry, ProviderAccount
from sync.due import ensure_schedules
from sync.models import Kind, Run, Schedule
from tests.accounts import people
from tests.factories import make_account

pytestmark = pytest.mark.django_db
CAN = ["domains.list", "domains.detail", "support.list", "services.list_machines"]


@pytest.fixture
def account(db):  # noqa: ARG001  # the database first
    made = make_account("Cloudviet main", capabilities=CAN, rate_per_minute=10)
    ensure_schedules(made)
    kinds = (Kind.DOMAINS, Kind.TICKETS, Kind.MACHINES)
    Schedule.objects.filter(account=made).exclude(kind__in=kinds).update(
        supported=False, words="The portal has no such thing."
    )
    return made


@pytest.fixture
def api(client):
    """`api(person, scope)`: a caller of the API, by method and path."""

    def of(person, scope=ApiToken.Scope.ADMIN):
        headers = {"Authorization": f"Bearer {tokens.make(person, scope=scope)[1]}"}

        def call(method: str, path: str, data: object = None):
            given = {} if method == "get" else {"data": data, "content_type": "application/json"}
            return getattr(client, method)(f"/api/v1/{path}", headers=headers, **given)

        return call

    return of


def ran(account: ProviderAccount, kind: str = Kind.DOMAINS, *, ago: float = 0.5, **columns: object) -> Run:
    """A run that ended so many hours ago, after ten seconds."""
    end = timezone.now() - timedelta(hours=ago)
    given = {"state": "succeeded", "started_at": end - timedelta(seconds=10), "finished_at": end, **columns}
    return Run.objects.create(account=account, kind=kind, **given)


def of_kind(answer, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in answer.json()["results"] if row["kind"] == kind)
    return found


def test_the_schedules_tell_what_the_page_tells(api, account):
    since = timezone.now() - timedelta(hours=2)
    Schedule.objects.filter(account=account, kind="tickets").update(failures=3, failing_since=since)
    run = ran(account, Kind.TICKETS, state="failed", error="No answer.", error_code="unavailable")
    answer = api(people.rita(), "read")("get", f"accounts/{account.pk}/schedules/")
    assert answer.status_code == 200
    assert answer.json()["account"] == account.pk
    assert (answer.json()["allowed_per_hour"], answer.json()["fits"]) == (600, True)
    tickets = of_kind(answer, "tickets")
    assert (tickets["interval"], tickets["default_interval"], tickets["own"]) == (300, 300, False)
    assert (tickets["calls_per_hour"], tickets["estimated"], tickets["failures"]) == (12, True, 3)
    assert tickets["failing_since"].startswith(since.strftime("%Y-%m-%dT"))
    assert (tickets["last_run"]["id"], tickets["last_run"]["error"]) == (run.pk, "No answer.")
    zones = of_kind(answer, "zones")
    assert (zones["supported"], zones["words"]) == (False, "The portal has no such thing.")
    assert zones["calls_per_hour"] is None


def test_an_administrator_sets_intervals_and_it_is_recorded(api, account):
    alice = people.alice()
    answer = api(alice)("patch", f"accounts/{account.pk}/schedules/", {"intervals": {"domains": 7200, "tickets": None}})
    assert answer.status_code == 200, answer.content
    assert (of_kind(answer, "domains")["interval"], of_kind(answer, "domains")["own"]) == (7200, True)
    entry = AuditEntry.objects.get(event="sync_intervals_set")
    assert (entry.user, entry.account, entry.detail) == (alice, account, {"domains": [None, 7200]})


@pytest.mark.parametrize(
    ("intervals", "field", "word"),
    [
        ({"domains": 59}, "intervals.domains", "one minute"),
        ({"domains": 8 * 86_400}, "intervals.domains", "seven days"),
        ({"poems": 3600}, "intervals.poems", "no such kind"),
        ({"domains": 0}, "intervals.domains", "one minute"),
        ({"domains": "often"}, "intervals.domains", "integer"),
        ({"domains": 10**30}, "intervals.domains", ""),
        ({}, "intervals", ""),
        (None, "intervals", ""),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_what_makes_no_sense_is_refused_by_its_field(api, account, intervals, field, word, dry_run):
    body = {"intervals": intervals, "dry_run": dry_run}
    answer = api(people.alice())("patch", f"accounts/{account.pk}/schedules/", body)
    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]
    assert word in answer.json()["error"]["fields"][field][0]
    assert not AuditEntry.objects.filter(event="sync_intervals_set").exists()


def test_what_the_portal_does_not_allow_is_refused_and_a_dry_run_tells_it_before(api, account):
    ProviderAccount.objects.filter(pk=account.pk).update(rate_per_minute=1)
    call = api(people.alice())
    body = {"intervals": {"domains": 60, "tickets": 60, "virtual-machines": 60}}
    told = call("patch", f"accounts/{account.pk}/schedules/", {**body, "dry_run": True})
    assert (told.status_code, told.json()["fits"], told.json()["calls_per_hour"]) == (200, False, 180)
    refused = call("patch", f"accounts/{account.pk}/schedules/", body)
    assert refused.status_code == 400
    assert "60 are allowed" in refused.json()["error"]["fields"]["intervals"][0]
    assert not Schedule.objects.exclude(interval=None).exists()


def test_who_may_read_and_who_may_set(api, account):
    path, body = f"accounts/{account.pk}/schedules/", {"intervals": {"domains": 7200}}
    bob, charlie = people.bob(), people.charlie()
    assert api(bob)("patch", path, body).status_code == 403
    assert api(people.alice(), "write")("patch", path, body).status_code == 403, "the scope counts too"
    hidden = make_account("Hidden", open_to_staff=False)
    for person in (bob, charlie):
        for part in ("schedules", "health"):
            assert api(person)("get", f"accounts/{hidden.pk}/{part}/").status_code == 404
    assert api(bob)("post", f"accounts/{hidden.pk}/capabilities/").status_code == 404
    assert api(people.rita())("post", f"accounts/{account.pk}/capabilities/").status_code == 403
    assert api(charlie)("get", path).status_code == 404


def test_the_health_has_the_figures_of_the_page(api, account):
    ran(account, requests=10, upstream_seconds=2.0, upstream_slowest=0.9)
    ran(account, ago=3, state="failed", error="No answer.", error_code="unavailable", upstream_words="503")
    answer = api(people.bob(), "read")("get", f"accounts/{account.pk}/health/")
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told["day"] == {"runs": 2, "failed": 1, "requests": 10, "latency": 0.2, "slowest": 0.9, "duration": 10}
    assert {row["kind"] for row in told["kinds"]} == {"domains", "tickets", "virtual-machines"}
    assert len(told["hours"]) == 24
    assert told["hours"][-1]["requests"] == 10
    [fault] = told["faults"]
    assert (fault["cause"], fault["count"], fault["upstream_words"]) == ("silent", 1, "503")
    assert len(told["recent"]) == 2
    assert told["load"]["allowed_per_hour"] == 600
    headroom = gateway.headroom_of(account)
    assert headroom is not None
    assert told["headroom"]["per_minute"] == headroom.per_minute == 10


def test_the_health_costs_the_same_however_many_runs(api, account, django_assert_max_num_queries):
    call = api(people.bob(), "read")
    call("get", f"accounts/{account.pk}/health/")
    for number in range(60):
        ran(account, ago=number / 4, state="failed" if number % 3 else "succeeded", error_code="unavailable")
    with django_assert_max_num_queries(16):
        assert call("get", f"accounts/{account.pk}/health/").status_code == 200
    with django_assert_max_num_queries(16):
        assert call("get", f"accounts/{account.pk}/schedules/").status_code == 200


def test_a_portal_is_asked_anew_what_it_can(api, account):
    call = api(people.bob(), "write")
    answer = call("post", f"accounts/{account.pk}/capabilities/")
    assert answer.status_code == 202
    assert [row["id"] for row in answer.json()["results"]] == [Run.objects.get().pk]
    ProviderAccount.objects.update(state="paused")
    paused = call("post", f"accounts/{account.pk}/capabilities/")
    assert (paused.status_code, paused.json()["error"]["code"]) == (409, "account_not_active")


def test_several_accounts_that_fail_alike_are_one_incident(api, account):
    other = make_account("Cloudviet second", open_to_staff=False)
    ensure_schedules(other)
    now = timezone.now()
    for each in (account, other):
        Schedule.objects.filter(account=each, kind="domains").update(
            failures=2, failing_since=now - timedelta(minutes=20), next_due_at=now + timedelta(minutes=4)
        )
        ran(each, state="failed", error_code="unavailable")
    answer = api(people.alice(), "read")("get", "incidents/")
    assert answer.status_code == 200
    [incident] = answer.json()["results"]
    assert incident["accounts"] == [account.pk, other.pk]
    assert (incident["provider"], incident["cause"]) == ("cloudviet", "silent")
    assert "2 accounts get no answer" in incident["sentence"]
    assert api(people.bob())("get", "incidents/").json()["results"] == [], "one of the two is not Bob's to see"
    assert api(people.charlie())("get", "incidents/").json() == {"results": [], "next": None, "previous": None}
