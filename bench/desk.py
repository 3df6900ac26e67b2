"""A whole desk for a bench: engines that are thrown away, real Celery workers, accounts at light portals."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from django.db import connection
from django.utils import timezone

from accounts import gateway
from accounts.models import ProviderAccount
from portal.runtime import process
from sync.ask import ask
from sync.due import ensure_schedules
from sync.filing import file_slices
from sync.models import Kind, Run, Schedule

ROOT = Path(__file__).resolve().parent.parent
PLENTY = 6_000_000
"""Calls a minute where no rate is asked for."""
LONGEST = 3600.0


@contextmanager
def portals(domains: int, latency_ms: float) -> Iterator[str]:
    """The address below which account N is at `/aN/api`."""
    arguments = ["--domains", str(domains), "--latency-ms", str(latency_ms)]
    command = [sys.executable, "-m", "bench.portals", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(child.stdout.readline())}"
        finally:
            child.stdin.close()


def stats(address: str) -> dict[str, Any]:
    told: dict[str, Any] = requests.get(f"{address}/stats", timeout=30).json()
    return told


def base_url(address: str, number: int) -> str:
    return f"{address}/a{number}/api"


def connect(address: str, number: int, *, concurrency: int, rate: int | None) -> ProviderAccount:
    account = ProviderAccount(
        provider="cloudviet",
        name=f"Bench {number} of {time.monotonic_ns()}",
        base_url=base_url(address, number),
        rate_per_minute=rate or PLENTY,
        concurrency=concurrency,
        time_zone="UTC",
    )
    gateway.put_credential(account, "basic", {"username": "bench", "password": "bench"}, hint="bench")
    account.save()
    return account


@dataclass
class Crew:
    """The worker processes under measurement."""

    pids: list[int] = field(default_factory=list)

    def cpu_seconds(self) -> float:
        ticks = 0
        for pid in self.pids:
            told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            ticks += int(told[11]) + int(told[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def peak_mb(self) -> float:
        """The largest resident set that any of them ever had."""
        return max(self._memory(pid, "VmHWM") for pid in self.pids)

    def now_mb(self) -> float:
        return max(self._memory(pid, "VmRSS") for pid in self.pids)

    @staticmethod
    def _memory(pid: int, name: str) -> float:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


@contextmanager
def workers(count: int, threads: int) -> Iterator[Crew]:
    """Workers as the desk starts them, with so many threads each."""
    crew, started = Crew(), []
    with tempfile.TemporaryDirectory(prefix="hf-bench-") as folder:
        try:
            started.extend(_worker(Path(folder) / f"worker-{number}.log", threads) for number in range(count))
            for child, service in started:
                if not process.wait_ready(child, service):
                    raise SystemExit(f"a worker did not start:\n{process.last_lines(service.log, 20)}")
            crew.pids = [child.pid for child, _service in started]
            time.sleep(1.0)  # the tick that each files when it is ready
            yield crew
        finally:
            for child, service in started:
                process.stop(child, service)


def _worker(log: Path, threads: int) -> tuple[subprocess.Popen[bytes], process.Service]:
    command = (
        f"celery -A portal.celery:app worker --queues sync,actions,default --pool threads --concurrency {threads} "
        "--without-mingle --without-gossip --loglevel INFO"
    )
    service = process.Service(
        name=log.stem,
        command=[sys.executable, "-m", *command.split()],
        log=log,
        env={"HOLDFAST_LOG_LEVEL": "INFO"},
        inherits=process.desk_environment,
        ready=lambda: " ready." in log.read_text(errors="replace"),
        cwd=ROOT,
    )
    return process.start(service), service


def first_sync(accounts: Sequence[ProviderAccount]) -> tuple[float, list[Run]]:
    """Has the domains of all accounts read in full; the seconds that it took, and the runs."""
    began = time.perf_counter()
    runs = ask(accounts, [Kind.DOMAINS], user=None)
    return _ended(runs, began)


def cycle(accounts: Sequence[ProviderAccount]) -> tuple[float, list[Run]]:
    """One routine run of each account, as a tick starts it."""
    began = time.perf_counter()
    runs = Run.objects.bulk_create(Run(account=account, kind=Kind.DOMAINS) for account in accounts)
    file_slices(run.pk for run in runs)
    return _ended(runs, began)


def put_off(accounts: Sequence[ProviderAccount]) -> None:
    """Only what a bench asks for runs."""
    for account in accounts:
        ensure_schedules(account)
    Schedule.objects.filter(account__in=accounts).update(next_due_at=timezone.now() + timedelta(days=1))


def _ended(runs: Sequence[Run], began: float) -> tuple[float, list[Run]]:
    keys = [run.pk for run in runs]
    while Run.objects.filter(pk__in=keys, state__in=Run.UNDER_WAY).exists():
        if time.perf_counter() - began > LONGEST:
            raise SystemExit("the runs did not end within an hour")
        time.sleep(0.05)
    took = time.perf_counter() - began
    ended = list(Run.objects.filter(pk__in=keys))
    bad = [f"{run.state} {run.error or run.note}" for run in ended if run.state != Run.State.SUCCEEDED]
    if bad:
        raise SystemExit(f"{len(bad)} of {len(ended)} runs did not succeed, for one: {bad[0]}")
    return took, ended


def rows_touched() -> int:
    """Rows of the mirror that PostgreSQL counts as inserted, updated or deleted since it was started."""
    before = -1
    while before != (now := _counted()):
        before = now
        time.sleep(2.0)  # the server's sessions tell their counts when they have been idle for a second
    return now


def _counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables "
            "WHERE relname IN ('sync_resource', 'domains_domain', 'sync_change')"
        )
        (count,) = cursor.fetchone()
    return int(count)
