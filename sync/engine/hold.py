"""Who may write for a run: the claim with its lease, and the lock that every writing transaction takes first."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import ProviderAccount
from sync.engine.limits import limits
from sync.models import Run, Schedule

PROGRESS: Final = (
    "cursor", "requests", "list_requests", "listed", "seen", "details_total", "details_done", "written", "gone", "skipped", "note",
    "upstream_seconds", "upstream_slowest",
)  # fmt: skip
"""What a run's holder tells with every batch."""


class LostLease(Exception):
    """The run is somebody else's by now, or was cancelled: nothing of the transaction stays, the slice ends quietly."""


def take(run_id: int) -> Run | None:
    """Claims the run for this thread; None when it has ended, is held, or its account has enough runs at work.

    Claims of one account stand in line at its row, so that they can count each other.
    """
    rules = limits()
    now = timezone.now()
    with transaction.atomic():
        account_id = Run.objects.filter(pk=run_id, state__in=Run.UNDER_WAY).values_list("account", flat=True).first()
        if account_id is None:
            return None
        ProviderAccount.objects.select_for_update(no_key=True).filter(pk=account_id).first()
        at_work = Run.objects.filter(~free(now), account=account_id, state=Run.State.RUNNING).exclude(pk=run_id)
        if at_work.count() >= rules.runs_per_account:
            return None
        claimed = (
            Run.objects.filter(pk=run_id, state__in=Run.UNDER_WAY)
            .filter(free(now))
            .update(
                state=Run.State.RUNNING,
                generation=F("generation") + 1,
                attempts=F("attempts") + 1,
                claimed_by=_name_of_worker(),
                lease_until=now + timedelta(seconds=rules.lease_seconds),
                started_at=Coalesce("started_at", now),
                note="",
            )
        )
        return Run.objects.select_related("account").get(pk=run_id) if claimed == 1 else None


@contextmanager
def hold(run: Run, *, schedule: bool = False) -> Iterator[Schedule | None]:
    """A transaction that writes for the run, beginning with its lock. On leaving, the run's progress and a fresh lease are
    written with it. Yields the kind's schedule, locked, when it is asked for. Raises LostLease."""
    with transaction.atomic():
        row = None
        if schedule:
            row = Schedule.objects.select_for_update().filter(account=run.account_id, kind=run.kind).first()
        mine = Run.objects.select_for_update(no_key=True).filter(
            pk=run.pk, generation=run.generation, state=Run.State.RUNNING
        )
        if not mine.exists():
            raise LostLease
        yield row
        lease = timedelta(seconds=limits().lease_seconds)
        run.lease_until = timezone.now() + lease if run.state == Run.State.RUNNING else None
        run.attempts = 0
        run.save(update_fields=[*PROGRESS, "lease_until", "attempts"])


def renew(run: Run) -> None:
    """A sign of life while upstream takes its time. Raises LostLease."""
    until = timezone.now() + timedelta(seconds=limits().lease_seconds)
    mine = Run.objects.filter(pk=run.pk, generation=run.generation, state=Run.State.RUNNING)
    if not mine.update(lease_until=until, requests=run.requests):
        raise LostLease


def give_back(run: Run, *, until: datetime | None = None, note: str = "") -> None:
    """Ends a slice of a run that goes on: nobody may claim it before `until`. Inside `hold`'s transaction or right after it.
    Raises LostLease."""
    mine = Run.objects.filter(pk=run.pk, generation=run.generation, state=Run.State.RUNNING)
    attempts = run.attempts if until is not None else 0
    if not mine.update(lease_until=until, note=note, claimed_by="", attempts=attempts):
        raise LostLease


def free(now: datetime) -> Q:
    """Which runs nobody holds. A lease that reaches further than any is given was written by a clock that has been put back since;
    its holder, should it live, notices by the generation."""
    rules = limits()
    too_far = now + timedelta(seconds=rules.lease_seconds + rules.clock_slack_seconds)
    pause_too_far = too_far + timedelta(seconds=rules.longest_pause_seconds)
    return (
        Q(lease_until=None)
        | Q(lease_until__lte=now)
        | Q(lease_until__gt=too_far) & ~Q(claimed_by="")
        | Q(lease_until__gt=pause_too_far)
    )


def release_dead(now: datetime) -> list[int]:
    """Frees the runs of this machine's workers that are no more, so that nobody waits for their leases. Returns them."""
    here = _here()
    if not here:
        return []
    held = Run.objects.filter(state=Run.State.RUNNING, lease_until__gt=now, claimed_by__startswith=f"{here}:")
    freed = []
    for run_id, generation, name in held.order_by("pk").values_list("pk", "generation", "claimed_by"):
        if _is_alive(name):
            continue
        mine = Run.objects.filter(pk=run_id, generation=generation, claimed_by=name, state=Run.State.RUNNING)
        if mine.update(lease_until=None):
            freed.append(run_id)
    return freed


def _name_of_worker() -> str:
    pid = os.getpid()
    return f"{_here() or socket.gethostname()[:60]}:{pid}:{_birth_of(pid)}:{threading.get_ident()}"[:120]


@cache
def _here() -> str:
    """Where process numbers mean the same as here: one space of processes on one start of one machine. A host's name does not
    tell that: containers on the host's network share it, and so do machines that were copied. Empty where it can't be told;
    nobody there judges others."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        space = Path("/proc/self/ns/pid").readlink()
    except (OSError, ValueError):
        return ""
    return f"{socket.gethostname()[:40]}/{blake2b(f'{boot} {space}'.encode(), digest_size=8).hexdigest()}"


def _is_alive(worker: str) -> bool:
    """Whether the process of that name still runs here; what can't be told counts as alive."""
    _host, _colon, rest = worker.partition(":")
    pid, birth, *_thread = [*rest.split(":"), "", ""]
    return not (pid.isdecimal() and birth) or _birth_of(int(pid)) == birth


def _birth_of(pid: int) -> str:
    """When a process of this machine was started, in ticks since the machine was: a number that is used again has another one.
    Empty when there is none, and where the system has no /proc: there every worker counts as alive until its lease is over."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]
