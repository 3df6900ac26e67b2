"""Who may decide what on the pages and through the API, and that two at once decide once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import Client

from accounts import tokens
from accounts.models import ApiToken
from actions.models import Action, Enquiry
from domains.dns.rows import checksum
from domains.dns.versions import mirrored_rows
from tests.accounts import people
from tests.factories import make_account, make_domain, make_record, make_zone

pytestmark = pytest.mark.django_db(transaction=True)
CAPABILITIES = [
    "billing.detail", "billing.list", "dns.add", "dns.change", "dns.detail", "dns.list", "dns.remove", "domains.detail",
    "domains.list", "domains.renew", "domains.renewal_price",
]  # fmt: skip
HTMX = {"HTTP_HX_REQUEST": "true"}


def client_of(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def account():
    return make_account("Acme", capabilities=CAPABILITIES, currency="USD")


@pytest.fixture
def domain(account):
    return make_domain("shop.example", account=account, period_years=1)


@pytest.fixture
def zone(account):
    made = make_zone("shop.example", account=account, upstream_id="service:1:2")
    for n in range(4):
        make_record(made, f"host{n}", content=f"192.0.2.{n + 1}")
    return made


def confirmed(domain, **more):
    seen = {"expires_on": domain.expires_on.isoformat(), "price": "12.99", "currency": "USD"}
    return {"years": "1", **seen, "key": "k" * 32, **more}


def urls(domain, zone):
    record = zone.records.first()
    return [
        ("get", f"/domains/{domain.pk}/renew/", {}),
        ("post", f"/domains/{domain.pk}/renew/", confirmed(domain)),
        ("post", "/domains/renew/", {"pick": domain.pk, "confirm": "1", "key": "b" * 32}),
        ("get", f"/domains/zones/{zone.pk}/record/", {}),
        ("post", f"/domains/zones/{zone.pk}/stage/", {"remove": record.pk}),
        ("post", f"/domains/zones/{zone.pk}/apply/", {"key": "c" * 32, "checksum": "x"}),
    ]


def test_readers_and_outsiders_decide_nothing(domain, zone):
    for person in (people.rita(), people.charlie()):
        client = client_of(person)
        for method, url, data in urls(domain, zone):
            assert getattr(client, method)(url, data).status_code in (403, 404), (person, url)
    assert not Action.objects.exists()
    assert not Enquiry.objects.exists()


def test_what_is_at_a_hidden_account_does_not_exist_for_staff(account, domain, zone):
    account.open_to_staff = False
    account.save()
    client = client_of(people.bob())
    for method, url, data in urls(domain, zone):
        if url != "/domains/renew/":
            assert getattr(client, method)(url, data).status_code == 404, url
    assert (
        "None of these can be renewed" in client.post("/domains/renew/", {"pick": domain.pk}, **HTMX).content.decode()
    )
    assert not Action.objects.exists()


def test_a_portal_that_can_not_renew_says_so_where_the_button_would_be(domain, account):
    client = client_of(people.bob())
    assert "Renew for 1 year, 12.99" in client.get(f"/domains/{domain.pk}/").content.decode()
    account.capabilities = [one for one in CAPABILITIES if one != "domains.renew"]
    account.save()
    page = client.get(f"/domains/{domain.pk}/").content.decode()
    assert "Renew for 1 year" not in page
    assert "No renewal from here:" in page


def test_a_zone_that_can_not_be_edited_is_read_only_and_says_why(zone, account):
    account.capabilities = ["dns.list", "dns.detail"]
    account.save()
    page = client_of(people.bob()).get(f"/domains/zones/{zone.pk}/").content.decode()
    assert "Read only:" in page
    assert "Add a record" not in page


def at_once(count, work):
    """Runs `work(number)` in so many threads, all let go together."""
    gate, answers = threading.Barrier(count), [None] * count

    def run(number):
        gate.wait()
        try:
            answers[number] = work(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_double_clicks_and_two_people_at_once_file_one_renewal(domain):
    bob, alice = people.bob(), people.alice()
    clients = [client_of(person) for person in (bob, bob, bob, alice, alice, alice)]
    keys = ["1" * 32, "1" * 32, "2" * 32, "3" * 32, "3" * 32, "4" * 32]
    answers = at_once(
        6, lambda n: clients[n].post(f"/domains/{domain.pk}/renew/", confirmed(domain, key=keys[n]), **HTMX).status_code
    )
    assert answers == [204] * 6
    assert Action.objects.count() == 1


def test_a_double_click_on_apply_files_one_edit(zone):
    client = client_of(people.bob())
    client.post(f"/domains/zones/{zone.pk}/stage/", {"remove": zone.records.first().pk}, **HTMX)
    sent = {"key": "d" * 32, "checksum": checksum(mirrored_rows(zone)), "comment": "No longer used"}
    answers = at_once(
        4, lambda _: client_copy(client).post(f"/domains/zones/{zone.pk}/apply/", sent, **HTMX).status_code
    )
    assert set(answers) == {204}
    action = Action.objects.get()
    assert action.parameters["comment"] == "No longer used"
    assert not client.get(f"/domains/zones/{zone.pk}/").context["panel"].plan, "the stage went with it"


def client_copy(client):
    other = Client()
    other.cookies = client.cookies.copy()
    return other


def test_a_plan_of_a_zone_that_moved_keeps_the_stage_and_files_nothing(zone):
    client = client_of(people.bob())
    client.post(f"/domains/zones/{zone.pk}/stage/", {"remove": zone.records.first().pk}, **HTMX)
    seen = checksum(mirrored_rows(zone))
    make_record(zone, "new", content="192.0.2.99")
    answer = client.post(f"/domains/zones/{zone.pk}/apply/", {"key": "e" * 32, "checksum": seen}, **HTMX)
    assert "zone changed" in answer.headers["HX-Trigger"]
    assert not Action.objects.exists()
    assert client.get(f"/domains/zones/{zone.pk}/").context["panel"].plan.counts == "1 removed"


# --- the API -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def api():
    _token, raw = tokens.make(people.bob(), scope=ApiToken.Scope.WRITE)

    def post(url, body, key=""):
        headers = {"Authorization": f"Bearer {raw}", **({"Idempotency-Key": key} if key else {})}
        return Client().post(url, body, content_type="application/json", headers=headers)

    return post


def test_a_renewal_through_the_api(api, domain):
    url = f"/api/v1/domains/{domain.pk}/renew/"
    assert api(url, {"years": 1}).json()["error"]["code"] == "idempotency_key_needed"
    answer = api(url, {"years": 1, "max_price": "20", "currency": "USD"}, key="one")
    assert answer.status_code == 202, answer.content
    told = answer.json()
    assert (told["kind"], told["state"], told["target"], told["price"]) == (
        "domain.renew",
        "queued",
        "shop.example",
        "20.00",
    )
    assert api(url, {"years": 1, "max_price": "20", "currency": "USD"}, key="one").json()["id"] == told["id"]
    assert (
        api(url, {"years": 2, "max_price": "20", "currency": "USD"}, key="one").json()["error"]["code"]
        == "idempotency_conflict"
    )
    assert api(url, {"years": 1}, key="two").json()["id"] == told["id"], "the guard: it is under way"
    assert api(url, {"years": 11}, key="three").status_code == 400


def test_without_a_price_the_one_of_the_last_sync_is_the_most(api, domain):
    told = api(f"/api/v1/domains/{domain.pk}/renew/", {"years": 2}, key="one").json()
    assert (told["price"], told["currency"]) == ("25.98", "USD")


def test_records_through_the_api(api, zone):
    url = f"/api/v1/zones/{zone.pk}/records/"
    record = zone.records.first()
    wrong = api(url, {"changes": [{"op": "add", "name": "www", "type": "A", "content": "x"}]})
    assert wrong.status_code == 400
    assert "changes.0.content" in wrong.json()["error"]["fields"]
    answer = api(
        url,
        {
            "changes": [
                {"op": "add", "name": "www", "type": "A", "content": "192.0.2.9", "ttl": 300},
                {"op": "change", "id": record.pk, "content": "192.0.2.10"},
            ],
            "comment": "By script",
        },
    )
    assert answer.status_code == 202, answer.content
    action = Action.objects.get()
    assert [change["op"] for change in action.parameters["changes"]] == ["add", "change"]
    assert action.parameters["changes"][1]["new"]["ttl"] == 3600, "what is not given stays"
