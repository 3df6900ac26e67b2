"""Several processes, several threads each, one account: the portal sees one sign-in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accounts.models import AccountTokens, AuditEntry, ProviderAccount
from sandbox.server import Sandbox
from tests.accounts.people import account_at
from tests.conftest import url_of

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, THREADS = 4, 4
PROGRAM = """
import sys, threading
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from accounts import gateway
from accounts.models import ProviderAccount
from providers.errors import ProviderError

def ask(account, together):
    together.wait()
    try:
        with gateway.speaking_to(account) as provider:
            return provider.test().email
    except ProviderError as error:
        return type(error).__name__

for line in sys.stdin:
    number, threads = map(int, line.split())
    account, together = ProviderAccount.objects.get(pk=number), threading.Barrier(threads)
    with ThreadPoolExecutor(threads) as pool:
        print(*pool.map(lambda _: ask(account, together), range(threads)), flush=True)
"""

Everybody = Callable[[ProviderAccount], Counter[str]]


@pytest.fixture
def portal() -> Iterator[Any]:
    with Sandbox(demo=False, seed=7) as sandbox:
        yield sandbox.dns_services


@pytest.fixture
def everybody_asks(transactional_db: None) -> Iterator[Everybody]:  # noqa: ARG001 - other processes see what is committed
    """All threads of all processes ask the account's portal at once; what they got, counted."""
    environment = {**os.environ, "DATABASE_URL": url_of(connection.settings_dict["NAME"])}
    with ExitStack() as started:
        processes = []
        for _ in range(PROCESSES):
            process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
                env=environment,
            )
            started.callback(process.wait, 10)
            assert process.stdin is not None
            started.callback(process.stdin.close)
            processes.append(process)

        def ask(account: ProviderAccount) -> Counter[str]:
            for process in processes:
                print(account.pk, THREADS, file=process.stdin, flush=True)
            return Counter(
                word for process in processes for word in str(process.stdout and process.stdout.readline()).split()
            )

        yield ask


def busy_account(portal: Any) -> ProviderAccount:
    """Without a rate that would let them ask one by one."""
    account = account_at(portal, "DNS")
    ProviderAccount.objects.filter(pk=account.pk).update(rate_per_minute=6000, concurrency=PROCESSES * THREADS)
    return account


def calls(portal: Any) -> Counter[str]:
    return Counter(entry.path.removeprefix("/api") for entry in portal.log)


def test_the_first_calls_log_in_once_and_a_token_that_ran_out_is_refreshed_once(portal, everybody_asks):
    account = busy_account(portal)
    good = Counter({portal.credential["username"]: PROCESSES * THREADS})
    assert everybody_asks(account) == good
    assert (calls(portal)["/login"], calls(portal)["/token"]) == (1, 0)

    portal.tokens.expire_all()
    assert everybody_asks(account) == good
    assert (calls(portal)["/login"], calls(portal)["/token"]) == (1, 1)

    # revoked behind our back, with its refresh token
    with portal.lock:
        for kept in portal.state.all("tokens"):
            portal.state.remove("tokens", kept["jti"])
    assert everybody_asks(account) == good
    assert (calls(portal)["/login"], calls(portal)["/token"]) == (2, 2)

    # the answer to the refresh gets lost: the refresh token is used up, the password helps
    portal.tokens.expire_all()
    portal.fail("drop-after", path="/token$", remaining=1)
    assert everybody_asks(account) == good
    assert (calls(portal)["/login"], calls(portal)["/token"]) == (3, 3)


def test_a_password_that_was_changed_at_the_portal_is_tried_once_by_all_processes_together(portal, everybody_asks):
    account = busy_account(portal)
    everybody_asks(account)
    with portal.lock:
        portal.state.edit("client", "1")["password"] = "another"
        for kept in portal.state.all("tokens"):
            portal.state.remove("tokens", kept["jti"])
    assert everybody_asks(account) == {"SignInRefused": PROCESSES * THREADS}
    assert (calls(portal)["/login"], calls(portal)["/token"]) == (2, 1)
    account.refresh_from_db()
    assert account.state == ProviderAccount.State.REFUSED
    assert AuditEntry.objects.filter(event="account_refused").count() == 1
    assert not AccountTokens.objects.exists()
