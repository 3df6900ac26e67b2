"""The contacts of all accounts on one list, and what each may do, in words."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from profiles.words import GROUPS, PRIVILEGES, areas, granted
from providers.hostbill.parse.privileges import MEANINGS
from sync.links import page_of
from tests.accounts import people
from tests.factories import make_account, make_contact, make_domain, make_service

pytestmark = pytest.mark.django_db
LIST = "/contacts/"


def page(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_what_the_documents_tell_of_privileges_has_words_here():
    assert set(MEANINGS) == set(PRIVILEGES)
    assert {key.partition(".")[0] for key in PRIVILEGES} == set(GROUPS)


def test_privileges_are_told_by_group_and_thing():
    told = granted(
        ["billing.balance", "services.301.basic", "services.301.upgrade", "support.tickets", "odd.thing", "bare"]
    )
    assert [(str(one.title), one.thing, [str(words) for words in one.may]) for one in told] == [
        ("Invoices and money", "", ["sees the balance"]),
        ("Tickets", "", ["reads all tickets"]),
        ("Services", "301", ["sees it", "makes it larger or smaller"]),
        ("bare", "", [""]),
        ("odd", "", ["thing"]),
    ]
    assert [str(words) for words in areas(["odd.x", "support.tickets", "billing.balance"])] == [
        "Invoices and money", "Tickets", "odd",
    ]  # fmt: skip


def test_the_list_tells_who_where_and_what_for(client):
    client.force_login(people.bob())
    account = make_account("Agency")
    mary = make_contact("Mary", company="Ropes Ltd", account=account, privileges=["support.tickets", "billing.balance"])
    make_contact("Thu", "Lê", account=account, privileges=[], last_login_at=timezone.now())
    listed = page(client, LIST)
    for words in ("Mary Sue", "Ropes Ltd", "mary@contacts.example", "Invoices and money, Tickets", "Thu Lê", "nothing"):
        assert words in listed
    assert reverse("profiles:contact-detail", args=[mary.pk]) in listed
    found = page(client, f"{LIST}?q=ropes")
    assert "Mary Sue" in found
    assert "Thu Lê" not in found
    assert "Mary Sue" in page(client, f"{LIST}?account={account.pk}")
    assert "support.tickets" in client.get(f"{LIST}?export=csv").getvalue().decode()


def test_the_page_of_a_contact_names_the_things_it_may_act_on(client):
    client.force_login(people.bob())
    account = make_account("Agency")
    service = make_service(domain="web.example", account=account, upstream_id="301")
    make_service(domain="other.example", account=make_account("Other"), upstream_id="301")
    domain = make_domain("ropes.example", account=account, upstream_id="7")
    contact = make_contact(
        account=account,
        privileges=["services.301.basic", "domains.7.renew", "domains.8.renew", "misc.affiliates"],
        address=["Pretty View Lane", "3194"], city="Santa Rosa", state="California", postcode="95401", country="US",
        phone="+1.24123123", mobile="+1.555",
    )  # fmt: skip
    shown = page(client, reverse("profiles:contact-detail", args=[contact.pk]))
    for words in ("Pretty View Lane", "95401 Santa Rosa", "California, US", "+1.24123123", "+1.555", "renews it"):
        assert words in shown
    assert f'href="{page_of(service.resource)}">web.example' in shown
    assert f'href="{page_of(domain.resource)}">ropes.example' in shown
    assert "other.example" not in shown
    assert '<span class="mono">8</span>' in shown
    assert page_of(contact.resource) == reverse("profiles:contact-detail", args=[contact.pk])


@pytest.mark.parametrize(
    ("privileges", "words"),
    [(None, "The portal has not said it yet."), ([], "Nothing: this contact has no privilege.")],
)
def test_nothing_granted_and_nothing_told_are_two_things(client, privileges, words):
    client.force_login(people.bob())
    contact = make_contact(privileges=privileges)
    assert words in page(client, reverse("profiles:contact-detail", args=[contact.pk]))


def test_what_a_portal_writes_stays_text(client):
    client.force_login(people.bob())
    evil = "<script>x</script>"
    contact = make_contact(evil, "", email=evil, company=evil, privileges=[f"services.{evil}.{evil}", evil], city=evil)
    for url in (LIST, reverse("profiles:contact-detail", args=[contact.pk])):
        shown = page(client, url)
        assert evil not in shown
        assert escape(evil) in shown


def test_contacts_of_accounts_that_are_not_shared_do_not_exist(client):
    contact = make_contact(account=make_account("Closed", open_to_staff=False))
    urls = [reverse(f"profiles:contact-{name}", args=[contact.pk]) for name in ("detail", "history")]
    urls.append(reverse("profiles:account-profile", args=[contact.resource.account_id]))
    client.force_login(people.bob())
    assert "Mary Sue" not in page(client, LIST)
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]
    client.force_login(people.charlie())
    assert "Mary Sue" not in client.get(LIST).content.decode()
    client.force_login(people.alice())
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]
    client.logout()
    assert {client.get(url).status_code for url in [LIST, *urls]} == {302}


def test_the_list_costs_the_same_for_one_contact_and_for_many(client):
    client.force_login(people.bob())
    account = make_account("Agency")

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            page(client, LIST)
        return len(caught)

    make_contact("First", account=account, privileges=["services.full"])
    cost()
    one = cost()
    for number in range(40):
        make_contact(f"N{number}", account=account, privileges=["services.full"])
    assert cost() == one
