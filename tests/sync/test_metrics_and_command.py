"""Figures for Prometheus, and the command where no worker is there to do what it asks."""

from __future__ import annotations

import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from prometheus_client import REGISTRY, generate_latest

from accounts.models import ProviderAccount
from providers.errors import MalformedResponse
from sync.management.commands import sync as command
from sync.metrics import SyncCollector
from sync.models import Kind, Run, Schedule
from tests.sync.conftest import make_account
from tests.sync.double import sync


@pytest.mark.django_db
def test_runs_rows_requests_and_lag_are_there_for_prometheus(account, portal):
    portal.fill(3)
    run = sync(portal, account)
    Run.objects.filter(pk=run.pk).update(upstream_seconds=0.8, upstream_slowest=0.5)
    slow = {"upstream_seconds": 1.2, "upstream_slowest": 0.7, "state": "partial", "finished_at": run.finished_at}
    Run.objects.create(account=account, kind=Kind.DOMAINS, **slow)
    Run.objects.create(account=account, kind=Kind.ZONES)
    text = generate_latest(REGISTRY).decode()
    of = f'account="{account.pk}",kind="domains"'
    assert f'holdfast_sync_runs_last_hour{{{of},state="succeeded"}} 1.0' in text
    assert f"holdfast_sync_written_last_hour{{{of}}} {run.written}.0" in text
    assert f"holdfast_sync_requests_last_hour{{{of}}} 4.0" in text
    assert f"holdfast_sync_list_requests_last_hour{{{of}}} 1.0" in text
    assert f"holdfast_sync_details_done_last_hour{{{of}}} 3.0" in text
    assert f"holdfast_sync_seconds_last_hour{{{of}}}" in text
    assert f"holdfast_sync_upstream_seconds_last_hour{{{of}}} 2.0" in text
    assert f"holdfast_sync_upstream_slowest_seconds_last_hour{{{of}}} 0.7" in text
    assert f'holdfast_sync_account_info{{account="{account.pk}",provider="double"}} 1.0' in text
    assert 'holdfast_sync_runs_under_way{kind="zones",state="queued"} 1.0' in text
    assert 'holdfast_sync_oldest_waiting_seconds{urgent="true"} 0.0' in text
    assert f"holdfast_sync_age_seconds{{{of}}}" in text
    assert f"holdfast_sync_lag_seconds{{{of}}}" in text


@pytest.mark.django_db
def test_a_failed_run_is_there_by_its_cause(account, portal):
    def away(_operation: str) -> None:
        raise MalformedResponse("The portal answered with a web page.")

    portal.before = away
    sync(portal, account)
    text = generate_latest(REGISTRY).decode()
    failed = f'account="{account.pk}",error="malformed_response",kind="domains"'
    assert f"holdfast_sync_errors_last_hour{{{failed}}} 1.0" in text
    assert f'holdfast_sync_failures{{account="{account.pk}",kind="domains"}} 1.0' in text


@pytest.mark.django_db
def test_more_accounts_cost_no_more_queries(portal, django_assert_num_queries):
    for number in range(2):
        sync(portal, make_account(f"Account {number}"))
    with django_assert_num_queries(3):
        list(SyncCollector().collect())
    for number in range(2, 6):
        sync(portal, make_account(f"Account {number}"))
    with django_assert_num_queries(3):
        list(SyncCollector().collect())


@pytest.mark.django_db
def test_the_command_refuses_what_it_cannot_read(account):
    with pytest.raises(CommandError, match="There is no account 999"):
        call_command("sync", "--account", "999")
    ProviderAccount.objects.update(state="paused", state_reason="Paused by Alice.")
    with pytest.raises(CommandError, match="is not read"):
        call_command("sync", "--account", str(account.pk))
    out = StringIO()
    call_command("sync", "--wait", stdout=out)
    assert "nothing to sync" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_command_says_that_no_worker_takes_anything_up_and_goes_on_waiting(monkeypatch):
    account = make_account("Idle", state="active")
    Schedule.objects.filter(account=account).exclude(kind="domains").update(supported=False)
    monkeypatch.setattr(command, "WORKER_PATIENCE", 0.3)
    monkeypatch.setattr("sync.ask.file_slices", lambda _runs: None)  # a worker of the other tests would take them up

    def end_it() -> None:
        time.sleep(1.5)
        Run.objects.update(state="partial", seen=5, skipped=1, note="One page was cut short.")
        connections.close_all()

    ending = threading.Thread(target=end_it)
    ending.start()
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("sync", "--wait", stdout=out, stderr=err)
    ending.join()
    assert ended.value.code == 3
    assert "no worker seems to be running" in err.getvalue()
    assert "Idle, Domains: partial (4 of 5, 1 skipped" in out.getvalue()
    assert "Idle, DNS zones: skipped, the portal does not offer it." in out.getvalue()
