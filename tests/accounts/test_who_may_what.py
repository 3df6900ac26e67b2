"""One table: every page and call of this room, and what each person gets."""

import pytest
from django.urls import get_resolver
from rest_framework.test import APIClient

from accounts import tokens, urls
from accounts.models import ApiToken, Customer
from tests.accounts.people import alice, bob, charlie, make_account, rita

pytestmark = pytest.mark.django_db

SIGN_IN, SEEN, NOT_THERE, REFUSED, DONE, DIALOG = 302, 200, 404, 403, 302, 200

#                                       anonymous, Charlie (no role), Rita (reader), Bob (staff), Alice (administrator)
PAGES = {
    ("get", "sign-in"): (200, 302, 302, 302, 302),
    ("get", "profile"): (SIGN_IN, SEEN, SEEN, SEEN, SEEN),
    ("post", "password"): (SIGN_IN, 422, 422, 422, 422),
    ("get", "token-new"): (SIGN_IN, SEEN, SEEN, SEEN, SEEN),
    ("post", "token-revoke", "token"): (SIGN_IN, NOT_THERE, NOT_THERE, NOT_THERE, DONE),
    ("get", "account-list"): (SIGN_IN, SEEN, SEEN, SEEN, SEEN),
    ("get", "connect"): (SIGN_IN, REFUSED, REFUSED, REFUSED, SEEN),
    ("get", "connect-provider", "provider"): (SIGN_IN, REFUSED, REFUSED, REFUSED, SEEN),
    ("post", "connect-provider", "provider"): (SIGN_IN, REFUSED, REFUSED, REFUSED, 422),
    ("get", "remove-demo"): (SIGN_IN, REFUSED, REFUSED, REFUSED, SEEN),
    ("get", "account-detail", "account"): (SIGN_IN, NOT_THERE, SEEN, SEEN, SEEN),
    ("get", "account-detail", "closed"): (SIGN_IN, NOT_THERE, NOT_THERE, NOT_THERE, SEEN),
    ("get", "account-health", "account"): (SIGN_IN, NOT_THERE, SEEN, SEEN, SEEN),
    ("get", "account-health", "closed"): (SIGN_IN, NOT_THERE, NOT_THERE, NOT_THERE, SEEN),
    ("get", "account-edit", "account"): (SIGN_IN, NOT_THERE, REFUSED, REFUSED, SEEN),
    ("post", "account-edit", "account"): (SIGN_IN, NOT_THERE, REFUSED, REFUSED, 422),
    ("get", "account-credential", "account"): (SIGN_IN, NOT_THERE, REFUSED, REFUSED, SEEN),
    ("post", "account-credential", "account"): (SIGN_IN, NOT_THERE, REFUSED, REFUSED, 422),
    ("post", "account-pause", "account"): (SIGN_IN, NOT_THERE, REFUSED, REFUSED, DONE),
    ("post", "account-resume", "account"): (SIGN_IN, NOT_THERE, REFUSED, REFUSED, DONE),
    ("get", "account-delete", "account"): (SIGN_IN, NOT_THERE, REFUSED, REFUSED, SEEN),
    ("get", "account-delete", "closed"): (SIGN_IN, NOT_THERE, NOT_THERE, NOT_THERE, SEEN),
    ("post", "account-delete", "account"): (SIGN_IN, NOT_THERE, REFUSED, REFUSED, 422),
    ("get", "customer-list"): (SIGN_IN, SEEN, SEEN, SEEN, SEEN),
    ("get", "customer-new"): (SIGN_IN, REFUSED, REFUSED, SEEN, SEEN),
    ("get", "customer-detail", "customer"): (SIGN_IN, NOT_THERE, SEEN, SEEN, SEEN),
    ("get", "customer-edit", "customer"): (SIGN_IN, NOT_THERE, REFUSED, SEEN, SEEN),
    ("get", "customer-delete", "customer"): (SIGN_IN, NOT_THERE, REFUSED, SEEN, SEEN),
    ("get", "person-list"): (SIGN_IN, REFUSED, REFUSED, REFUSED, SEEN),
    ("get", "person-invite"): (SIGN_IN, REFUSED, REFUSED, REFUSED, SEEN),
    ("get", "person-detail", "person"): (SIGN_IN, REFUSED, REFUSED, REFUSED, SEEN),
    ("get", "person-role", "person"): (SIGN_IN, REFUSED, REFUSED, REFUSED, SEEN),
    ("get", "person-deactivate", "person"): (SIGN_IN, REFUSED, REFUSED, REFUSED, SEEN),
    ("post", "person-activate", "person"): (SIGN_IN, REFUSED, REFUSED, REFUSED, NOT_THERE),
    ("post", "sign-out"): (302, 302, 302, 302, 302),
}
PEOPLE = {"nobody": lambda: None, "Charlie": charlie, "Rita": rita, "Bob": bob, "Alice": alice}


def things(person):
    owner = person or alice()
    other = bob() if owner.name != "Bob" else rita()
    token, _text = tokens.make(owner if owner.name == "Alice" else other)
    return {
        "account": make_account("Open").pk,
        "closed": make_account("Closed", open_to_staff=False).pk,
        "customer": Customer.objects.create(name="Baltic Ropes").pk,
        "provider": "cloudviet",
        "person": other.pk,
        "token": token.pk,
    }


@pytest.mark.parametrize("place", range(len(PEOPLE)), ids=PEOPLE)
@pytest.mark.parametrize("call", PAGES, ids=" ".join)
def test_each_page_answers_each_person_as_it_should(client, call, place):
    person = list(PEOPLE.values())[place]()
    method, name, *about = call
    arguments = [things(person)[about[0]]] if about else []
    url = get_resolver("accounts.urls").reverse(name, *arguments)
    if person is not None:
        client.force_login(person)
    answer = getattr(client, method)(f"/{url}")
    assert answer.status_code == PAGES[call][place]
    if person is None and name not in ("sign-in", "sign-out"):
        assert answer.headers["Location"].startswith("/sign-in/?next=/")


def test_the_table_holds_every_page():
    assert {pattern.name for pattern in urls.urlpatterns} == {call[1] for call in PAGES}


#                                       anonymous, Charlie, Rita, Bob, Alice; each with a token of the widest scope
CALLS = {
    ("get", "accounts/"): (401, 200, 200, 200, 200),
    ("post", "accounts/"): (401, 403, 403, 403, 400),
    ("get", "accounts/{account}/"): (401, 404, 200, 200, 200),
    ("get", "accounts/{closed}/"): (401, 404, 404, 404, 200),
    ("patch", "accounts/{account}/"): (401, 403, 403, 403, 200),
    ("delete", "accounts/{account}/"): (401, 403, 403, 403, 400),
    ("get", "customers/"): (401, 200, 200, 200, 200),
    ("post", "customers/"): (401, 403, 403, 400, 400),
    ("get", "customers/{customer}/"): (401, 404, 200, 200, 200),
    ("patch", "customers/{customer}/"): (401, 403, 403, 200, 200),
    ("delete", "customers/{customer}/"): (401, 403, 403, 204, 204),
}


@pytest.mark.parametrize("place", range(len(PEOPLE)), ids=PEOPLE)
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_each_call_answers_each_person_as_it_should(call, place):
    person = list(PEOPLE.values())[place]()
    client = APIClient()
    if person is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.make(person, scope=ApiToken.Scope.ADMIN)[1]}")
    method, path = call
    answer = getattr(client, method)("/api/v1/" + path.format(**things(person)), {}, format="json")
    assert answer.status_code == CALLS[call][place]
    if answer.status_code >= 400:
        assert set(answer.json()["error"]) == {"code", "message", "fields"}


def test_an_outsider_finds_the_lists_empty(client):
    make_account("Ravelin hosting")
    Customer.objects.create(name="Baltic Ropes")
    client.force_login(charlie())
    assert "Ravelin" not in client.get("/accounts/").content.decode()
    assert "Baltic Ropes" not in client.get("/customers/").content.decode()
    assert client.get("/api/v1/accounts/").json()["results"] == []


def test_an_account_that_is_shared_is_seen_by_those_it_is_shared_with(client):
    account, friend = make_account("Closed", open_to_staff=False), bob()
    account.shares.create(user=friend)
    client.force_login(friend)
    assert client.get(f"/accounts/{account.pk}/").status_code == 200
    client.force_login(rita())
    assert client.get(f"/accounts/{account.pk}/").status_code == 404
