"""A login that leaves the desk leaves the portal too: its tokens are ended there, by a worker, whatever becomes of the rest."""

from __future__ import annotations

import time

import pytest
import requests

from accounts import connecting, gateway, leaving, states, tasks, vault
from accounts.models import AccountTokens, AuditEntry, LeftLogin, ProviderAccount
from accounts.stores import DatabaseTokenStore
from accounts.templatetags.accounts_words import event_words
from providers import registry
from tests.accounts.people import account_at

pytestmark = pytest.mark.django_db


def signed_in(portal, name="DNS") -> ProviderAccount:
    """An account that holds a token pair."""
    account = account_at(portal, name)
    with gateway.speaking_to(account) as provider:
        provider.test()
    return account


def token_of(account: ProviderAccount) -> str:
    kept = DatabaseTokenStore(account).load()
    assert kept
    return str(kept["token"])


def status_with(portal, token: str) -> int:
    """What the portal answers to who comes with this token."""
    answer = requests.get(f"{portal.base_url}/details", headers={"Authorization": f"Bearer {token}"}, timeout=10)
    return answer.status_code if "error" not in answer.json() else 401


def replaced(account: ProviderAccount, portal) -> None:
    login = connecting.Login.checked(registry.spec(portal.key), portal.base_url, "jwt", portal.credential)
    connecting.replace_login(account, login, login.test(), by=None)


def said() -> list[tuple[str, str, str]]:
    found = AuditEntry.objects.filter(event__startswith="portal_").order_by("pk")
    return [(str(event_words(entry)), entry.subject, entry.detail.get("reason", "")) for entry in found]


def test_after_its_deletion_the_token_of_an_account_is_refused_upstream(portals):
    of_others = portals.dns_services.state.all("tokens")
    account = signed_in(portals.dns_services)
    token = token_of(account)
    assert status_with(portals.dns_services, token) == 200
    states.begin_deleting(account, by=None)
    account.refresh_from_db()
    assert (account.sealed_credential, AccountTokens.objects.count()) == ("", 0)
    assert states.finish_deleting(account.pk, seconds=5), "the deletion waits for nobody"
    leaving.leave_all()
    assert status_with(portals.dns_services, token) == 401
    assert portals.dns_services.state.all("tokens") == of_others
    assert not LeftLogin.objects.exists()
    assert said() == [("Signed out at the portal", "DNS", "")]


def test_after_its_replacement_the_old_token_is_refused_and_the_new_one_works(portals):
    account = signed_in(portals.dns_services)
    old = token_of(account)
    replaced(account, portals.dns_services)
    leaving.leave_all()
    assert status_with(portals.dns_services, old) == 401
    assert status_with(portals.dns_services, token_of(account)) == 200
    assert AuditEntry.objects.get(event="portal_signed_out").account == account


def test_a_portal_that_is_down_delays_no_deletion_and_the_log_says_it(portals):
    account = signed_in(portals.dns_services)
    token = token_of(account)
    states.begin_deleting(account, by=None)
    portals.dns_services.fail("bad-gateway", path="/logout")
    leaving.leave_all()
    assert states.finish_deleting(account.pk, seconds=5)
    assert not LeftLogin.objects.exists(), "tried once; the tokens run out by themselves"
    [(words, subject, reason)] = said()
    assert (words, subject) == ("Could not sign out at the portal; its tokens run out by themselves", "DNS")
    assert reason
    assert token not in reason


def test_a_portal_that_hangs_is_left_within_seconds(portals):
    account = signed_in(portals.dns_services)
    states.begin_deleting(account, by=None)
    portals.dns_services.fail("hang", path="/logout")
    began = time.monotonic()
    leaving.leave_all()
    assert time.monotonic() - began < 15
    assert said()[0][0].startswith("Could not")


def test_tokens_go_to_the_address_that_issued_them_and_nowhere_else(portals):
    account = signed_in(portals.dns_services)
    kept = DatabaseTokenStore(account).load()
    replaced(account, portals.cloudviet)  # another address
    DatabaseTokenStore(account).save(kept)  # a process that was still at it
    leaving.leave_all()
    before = len(portals.requests)
    states.begin_deleting(account, by=None)
    leaving.leave_all()
    assert len(portals.requests) == before


def test_who_holds_no_token_leaves_without_a_word(portals):
    account = account_at(portals.cloudviet, "Basic")
    before = len(portals.requests)
    states.begin_deleting(account, by=None)
    leaving.leave_all()
    assert (len(portals.requests), said(), LeftLogin.objects.count()) == (before, [], 0)


def test_what_can_not_be_opened_or_spoken_to_is_said_and_let_go(portals):
    account = signed_in(portals.dns_services)
    states.begin_deleting(account, by=None)
    LeftLogin.objects.update(sealed="gAAAAA-nonsense")
    leaving.leave_all()
    other = signed_in(portals.dns_services, "Other")
    ProviderAccount.objects.filter(pk=other.pk).update(provider="uninstalled")
    other.refresh_from_db()
    states.begin_deleting(other, by=None)
    leaving.leave_all()
    assert not LeftLogin.objects.exists()
    assert [subject for _, subject, reason in said() if reason] == ["DNS", "Other"]


def test_what_is_left_is_sealed_for_its_account(portals):
    account = signed_in(portals.dns_services)
    token = token_of(account)
    states.begin_deleting(account, by=None)
    left = LeftLogin.objects.get()
    assert token not in left.sealed
    assert vault.open_sealed(account.uuid, left.sealed)["token"] == token
    assert token not in repr(left)


@pytest.mark.usefixtures("celery_worker_process")
@pytest.mark.django_db(transaction=True)
def test_the_worker_signs_out_after_a_deletion(portals, celery_worker_log):
    account = signed_in(portals.dns_services)
    token = token_of(account)
    states.begin_deleting(account, by=None)
    tasks.delete_later(account.pk)
    deadline = time.monotonic() + 30
    while not said() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert said() == [("Signed out at the portal", "DNS", "")], celery_worker_log.read_text()[-4000:]
    assert status_with(portals.dns_services, token) == 401


@pytest.mark.usefixtures("celery_worker_process")
@pytest.mark.django_db(transaction=True)
def test_the_sweep_takes_up_a_sign_out_that_was_lost(portals, celery_worker_log):
    account = signed_in(portals.dns_services)
    replaced(account, portals.dns_services)
    tasks.sweep_deletions()
    deadline = time.monotonic() + 30
    while not said() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert said(), celery_worker_log.read_text()[-4000:]
