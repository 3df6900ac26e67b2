"""What the tick starts, what it picks up, and what two of them do to each other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection, connections
from django.utils import timezone

from accounts.models import ProviderAccount
from sync.due import ensure_schedules, in_turn, kinds, tick
from sync.engine.hold import take
from sync.models import Kind, Run, Schedule
from tests.sync.conftest import make_account


def due(account: ProviderAccount, *wanted: Kind) -> None:
    ahead = timezone.now() + timedelta(days=1)
    Schedule.objects.filter(account=account).update(next_due_at=ahead)
    Schedule.objects.filter(account=account, kind__in=wanted).update(next_due_at=timezone.now() - timedelta(minutes=5))


UNREAD = "unread"
LEVELS = (UNREAD, f"{UNREAD}\x06\x163", f"{UNREAD}\x06\x166")
"""Redis keeps each priority in a list of its own."""


def filed_tasks() -> int:
    client = cache._cache.get_client()  # type: ignore[attr-defined]
    return sum(int(client.llen(f"celery:{name}")) for name in LEVELS)


@pytest.fixture
def empty_queue() -> Iterator[None]:
    """Tasks go to a queue that no worker reads, so that they can be counted."""
    routes = current_app.conf.task_routes
    _route({"sync.*": {"queue": UNREAD}})
    cache._cache.get_client().delete(*(f"celery:{name}" for name in LEVELS))  # type: ignore[attr-defined]
    yield
    _route(routes)


def _route(routes: Any) -> None:
    current_app.conf.task_routes = routes
    current_app.amqp.flush_routes()
    vars(current_app.amqp).pop("router", None)


@pytest.mark.django_db
def test_a_new_account_gets_a_schedule_for_each_kind_and_all_are_due():
    account = make_account("New")
    Schedule.objects.all().delete()
    tick()
    assert set(Schedule.objects.values_list("kind", flat=True)) == set(kinds())
    assert Run.objects.filter(account=account, state="queued").count() == len(kinds())


@pytest.mark.django_db
def test_what_the_portal_lacks_is_not_due():
    account = make_account("Small", capabilities=["domains.list"])
    assert Schedule.objects.get(account=account, kind="domains").supported
    zones = Schedule.objects.get(account=account, kind="zones")
    assert not zones.supported
    assert zones.next_due_at > timezone.now() + timedelta(hours=23)


@pytest.mark.django_db
def test_due_schedules_become_runs_and_move_ahead(account):
    due(account, Kind.DOMAINS, Kind.TICKETS)
    assert tick() == 2
    assert set(Run.objects.values_list("kind", "state")) == {("domains", "queued"), ("tickets", "queued")}
    ahead = Schedule.objects.get(account=account, kind="domains").next_due_at - timezone.now()
    assert timedelta(minutes=53) < ahead < timedelta(minutes=67)
    due(account, Kind.DOMAINS)
    tick()
    assert Run.objects.filter(kind="domains").count() == 1, "one under way is enough"


@pytest.mark.django_db
def test_accounts_that_are_not_active_are_left_alone(account):
    due(account, Kind.DOMAINS)
    for state in ("paused", "refused"):
        ProviderAccount.objects.update(state=state)
        assert tick() == 0
    assert not Run.objects.exists()


@pytest.mark.django_db
def test_a_run_that_nobody_took_up_is_filed_again(account):
    due(account)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    assert tick() == 0
    Run.objects.update(created_at=timezone.now() - timedelta(seconds=31))
    assert tick() == 1
    run.refresh_from_db()
    assert run.filed_at is not None
    assert tick() == 0, "it was filed a moment ago"


@pytest.mark.django_db
def test_a_run_whose_lease_ran_out_is_filed_again(account):
    due(account)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    past = timezone.now() - timedelta(seconds=100)
    assert take(run.pk)
    Run.objects.update(filed_at=past)
    assert tick() == 0
    Run.objects.update(lease_until=past)
    assert tick() == 1


def test_runs_are_interleaved_by_account():
    runs = [Run(account_id=account) for account in (1, 1, 1, 2, 3, 3)]
    assert [run.account_id for run in in_turn(runs)] == [1, 2, 3, 1, 3, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_two_ticks_at_once_start_everything_once():
    for number in range(6):
        make_account(f"Account {number}")
    barrier = threading.Barrier(4)

    def one_tick() -> None:
        barrier.wait()
        try:
            tick()
        finally:
            connections.close_all()

    ticks = [threading.Thread(target=one_tick) for _ in range(4)]
    for each in ticks:
        each.start()
    for each in ticks:
        each.join()
    assert Run.objects.count() == 6 * len(kinds())
    assert Run.objects.filter(filed_at=None).count() == 0
    assert filed_tasks() == Run.objects.count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_what_a_flushed_valkey_lost_is_filed_again_by_the_next_tick():
    account = make_account("Flushed")
    due(account, Kind.DOMAINS, Kind.ZONES)
    tick()
    assert filed_tasks() == 2
    cache._cache.get_client().delete(*(f"celery:{name}" for name in LEVELS), f"celery:_kombu.binding.{UNREAD}")  # type: ignore[attr-defined]
    assert filed_tasks() == 0
    Run.objects.update(filed_at=timezone.now() - timedelta(seconds=40))
    assert tick() == 2
    assert filed_tasks() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_a_tick_leaves_alone_what_another_holds():
    account = make_account("Held")
    due(account, Kind.DOMAINS, Kind.ZONES)
    locked, go_on = threading.Event(), threading.Event()

    def hold_domains() -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                Schedule.objects.select_for_update().get(account=account, kind="domains")
                locked.set()
                go_on.wait(5)
        finally:
            connections.close_all()

    other = threading.Thread(target=hold_domains)
    other.start()
    assert locked.wait(5)
    try:
        assert tick() == 1
    finally:
        go_on.set()
        other.join()
    assert list(Run.objects.values_list("kind", flat=True)) == ["zones"]
    assert connection.vendor == "postgresql"


@pytest.mark.django_db
def test_an_upgrade_that_brings_a_kind_brings_its_schedule(account):
    Schedule.objects.filter(account=account, kind="tickets").delete()
    assert len(ensure_schedules(account)) == len(kinds())
