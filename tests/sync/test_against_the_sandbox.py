"""The engine with real adapters, real workers and stand-in portals over HTTP: afterwards the mirror equals upstream, row by row."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from sandbox.server import Sandbox
from sync.ask import ask
from sync.engine.slices import run_slice
from sync.models import Kind, Run
from tests.sync.desk import connect, differences, until, worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=False, seed=7, domains=40) as sandbox:
        yield sandbox


def test_every_kind_of_a_portal_equals_upstream_and_then_costs_no_write(box):
    account = connect(box.dns_services, "Nordic DNS")
    for run in ask(account, None, user=None):
        run_slice(run.pk)
        run.refresh_from_db()
        assert run.state == "succeeded", (run.kind, run.error, list(run.skipped_rows.all()))
    for kind in (Kind.DOMAINS, Kind.ZONES):
        assert differences(account, kind) == []
        run = Run.objects.create(account=account, kind=kind, full=True)
        run_slice(run.pk)
        run.refresh_from_db()
        assert (run.state, run.written) == ("succeeded", 0)


def test_a_worker_killed_in_the_middle_leaves_a_mirror_that_the_next_one_completes(box, tmp_path):
    account = connect(box.dns_services, "Nordic DNS")
    box.dns_services.faults.add("latency", seconds=0.4, path="/domain/")
    with worker(tmp_path, "first") as first:
        run = ask(account, [Kind.DOMAINS], user=None)[0]
        until(lambda: Run.objects.get(pk=run.pk).details_total == 40, 30, "the list was written")
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    run.refresh_from_db()
    assert run.state == "running"
    assert (run.details_done, run.details_total) == (0, 40), "killed while the details were read"
    # As much later as the leases are long: the run's, and those of the places at the portal that the dead worker still holds.
    valkey = cache._cache.get_client()  # type: ignore[attr-defined]
    valkey.delete(*valkey.keys("*holdfast:limit*"))
    past = timezone.now() - timedelta(seconds=1)
    Run.objects.update(lease_until=past, filed_at=past - timedelta(minutes=1))
    box.dns_services.faults.clear()
    with worker(tmp_path, "second"):
        until(lambda: not Run.objects.get(pk=run.pk).under_way, 30, "the run ended")
    run.refresh_from_db()
    assert (run.state, run.generation) == ("succeeded", 2)
    assert differences(account, Kind.DOMAINS) == []


def test_one_hanging_portal_does_not_delay_the_others(box, tmp_path):
    hanging = connect(box.cloudviet, "Hanging")
    healthy = connect(box.dns_services, "Healthy")
    box.cloudviet.faults.add("hang", seconds=6)
    with worker(tmp_path, "both") as child:
        stuck = ask(hanging, None, user=None)
        started = time.monotonic()
        runs = ask(healthy, [Kind.DOMAINS, Kind.BALANCE], user=None)
        keys = [run.pk for run in runs]
        until(lambda: Run.objects.filter(pk__in=keys, state="succeeded").count() == 2, 30, "the healthy one was read")
        assert time.monotonic() - started < 20
        assert not Run.objects.filter(pk__in=[run.pk for run in stuck], state="succeeded").exists()
        os.killpg(child.pid, signal.SIGKILL)


def test_the_command_waits_for_a_worker_and_tells_each_run(box, celery_worker_process, capsys):
    account = connect(box.vps_org, "VPS desk", ["domains.list", "domains.detail", "dns.list", "dns.detail"])
    call_command("sync", "--account", str(account.pk), "--wait")
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("VPS desk, Domains: succeeded (40 seen") for line in lines), lines
    assert "VPS desk, Invoices: skipped, the portal does not offer it." in lines
    box.vps_org.faults.add("html", path="/domains/")
    with pytest.raises(SystemExit) as ended:
        call_command("sync", "--account", str(account.pk), "--kind", "domains", "--wait")
    assert ended.value.code == 1
    assert "VPS desk, Domains: failed" in capsys.readouterr().out
    assert celery_worker_process.poll() is None
