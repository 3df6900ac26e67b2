"""Who locks several runs does it in one order, or does not wait."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sync import due
from sync.ask import ask
from sync.models import Kind, Run, Schedule
from tests.sync.conftest import make_account


@pytest.mark.django_db
def test_who_asks_locks_runs_and_accounts_from_the_oldest_on(bob):
    one, two = make_account("One"), make_account("Two")
    ask([two, one], [Kind.ZONES, Kind.DOMAINS], user=bob)
    with CaptureQueriesContext(connection) as asked:
        ask([two, one], [Kind.ZONES, Kind.DOMAINS], user=bob)
    locks = [each["sql"] for each in asked if "FOR " in each["sql"] and 'FROM "sync_run"' in each["sql"]]
    assert locks
    assert all("ORDER BY" in sql and " DESC" not in sql for sql in locks)
    schedules = [each["sql"] for each in asked if 'FROM "sync_schedule"' in each["sql"] and "FOR UPDATE" in each["sql"]]
    assert [f'"account_id" = {each.pk}' in sql for each, sql in zip((one, two), schedules, strict=True)] == [True, True]


@pytest.mark.django_db(transaction=True)
def test_a_tick_waits_for_nobody_who_asks_for_what_it_just_started(account, monkeypatch):
    Schedule.objects.update(next_due_at=timezone.now())
    locked, over = threading.Event(), threading.Event()

    def somebody_asks() -> None:
        with transaction.atomic():
            list(Run.objects.select_for_update(no_key=True).filter(kind=Kind.DOMAINS))
            locked.set()
            over.wait(10)
        connections.close_all()

    asker = threading.Thread(target=somebody_asks)

    def look_for_the_dead(_now):
        asker.start()
        locked.wait(10)
        return []

    monkeypatch.setattr(due, "release_dead", look_for_the_dead)
    began = time.monotonic()
    try:
        due.tick()
        assert time.monotonic() - began < 5
    finally:
        over.set()
        asker.join(10)
    unfiled = Run.objects.filter(account=account, filed_at=None)
    assert [run.kind for run in unfiled] == [Kind.DOMAINS], "who holds it files it, or the next tick does"
