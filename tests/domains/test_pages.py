import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccountShare
from tests.accounts import people
from tests.factories import in_days, make_account, make_customer, make_domain, make_record, make_zone

pytestmark = pytest.mark.django_db
LIST = "/domains/"
HTMX = {"HX-Request": "true"}


def client_of(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def bob():
    return client_of(people.bob())


def listed(client, query="", url=LIST):
    """The names of the rows, as the page has them."""
    answer = client.get(url + query)
    assert answer.status_code == 200
    return [row.record.name for row in answer.context["table"].paginated_rows]


def shown(client, url, **more):
    answer = client.get(url, **more)
    assert answer.status_code == 200
    return answer.content.decode()


def pages_of(account):
    domain, zone = make_domain("kept.example", account=account), make_zone("kept.example", account=account)
    make_record(zone)
    return [
        reverse("domains:domain-detail", args=[domain.pk]),
        reverse("domains:domain-dns", args=[domain.pk]),
        reverse("domains:domain-history", args=[domain.pk]),
        reverse("domains:zone-detail", args=[zone.pk]),
        reverse("domains:zone-history", args=[zone.pk]),
    ]


LISTS = [LIST, "/domains/zones/"]


def test_the_bulk_bar_never_adds_the_demo_to_what_costs_money(bob):
    picks = [
        make_domain(
            account=make_account(is_demo=is_demo, capabilities=["domains.renew"]),
            renewal_price=price,
            renewal_currency="USD",
            period_years=1,
        ).pk
        for is_demo, price in ((False, "12.00"), (True, "5.00"))
    ]
    url = reverse("domains:renew-many-summary")
    both = bob.post(url, {"pick": picks}).content.decode()
    assert "renewing them: 12.00 USD (and in the demo 5.00 USD)" in both
    assert "renewing them: 5.00 USD" in bob.post(url, {"pick": picks[1:]}).content.decode()


# --- who sees what -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", [people.alice, people.bob, people.rita])
def test_everybody_with_a_role_sees_what_is_open_to_staff(person):
    client = client_of(person())
    for url in pages_of(make_account()):
        assert "kept.example" in shown(client, url)
    for url in LISTS:
        assert listed(client, url=url) == ["kept.example"]


def test_an_outsider_sees_nothing():
    charlie = client_of(people.charlie())
    for url in pages_of(make_account()):
        assert charlie.get(url).status_code == 404
    for url in LISTS:
        assert listed(charlie, url=url) == []


def test_an_account_that_is_not_open_to_staff_shows_to_administrators_and_those_it_is_shared_with():
    account = make_account(open_to_staff=False)
    urls = pages_of(account)
    bob = people.bob()
    for person in (bob, people.rita()):
        assert [client_of(person).get(url).status_code for url in urls] == [404] * len(urls)
        assert [listed(client_of(person), url=url) for url in LISTS] == [[], []]
    alice = client_of(people.alice())
    assert [alice.get(url).status_code for url in urls] == [200] * len(urls)
    AccountShare.objects.create(account=account, user=bob)
    assert [client_of(bob).get(url).status_code for url in urls] == [200] * len(urls)


def test_who_is_not_signed_in_is_asked_to():
    for url in [*LISTS, *pages_of(make_account())]:
        answer = Client().get(url)
        assert answer.status_code == 302
        assert "next=" in answer["Location"]


def test_a_zone_at_a_hidden_account_is_not_told_beside_a_domain_that_one_may_see(bob):
    domain = make_domain("seen.example", account=make_account("Open"))
    make_zone("seen.example", account=make_account("Hidden", open_to_staff=False))
    page = shown(bob, reverse("domains:domain-dns", args=[domain.pk]))
    assert "Hidden" not in page
    assert "No zone of this name" in page


def test_only_who_may_act_can_assign_customers():
    make_domain()
    assert "Assign customer" in shown(client_of(people.bob()), LIST)
    assert "Assign customer" not in shown(client_of(people.rita()), LIST)


# --- the list ----------------------------------------------------------------------------------------------------------


def test_the_soonest_lapse_stands_first_and_unknown_ones_last(bob):
    make_domain("later.example", expires_on=in_days(60))
    make_domain("unknown.example", expires_on=None)
    make_domain("over.example", expires_on=in_days(-2))
    make_domain("due.example", expires_on=in_days(300), next_due_on=in_days(5))
    assert listed(bob) == ["over.example", "due.example", "later.example", "unknown.example"]
    assert listed(bob, "?sort=-lapses") == ["later.example", "due.example", "over.example", "unknown.example"]
    assert listed(bob, "?sort=name") == ["due.example", "later.example", "over.example", "unknown.example"]


def test_a_filter_says_what_it_means(bob):
    here, there, customer = make_account("Here"), make_account("There"), make_customer("Nordlys Bageri")
    make_domain("over", account=here, expires_on=in_days(-1), status="expired")
    make_domain("week", account=here, expires_on=in_days(7), customer=customer)
    make_domain("month", account=there, expires_on=in_days(30), auto_renew=False)
    make_domain("later", account=there, expires_on=in_days(400), auto_renew=None)
    make_domain("left", account=there, expires_on=in_days(5), status="transferred_away")
    assert listed(bob, "?lapses=overdue") == ["over"]
    assert listed(bob, "?lapses=7") == ["over", "week"]
    assert listed(bob, "?lapses=30") == ["over", "week", "month"]
    assert listed(bob, f"?account={there.pk}&sort=name") == ["later", "left", "month"]
    assert listed(bob, f"?customer={customer.pk}") == ["week"]
    assert listed(bob, "?status=staying") == ["over", "week", "month", "later"]
    assert listed(bob, "?status=transferred_away") == ["left"]
    assert listed(bob, "?auto_renew=off") == ["month"]
    assert listed(bob, "?auto_renew=unsaid") == ["later"]
    assert listed(bob, "?q=nordlys") == ["week"]
    assert listed(bob, f"?scope=customer:{customer.pk}") == ["week"]


def test_a_saved_view_counts_what_it_shows(bob):
    account = make_account()
    make_domain("fine.example", account=account)
    make_domain("soon.example", account=account, expires_on=in_days(20))
    make_domain("over.example", account=account, expires_on=in_days(-3), status="expired")
    make_domain("off.example", account=account, auto_renew=False)
    make_domain("doubt.example", account=account, unreadable=["expires_on"])
    make_domain("elsewhere.example", account=account)
    make_domain("gone.example", account=account, gone_at="2026-01-01T00:00:00Z", auto_renew=False)
    make_zone("elsewhere.example", account=account, hosted=False)
    make_zone("fine.example", account=account, hosted=True)
    make_zone("fine.example", account=account, hosted=False)
    make_zone("off.example", hosted=False)
    tabs = {tab.slug: tab.count for tab in bob.get(LIST).context["list"].tabs}
    assert tabs == {
        "": 6,
        "90-days": 2,
        "expired": 1,
        "auto-renew-off": 1,
        "dates-unknown": 1,
        "not-hosted-here": 1,
        "gone": 1,
    }
    for slug, count in tabs.items():
        assert len(listed(bob, f"?view={slug}")) == count
    assert listed(bob, "?view=not-hosted-here") == ["elsewhere.example"]


def test_what_upstream_no_longer_lists_is_hidden_until_asked_for(bob):
    make_domain("gone.example", gone_at="2026-01-01T00:00:00Z")
    assert listed(bob) == []
    assert listed(bob, "?view=gone") == ["gone.example"]


def test_fifty_rows_make_a_page(bob):
    account = make_account()
    for number in range(53):
        make_domain(f"n{number:02}.example", account=account)
    assert len(listed(bob, "?sort=name")) == 50
    assert listed(bob, "?sort=name&page=2") == ["n50.example", "n51.example", "n52.example"]


def test_an_international_name_is_shown_in_its_own_script_and_found_by_it(bob):
    punycode = "bánh-mì.vn".encode("idna").decode()
    domain = make_domain(punycode)
    page = shown(bob, LIST)
    assert f'<span class="mono" title="{punycode}">bánh-mì.vn</span>' in page
    assert listed(bob, "?q=bánh") == listed(bob, f"?q={punycode}") == [punycode]
    detail = shown(bob, reverse("domains:domain-detail", args=[domain.pk]))
    assert "bánh-mì.vn</h1>" in detail
    assert f'data-hf-copy="{punycode}"' in detail


def test_a_date_that_makes_no_sense_is_hatched(bob):
    make_domain("never.example", expires_on=None, unreadable=["expires_on"])
    kept = make_domain("kept.example", expires_on=in_days(40), unreadable=["expires_on"])
    page = shown(bob, LIST)
    assert page.count("date unreadable") == 1
    assert "in 40 days" in page
    assert "The provider's last date can't be read" in page.replace("&#x27;", "'")
    detail = shown(bob, reverse("domains:domain-detail", args=[kept.pk]))
    assert "unreadable now, last read as" in detail
    assert "The provider last sent a date that makes no sense." in detail


def test_what_has_left_is_not_said_to_lapse(bob):
    domain = make_domain("left.example", status="cancelled", expires_on=in_days(-400))
    assert "expired" not in shown(bob, LIST, headers=HTMX).split("<tbody>")[1]
    assert (
        "lapses"
        not in shown(bob, reverse("domains:domain-detail", args=[domain.pk])).split("</h1>")[1].split("<nav")[0]
    )


def test_the_export_has_the_filtered_rows_with_money_as_numbers(bob):
    make_domain("a.example", renewal_price="770000", renewal_currency="VND", expires_on=in_days(5))
    make_domain("b.example", expires_on=in_days(300))
    answer = bob.get(LIST + "?lapses=7&export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "a.example" in lines[1]
    assert ",770000,VND" in lines[1]
    assert in_days(5).isoformat() in lines[1]


def test_a_fragment_is_the_list_alone(bob):
    make_domain()
    fragment = shown(bob, LIST, headers=HTMX)
    assert "<html" not in fragment
    assert 'id="list"' in fragment


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def test_what_upstream_says_is_text_and_nothing_else(bob):
    domain = make_domain(
        "a.example<script>alert(3)</script>",
        upstream_status=HOSTILE[:60],
        status="unknown",
        registrar=HOSTILE,
        nameservers=[HOSTILE],
    )
    zone = make_zone(domain.name, account=domain.resource.account, reason=HOSTILE)
    make_record(zone, HOSTILE, "TXT", HOSTILE)
    urls = [
        LIST,
        "/domains/zones/",
        *[reverse(f"domains:{name}", args=[domain.pk]) for name in ("domain-detail", "domain-dns")],
    ]
    for url in [*urls, reverse("domains:zone-detail", args=[zone.pk])]:
        page = shown(bob, url)
        assert "<script>alert" not in page, url
        assert "<img src=x" not in page, url


def test_a_list_of_two_hundred_costs_as_many_queries_as_one_of_five(bob):
    account = make_account()

    def cost(url):
        with CaptureQueriesContext(connection) as seen:
            answer = bob.get(url)
            assert answer.status_code == 200
            b"".join(answer)  # a file is written while it is sent
        return len(seen)

    def grow(rows):
        for _ in range(rows):
            make_domain(account=account, customer=make_customer())
            make_record(make_zone(account=account))

    grow(5)
    few = [cost(url) for url in (*LISTS, LIST + "?export=csv")]
    grow(195)
    assert [cost(url) for url in (*LISTS, LIST + "?export=csv")] == few
    assert max(few) <= 16


# --- one domain, one zone ----------------------------------------------------------------------------------------------


def test_the_scope_is_kept_from_the_list_to_the_tabs_and_back(bob):
    domain = make_domain("a.example")
    scope = f"?scope=account:{domain.resource.account_id}"
    assert f'href="/domains/{domain.pk}/{scope}"' in shown(bob, LIST + scope)
    page = shown(bob, reverse("domains:domain-detail", args=[domain.pk]) + scope)
    assert f'href="/domains/{domain.pk}/dns/{scope}"' in page
    assert f'href="/domains/{scope}"' in page


def test_the_records_of_a_domain_stand_by_purpose(bob):
    domain = make_domain("a.example")
    zone = make_zone("a.example", account=domain.resource.account)
    make_record(zone, "@", "MX", "mail.a.example.", priority=10)
    make_record(zone, "www", "CNAME", "a.example.")
    page = shown(bob, reverse("domains:domain-dns", args=[domain.pk]))
    assert page.index("Website") < page.index("www") < page.index(">Mail<") < page.index("mail.a.example.")


def test_a_record_is_found_by_name_type_or_value(bob):
    zone = make_zone("a.example")
    make_record(zone, "www", "CNAME", "cdn.example.")
    make_record(zone, "shop", "A", "192.0.2.77")
    page = reverse("domains:zone-detail", args=[zone.pk])
    found = shown(bob, page + "?find=shop+192", headers=HTMX)
    assert "192.0.2.77" in found
    assert "cdn.example." not in found
    assert "1 of 2 records" in found
    assert "No record like this" in shown(bob, page + "?find=nothing")


def test_where_dns_is_run_elsewhere_the_page_says_whose_name_servers_answer(bob):
    domain = make_domain("a.example", nameservers=["ns1.dandomain.example", "ns2.dandomain.example"])
    make_zone("a.example", account=domain.resource.account, hosted=False, reason="Zone is not managed by us")
    page = shown(bob, reverse("domains:domain-dns", args=[domain.pk]))
    assert "its name servers are those of dandomain.example" in page
    assert "Zone is not managed by us" in page


def test_a_zone_that_the_world_does_not_see_is_told(bob):
    domain = make_domain("a.example", nameservers=["ns1.cloudflare.example"])
    zone = make_zone("a.example", account=domain.resource.account)
    make_record(zone, "@", "NS", "ns1.portal.example.")
    for url in (reverse("domains:domain-dns", args=[domain.pk]), reverse("domains:zone-detail", args=[zone.pk])):
        assert "The world does not see these records" in shown(bob, url)


def test_a_zone_at_another_account_serves_a_domain_that_has_none_at_its_own(bob):
    domain = make_domain("a.example", account=make_account("Registrar"))
    zone = make_zone("a.example", account=make_account("DNS house"))
    make_record(zone, "www", "A", "192.0.2.80")
    page = shown(bob, reverse("domains:domain-dns", args=[domain.pk]))
    assert "These are the records of the zone at DNS house." in page
    assert "192.0.2.80" in page
    assert "Registrar" in shown(bob, reverse("domains:zone-detail", args=[zone.pk]))


def test_a_zone_is_found_by_what_its_records_say(bob):
    make_record(make_zone("a.example"), "shop", "A", "192.0.2.80")
    make_zone("b.example", hosted=False)
    assert listed(bob, "?q=192.0.2.80", url="/domains/zones/") == ["a.example"]
    assert listed(bob, "?hosted=elsewhere", url="/domains/zones/") == ["b.example"]
    assert listed(bob, "?view=elsewhere", url="/domains/zones/") == ["b.example"]
    assert listed(bob, "?sort=-records", url="/domains/zones/") == ["a.example", "b.example"]


def test_of_two_zones_at_one_account_the_one_with_records_is_shown(bob):
    domain = make_domain("a.example")
    make_zone("a.example", account=domain.resource.account, domain_id=domain.resource.upstream_id)
    full = make_zone("a.example", account=domain.resource.account, service_id="7")
    make_record(full, "www", "A", "192.0.2.80")
    page = shown(bob, reverse("domains:domain-dns", args=[domain.pk]))
    assert "192.0.2.80" in page
    assert page.index("In a DNS service") < page.index("With the domain")


def test_a_zone_without_a_domain_of_ours_has_its_page(bob):
    zone = make_zone("alone.example")
    make_record(zone)
    page = shown(bob, reverse("domains:zone-detail", args=[zone.pk]))
    assert "holds a domain of this name" in page


@pytest.mark.parametrize(
    ("hosted", "words"), [(None, "The records were not read yet"), (True, "says that it has no records")]
)
def test_a_zone_without_records_says_why(bob, hosted, words):
    zone = make_zone(hosted=hosted)
    assert words in shown(bob, reverse("domains:zone-detail", args=[zone.pk]))


def test_a_page_about_one_domain_costs_a_few_queries_however_large_its_zone(bob):
    domain = make_domain("a.example", customer=make_customer())
    zone = make_zone("a.example", account=domain.resource.account)
    url = reverse("domains:domain-dns", args=[domain.pk])

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert bob.get(url).status_code == 200
        return len(seen)

    make_record(zone, "n")
    few = cost()
    for number in range(150):
        make_record(zone, f"n{number}")
    assert cost() == few
