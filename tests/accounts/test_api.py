import json
from datetime import date, timedelta

import pytest
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.test import APIClient, APIRequestFactory

from accounts import tokens, vault
from accounts.models import ApiToken, AuditEntry, Customer, ProviderAccount
from sync.models import Kind, Resource
from tests.accounts.people import account_at, alice, bob, make_account
from web.paging import CursorPagination

pytestmark = pytest.mark.django_db
SECRET = "s3cret-upstream-pass"


def api(person, scope="admin"):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.make(person, scope=scope)[1]}")
    return client


def test_a_row_tells_what_scripts_rely_on_and_no_credential(portals):
    account = account_at(portals.cloudviet, "Agency", password=SECRET)
    row = api(alice()).get(f"/api/v1/accounts/{account.pk}/")
    wanted = {"id", "provider", "name", "base_url", "auth", "state", "state_reason", "currency", "time_zone", "is_demo"}
    assert wanted | {"login_hint", "created_at"} <= set(row.json())
    assert SECRET not in row.content.decode()
    assert account.sealed_credential not in row.content.decode()


def test_connecting_tests_the_login_first(portals):
    client, portal = api(alice()), portals.vps_org
    given = {"provider": "vps-org", "name": "VPS", "base_url": portal.base_url, "credential": portal.credential}
    made = client.post("/api/v1/accounts/", given, format="json")
    assert made.status_code == 201
    account = ProviderAccount.objects.get(pk=made.json()["id"])
    assert vault.open_sealed(account.uuid, account.sealed_credential) == portal.credential
    again = client.post("/api/v1/accounts/", given, format="json")
    assert (again.status_code, list(again.json()["error"]["fields"])) == (400, ["name"])


def test_a_login_that_fails_is_answered_with_its_code(portals):
    credential = {"username": "a@b.example", "password": SECRET}
    given = {"provider": "cloudviet", "name": "A", "base_url": portals.cloudviet.base_url, "credential": credential}
    answer = api(alice()).post("/api/v1/accounts/", given, format="json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "wrong_credential")
    assert SECRET not in answer.content.decode()
    assert not ProviderAccount.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "provider"),
        ({"provider": "nowhere", "name": "A", "credential": {}}, "provider"),
        ({"provider": "vps-org", "name": "A", "credential": {"password": SECRET}}, "credential"),
        ({"provider": "vps-org", "name": "A", "credential": {"token": ["x"]}}, "credential.token"),
        ({"provider": "vps-org", "name": "A", "credential": "x"}, "credential"),
        ({"provider": "vps-org", "name": "A", "credential": {"token": SECRET}, "auth": "magic"}, "auth"),
        (
            {"provider": "vps-org", "name": "A", "credential": {"token": SECRET}, "base_url": "http://x.example"},
            "base_url",
        ),
        ({"provider": "vps-org", "name": "A", "credential": {"token": SECRET}, "colour": "red"}, "colour"),
        ({"provider": "vps-org", "name": "A", "credential": {"token": SECRET}, "time_zone": "Mars"}, "time_zone"),
    ],
)
def test_input_that_makes_no_sense_names_its_field(given, field):
    answer = api(alice()).post("/api/v1/accounts/", given, format="json")
    assert answer.status_code == 400
    assert field in answer.json()["error"]["fields"]
    assert SECRET not in answer.content.decode()


def test_a_body_that_is_no_json_is_an_error_like_any_other():
    answer = api(alice()).generic("POST", "/api/v1/accounts/", b"{", content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "parse_error")


def test_an_account_is_renamed_paused_and_resumed():
    account, client = make_account("Agency"), api(alice())
    url = f"/api/v1/accounts/{account.pk}/"
    assert client.patch(url, {"name": "Desk", "state": "paused"}, format="json").json()["state"] == "paused"
    assert client.patch(url, {"state": "active"}, format="json").json()["name"] == "Desk"
    events = set(AuditEntry.objects.filter(account=account).values_list("event", flat=True))
    assert events == {"account_edited", "account_paused", "account_resumed"}


def test_a_refused_account_is_not_made_active_by_saying_so():
    account = make_account("Agency", state="refused", state_reason="Wrong password.")
    answer = api(alice()).patch(f"/api/v1/accounts/{account.pk}/", {"state": "active"}, format="json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "credential_refused")


def test_the_address_changes_only_with_a_credential_that_works_there(portals):
    account, client = account_at(portals.cloudviet, "Agency"), api(alice())
    url = f"/api/v1/accounts/{account.pk}/"
    moved = {"base_url": "https://evil.example/api"}
    assert "credential" in client.patch(url, moved, format="json").json()["error"]["fields"]
    wrong = {"credential": {**portals.cloudviet.credential, "password": SECRET}}
    assert client.patch(url, wrong, format="json").status_code == 422
    account.refresh_from_db()
    assert vault.open_sealed(account.uuid, account.sealed_credential) == portals.cloudviet.credential
    assert client.patch(url, {"credential": portals.cloudviet.credential}, format="json").status_code == 200


def test_deleting_wants_the_name_and_hides_the_account_at_once():
    account, client = make_account("Agency"), api(alice())
    url = f"/api/v1/accounts/{account.pk}/"
    assert client.delete(f"{url}?confirm=agency").json()["error"]["code"] == "confirm"
    assert client.delete(f"{url}?confirm=Agency").status_code == 202
    assert client.get(url).status_code == 404
    account.refresh_from_db()
    assert (account.state, account.sealed_credential, account.login_hint) == ("deleting", "", "")


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("read", "get", "accounts/", 200),
        ("read", "post", "customers/", 403),
        ("write", "post", "customers/", 400),
        ("write", "post", "accounts/", 403),
        ("admin", "post", "accounts/", 400),
    ],
)
def test_a_token_may_no_more_than_its_scope(scope, method, path, status):
    answer = getattr(api(alice(), scope), method)(f"/api/v1/{path}", {}, format="json")
    assert answer.status_code == status


def test_a_token_may_no_more_than_its_person():
    assert api(bob(), "admin").post("/api/v1/accounts/", {}, format="json").status_code == 403


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Bearer hf_é", "bearer hf_" + "x" * 43])
def test_a_token_that_is_none_is_refused(header):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    answer = client.get("/api/v1/accounts/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "authentication_failed")


def test_a_revoked_token_and_one_of_a_deactivated_person_work_no_more():
    person = alice()
    client = api(person)
    ApiToken.objects.update(revoked_at=timezone.now())
    assert client.get("/api/v1/accounts/").status_code == 401
    ApiToken.objects.update(revoked_at=None)
    person.is_active = False
    person.save()
    assert client.get("/api/v1/accounts/").status_code == 401


def test_the_last_use_is_written_at_most_once_a_minute():
    client = api(alice())
    client.get("/api/v1/accounts/")
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    client.get("/api/v1/accounts/")
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(minutes=2))
    client.get("/api/v1/accounts/")
    assert ApiToken.objects.filter(last_used_at__gt=first).exists()


def test_a_session_of_the_browser_needs_the_csrf_token():
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(alice())
    assert client.get("/api/v1/customers/").status_code == 200
    assert client.post("/api/v1/customers/", {"name": "A"}, format="json").status_code == 403


def test_customers_are_kept_over_the_api():
    client = api(bob(), "write")
    made = client.post("/api/v1/customers/", {"name": "Baltic Ropes", "email": "a@b.example"}, format="json").json()
    url = f"/api/v1/customers/{made['id']}/"
    assert client.patch(url, {"notes": "Calls on Mondays."}, format="json").json()["notes"] == "Calls on Mondays."
    twice = client.post("/api/v1/customers/", {"name": "Baltic Ropes"}, format="json")
    assert (twice.status_code, list(twice.json()["error"]["fields"])) == (400, ["name"])
    assert client.delete(url).status_code == 204
    assert AuditEntry.objects.get(event="customer_deleted").subject == "Baltic Ropes"


def names(client, url):
    answer = client.get(url).json()
    return [row["name"] for row in answer["results"]], answer["next"], answer["previous"]


def test_pages_follow_one_another_forth_and_back_without_a_gap():
    Customer.objects.bulk_create(Customer(name=f"Customer {number:02}") for number in range(7))
    client = api(alice())
    first, onward, before = names(client, "/api/v1/customers/?limit=3&ordering=-name")
    assert (first, before) == (["Customer 06", "Customer 05", "Customer 04"], None)
    Customer.objects.create(name="Customer 99")  # appears behind us: what was told is not told again
    second, onward, back = names(client, onward)
    assert second == ["Customer 03", "Customer 02", "Customer 01"]
    third, onward, _ = names(client, onward)
    assert (third, onward) == (["Customer 00"], None)
    again, _, back = names(client, back)
    assert again == first
    assert names(client, back) == (["Customer 99"], names(client, back)[1], None)


@pytest.mark.parametrize("ordering", ["due_on", "-due_on"])
def test_rows_without_a_value_stand_last_and_are_paged_through(ordering):
    account = make_account("Agency")
    days = [None, date(2026, 1, 1), None, date(2027, 1, 1), None, date(2026, 1, 1)]
    for number, day in enumerate(days):
        Resource.objects.create(account=account, kind=Kind.DOMAINS, upstream_id=str(number), name="x", due_on=day)

    class View:
        ordering = "due_on"
        ordering_fields = {"due_on": "due_on"}

    def page(url):
        pages = CursorPagination()
        rows = pages.paginate_queryset(Resource.objects.all(), Request(APIRequestFactory().get(url)), View())
        return rows, pages.get_paginated_response([]).data

    forth, url = [], f"/x?limit=2&ordering={ordering}"
    while url:
        rows, links = page(url)
        forth.append([row.pk for row in rows])
        url, last = links["next"], links
    flat = [pk for part in forth for pk in part]
    assert len(set(flat)) == 6
    dates = [Resource.objects.get(pk=pk).due_on for pk in flat]
    known = [day for day in dates if day is not None]
    assert dates == [*sorted(known, reverse=ordering.startswith("-")), None, None, None]
    back, url = [forth[-1]], last["previous"]
    while url:
        rows, links = page(url)
        back.insert(0, [row.pk for row in rows])
        url = links["previous"]
    assert back == forth


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=x",
        "ordering=colour",
        "cursor=!!",
        "cursor=WzFd",
        "colour=red",
        "limit=-1",
        "cursor=W10=",
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_its_field(query):
    answer = api(alice()).get(f"/api/v1/customers/?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["error"]["fields"]


def test_lists_are_filtered_and_searched():
    make_account("Agency")
    make_account("Desk", provider="vps-org", auth="bearer", state="paused")
    client = api(alice())
    assert names(client, "/api/v1/accounts/?provider=vps-org,hostbill")[0] == ["Desk"]
    assert names(client, "/api/v1/accounts/?status=active")[0] == ["Agency"]
    assert names(client, "/api/v1/accounts/?search=DES%20agency")[0] == ["Desk"]
    assert client.get("/api/v1/accounts/?search=%00").status_code == 400


def test_an_unknown_path_and_a_wrong_verb_answer_in_the_same_form():
    client = api(alice())
    assert client.get("/api/v1/accounts/99/").json()["error"]["code"] == "not_found"
    assert client.put("/api/v1/accounts/", {}, format="json").json()["error"]["code"] == "method_not_allowed"
    assert "error" in json.loads(client.get("/api/v1/customers/?limit=x").content)
