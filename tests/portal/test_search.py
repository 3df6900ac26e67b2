"""Search over everything: what is found by which words, and by whom."""

import pytest

from portal.search import PER_KIND, search
from tests.accounts import people
from tests.factories import (
    make_account,
    make_certificate,
    make_customer,
    make_domain,
    make_invoice,
    make_machine,
    make_service,
    make_ticket,
    make_zone,
)
from web.shell import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return people.alice()


def found(user, words, scope=None):
    return {hit.name for group in search(user, words, scope) for hit in group.hits}


def test_things_of_every_kind_are_found_by_a_part_of_their_name(alice):
    account = make_account()
    make_domain("lotusdental.example", account=account)
    make_zone("lotusdental.example", account=account)
    make_service("Lotus hosting", account=account)
    make_machine("lotus-web-1", account=account)
    make_certificate("www.lotusdental.example", account=account)
    make_ticket("Mail of lotusdental bounces", account=account)
    make_domain("other.example", account=account)
    groups = {group.label: [hit.name for hit in group.hits] for group in search(alice, "LOTUS")}
    assert list(groups) == ["Domains", "DNS zones", "Tickets", "Services", "Virtual machines", "Certificates"]
    assert found(alice, "hosting") == set(groups["Services"])
    assert "other.example" not in found(alice, "lotus")


def test_every_word_has_to_occur(alice):
    make_domain("nordlys-bageri.example")
    make_domain("nordlys-kaffe.example")
    assert found(alice, "nordlys kaffe") == {"nordlys-kaffe.example"}
    assert found(alice, "nordlys absent") == set()


@pytest.mark.parametrize("words", ["cà-phê", "cà", "CÀ-PHÊ", "xn--c-ph", "XN--C-PH"])
def test_a_name_in_its_own_script_is_found_in_both_spellings(alice, words):
    make_domain("cà-phê.vn".encode("idna").decode())
    assert found(alice, words) == {"cà-phê.vn"}


def test_an_invoice_is_found_by_its_number_with_slashes(alice):
    make_invoice("2026/11/41")
    make_invoice("2026/11/7")
    assert found(alice, "2026/11/41") == {"2026/11/41"}
    assert found(alice, "11/7") == {"2026/11/7"}


@pytest.mark.parametrize("words", ["#48190", "48190", "#4819"])
def test_a_ticket_is_found_by_its_number(alice, words):
    make_ticket("Posterne er væk", number="48190")
    make_ticket("Another", number="900481")
    assert found(alice, words) == {"Posterne er væk"}


@pytest.mark.parametrize("words", ["203.0.113.21", "2001:db8::21"])
def test_a_machine_is_found_by_its_address(alice, words):
    make_machine("web-01", ips=["203.0.113.21", "2001:db8::21"])
    make_machine("web-02", ips=["203.0.113.210"])
    assert found(alice, words) == {"web-01"}


def test_customers_are_found_by_name_and_mail_and_stand_first(alice):
    customer = make_customer("Fjord Optik")
    customer.email = "office@briller.example"
    customer.save()
    make_domain("fjord.example")
    assert [group.label for group in search(alice, "fjord")] == ["Customers", "Domains"]
    assert found(alice, "briller") == {"Fjord Optik"}


def test_what_belongs_to_a_customer_or_has_a_tag_is_found_by_that_tag(alice):
    make_domain("a.example", tags=["migrating"])
    assert found(alice, "migrating") == {"a.example"}


def test_a_kind_shows_its_first_eight_and_says_that_there_are_more(alice):
    account = make_account()
    for number in range(PER_KIND + 1):
        make_domain(f"many{number:02}.example", account=account)
    (group,) = search(alice, "many")
    assert (len(group.hits), group.more, group.hits[0].name) == (PER_KIND, True, "many00.example")


def test_the_scope_narrows_what_is_found(alice):
    ours, customer = make_account(), make_customer()
    make_domain("here.example", account=ours)
    make_domain("there.example", customer=customer)
    assert found(alice, "example", Scope("account", str(ours.pk))) == {"here.example"}
    assert found(alice, "example", Scope("customer", str(customer.pk))) == {"there.example"}
    for nonsense in ("x", "9" * 30, "-1", "٣"):
        assert found(alice, "example", Scope("account", nonsense)) == set(), nonsense


def test_what_upstream_no_longer_lists_is_not_found(alice):
    make_domain("gone.example", gone_at="2026-01-01T00:00:00Z")
    assert found(alice, "gone") == set()


def test_people_find_only_what_they_may_see():
    make_domain("secret.example", account=make_account("Private", open_to_staff=False))
    make_domain("open.example")
    make_customer("Example customer")
    assert found(people.alice(), "example") == {"secret.example", "open.example", "Example customer"}
    assert found(people.rita(), "example") == {"open.example", "Example customer"}
    assert found(people.charlie(), "example") == set()


@pytest.mark.parametrize(
    "words",
    [
        "%",
        "_",
        "%_%",
        "\\",
        "'",
        '"; DROP TABLE sync_resource; --',
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "\x00",
        "   ",
    ],
)
def test_signs_that_mean_something_elsewhere_find_nothing_and_break_nothing(client, alice, words):
    make_domain("plain.example")
    client.force_login(alice)
    answer = client.get("/search/", {"q": words})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "plain.example" not in page
    assert "<script>alert" not in page
    assert "49" not in page.partition("<main")[2].partition("</h1>")[0]


def test_percent_and_underscore_are_found_where_they_stand(alice):
    make_ticket("100 % packet loss")
    make_ticket("The host my_host")
    make_ticket("The host my-host")
    assert found(alice, "%") == {"100 % packet loss"}
    assert found(alice, "my_host") == {"The host my_host"}


def test_ten_thousand_characters_are_answered(client, alice):
    client.force_login(alice)
    for words in ("a" * 10_000, "a " * 5_000):
        answer = client.get("/search/", {"q": words})
        assert answer.status_code == 200
        assert len(answer.content) < 60_000


def test_the_page_asks_for_words_keeps_them_and_says_when_nothing_was_found(client, alice):
    client.force_login(alice)
    assert "What are you looking for?" in client.get("/search/").content.decode()
    page = client.get("/search/?q=nowhere").content.decode()
    assert "Nothing found" in page
    assert 'value="nowhere"' in page
    make_domain("nowhere.example")
    assert "/domains/" in client.get("/search/?q=nowhere").content.decode()


def test_one_has_to_sign_in(client):
    assert client.get("/search/?q=a").status_code == 302
