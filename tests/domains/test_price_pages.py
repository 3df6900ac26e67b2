from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tokens
from accounts.models import AccountShare
from domains import queries
from sync.models import Kind, Schedule
from tests.accounts import people
from tests.factories import make_account, make_domain, make_tld_price

pytestmark = pytest.mark.django_db
LIST = "/domains/prices/"


@pytest.fixture
def price_page(client):
    """GET of the page as Bob, as text without the markup's line ends."""
    client.force_login(people.bob())

    def get(query=""):
        answer = client.get(LIST + query)
        assert answer.status_code == 200
        return answer

    return get


def endings(answer):
    return [(row.record.tld, row.record.account.name) for row in answer.context["table"].paginated_rows]


def cheapest(user, column="register"):
    rows = queries.with_cheapest(queries.prices_visible_to(user), user)
    return {row.account.name for row in rows if getattr(row, f"cheapest_{column}")}


def test_an_ending_shows_who_sells_it_for_how_much(price_page):
    make_tld_price("com", account=make_account("Dear"), register="15.00")
    make_tld_price("com", account=make_account("Cheap"), register="9.50", renew=None)
    answer = price_page("?q=.com")
    assert endings(answer) == [("com", "Cheap"), ("com", "Dear")]
    text = answer.content.decode()
    assert "15.00" in text
    assert text.count('class="hf-best"') == 1, "both ask the same for a transfer"
    assert "not said" in text


def test_currencies_periods_and_the_demo_are_never_compared_with_each_other():
    bob = people.bob()
    make_tld_price("com", account=make_account("US"), register="10")
    make_tld_price("com", account=make_account("Dong"), register="5", currency="VND")
    make_tld_price("com", account=make_account("Nobody said"), register="1", currency="")
    make_tld_price("com", account=make_account("Nor here"), register="2", currency="")
    make_tld_price("com", account=make_account("Two years"), register="4", years=2)
    make_tld_price("com", account=make_account("Demo", is_demo=True), register="3")
    assert cheapest(bob) == set(), "each stands alone"
    make_tld_price("com", account=make_account("US too"), register="11")
    assert cheapest(bob) == {"US"}


def test_the_same_price_is_no_bargain_and_an_unknown_one_neither():
    bob = people.bob()
    make_tld_price("com", account=make_account("One"), register="10", renew=None)
    make_tld_price("com", account=make_account("Two"), register="10", renew="9")
    assert cheapest(bob) == set()
    make_tld_price("com", account=make_account("Three"), register="11", renew="9")
    assert cheapest(bob) == {"One", "Two"}
    assert cheapest(bob, "renew") == set()


def test_only_accounts_that_the_reader_may_see_are_shown_and_compared_with(client):
    private, bob, rita, charlie = (
        make_account("Private", open_to_staff=False),
        people.bob(),
        people.rita(),
        people.charlie(),
    )
    make_tld_price("com", account=private, register="1.00")
    make_tld_price("com", account=make_account("Open"), register="12.00")
    make_tld_price("com", account=make_account("Open too"), register="13.00")
    AccountShare.objects.create(account=private, user=bob)
    assert (cheapest(bob), cheapest(rita), cheapest(charlie)) == ({"Private"}, {"Open"}, set())
    for person, seen in ((bob, True), (rita, False), (charlie, False)):
        client.force_login(person)
        assert ("Private" in client.get(LIST).content.decode()) is seen


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (".com", {"com", "uk.com"}),
        ("com", {"com", "uk.com", "com.vn", "community"}),
        (".vn", {"vn", "com.vn"}),
        ("shop.example.com.vn", {"com.vn", "vn"}),
        ("COM.VN", {"com.vn", "vn"}),
        (".みんな", {"xn--q9jyb4c"}),
        (".vn .みんな", {"vn", "com.vn", "xn--q9jyb4c"}),
        ("nosuch", set()),
        (". .. 'x", set()),
    ],
)
def test_an_ending_is_found_by_what_people_type(price_page, search, found):
    account = make_account()
    for tld in ("com", "uk.com", "com.vn", "vn", "community", "xn--q9jyb4c"):
        make_tld_price(tld, account=account)
    assert {tld for tld, _account in endings(price_page(f"?q={search}"))} == found


def test_one_year_stands_first_and_longer_ones_on_their_own(price_page):
    account = make_account()
    make_tld_price("com", account=account, years=2)
    make_tld_price("com", account=account, years=1)
    assert [row.record.years for row in price_page().context["table"].paginated_rows] == [1]
    assert [row.record.years for row in price_page("?view=longer").context["table"].paginated_rows] == [2]
    assert [row.record.years for row in price_page("?view=all").context["table"].paginated_rows] == [1, 2]


def test_a_published_list_is_marked_as_such_and_a_price_that_moved_says_so(price_page):
    make_tld_price("com", listed_on=date(2026, 1, 16))
    make_tld_price(
        "net",
        changed_at=timezone.now() - timedelta(days=5),
        previous={"register": "9.9", "renew": "13.99", "currency": "USD"},
    )
    make_tld_price(
        "org", changed_at=timezone.now() - timedelta(days=400), previous={"register": "1", "currency": "USD"}
    )
    text = price_page().content.decode()
    assert "published list of 16 January 2026" in text or "published list of Fri 16 Jan 2026" in text, text
    assert text.count('class="hf-was"') == 1
    assert "was 9.90 USD until" in text


def test_the_page_says_how_old_it_is_and_what_would_be_there(price_page):
    assert "No price list yet" in price_page().content.decode()
    price = make_tld_price("com")
    read = timezone.now() - timedelta(hours=3)
    Schedule.objects.create(account=price.account, kind=Kind.PRICES, next_due_at=timezone.now(), last_complete_at=read)
    text = price_page().content.decode()
    assert "as of" in text
    assert read.isoformat(timespec="seconds") in text


def test_the_page_costs_as_many_queries_however_many_prices_there_are(price_page):
    for number in range(3):
        make_tld_price(f"tld{number}", account=make_account())
    price_page()
    with CaptureQueriesContext(connection) as few:
        price_page()
    for number in range(3, 40):
        make_tld_price(f"tld{number}", account=make_account())
    with CaptureQueriesContext(connection) as many:
        price_page()
    assert len(many) == len(few)


def test_the_prices_are_exported(client):
    client.force_login(people.bob())
    make_tld_price("com", account=make_account("US"))
    lines = b"".join(client.get(LIST + "?export=csv").streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Ending,For,Account,Register,Register (currency)")
    assert lines[1].startswith("com,1,US,12.99,USD")


def test_a_domain_leads_to_the_prices_of_its_ending(client):
    client.force_login(people.bob())
    domain = make_domain("shop.com.vn")
    url = f"/domains/{domain.pk}/"
    assert "/domains/prices/" not in client.get(url).content.decode(), "none are known"
    for tld in ("vn", "com.vn"):
        make_tld_price(tld)
    assert 'href="/domains/prices/?q=.com.vn"' in client.get(url).content.decode()
    assert 'href="/domains/prices/"' in client.get("/domains/").content.decode()


def test_the_api_lists_prices_filters_and_searches_them(client):
    headers = {"Authorization": f"Bearer {tokens.make(people.bob())[1]}"}
    here, hidden = make_account("Here", currency="VND"), make_account("Hidden", open_to_staff=False)
    price = make_tld_price(
        "vn", account=here, register="750000", renew=None, currency="VND", listed_on=date(2026, 1, 16)
    )
    make_tld_price("xn--q9jyb4c", account=make_account(), currency="")
    make_tld_price("vn", account=hidden)
    told = client.get(f"/api/v1/domain-prices/?account={here.pk}", headers=headers).json()["results"]
    assert len(told) == 1
    assert {name: told[0][name] for name in ("id", "account", "tld", "years", "register", "renew", "currency", "listed_on")} == {
        "id": price.pk, "account": here.pk, "tld": "vn", "years": 1, "register": "750000", "renew": None,
        "currency": "VND", "listed_on": "2026-01-16",
    }  # fmt: skip
    assert (told[0]["upstream_id"], told[0]["changed_at"]) == ("7", None)

    def found(query):
        answer = client.get(f"/api/v1/domain-prices/?{query}", headers=headers)
        assert answer.status_code == 200, answer.content
        return [row["unicode_tld"] for row in answer.json()["results"]]

    assert found("search=q9jy") == ["みんな"]
    assert found("tld=vn&currency=VND&years=1") == ["vn"]
    assert found("customer=1") == []
    assert found("ordering=-tld") == ["みんな", "vn"]
