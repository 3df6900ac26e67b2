"""Who comes first: people before routine, what matters by the minute before what matters by the day, nobody for ever last."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from celery import current_app
from django.utils import timezone

from portal.runtime.desk import SYNC
from sandbox.server import Sandbox
from sync.ask import ask
from sync.due import kinds, tick
from sync.engine.slices import run_slice
from sync.filing import file_slices
from sync.models import Kind, Run, Schedule
from tests.sync.conftest import make_account
from tests.sync.desk import connect, until, worker

TWO_DAYS = timedelta(days=2)


@pytest.fixture
def filed(monkeypatch) -> list[tuple[int, int]]:
    """What went to the queue: run and priority."""
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda _name, args, priority, **_options: sent.append((args[0], priority))
    )
    return sent


def end_all() -> None:
    """As if workers had done all that was started."""
    Run.objects.filter(state="queued").update(state="succeeded", finished_at=timezone.now())


@pytest.mark.django_db
def test_after_two_days_off_the_desk_comes_back_bounded_spread_and_most_urgent_first():
    accounts = [make_account(f"Account {number}") for number in range(60)]
    everything = len(accounts) * len(kinds())
    Schedule.objects.update(next_due_at=timezone.now() - TWO_DAYS, last_complete_at=timezone.now() - TWO_DAYS)
    assert tick() == 200
    first = Counter(Run.objects.values_list("kind", flat=True))
    assert (first["tickets"], first["virtual-machines"]) == (60, 60)
    hourly = first["balance"] + first["domains"] + first["invoices"] + first["services"]
    assert (hourly, first["zones"], first["contacts"]) == (80, 0, 0), "what is read once a day comes last"
    assert max(Counter(Run.objects.values_list("account", flat=True)).values()) <= 4, "each account got its share"
    assert tick() == 0, "nothing was done yet, so nothing more is piled up"
    ticks = 1
    while Run.objects.count() < everything:
        end_all()
        assert 0 < tick() <= 200
        ticks += 1
    assert ticks == -(-everything // 200), "each tick as much as it may"
    assert Counter(Run.objects.values_list("kind", flat=True)) == dict.fromkeys((kind.value for kind in kinds()), 60)
    ahead = [(moment - timezone.now()) / timedelta(hours=1) for moment in _next(Kind.DOMAINS)]
    assert 0.45 < min(ahead) < 0.65 < 0.85 < max(ahead) <= 1.0, "they went apart"


@pytest.mark.django_db
def test_no_two_accounts_stay_in_step_for_ever():
    for number in range(30):
        make_account(f"Account {number}")
    Schedule.objects.update(next_due_at=timezone.now() - timedelta(seconds=30))
    tick()
    ahead = [(moment - timezone.now()) / timedelta(hours=1) for moment in _next(Kind.DOMAINS)]
    assert 0.88 < min(ahead) < 0.96 < 1.04 < max(ahead) < 1.12


@pytest.mark.django_db(transaction=True)
def test_a_person_is_not_held_up_by_what_waits(filed):
    for number in range(25):
        make_account(f"Account {number}")
    small = make_account("Small")
    Schedule.objects.update(next_due_at=timezone.now() - TWO_DAYS)
    Schedule.objects.filter(account=small).update(next_due_at=timezone.now() + TWO_DAYS)
    assert tick() == 200
    assert {priority for _run, priority in filed} == {6}
    filed.clear()
    [run] = ask(small, ["domains"], user=None)
    assert run.urgent
    assert filed == [(run.pk, 3)]


@pytest.mark.django_db(transaction=True)
def test_a_routine_run_that_somebody_asks_for_while_it_waits_is_filed_anew_in_front(account, filed, alice):
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    file_slices([run.pk])
    ask(account, ["domains"], user=alice)
    assert filed == [(run.pk, 6), (run.pk, 3)]


@pytest.mark.django_db
@pytest.mark.parametrize("urgent", [False, True])
def test_a_long_slice_makes_way_when_somebody_waits_elsewhere(account, portal, settings, urgent):
    settings.HOLDFAST_SYNC = {"fair_seconds": 0, "flush_seconds": 0, "detail_batch": 2}
    portal.fill(40)
    portal.before = lambda _operation: time.sleep(0.003)
    elsewhere = make_account("Elsewhere")
    routine = Run.objects.create(account=account, kind=Kind.DOMAINS)
    Run.objects.create(account=elsewhere, kind=Kind.ZONES)
    run_slice(routine.pk, speak=portal.speak)
    routine.refresh_from_db()
    assert routine.state == "succeeded", "one routine run does not interrupt another account's"
    Run.objects.update(urgent=True)
    waiting = Run.objects.create(account=account, kind=Kind.DOMAINS, full=True, urgent=urgent)
    run_slice(waiting.pk, speak=portal.speak)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.lease_until) == ("running", None)


def _next(kind: Kind) -> Iterator[datetime]:
    return iter(Schedule.objects.filter(kind=kind).values_list("next_due_at", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_sync_now_overtakes_fifty_routine_slices_in_front_of_a_real_worker(tmp_path):
    with Sandbox(demo=False, seed=7, domains=3) as box:
        box.dns_services.faults.add("latency", seconds=0.3)
        routine = [connect(box.dns_services, f"Routine {number}") for number in range(50)]
        small = connect(box.vps_org, "Small")
        runs = Run.objects.bulk_create(Run(account=each, kind=Kind.DOMAINS) for each in routine)
        file_slices(run.pk for run in runs)
        with worker(tmp_path, "worker"):
            until(lambda: Run.objects.filter(state="running").exists(), 30, "the worker began")
            began = time.monotonic()
            [asked] = ask(small, ["domains"], user=None)
            until(lambda: not Run.objects.get(pk=asked.pk).under_way, 30, "the small one was read")
            took = time.monotonic() - began
            asked.refresh_from_db()
            done = Run.objects.filter(pk__in=[run.pk for run in runs], finished_at__lt=asked.finished_at).count()
            left = Run.objects.filter(state="queued").count()
        assert asked.state == "succeeded"
        assert left > 30, f"{left} of 50 were still waiting, {done} were done, after {took:.1f} s"
        assert done < 12


@pytest.mark.django_db(transaction=True)
def test_a_sync_now_is_not_kept_waiting_by_four_portals_that_hang(tmp_path):
    with Sandbox(demo=False, seed=7, domains=3) as box:
        hanging = [connect(box.dns_services, f"Hanging {number}") for number in range(4)]
        small = connect(box.vps_org, "Small")
        box.dns_services.faults.add("hang", seconds=50)
        ask(hanging, ["domains"], user=None)
        with worker(tmp_path, "worker", command=["celery", "-A", *SYNC]):
            until(lambda: Run.objects.filter(state="running").count() == 4, 30, "all four are asked")
            [asked] = ask(small, ["domains"], user=None)
            until(lambda: not Run.objects.get(pk=asked.pk).under_way, 10, "the fifth was read")
        assert Run.objects.filter(state="running").count() == 4, "they still hang"


def test_what_fills_and_empties_the_tables_of_syncs_takes_no_place_of_a_sync():
    def queue(name: str) -> str:
        return str(current_app.amqp.router.route({}, name)["queue"].name)

    assert (queue("sync.tasks.run_slice"), queue("sync.tasks.tick"), queue("sync.tasks.prune")) == (
        "sync",
        "default",
        "default",
    )
