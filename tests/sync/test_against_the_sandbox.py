"""The engine with real adapters, real workers and stand-in portals over HTTP: afterwards the mirror equals upstream, row by row."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts import gateway
from accounts.models import ProviderAccount
from portal.runtime import process
from providers.contract import pages
from sandbox.portal import Portal
from sandbox.server import Sandbox
from sync.ask import ask
from sync.declare import ResourceSync, registry
from sync.due import ensure_schedules
from sync.engine.compare import said_by
from sync.engine.meta import rows_of
from sync.engine.slices import run_slice
from sync.models import Kind, Resource, Run, Schedule
from tests.conftest import ROOT, WORKER, url_of

pytestmark = pytest.mark.django_db(transaction=True)

FAST = 60_000
"""Calls a minute: what is measured here is not the portals' patience."""


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=False, seed=7, domains=40) as sandbox:
        yield sandbox


def connect(portal: Portal, name: str, capabilities: Sequence[str] = ()) -> ProviderAccount:
    account = ProviderAccount(
        provider=portal.key,
        name=name,
        base_url=portal.base_url,
        rate_per_minute=FAST,
        concurrency=8,
        time_zone="Europe/Copenhagen",
        capabilities=list(capabilities),
    )
    gateway.put_credential(account, portal.auth, portal.credential, hint="test")
    account.save()
    ensure_schedules(account)
    # Only what a test asks for runs; a worker that starts looks for what is due.
    Schedule.objects.filter(account=account).update(next_due_at=timezone.now() + timedelta(days=1))
    return account


@contextmanager
def worker(tmp_path: Path, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of this test's own, which it may kill."""
    alive = tmp_path / f"{name}.log"
    service = process.Service(
        name=name,
        command=[sys.executable, "-m", *WORKER.split()],
        log=alive,
        env={"DATABASE_URL": url_of(connection.settings_dict["NAME"]), "HOLDFAST_LOG_LEVEL": "INFO"},
        inherits=process.desk_environment,
        ready=lambda: "worker_ready" in alive.read_text() or "ready" in alive.read_text(),
        cwd=ROOT,
    )
    child = process.start(service)
    try:
        yield child
    finally:
        process.stop(child, service)


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def differences(account: ProviderAccount, kind: Kind) -> list[str]:
    """What the mirror has otherwise than upstream, read afresh."""
    declaration: Any = registry[kind]
    assert isinstance(declaration, ResourceSync)
    found = []
    account.refresh_from_db()
    with gateway.speaking_to(account) as provider:
        items = [item for page in pages(lambda token: declaration.list_page(provider, token)) for item in page.items]
        details = {item.id: declaration.read_detail(provider, item.id) for item in items}
    present = Resource.objects.filter(account=account, kind=kind, gone_at=None)
    mirrored = dict(present.values_list("upstream_id", "pk"))
    if mirrored.keys() != details.keys():
        found.append(f"ids differ: {mirrored.keys() ^ details.keys()}")
    for upstream_id, detail in details.items():
        said = said_by(declaration, detail, account, detail=True)
        row = rows_of(declaration.model).get(pk=mirrored[upstream_id])
        found += [
            f"{upstream_id}.{name}: {getattr(row, name)!r} is not {value!r}"
            for name, value in said.columns.items()
            if getattr(row, name) != value
        ]
        for spec in declaration.children:
            have = {child.key: child for child in rows_of(spec.model).filter(**{spec.parent: mirrored[upstream_id]})}
            want = {child.key: child.columns for child in said.children.get(spec.name, ())}
            if have.keys() != want.keys():
                found.append(f"{upstream_id}: {spec.name}s differ")
            found += [
                f"{upstream_id}.{spec.name}.{key}.{name}"
                for key in have.keys() & want.keys()
                for name, value in want[key].items()
                if getattr(have[key], name) != value
            ]
    return found


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
