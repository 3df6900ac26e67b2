"""What is forgotten with time, and what stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sync.models import Change, Kind, Resource, Run, SkippedRow
from sync.prune import prune
from sync.tasks import prune as prune_task
from tests.sync.double import sync

pytestmark = pytest.mark.django_db

OLD = timezone.now() - timedelta(days=31)


def run_of(account, state: str = "succeeded", *, kind: Kind = Kind.DOMAINS, ended=OLD) -> int:
    return Run.objects.create(account=account, kind=kind, state=state, finished_at=ended).pk


def left() -> set[int]:
    return set(Run.objects.values_list("pk", flat=True))


def test_old_runs_go_with_what_they_skipped_and_young_ones_stay(account):
    old = run_of(account)
    SkippedRow.objects.create(run_id=old, reason="The date makes no sense.")
    young = run_of(account, ended=timezone.now() - timedelta(days=29))
    assert prune() == {"runs": 1, "changes": 0}
    assert left() == {young}
    assert not SkippedRow.objects.exists()


def test_of_each_account_and_kind_the_last_good_the_last_failed_and_the_last_run_stay(account):
    gone = [run_of(account, state) for state in ("succeeded", "partial", "failed", "held", "cancelled")]
    kept = {run_of(account, "partial"), run_of(account, "failed"), run_of(account, "cancelled")}
    elsewhere = run_of(account, kind=Kind.ZONES)
    assert prune()["runs"] == len(gone)
    assert left() == kept | {elsewhere}
    assert prune()["runs"] == 0


def test_what_waits_for_a_person_or_is_under_way_is_never_forgotten(account):
    kept = {run_of(account), run_of(account, "held"), run_of(account, "queued", kind=Kind.ZONES)}
    prune()
    assert left() == kept


def test_changes_stay_for_two_years_and_outlive_their_runs(account, portal, settings):
    portal.fill(2)
    sync(portal, account)
    portal.put(1, upstream_status="Moved")
    sync(portal, account)
    portal.put(1, upstream_status="Moved again")
    sync(portal, account)
    old, young = Change.objects.order_by("pk")
    Change.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=731))
    Run.objects.update(finished_at=OLD)
    assert prune() == {"runs": 2, "changes": 1}
    young.refresh_from_db()
    assert young.run is not None, "the last run stayed"
    assert Resource.objects.count() == 2
    settings.HOLDFAST_KEEP_CHANGES_DAYS = 0
    prune_task()
    assert not Change.objects.exists()


def test_much_goes_in_small_transactions_by_index(account):
    for _ in range(25):
        run_of(account)
    with CaptureQueriesContext(connection) as queries:
        assert prune(batch=10)["runs"] == 24
    deletes = [each["sql"] for each in queries if each["sql"].startswith('DELETE FROM "sync_run"')]
    assert len(deletes) == 3
