"""The parts of bench/sync.py; imported when Django is set up."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ProviderAccount, User
from accounts.roles import Role, grant
from bench.bare import bare
from bench.desk import PLENTY, base_url, connect, cycle, first_sync, portals, put_off, rows_touched, stats, workers
from bench.portals import PENDING, details
from domains.models import Domain
from domains.sync import DomainSync
from providers.hostbill.parse.domain import domain_detail
from sync.engine.compare import said_by
from sync.engine.rows import Batch, Entry, write_rows
from sync.models import Change, Run

SIZES = (1_000, 10_000)
CREWS = (1, 2, 4)


def run(options: argparse.Namespace) -> None:
    call_command("migrate", verbosity=0)
    parts: dict[str, Callable[[argparse.Namespace], None]] = {
        "first": first,
        "steady": steady,
        "memory": memory,
        "workers": processes,
        "largest": largest,
        "pages": filled_pages,
    }
    for name in options.parts:
        say(f"\n{name}")
        parts[name](options)
        forget()


def say(text: str) -> None:
    print(text, flush=True)


def forget() -> None:
    ProviderAccount.objects.all().delete()


def rate_of(options: argparse.Namespace) -> int:
    return int(options.rate or PLENTY)


def connected(options: argparse.Namespace, address: str, count: int) -> list[ProviderAccount]:
    made = [connect(address, n, concurrency=options.concurrency, rate=options.rate) for n in range(count)]
    put_off(made)
    return made


def first(options: argparse.Namespace) -> None:
    ours: list[float] = []
    theirs: list[float] = []
    say(
        f"  {options.accounts} accounts x {options.domains} domains, {options.latency_ms:g} ms, {options.concurrency} at once, "
        f"{options.workers} worker(s) of {options.threads} threads"
    )
    with portals(options.domains, options.latency_ms) as address, workers(options.workers, options.threads) as crew:
        urls = [base_url(address, n) for n in range(options.accounts)]
        for number in range(options.rounds):
            wall, cpu = bare(urls, options.domains, concurrency=options.concurrency, rate=rate_of(options))
            theirs.append(wall)
            say(f"  {number + 1}. bare      {wall:7.2f} s   CPU {cpu:6.2f} s")
            accounts = connected(options, address, options.accounts)
            cpu = crew.cpu_seconds()
            wall, runs = first_sync(accounts)
            ours.append(wall)
            asked = sum(one.requests for one in runs)
            say(f"  {number + 1}. Holdfast  {wall:7.2f} s   CPU {crew.cpu_seconds() - cpu:6.2f} s   {asked} requests")
            if Domain.objects.count() != options.accounts * options.domains:
                raise SystemExit("the mirror is not complete")
            forget()
        told = stats(address)
    say(f"  ratio of the medians {statistics.median(ours) / statistics.median(theirs):.2f} (aim: 1.25 or less)")
    say(
        f"  the portals' own CPU {told['cpu_seconds']} s for {told['requests']} requests, at most {told['at_once']} at once"
    )


def steady(options: argparse.Namespace) -> None:
    for size in SIZES:
        with portals(size, options.latency_ms) as address, workers(1, options.threads) as crew:
            accounts = connected(options, address, 1)
            first_sync(accounts)
            ours, theirs, before = [], [], rows_touched()
            cpu = crew.cpu_seconds()
            for _ in range(options.rounds):
                _wall, (last,) = cycle(accounts)
                ours.append(seconds_of(last))
                wall, _cpu = bare(
                    [base_url(address, 0)], last.details_total, concurrency=options.concurrency, rate=rate_of(options)
                )
                theirs.append(wall)
            watched = min(PENDING, DomainSync.watch_budget)
            mine, bare_s = statistics.median(ours), statistics.median(theirs)
            say(
                f"  {size:6} domains: {last.list_requests} list call(s), {watched} watched, "
                f"{last.details_total - watched} by age; {last.written} rows told as written, "
                f"{rows_touched() - before} counted by PostgreSQL in {options.rounds} cycles"
            )
            say(
                f"                  {mine:.2f} s against {bare_s:.2f} s of the bare calls: {mine / bare_s:.2f} "
                f"(aim: 2 or less); CPU {(crew.cpu_seconds() - cpu) / options.rounds:.2f} s a cycle"
            )
        forget()


def seconds_of(run: Run) -> float:
    assert run.started_at is not None
    assert run.finished_at is not None
    return (run.finished_at - run.started_at).total_seconds()


def memory(options: argparse.Namespace) -> None:
    with portals(SIZES[-1], 0) as address, workers(1, options.threads) as crew:
        idle = crew.now_mb()
        accounts = connected(options, address, 1)
        first_sync(accounts)
        after_first = crew.peak_mb()
        for _ in range(3):
            cycle(accounts)
        say(
            f"  {SIZES[-1]} domains in one account: {idle:.0f} MB idle, {after_first:.0f} MB at most in the first sync,"
        )
        say(f"  {crew.peak_mb():.0f} MB at most after three cycles, {crew.now_mb():.0f} MB then")


def processes(options: argparse.Namespace) -> None:
    for title, accounts, domains, latency in (
        ("latency dominates", 16, 100, options.slow_ms),
        ("small accounts", 200, 10, options.latency_ms),
    ):
        alone = 0.0
        for count in CREWS:
            with portals(domains, latency) as address, workers(count, 4) as crew:
                made = connected(options, address, accounts)
                cpu = crew.cpu_seconds()
                wall, _runs = first_sync(made)
                alone = alone or wall
                say(
                    f"  {title}: {accounts} accounts x {domains} domains at {latency:g} ms, {count} process(es) of 4 threads: "
                    f"{wall:6.2f} s, {alone / wall:.2f} times as fast as one; CPU {crew.cpu_seconds() - cpu:.1f} s"
                )
            forget()


def largest(options: argparse.Namespace) -> None:
    count, domains = options.largest_accounts, 2_000
    with portals(domains, 0) as address, workers(options.workers, 4) as crew:
        accounts = connected(options, address, count)
        before, cpu = database_mb(), crew.cpu_seconds()
        wall, _runs = first_sync(accounts)
        total = Domain.objects.count()
        say(f"  first sync of {count} accounts x {domains} domains: {wall:.0f} s, {total / wall:.0f} domains/s,")
        say(
            f"  {options.workers} worker(s) of 4 threads, CPU {crew.cpu_seconds() - cpu:.0f} s, {crew.peak_mb():.0f} MB at most"
        )
        say(f"  database {database_mb() - before:.0f} MB more, {Change.objects.count()} changes")
        cpu = crew.cpu_seconds()
        wall, runs = cycle(accounts)
        asked, written = sum(one.requests for one in runs), sum(one.written for one in runs)
        say(
            f"  a cycle of all accounts: {wall:.0f} s, CPU {crew.cpu_seconds() - cpu:.0f} s, {asked} requests, {written} rows"
        )
    pages()


def database_mb() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0]) / 1024**2


def filled_pages(options: argparse.Namespace) -> None:
    """The pages of the largest case without its first sync: the engine writes the rows, no portal is asked."""
    began = time.perf_counter()
    for number in range(options.largest_accounts):
        fill(connect("http://127.0.0.1:9", number, concurrency=1, rate=None), number, 2_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say(f"  {Domain.objects.count()} domains written in {time.perf_counter() - began:.0f} s, {database_mb():.0f} MB")
    pages()


def fill(account: ProviderAccount, number: int, domains: int) -> None:
    declaration = DomainSync()
    batch = Batch(declaration, account.pk, None, first=True, reads_details=False)
    now, zone = timezone.now(), ZoneInfo("UTC")
    said = [
        said_by(declaration, domain_detail(details(number, each), zone), account, detail=True)
        for each in range(1, domains + 1)
    ]
    with transaction.atomic():
        write_rows(batch, [Entry(None, each, now) for each in said], detail=False)


def pages() -> None:
    person = User.objects.create_user(f"bench-{time.monotonic_ns()}@example.com", "a-long-password")
    grant(person, Role.ADMINISTRATOR)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    for title, path in (
        ("first page", "/domains/"),
        ("page 1000", "/domains/?page=1000"),
        ("by expiry", "/domains/?sort=due"),
        ("search", "/domains/?q=customer-01234"),
    ):
        took = []
        for _ in range(5):
            began = time.perf_counter()
            answer = client.get(path)
            took.append(time.perf_counter() - began)
            if answer.status_code != 200:
                raise SystemExit(f"{path} answered {answer.status_code}")
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        asked = sorted((float(each["time"]) for each in queries), reverse=True)
        say(
            f"  domain list, {title:10} {statistics.median(took) * 1000:6.0f} ms, {len(answer.content) / 1024:.0f} kB, "
            f"{len(asked)} queries of {sum(asked) * 1000:.0f} ms, the slowest {asked[0] * 1000:.0f} ms"
        )
