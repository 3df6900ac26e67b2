"""Whose login an account is: read once a day, shown on the account's page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from profiles.models import Contact
from sandbox.server import Sandbox
from sync.models import Kind
from tests.accounts import people
from tests.actions.desk import mirrored_account

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=3, data=None) as sandbox:
        yield sandbox


def test_the_profile_is_read_kept_and_written_only_when_it_moved(box):
    account = mirrored_account(box.cloudviet, Kind.PROFILE)
    account.refresh_from_db()
    told, client = account.upstream_profile, box.cloudviet.client
    assert (told["email"], told["phone"], told["city"]) == (client["email"], client["phonenumber"], client["city"])
    assert told["address"][0] == client["address1"]
    run = account.runs.get()
    assert (run.kind, run.seen, run.written) == ("profile", 1, 1)


def test_the_accounts_page_tells_it_and_counts_the_contacts(box, client):
    account = mirrored_account(box.cloudviet, Kind.PROFILE, Kind.CONTACTS)
    client.force_login(people.bob())
    page = client.get(f"/accounts/{account.pk}/").content.decode()
    assert f"/accounts/{account.pk}/profile/" in page
    part = client.get(f"/accounts/{account.pk}/profile/", headers={"HX-Request": "true"}).content.decode()
    assert box.cloudviet.client["city"] in part
    assert f"{Contact.objects.count()} contacts with logins of their own" in part
    assert f"/contacts/?account={account.pk}" in part
