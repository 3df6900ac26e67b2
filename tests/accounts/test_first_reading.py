"""An account that may be read from now on is read at once, and not with the next beat."""

import io
import json
import time

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from rest_framework.test import APIClient

from accounts import tasks, tokens
from accounts.models import ProviderAccount
from sync.models import Run
from tests.accounts.people import account_at, alice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("celery_worker_process")]


def is_read(account_id: int) -> bool:
    """Whether the worker has started runs of it. No beat runs here, so only what was filed can have."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if Run.objects.filter(account=account_id).exists():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def api():
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.make(alice(), scope='admin')[1]}")
    return client


def test_after_the_command_that_connects(portals, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(portals.vps_org.credential)))
    out = io.StringIO()
    call_command("connect", "vps-org", "Ours", "--base-url", portals.vps_org.base_url, stdout=out, stderr=io.StringIO())
    assert is_read(int(out.getvalue()))


def test_after_connecting_by_the_api(portals, api):
    portal = portals.vps_org
    told = {"provider": "vps-org", "name": "Ours", "base_url": portal.base_url, "credential": portal.credential}
    made = api.post("/api/v1/accounts/", told, format="json").json()["id"]
    assert is_read(made)


def test_after_a_paused_account_is_resumed_on_its_page(portals, client):
    account = account_at(portals.vps_org, "Ours")
    ProviderAccount.objects.update(state=ProviderAccount.State.PAUSED)
    client.force_login(alice())
    client.post(f"/accounts/{account.pk}/resume/")
    assert is_read(account.pk)


def test_not_before_the_account_is_committed(portals):
    with transaction.atomic():
        account = account_at(portals.vps_org, "Ours")
        tasks.read_soon()
        assert connection.run_on_commit, "it waits for the commit"
        time.sleep(1)  # a look that was filed too early would be over now, and no other comes
    assert is_read(account.pk)
