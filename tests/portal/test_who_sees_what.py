"""One table of what each person gets at each address: pages and API alike."""

import pytest
from django.urls import reverse

from accounts import tokens
from accounts.models import AccountShare
from tests.accounts import people
from tests.factories import (
    make_account,
    make_certificate,
    make_contact,
    make_domain,
    make_invoice,
    make_machine,
    make_service,
    make_ticket,
    make_zone,
)

pytestmark = pytest.mark.django_db

DETAILS = {
    "domains:domain-detail": make_domain,
    "domains:zone-detail": make_zone,
    "billing:invoice-detail": make_invoice,
    "support:ticket-detail": make_ticket,
    "services:service-detail": make_service,
    "services:machine-detail": make_machine,
    "services:certificate-detail": make_certificate,
    "profiles:contact-detail": make_contact,
}
LISTS = {
    "domains:domain-list": make_domain,
    "domains:zone-list": make_zone,
    "billing:invoice-list": make_invoice,
    "support:ticket-list": make_ticket,
    "services:service-list": make_service,
    "services:machine-list": make_machine,
    "services:certificate-list": make_certificate,
    "profiles:contact-list": make_contact,
}
API = {
    "domains": make_domain,
    "zones": make_zone,
    "invoices": make_invoice,
    "tickets": make_ticket,
    "services": make_service,
    "virtual-machines": make_machine,
    "certificates": make_certificate,
    "contacts": make_contact,
}


@pytest.fixture
def private():
    """An account that is shared with Bob alone."""
    return make_account("Private", open_to_staff=False)


@pytest.mark.parametrize(("name", "make"), DETAILS.items())
def test_a_detail_page_opens_for_who_may_see_its_account_and_is_not_found_for_others(client, private, name, make):
    thing = make(account=private)
    bob = people.bob()
    AccountShare.objects.create(account=private, user=bob)
    url = reverse(name, args=[thing.pk])
    assert client.get(url).status_code == 302, "anonymous people are asked to sign in"
    for person, status in ((people.alice(), 200), (bob, 200), (people.rita(), 404), (people.charlie(), 404)):
        client.force_login(person)
        assert client.get(url).status_code == status, person.name


@pytest.mark.parametrize(("name", "make"), LISTS.items())
def test_a_list_shows_only_what_its_reader_may_see(client, private, name, make):
    thing = make(account=private)
    shown = str(thing.resource.name)
    for person, seen in ((people.alice(), True), (people.rita(), False), (people.charlie(), False)):
        client.force_login(person)
        answer = client.get(reverse(name))
        assert answer.status_code == 200
        assert (shown in answer.content.decode()) is seen, person.name


@pytest.mark.parametrize(("path", "make"), API.items())
def test_the_api_shows_only_what_its_reader_may_see(client, private, path, make):
    thing = make(account=private)
    assert client.get(f"/api/v1/{path}/").status_code == 401
    for person, seen in ((people.alice(), True), (people.rita(), False), (people.charlie(), False)):
        headers = {"Authorization": f"Bearer {tokens.make(person)[1]}"}
        rows = client.get(f"/api/v1/{path}/", headers=headers).json()["results"]
        assert [row["id"] for row in rows] == ([thing.pk] if seen else []), person.name
        assert client.get(f"/api/v1/{path}/{thing.pk}/", headers=headers).status_code == (200 if seen else 404)


@pytest.mark.parametrize(("name", "make"), LISTS.items())
def test_a_list_costs_the_same_number_of_queries_however_long_it_is(client, django_assert_max_num_queries, name, make):
    client.force_login(people.alice())
    account = make_account()
    for _number in range(3):
        make(account=account)
    client.get(reverse(name))
    with django_assert_max_num_queries(60) as few:
        client.get(reverse(name))
    for _number in range(30):
        make(account=account)
    with django_assert_max_num_queries(60) as many:
        client.get(reverse(name))
    assert len(many) == len(few)


@pytest.mark.parametrize(("name", "make"), LISTS.items())
def test_what_upstream_no_longer_lists_leaves_the_list_but_its_page_stays(client, name, make):
    client.force_login(people.alice())
    thing = make()
    thing.resource.gone_at = thing.resource.first_seen
    thing.resource.save()
    assert str(thing.resource.name) not in client.get(reverse(name)).content.decode()
    detail = next(detail for detail, its in DETAILS.items() if its is make)
    assert client.get(reverse(detail, args=[thing.pk])).status_code == 200
