"""Several accounts of one portal that fail alike in the same hour are told once, as what they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ProviderAccount
from portal.overview.desk import Desk
from portal.overview.needs import needs
from sync.causes import Cause
from sync.incidents import incidents
from sync.models import Kind, Run, Schedule
from tests.accounts import people
from tests.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(db):  # noqa: ARG001  # the database first
    return people.alice()


def failing(
    name: str, *, code: str = "unavailable", minutes_ago: float = 20, kind: str = Kind.DOMAINS, **columns: object
) -> ProviderAccount:
    account = make_account(name, **columns)
    now = timezone.now()
    since = now - timedelta(minutes=minutes_ago)
    Schedule.objects.create(
        account=account, kind=kind, failures=2, failing_since=since, next_due_at=now + timedelta(minutes=4),
        last_complete_at=since,
    )  # fmt: skip
    Run.objects.create(account=account, kind=kind, state="failed", error_code=code, finished_at=since, error="No.")
    return account


def test_it_is_one_sentence_above_the_overview_and_the_accounts(client, alice):
    for name in ("Main", "Retail", "Agency"):
        failing(name)
    client.force_login(alice)
    for address in ("/", "/accounts/"):
        page = client.get(address).content.decode()
        assert "Cloudviet: 3 accounts get no answer since" in page, address
        assert "(Agency, Main and Retail)" in page
        assert "Nothing here is lost" in page
        assert "the next in 4 minutes" in page
    assert "Nothing here is lost" not in client.get("/support/").content.decode()
    assert "is not read" not in [str(need.what) for need in needs(Desk.of(alice))], "it is told above already"


def test_what_differs_in_portal_cause_or_hour_is_no_incident(alice):
    failing("Main")
    failing("Nordic", provider="dns-services", base_url="https://nordic.example/api")
    failing("Slow", code="rate_limited")
    failing("Long gone", minutes_ago=600)
    assert incidents(alice) == []
    failing("Retail", code="outcome_unknown", minutes_ago=70)
    (found,) = incidents(alice)
    assert [account.name for account in found.accounts] == ["Main", "Retail"]
    assert found.cause is Cause.SILENT


def test_accounts_of_one_provider_at_several_addresses_are_one_incident_that_says_so(alice):
    failing("A", provider="hostbill", base_url="https://one.example/api")
    failing("B", provider="hostbill", base_url="https://two.example/api")
    (found,) = incidents(alice)
    assert ([account.name for account in found.accounts], found.portals) == (["A", "B"], 2)
    assert "They are at 2 addresses: look as well whether this machine" in found.sentence(timezone.now())


def test_one_address_is_one_incident_whatever_it_was_connected_as(alice):
    failing("A", provider="hostbill", base_url="https://two.example/api")
    failing("B", provider="hostbill", base_url="https://two.example/api")
    (found,) = incidents(alice)
    assert (found.name, found.portals) == ("two.example", 1)
    assert "addresses" not in found.sentence(timezone.now())
    ProviderAccount.objects.filter(name="B").update(provider="cloudviet")
    (found,) = incidents(alice)
    assert (found.name, [account.name for account in found.accounts]) == ("two.example", ["A", "B"])


def test_logins_of_one_company_at_two_addresses_are_its_incident(alice):
    failing("Main")
    failing("Retail", base_url="https://other.example/api")
    (found,) = incidents(alice)
    assert (found.name, found.portals) == ("Cloudviet", 2)


def test_many_refused_credentials_warn_before_they_are_replaced(alice):
    for name in ("Main", "Retail"):
        failing(name, code="authentication_failed", state="refused")
    (found,) = incidents(alice)
    assert "before you replace any" in found.sentence(timezone.now())
    assert found.next_try is None


def test_paused_accounts_and_hidden_ones_take_no_part(alice):
    failing("Main")
    failing("Retail", state="paused")
    failing("Hidden", open_to_staff=False)
    assert incidents(people.bob()) == []
    assert len(incidents(alice)) == 1


def test_it_costs_one_query_however_many_fail(alice, django_assert_num_queries):
    assert alice.role
    for number in range(30):
        failing(f"Account {number:02}", kind=Kind.TICKETS)
    with django_assert_num_queries(1):
        (found,) = incidents(alice)
    assert len(found.accounts) == 30
    assert "30 accounts get no answer" in found.sentence(timezone.now())
