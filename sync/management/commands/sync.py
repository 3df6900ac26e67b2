"""`bin/manage sync [--account ID] [--kind KIND] [--wait]`: has accounts read now; exits 0, 3 (partial or held) or 1 (failed)."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import ProviderAccount
from sync.ask import ask
from sync.due import ensure_schedules, kinds, lacks
from sync.models import Kind, Run, Schedule

WORKER_PATIENCE: Final = 20.0
"""Seconds without any run being taken up, after which the command says that no worker seems to be running."""
POLL_SECONDS: Final = 0.3


class Command(BaseCommand):
    help = "Reads accounts from their portals now, everything in full."
    requires_migrations_checks = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--account", type=int, metavar="ID", help="only this account (default: all active ones)")
        parser.add_argument(
            "--kind",
            action="append",
            choices=Kind.values,
            metavar="KIND",
            help=f"only this kind, may be given several times: {' '.join(Kind.values)}",
        )
        parser.add_argument(
            "--wait",
            action="store_true",
            help="wait for the runs; exit 0 when all succeeded, 3 when one is partial or held, 1 when one failed",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        accounts = self._accounts(options["account"])
        wanted = self._kinds(accounts, options["kind"])
        runs = [run for account in accounts for run in ask(account, wanted[account.pk], user=None)]
        if not runs:
            self.stdout.write("There is nothing to sync.")
            return
        if not options["wait"]:
            for run in runs:
                self.stdout.write(f"{_name(run)}: asked for.")
            return
        ended = self._wait([run.pk for run in runs])
        self._exit(ended)

    def _accounts(self, account_id: int | None) -> list[ProviderAccount]:
        if account_id is None:
            return list(ProviderAccount.objects.live())
        account = ProviderAccount.objects.filter(pk=account_id).first()
        if account is None:
            raise CommandError(f"There is no account {account_id}.")
        if account.state != ProviderAccount.State.ACTIVE:
            state = account.get_state_display().lower()
            raise CommandError(f"{account.name} is not read ({state}). {account.state_reason}".strip())
        return [account]

    def _kinds(self, accounts: Sequence[ProviderAccount], named: list[str] | None) -> dict[int, list[str]]:
        """What each account is asked for; says what is left out and why."""
        wanted: dict[int, list[str]] = {}
        for account in accounts:
            ensure_schedules(account)
            supported = set(Schedule.objects.filter(account=account, supported=True).values_list("kind", flat=True))
            wanted[account.pk] = []
            for kind in named or [kind.value for kind in kinds()]:
                label = Kind(kind).label
                if kind not in kinds():
                    self.stdout.write(f"{account.name}, {label}: skipped, this release does not sync it yet.")
                elif kind not in supported and (named is None or lacks(account, kind)):
                    self.stdout.write(f"{account.name}, {label}: skipped, the portal does not offer it.")
                else:
                    wanted[account.pk].append(kind)
        return wanted

    def _wait(self, run_ids: list[int]) -> list[Run]:
        started, moved, warned = timezone.now(), time.monotonic(), False
        told: dict[int, Run] = {}
        while len(told) < len(run_ids):
            for run in Run.objects.filter(pk__in=run_ids).exclude(pk__in=told).select_related("account"):
                if not run.under_way:
                    told[run.pk] = run
                    self.stdout.write(_line(run))
                    self.stdout.flush()
            left = Run.objects.filter(pk__in=run_ids, state__in=Run.UNDER_WAY)
            if Run.objects.filter(lease_until__gt=started).exists() or len(told) == len(run_ids):
                moved = time.monotonic()
            elif not warned and time.monotonic() - moved > WORKER_PATIENCE:
                warned = True
                self.stderr.write(
                    f"{left.count()} runs are waiting and nothing has taken one up for {WORKER_PATIENCE:.0f} seconds: "
                    "no worker seems to be running. Start bin/up (or the worker); this command goes on waiting."
                )
            missing = set(run_ids) - set(told) - set(left.values_list("pk", flat=True))
            if missing and not Run.objects.filter(pk__in=missing).exists():
                raise CommandError("An account was deleted while its runs were waited for.")
            time.sleep(POLL_SECONDS)
        return list(told.values())

    def _exit(self, runs: Sequence[Run]) -> None:
        states = {run.state for run in runs}
        if states & {Run.State.FAILED, Run.State.CANCELLED}:
            raise SystemExit(1)
        if states & {Run.State.PARTIAL, Run.State.HELD}:
            raise SystemExit(3)


def _name(run: Run) -> str:
    return f"{run.account.name}, {Kind(run.kind).label}"


def _line(run: Run) -> str:
    """One line about a run that has ended."""
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at and run.started_at else 0.0
    seen = f"{run.seen - run.skipped} of {run.seen}, {run.skipped} skipped" if run.skipped else f"{run.seen} seen"
    facts = f"{seen}, {run.written} written, {run.gone} gone, {run.requests} requests, {seconds:.1f} s"
    line = f"{_name(run)}: {run.state} ({facts})."
    return " ".join(part for part in (line, run.error, run.note) if part)
