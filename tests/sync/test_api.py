"""/api/v1/sync-runs/ with its verbs, and /api/v1/changes/."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, AuditEntry
from providers.resources import DomainStatus
from sync.models import Change, Kind, Resource, Run
from tests.accounts import people
from tests.sync.conftest import make_account
from tests.sync.double import sync

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_bob(client, bob):
    _token, text = tokens.make(bob, scope=ApiToken.Scope.WRITE)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    return client


def test_runs_are_listed_with_what_scripts_rely_on(as_bob, account):
    hidden = make_account("Hidden", open_to_staff=False)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS, state="partial", seen=5, skipped=1, requests=6)
    other = Run.objects.create(account=hidden, kind=Kind.DOMAINS)
    run.skipped_rows.create(upstream_id="3", name="d3", reason="Odd.")
    answer = as_bob.get("/api/v1/sync-runs/").json()
    assert [row["id"] for row in answer["results"]] == [run.pk]
    row = answer["results"][0]
    assert (row["account"], row["kind"], row["state"], row["requests"]) == (account.pk, "domains", "partial", 6)
    assert {"seen", "written", "skipped", "error", "started_at", "finished_at"} <= row.keys()
    detail = as_bob.get(f"/api/v1/sync-runs/{run.pk}/").json()
    assert detail["skipped_rows"] == [{"upstream_id": "3", "name": "d3", "reason": "Odd."}]
    assert as_bob.get(f"/api/v1/sync-runs/{other.pk}/").status_code == 404
    assert as_bob.get("/api/v1/sync-runs/?state=failed").json()["results"] == []
    assert as_bob.get("/api/v1/sync-runs/?nonsense=1").status_code == 400


def test_a_sync_is_asked_for_once(as_bob, account):
    first = as_bob.post("/api/v1/sync-runs/", {"account": account.pk, "kind": "domains"}, "application/json")
    assert first.status_code == 202
    again = as_bob.post("/api/v1/sync-runs/", {"account": account.pk, "kind": "domains"}, "application/json")
    assert first.json()["results"][0]["id"] == again.json()["results"][0]["id"]
    everything = as_bob.post("/api/v1/sync-runs/", {"account": account.pk}, "application/json")
    assert len(everything.json()["results"]) == Run.objects.count() > 5


def test_what_cannot_be_asked_for_is_said(as_bob, account, client, bob):
    hidden = make_account("Hidden", open_to_staff=False)
    assert as_bob.post("/api/v1/sync-runs/", {"account": hidden.pk}, "application/json").status_code == 400
    assert (
        as_bob.post("/api/v1/sync-runs/", {"account": account.pk, "kind": "x"}, "application/json").status_code == 400
    )
    lesser = make_account("Lesser", capabilities=["domains.list"])
    lacking = as_bob.post("/api/v1/sync-runs/", {"account": lesser.pk, "kind": "zones"}, "application/json")
    assert (lacking.status_code, lacking.json()["error"]["code"]) == (409, "not_supported")
    account.state = "paused"
    account.save()
    assert as_bob.post("/api/v1/sync-runs/", {"account": account.pk}, "application/json").status_code == 409
    _token, text = tokens.make(bob, scope=ApiToken.Scope.READ)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    assert client.post("/api/v1/sync-runs/", {"account": account.pk}, "application/json").status_code == 403


def test_changes_are_listed_newest_first(as_bob, account):
    resource = Resource.objects.create(account=account, kind="domains", upstream_id="1", name="d1.example")
    for field in ("locked", "expires_on"):
        Change.objects.create(resource=resource, field=field, old=None, new="x", at=timezone.now())
    rows = as_bob.get("/api/v1/changes/").json()["results"]
    assert [row["field"] for row in rows] == ["expires_on", "locked"]
    assert (rows[0]["resource"], rows[0]["kind"], rows[0]["action"]) == (resource.pk, "domains", None)
    assert len(as_bob.get("/api/v1/changes/?field=locked").json()["results"]) == 1


@pytest.fixture
def held(account, portal):
    """A run that holds eleven of fifty domains, because they would all be cancelled."""
    portal.fill(50)
    sync(portal, account)
    for number in range(1, 12):
        portal.put(number, status=DomainStatus.CANCELLED, upstream_status="Cancelled")
    return sync(portal, account)


def test_a_routine_try_is_asked_for_as_well_as_a_full_one(as_bob, account):
    body = {"account": account.pk, "kind": "tickets", "full": False}
    asked = as_bob.post("/api/v1/sync-runs/", body, "application/json").json()["results"][0]
    assert (asked["full"], asked["urgent"]) == (False, True)


def test_a_run_is_stopped_once(as_bob, account):
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    stopped = as_bob.post(f"/api/v1/sync-runs/{run.pk}/cancel/")
    assert (stopped.status_code, stopped.json()["state"]) == (200, "cancelled")
    assert "Cancelled by" in stopped.json()["note"]
    again = as_bob.post(f"/api/v1/sync-runs/{run.pk}/cancel/")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "ended")


def test_what_is_held_is_told_line_by_line(as_bob, held, django_assert_max_num_queries):
    told = as_bob.get(f"/api/v1/sync-runs/{held.pk}/held/?limit=5").json()
    assert (told["held"], told["gone"], told["changes"], told["fields_moving"]) == (True, 0, 11, ["status"])
    assert (len(told["lines"]), told["more"]) == (5, True)
    first = told["lines"][0]
    assert (first["resource_name"], first["field"], first["old"], first["new"]) == (
        "d1.example", "status", "active", "cancelled",
    )  # fmt: skip
    assert "11 would change" in told["sentence"]
    with django_assert_max_num_queries(10):
        everything = as_bob.get(f"/api/v1/sync-runs/{held.pk}/held/").json()
    assert (len(everything["lines"]), everything["more"]) == (11, False)
    for limit in ("0", "x", "10001", "9" * 40):
        assert as_bob.get(f"/api/v1/sync-runs/{held.pk}/held/?limit={limit}").status_code == 400


def test_what_is_held_is_accepted_once_and_recorded(as_bob, held):
    accepted = as_bob.post(f"/api/v1/sync-runs/{held.pk}/release/")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "succeeded")
    assert Run.objects.filter(pk__gt=held.pk, state="queued").exists(), "what changed is written by a run of its own"
    assert AuditEntry.objects.get(event="sync_released").who == "bob@example.com"
    again = as_bob.post(f"/api/v1/sync-runs/{held.pk}/dismiss/")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "not_held")
    told = as_bob.get(f"/api/v1/sync-runs/{held.pk}/held/").json()
    assert (told["held"], told["lines"], told["sentence"]) == (False, [], None)


def test_what_is_held_is_rejected_and_recorded(as_bob, held):
    rejected = as_bob.post(f"/api/v1/sync-runs/{held.pk}/dismiss/")
    assert (rejected.status_code, rejected.json()["state"]) == (200, "cancelled")
    assert AuditEntry.objects.get(event="sync_dismissed").detail["changed"] == 11
    assert as_bob.post(f"/api/v1/sync-runs/{held.pk}/release/").status_code == 409


@pytest.mark.parametrize("verb", ["cancel", "release", "dismiss"])
def test_verbs_are_for_staff_who_see_the_account(client, account, verb):
    run = Run.objects.create(account=account, kind=Kind.DOMAINS, state="held")
    closed = make_account("Hidden", open_to_staff=False)
    other = Run.objects.create(account=closed, kind=Kind.DOMAINS, state="held")

    def post(person, scope, which):
        headers = {"Authorization": f"Bearer {tokens.make(person, scope=scope)[1]}"}
        return client.post(f"/api/v1/sync-runs/{which.pk}/{verb}/", headers=headers).status_code

    staff = people.bob()
    assert post(people.rita(), ApiToken.Scope.WRITE, run) == 403
    assert post(staff, ApiToken.Scope.READ, run) == 403
    assert post(staff, ApiToken.Scope.WRITE, other) == 404
    assert post(people.charlie(), ApiToken.Scope.WRITE, run) in (403, 404)
    assert set(Run.objects.values_list("state", flat=True)) == {"held"}
