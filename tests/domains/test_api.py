import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import AccountShare
from domains.models import Domain
from tests.accounts import people
from tests.factories import in_days, make_account, make_customer, make_domain, make_record, make_zone

pytestmark = pytest.mark.django_db


def client_of(person):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.make(person)[1]}")
    return client


@pytest.fixture
def bob():
    return client_of(people.bob())


def names(answer):
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["results"]]


def test_a_domain_says_what_scripts_rely_on(bob):
    punycode = "bánh-mì.vn".encode("idna").decode()
    customer = make_customer("Phố Việt")
    domain = make_domain(
        punycode, customer=customer, expires_on=in_days(43), renewal_price="770000", renewal_currency="VND"
    )
    answer = bob.get(f"/api/v1/domains/{domain.pk}/").json()
    assert answer["id"] == domain.pk
    assert answer["account"] == domain.resource.account_id
    assert answer["upstream_id"] == domain.resource.upstream_id
    assert (answer["name"], answer["unicode_name"]) == (punycode, "bánh-mì.vn")
    assert (answer["status"], answer["upstream_status"]) == ("active", "Active")
    assert answer["expires_on"] == in_days(43).isoformat()
    assert answer["auto_renew"] is True
    assert answer["nameservers"] == ["ns1.portal.example", "ns2.portal.example"]
    assert (answer["renewal_price"], answer["renewal_currency"]) == ("770000", "VND")
    assert (answer["customer"], answer["gone_at"], answer["unreadable"]) == (customer.pk, None, [])


def test_what_upstream_did_not_say_is_null(bob):
    domain = make_domain(
        expires_on=None,
        auto_renew=None,
        nameservers=None,
        renewal_price=None,
        renewal_currency="",
        upstream_status="",
        unreadable=["expires_on"],
    )
    answer = bob.get(f"/api/v1/domains/{domain.pk}/").json()
    for field in (
        "expires_on",
        "next_due_on",
        "auto_renew",
        "nameservers",
        "renewal_price",
        "renewal_currency",
        "locked",
    ):
        assert answer[field] is None, field
    assert answer["upstream_status"] is None
    assert answer["customer"] is None
    assert answer["unreadable"] == ["expires_on"]


def test_the_list_filters_searches_and_orders(bob):
    here, there, customer = make_account("Here"), make_account("There"), make_customer("Nordlys Bageri")
    make_domain("b.example", account=here, expires_on=in_days(10), customer=customer)
    make_domain("a.example", account=there, expires_on=in_days(20), status="expired")
    make_domain("c.example", account=here, expires_on=None, auto_renew=False)
    url = "/api/v1/domains/"
    assert sorted(names(bob.get(url, {"account": here.pk}))) == ["b.example", "c.example"]
    assert names(bob.get(url, {"status": "expired"})) == ["a.example"]
    assert names(bob.get(url, {"customer": customer.pk})) == ["b.example"]
    assert names(bob.get(url, {"search": "nordlys"})) == ["b.example"]
    assert names(bob.get(url, {"name": "a.example"})) == ["a.example"]
    assert names(bob.get(url, {"auto_renew": "false"})) == ["c.example"]
    assert names(bob.get(url, {"ordering": "name"})) == ["a.example", "b.example", "c.example"]
    assert names(bob.get(url, {"ordering": "-expires_on"})) == ["a.example", "b.example", "c.example"]
    assert bob.get(url, {"colour": "red"}).status_code == 400


def test_an_international_name_is_found_by_either_spelling(bob):
    punycode = "bánh-mì.vn".encode("idna").decode()
    make_domain(punycode)
    make_domain("other.vn")
    assert names(bob.get("/api/v1/domains/", {"search": "bánh"})) == [punycode]
    assert names(bob.get("/api/v1/domains/", {"search": punycode})) == [punycode]


def test_pages_follow_each_other_without_a_gap(bob):
    account = make_account()
    for number in range(7):
        make_domain(f"{number}.example", account=account, expires_on=in_days(3) if number % 2 else None)
    found, url = [], "/api/v1/domains/?limit=3&ordering=expires_on"
    while url:
        answer = bob.get(url)
        found += names(answer)
        url = answer.json()["next"]
    assert sorted(found) == [f"{number}.example" for number in range(7)]


def test_what_is_gone_is_not_listed_but_still_answers_for_itself(bob):
    domain = make_domain(gone_at="2026-01-01T00:00:00Z")
    assert names(bob.get("/api/v1/domains/")) == []
    assert bob.get(f"/api/v1/domains/{domain.pk}/").json()["gone_at"].startswith("2026-01-01")


def test_zones_and_records_say_what_scripts_rely_on(bob):
    zone, elsewhere = make_zone("a.example"), make_zone("b.example", hosted=False, reason="DNS is not managed here")
    make_record(zone, "www", "CNAME", "a.example.")
    record = make_record(zone, "@", "MX", "mail.a.example.", ttl=None, priority=10)
    listed = bob.get("/api/v1/zones/", {"ordering": "name"}).json()["results"]
    assert [(row["name"], row["hosted"], row["record_count"], row["reason"]) for row in listed] == [
        ("a.example", True, 2, None),
        ("b.example", False, 0, "DNS is not managed here"),
    ]
    assert bob.get(f"/api/v1/records/{record.pk}/").json() == {
        "id": record.pk,
        "account": zone.resource.account_id,
        "upstream_id": record.upstream_id,
        "zone": zone.pk,
        "zone_name": "a.example",
        "name": "@",
        "type": "MX",
        "content": "mail.a.example.",
        "ttl": None,
        "priority": 10,
    }
    assert names(bob.get("/api/v1/records/", {"zone": zone.pk, "type": "CNAME"})) == ["www"]
    assert names(bob.get("/api/v1/records/", {"zone": elsewhere.pk})) == []
    assert names(bob.get("/api/v1/zones/", {"hosted": "false"})) == ["b.example"]


KINDS = ("domains", "zones", "records")


def everything_of(account):
    zone = make_zone("kept.example", account=account)
    return {
        "domains": make_domain("kept.example", account=account).pk,
        "zones": zone.pk,
        "records": make_record(zone).pk,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_an_account_that_is_not_open_to_staff_is_absent_for_them(kind):
    account = make_account(open_to_staff=False)
    pk = everything_of(account)[kind]
    bob = people.bob()
    for person in (bob, people.rita(), people.charlie()):
        client = client_of(person)
        assert client.get(f"/api/v1/{kind}/").json()["results"] == []
        assert client.get(f"/api/v1/{kind}/{pk}/").status_code == 404
    assert client_of(people.alice()).get(f"/api/v1/{kind}/{pk}/").status_code == 200
    AccountShare.objects.create(account=account, user=bob)
    assert client_of(bob).get(f"/api/v1/{kind}/{pk}/").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_reads_without_a_token_and_an_outsider_reads_nothing(kind):
    pk = everything_of(make_account())[kind]
    assert APIClient().get(f"/api/v1/{kind}/").status_code == 401
    charlie = client_of(people.charlie())
    assert charlie.get(f"/api/v1/{kind}/").json()["results"] == []
    assert charlie.get(f"/api/v1/{kind}/{pk}/").status_code == 404
    assert client_of(people.rita()).get(f"/api/v1/{kind}/{pk}/").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_written_through_this_part_of_the_api(kind):
    pk = everything_of(make_account())[kind]
    alice = client_of(people.alice())
    for verb in (alice.post, alice.put, alice.patch, alice.delete):
        assert verb(f"/api/v1/{kind}/{pk}/", {"name": "x.example"}, format="json").status_code in (403, 405)
    assert Domain.objects.get().name == "kept.example"


@pytest.mark.parametrize("kind", KINDS)
def test_two_hundred_rows_cost_as_many_queries_as_five(kind, bob):
    account = make_account()

    def ask():
        with CaptureQueriesContext(connection) as seen:
            assert bob.get(f"/api/v1/{kind}/", {"limit": 500}).status_code == 200
        return len(seen)

    def grow(rows):
        for number in range(rows):
            zone = make_zone(account=account, customer=make_customer())
            make_domain(account=account, customer=make_customer())
            make_record(zone, f"n{number}")

    grow(5)
    ask()  # the first request also notes that the token was used
    few = ask()
    grow(195)
    assert ask() == few <= 5
