"""The account's page says which API was met and what the token may do."""

import re

import pytest

from accounts import gateway
from accounts.models import AccountMemory
from sandbox.vpsorg.domains import many_domains
from tests.accounts.people import account_at, alice

pytestmark = pytest.mark.django_db


def page_of(client, account) -> str:
    answer = client.get(f"/accounts/{account.pk}/")
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize(("form", "words"), [("documented", "documentation page"), ("present", "present form")])
def test_the_form_of_the_api_is_told_once_it_was_met(client, portals, form, words):
    client.force_login(alice())
    portals.vps_org.set(api_form=form)
    with portals.vps_org.lock:
        many_domains(portals.vps_org, 1)
    account = account_at(portals.vps_org, f"VPS {form}")
    with gateway.speaking_to(account) as provider:
        assert provider.domains is not None
        provider.domains.list()
    assert "which one this is shows" in page_of(client, account)
    # what was learned while speaking is told by the next who speaks
    with gateway.speaking_to(account):
        pass
    page = page_of(client, account)
    assert words in page
    assert ("The token may do everything" in page) is (form == "present")
    portals.vps_org.set(api_form="both")


def test_what_the_adapter_knows_costs_few_looks_and_no_write_when_nothing_is_new(
    portals, django_assert_max_num_queries
):
    account = account_at(portals.vps_org, "VPS quiet")
    with gateway.speaking_to(account):
        pass
    account.refresh_from_db()
    with django_assert_max_num_queries(8) as asked, gateway.speaking_to(account):
        pass
    assert not [one for one in asked.captured_queries if one["sql"].startswith(("UPDATE", "INSERT"))]


def test_a_replaced_credential_takes_the_notes_of_the_old_one_along(portals):
    account = account_at(portals.vps_org, "VPS new token")
    with gateway.speaking_to(account):
        pass
    assert account.portal_notes
    assert AccountMemory.objects.filter(account=account.pk).exists()
    gateway.forget_what_was_learned(account)
    assert not AccountMemory.objects.filter(account=account.pk).exists()
