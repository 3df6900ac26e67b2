"""/api/v1/sync-runs/ and /api/v1/changes/."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken
from sync.models import Change, Kind, Resource, Run
from tests.sync.conftest import make_account

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
