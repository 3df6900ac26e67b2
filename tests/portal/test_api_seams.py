"""The seams of DESIGN.md that scripts rely on, each checked at the live API."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from accounts import tokens
from sync.models import Change, Kind, Run
from tests.accounts import people
from tests.factories import (
    in_days,
    make_account,
    make_certificate,
    make_customer,
    make_domain,
    make_invoice,
    make_machine,
    make_product,
    make_record,
    make_service,
    make_ticket,
    make_tld_price,
    make_zone,
)

pytestmark = pytest.mark.django_db


def make_run(**columns: Any) -> Run:
    given = {"kind": Kind.DOMAINS, "state": Run.State.SUCCEEDED, "finished_at": timezone.now()}
    return Run.objects.create(account=columns.pop("account", None) or make_account(), **{**given, **columns})


def make_change(**columns: Any) -> Change:
    return Change.objects.create(
        resource=make_domain(**columns).resource, field="status", old="a", new="b", at=timezone.now()
    )


MADE: dict[str, Callable[..., Any]] = {
    "accounts": lambda **columns: columns.get("account") or make_account(),
    "sync-runs": lambda account=None, customer=None: make_run(account=account),
    "domains": make_domain,
    "zones": make_zone,
    "records": lambda **columns: make_record(make_zone(**columns)),
    "invoices": make_invoice,
    "tickets": make_ticket,
    "services": make_service,
    "virtual-machines": make_machine,
    "certificates": make_certificate,
    "customers": lambda account=None, customer=None: customer or make_customer(),
    "changes": make_change,
    "domain-prices": lambda account=None, customer=None: make_tld_price(account=account),
    "products": lambda account=None, customer=None: make_product(account=account),
}
"""Of each list of DESIGN.md that is read today, how a row of it is made."""

APART = ("accounts", "customers", "sync-runs", "changes", "domain-prices", "products")
ROWS = [name for name in MADE if name not in APART]
"""Those whose rows stand for a thing upstream."""


@pytest.fixture
def api(client):
    """GET below /api/v1/ as Alice."""
    headers = {"Authorization": f"Bearer {tokens.make(people.alice())[1]}"}

    def get(path: str, expected: int = 200, **query: Any) -> Any:
        answer = client.get(f"/api/v1/{path}", query, headers=headers)
        assert answer.status_code == expected, (path, query, answer.content)
        return answer.json()

    return get


@pytest.mark.parametrize("name", MADE)
def test_a_list_answers_a_page_and_the_ways_on(api, name):
    account, customer = make_account(), make_customer()
    made = [MADE[name](account=account, customer=customer) for _number in range(3)]
    first = api(f"{name}/", limit=2, ordering="id")
    assert set(first) == {"results", "next", "previous"}
    total = len({row.pk for row in made})
    assert len(first["results"]) == min(2, total)
    assert first["previous"] is None
    if total > 2:
        assert first["next"].startswith("http://testserver/api/v1/")
        second = api(f"{name}/{first['next'].partition(name + '/')[2]}")
        assert len(second["results"]) == 1
        assert (second["next"], bool(second["previous"])) == (None, True)


@pytest.mark.parametrize("name", MADE)
def test_a_limit_goes_up_to_five_hundred(api, name):
    api(f"{name}/", limit=500)
    for limit in ("501", "0", "-1", "x", "9" * 40):
        assert api(f"{name}/", 400, limit=limit)["error"]["code"] == "invalid"


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("given", ["account", "status", "customer", "search", "ordering"])
def test_every_list_takes_the_five_common_parameters(api, name, given):
    account, customer = make_account(), make_customer()
    MADE[name](account=account, customer=customer)
    value = {"account": account.pk, "customer": customer.pk, "status": "active", "search": "zzz", "ordering": "-id"}
    assert "results" in api(f"{name}/", **{given: value[given]})


@pytest.mark.parametrize("name", ["actions", "reminders"])
def test_what_holdfast_itself_keeps_is_listed_likewise(api, name):
    account, customer = make_account(), make_customer()
    common: dict[str, Any] = {
        "account": account.pk,
        "customer": customer.pk,
        "status": "failed",
        "search": "zzz",
        "ordering": "-id",
    }
    for query in ({}, {"limit": 500}, common, *({given: value} for given, value in common.items())):
        assert api(f"{name}/", **query) == {"results": [], "next": None, "previous": None}
    assert api(f"{name}/999999/", 404)["error"]["code"] == "not_found"


@pytest.mark.parametrize("name", ROWS)
def test_account_and_customer_narrow_a_list(api, name):
    ours, customer = make_account(), make_customer()
    mine = MADE[name](account=ours, customer=customer)
    MADE[name](account=make_account())
    for query in ({"account": ours.pk}, {"customer": customer.pk}, {"account": f"{ours.pk},999999"}):
        assert [row["id"] for row in api(f"{name}/", **query)["results"]] == [mine.pk], query
    assert api(f"{name}/", account="9" * 40)["results"] == []
    for nonsense in ("x", "-"):
        assert api(f"{name}/", 400, account=nonsense)["error"]["fields"].keys() == {"account"}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_names_itself_its_account_and_upstreams_id(api, name):
    row = MADE[name](account=make_account())
    told = api(f"{name}/")["results"][0]
    assert told["id"] == row.pk
    assert isinstance(told["account"], int)
    assert isinstance(told["upstream_id"], str)
    assert api(f"{name}/{row.pk}/")["id"] == row.pk


PROMISED = {
    "domains": "name status upstream_status expires_on auto_renew nameservers",
    "zones": "name",
    "records": "zone name type content ttl priority",
    "invoices": "number status upstream_status issued_on due_on total currency lines",
    "tickets": "number subject status upstream_status department",
    "services": "name status upstream_status next_due price currency",
    "virtual-machines": "name status upstream_status ips",
    "certificates": "domain status upstream_status expires_on",
    "sync-runs": "account kind state requests seen written skipped error started_at finished_at",
}


@pytest.mark.parametrize("name", PROMISED)
def test_the_promised_fields_are_there(api, name):
    MADE[name](account=make_account())
    assert set(PROMISED[name].split()) <= set(api(f"{name}/")["results"][0])


def test_statuses_are_our_words_beside_upstreams(api):
    make_machine(status="stopped", upstream_status="shut off")
    (row,) = api("virtual-machines/")["results"]
    assert (row["status"], row["upstream_status"]) == ("stopped", "shut off")
    assert api("virtual-machines/", status="stopped")["results"] == [row]
    assert api("virtual-machines/", status="running")["results"] == []


def test_money_is_a_string_with_its_currency_beside_it(api):
    make_invoice(total=Decimal("1299000"), currency="VND", lines=(("Renewal", "1299000"),))
    make_service(price=Decimal("9.9"), currency="USD")
    make_domain(renewal_price=Decimal("12.99"), renewal_currency="USD")
    (invoice,) = api("invoices/")["results"]
    assert (invoice["total"], invoice["currency"]) == ("1299000", "VND")
    assert [(line["description"], line["amount"]) for line in invoice["lines"]] == [("Renewal", "1299000")]
    (service,) = api("services/")["results"]
    assert (service["price"], service["currency"]) == ("9.90", "USD")
    assert api("domains/")["results"][0]["renewal_price"] == "12.99"


def test_dates_are_iso_8601(api):
    domain, ticket = make_domain(expires_on=in_days(9)), make_ticket(replies=(("Alice", "Hello"),))
    assert date.fromisoformat(api(f"domains/{domain.pk}/")["expires_on"]) == in_days(9)
    (reply,) = api(f"tickets/{ticket.pk}/")["replies"]
    assert (reply["author"], reply["body"]) == ("Alice", "Hello")
    assert datetime.fromisoformat(reply["sent_at"]).tzinfo is not None


def test_what_is_unknown_is_null(api):
    nothing: dict[str, dict[str, Any]] = {
        "domains": {"expires_on": None, "auto_renew": None, "upstream_status": "", "renewal_price": None},
        "invoices": {"due_on": None, "issued_on": None, "total": None, "currency": ""},
        "services": {"next_due_on": None, "price": None, "currency": ""},
        "certificates": {"expires_on": None},
    }
    for name, columns in nothing.items():
        MADE[name](**columns)
        (row,) = api(f"{name}/")["results"]
        for column in columns:
            assert row["next_due" if column == "next_due_on" and name == "services" else column] is None, (name, column)
    make_record(make_zone(), ttl=None, priority=None)
    (record,) = api("records/")["results"]
    assert (record["ttl"], record["priority"]) == (None, None)


@pytest.mark.parametrize("name", MADE)
def test_without_a_token_nothing_is_told(client, name):
    row = MADE[name](account=make_account())
    for path in (f"/api/v1/{name}/", f"/api/v1/{name}/{row.pk}/", f"/api/v1/{name}/999999/"):
        for headers in ({}, {"Authorization": "Bearer hf_guessed"}, {"Authorization": "Basic YTpi"}):
            answer = client.get(path, headers=headers)
            assert answer.status_code == 401, (path, headers)
            assert answer["WWW-Authenticate"].startswith("Bearer")
            assert answer.json()["error"]["code"]


@pytest.mark.parametrize("name", MADE)
def test_what_does_not_exist_is_404_in_words(api, name):
    for pk in ("999999", "9" * 18):
        assert api(f"{name}/{pk}/", 404)["error"]["code"] == "not_found"


def test_a_path_that_does_not_exist_is_404(client):
    for path in ("/api/v1/nothing/", "/api/v1/domains/x/", "/api/v1/domains/" + "9" * 40 + "/"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", MADE)
def test_a_misspelt_filter_is_refused_and_not_ignored(api, name):
    assert "acount" in api(f"{name}/", 400, acount="1")["error"]["fields"]
    assert "ordering" in api(f"{name}/", 400, ordering="pk; drop")["error"]["fields"]
    assert "cursor" in api(f"{name}/", 400, cursor="%00%ff")["error"]["fields"]


@pytest.mark.parametrize("name", MADE)
def test_hostile_words_in_a_search_find_nothing_and_break_nothing(api, name):
    for words in ("%", "_\\", "'; --", "a" * 10_000, "a " * 5_000):
        assert "results" in api(f"{name}/", search=words)
    assert api(f"{name}/", 400, search="\x00")["error"]["fields"].keys() == {"search"}


def test_the_schema_is_made_without_a_warning():
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_the_schema_names_every_list(api, client):
    answer = client.get(
        "/api/v1/schema/?format=json", headers={"Authorization": f"Bearer {tokens.make(people.bob())[1]}"}
    )
    paths = answer.json()["paths"]
    assert {f"/api/v1/{name}/" for name in MADE} <= set(paths)
    assert {"account", "limit", "cursor", "ordering"} <= {
        parameter["name"] for parameter in paths["/api/v1/domains/"]["get"]["parameters"]
    }
    assert api("domains/")["results"] == []


@pytest.mark.parametrize("path", ["/api/v1/schema/", "/api/v1/docs/", "/api/v1/docs/?script="])
def test_how_the_api_looks_is_not_for_strangers(client, path):
    assert client.get(path).status_code == 401
    client.force_login(people.bob())
    assert client.get(path).status_code == 200


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_documentation_of_the_api_works_under_the_policy(page_of, live_server):
    page = page_of(people.alice())
    page.goto(f"{live_server.url}/api/v1/docs/")
    expect(page.get_by_role("heading", name=re.compile("Holdfast API"))).to_be_visible(timeout=15_000)
    expect(page.get_by_text("/api/v1/domains/", exact=True).first).to_be_visible()
