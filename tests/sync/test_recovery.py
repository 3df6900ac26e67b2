"""What the next tick puts right: dead workers, a flushed Valkey, a lost database, clocks that were moved."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError, connection
from django.utils import timezone

from domains.models import Domain
from sandbox.server import Sandbox
from sync.ask import ask
from sync.due import take_over_from_the_dead, tick
from sync.engine import details, hold
from sync.engine.hold import _here, _name_of_worker, take
from sync.engine.slices import run_slice
from sync.models import Kind, Resource, Run, Schedule
from sync.reread import reread
from tests.sync.conftest import make_account
from tests.sync.desk import connect, differences, until, worker
from tests.sync.double import drive, sync

NAME_OF_ANOTHER = "from sync.engine.hold import _name_of_worker; print(_name_of_worker())"


def not_due(account) -> None:
    Schedule.objects.filter(account=account).update(next_due_at=timezone.now() + timedelta(hours=1))


def name_of_a_dead_process() -> str:
    code = f"import django; django.setup(); {NAME_OF_ANOTHER}"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()[-1]


@pytest.mark.django_db
def test_the_next_tick_frees_what_a_dead_worker_of_this_machine_held(account):
    not_due(account)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    assert take(run.pk)
    Run.objects.update(claimed_by=name_of_a_dead_process(), filed_at=timezone.now())
    assert tick() == 1
    taken = take(run.pk)
    assert taken is not None
    assert taken.generation == 2


@pytest.mark.django_db
def test_a_worker_that_starts_takes_over_from_its_dead_predecessor(account):
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    assert take(run.pk)
    Run.objects.update(claimed_by=name_of_a_dead_process())
    assert take_over_from_the_dead() == 1
    assert take_over_from_the_dead() == 0
    assert take(run.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("claimed_by", "is_freed"),
    [
        (_name_of_worker(), False),
        # The number is in use again, by another process.
        (f"{_here()}:{os.getpid()}:12345:1", True),
        ("another-machine:1:12345:1", False),
        # Of our name, and yet elsewhere: a container on the host's network counts its processes by itself.
        (f"{socket.gethostname()}:1:12345:1", False),
        (f"{socket.gethostname()}/0123456789abcdef:1:12345:1", False),
        # It could not tell when it was born.
        (f"{_here()}:999999:", False),
        ("a name of an older release", False),
    ],
)
def test_what_lives_or_can_not_be_told_keeps_its_lease(account, claimed_by, is_freed):
    not_due(account)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    assert take(run.pk)
    Run.objects.update(claimed_by=claimed_by, filed_at=timezone.now())
    assert tick() == (1 if is_freed else 0)


@pytest.mark.django_db
def test_where_a_process_can_not_be_told_nobody_is_judged(account, monkeypatch):
    not_due(account)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    monkeypatch.setattr(hold, "_here", lambda: "")
    assert take(run.pk)
    Run.objects.update(filed_at=timezone.now())
    monkeypatch.setattr(hold, "_birth_of", lambda _pid: "")
    assert tick() == 0


@pytest.mark.django_db
def test_a_lost_database_is_no_failure_of_the_portal(account, portal, monkeypatch):
    portal.fill(30)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    flush = details._flush

    def lose(_reading: object) -> None:
        monkeypatch.setattr(details, "_flush", flush)
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(details, "_flush", lose)
    run_slice(run.pk, speak=portal.speak)
    run.refresh_from_db()
    assert (run.state, run.claimed_by, run.error) == ("running", "", "")
    assert timezone.now() < (run.lease_until or timezone.now()) < timezone.now() + timedelta(seconds=15)
    assert Schedule.objects.get(account=account, kind="domains").failures == 0
    Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    drive(portal, run)
    assert run.state == "succeeded"
    assert portal.calls.count("domains.list") == 1, "it went on where it was"


@pytest.mark.django_db
def test_a_clock_that_was_put_back_leaves_nothing_waiting(account, portal):
    portal.put(1, expires_on=date(2027, 1, 1))
    sync(portal, account)
    other = make_account("Other")
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        tick()
        run = Run.objects.get(account=account, kind="domains", state="queued")
        assert take(run.pk)
        portal.put(1, expires_on=date(2028, 1, 1))
        reread(Resource.objects.select_related("account").get(), portal)
    portal.put(1, expires_on=date(2029, 1, 1))
    assert tick() > 0
    due = Schedule.objects.filter(next_due_at__lte=timezone.now() + timedelta(hours=27)).count()
    assert due == Schedule.objects.count()
    assert {schedule.kind for schedule in Schedule.objects.filter(account=other)} == set(
        Run.objects.filter(account=other).values_list("kind", flat=True)
    )
    drive(portal, run)
    assert run.state == "succeeded", "the lease of two days ahead binds nobody"
    assert Domain.objects.get().expires_on == date(2029, 1, 1), "nor does a reading that lies ahead"


@pytest.mark.django_db
def test_a_clock_that_jumped_ahead_is_like_downtime(account, portal):
    portal.fill(3)
    sync(portal, account)
    not_due(account)
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    held = take(run.pk)
    assert held is not None
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert tick() > 0
        drive(portal, run)
        assert (run.state, run.generation) == ("succeeded", 2)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_and_started_again_goes_on_at_once(tmp_path):
    with Sandbox(demo=False, seed=7, domains=40) as box:
        account = connect(box.dns_services, "Nordic DNS")
        box.dns_services.faults.add("latency", seconds=0.4, path="/domain/")
        with worker(tmp_path, "first") as first:
            run = ask(account, [Kind.DOMAINS], user=None)[0]
            until(lambda: Run.objects.get(pk=run.pk).details_total == 40, 30, "the list was written")
            os.killpg(first.pid, signal.SIGKILL)
            first.wait()
        lease = Run.objects.get(pk=run.pk).lease_until
        box.dns_services.faults.clear()
        # The dead worker's places at the portal are not the lease; they run out by themselves.
        valkey = cache._cache.get_client()  # type: ignore[attr-defined]
        valkey.delete(*valkey.keys("*holdfast:limit*"))
        with worker(tmp_path, "second"):
            until(lambda: not Run.objects.get(pk=run.pk).under_way, 30, "the run ended")
        run.refresh_from_db()
        assert (run.state, run.generation) == ("succeeded", 2)
        assert lease is not None
        assert run.finished_at is not None
        assert run.finished_at < lease, "before the lease of the dead one was over"
        assert differences(account, Kind.DOMAINS) == []


@pytest.fixture
def fresh_pool() -> Iterator[None]:
    """The next test does not wait for the pool to find out which of its connections are dead."""
    yield
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("fresh_pool")
@pytest.mark.django_db(transaction=True)
def test_a_database_that_cuts_all_connections_and_a_flushed_valkey_cost_a_moment(tmp_path, settings):
    settings.HOLDFAST_SYNC = {"refile_seconds": 1.0}  # for this process, which plays beat
    with Sandbox(demo=False, seed=7, domains=40) as box:
        account = connect(box.dns_services, "Nordic DNS")
        box.dns_services.faults.add("latency", seconds=0.2, path="/domain/")
        with worker(tmp_path, "worker", quick=True):
            run = ask(account, [Kind.DOMAINS], user=None)[0]
            until(lambda: Run.objects.get(pk=run.pk).details_total == 40, 30, "the list was written")
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            client = cache._cache.get_client()  # type: ignore[attr-defined]
            client.flushall()
            last = time.monotonic() + 30
            while Run.objects.get(pk=run.pk).under_way:
                assert time.monotonic() < last, Run.objects.get(pk=run.pk).__dict__
                tick()
                time.sleep(0.5)
        run.refresh_from_db()
        assert (run.state, run.error) == ("succeeded", "")
        assert differences(account, Kind.DOMAINS) == []
