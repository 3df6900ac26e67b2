from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tokens
from accounts.models import AccountShare
from tests.accounts import people
from tests.factories import make_account, make_product

pytestmark = pytest.mark.django_db
LIST = "/services/catalogue/"


@pytest.fixture
def catalogue(client):
    client.force_login(people.bob())

    def get(query=""):
        answer = client.get(LIST + query)
        assert answer.status_code == 200
        return answer

    return get


def names(answer):
    return [row.record.name for row in answer.context["table"].paginated_rows]


def test_a_product_stands_with_its_price_for_each_period(catalogue):
    product = make_product(
        "Web Nordic", category="Web hosting", prices=(("monthly", "39"), ("annually", "390")), currency="DKK"
    )
    product.prices.filter(cycle="annually").update(setup=Decimal(50))
    text = catalogue().content.decode()
    for words in ("Web Nordic", "Web hosting", "39.00", "a month", "390.00", "a year", "and 50.00 DKK to set up"):
        assert words in text


def test_markup_of_the_portal_stays_text(catalogue):
    make_product("<b>Bold</b>", description="<script>alert(1)</script>\n<img src=x>")
    text = catalogue().content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<img src=x>" not in text
    assert "&lt;b&gt;Bold" in text


def test_products_are_found_by_name_category_content_account_and_period(catalogue):
    here = make_account("Here")
    make_product("VPS S", account=here, category="VPS", description="2 CPU", prices=(("monthly", "5"),))
    make_product("Mail", category="Office", prices=(("annually", "20"),))
    make_product("Plan", category="")
    assert names(catalogue("?q=cpu")) == ["VPS S"]
    assert names(catalogue("?q=office")) == ["Mail"]
    assert names(catalogue(f"?account={here.pk}")) == ["VPS S"]
    assert names(catalogue("?cycle=annually")) == ["Mail"]
    assert names(catalogue("?view=plans")) == ["Plan"]
    assert names(catalogue("?view=products&sort=-name")) == ["VPS S", "Mail"]


def test_a_price_that_moved_and_what_is_sold_out_say_so(catalogue):
    product = make_product("VPS", in_stock=False)
    product.prices.update(
        changed_at=timezone.now() - timedelta(days=3), previous={"price": "8.5", "setup": None, "currency": "USD"}
    )
    odd = make_product("Odd", prices=(("unknown", "1"),), currency="")
    odd.prices.update(code="x9")
    text = catalogue().content.decode()
    assert "was 8.50 USD until" in text
    assert "sold out" in text
    assert "no currency" in text
    assert '(<span class="mono">x9</span>)' in text


def test_only_what_the_reader_may_see_is_shown_and_each_page_costs_the_same(client):
    private, bob = make_account("Private", open_to_staff=False), people.bob()
    AccountShare.objects.create(account=private, user=bob)
    make_product("Secret", account=private)
    for person, seen in ((people.alice(), True), (bob, True), (people.rita(), False), (people.charlie(), False)):
        client.force_login(person)
        assert ("Secret" in client.get(LIST).content.decode()) is seen
    client.force_login(bob)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _number in range(30):
        make_product(account=private)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)


def test_an_empty_catalogue_teaches_and_the_services_lead_there(catalogue, client):
    assert "No catalogue yet" in catalogue().content.decode()
    assert f'href="{LIST}"' in client.get("/services/").content.decode()


def test_the_catalogue_is_exported(client):
    client.force_login(people.bob())
    make_product("VPS", account=make_account("Here"), description="2 CPU\n4 GB")
    lines = b"".join(client.get(LIST + "?export=csv").streaming_content).decode("utf-8-sig")
    assert "9.90 USD a month" in lines
    assert "4 GB" in lines


def test_the_api_lists_products_with_their_prices(client):
    headers = {"Authorization": f"Bearer {tokens.make(people.bob())[1]}"}
    here, hidden = make_account(), make_account(open_to_staff=False)
    product = make_product(
        "VPS", account=here, category="VPS", prices=(("monthly", "320000"), ("hourly", "0.029762")), currency="VND"
    )
    plan = make_product("Small", category="", description="2 CPU")
    make_product("Secret", account=hidden)

    def found(query=""):
        answer = client.get(f"/api/v1/products/?{query}", headers=headers)
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]

    told = found(f"account={here.pk}")[0]
    assert (told["id"], told["account"], told["type"], told["category"]) == (product.pk, here.pk, "product", "VPS")
    assert [(price["cycle"], price["price"], price["currency"]) for price in told["prices"]] == [
        ("monthly", "320000", "VND"),
        ("hourly", "0.029762", "VND"),
    ]
    assert [row["id"] for row in found()] == [product.pk, plan.pk]
    assert [row["type"] for row in found("search=cpu")] == ["plan"]
    assert [row["id"] for row in found("cycle=hourly")] == [product.pk]
    assert found("category=VPS")[0]["id"] == product.pk
    assert client.get(f"/api/v1/products/{plan.pk}/", headers=headers).json()["category"] is None
    assert found("limit=1&ordering=-name")[0]["name"] == "VPS"
