"""How old every page is, why it is no younger, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ProviderAccount
from sync import ages
from sync.ages import age_of
from sync.models import Kind, Resource, Run, Schedule
from tests.accounts import people
from tests.factories import (
    make_account,
    make_certificate,
    make_contact,
    make_customer,
    make_domain,
    make_invoice,
    make_machine,
    make_service,
    make_ticket,
    make_zone,
)
from web.shell import Scope
from web.tones import Tone

pytestmark = pytest.mark.django_db

Maker = Callable[..., Any]
LISTS: dict[str, tuple[Maker, Kind, str]] = {
    "domains:domain-list": (make_domain, Kind.DOMAINS, "domains:domain-detail"),
    "domains:zone-list": (make_zone, Kind.ZONES, "domains:zone-detail"),
    "billing:invoice-list": (make_invoice, Kind.INVOICES, "billing:invoice-detail"),
    "support:ticket-list": (make_ticket, Kind.TICKETS, "support:ticket-detail"),
    "services:service-list": (make_service, Kind.SERVICES, "services:service-detail"),
    "services:machine-list": (make_machine, Kind.MACHINES, "services:machine-detail"),
    "services:certificate-list": (make_certificate, Kind.CERTIFICATES, "services:certificate-detail"),
    "profiles:contact-list": (make_contact, Kind.CONTACTS, "profiles:contact-detail"),
}


def age_of_kinds(*asked: Any) -> Any:
    """An Age, or None; typed loosely, so that each line need not say which."""
    return ages.age_of_kinds(*asked)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def plan(
    account: ProviderAccount, kind: str = Kind.DOMAINS, *, ago: timedelta = timedelta(minutes=3), **columns: object
):
    now = timezone.now()
    given = {"next_due_at": now + minutes(20), "last_complete_at": now - ago, **columns}
    return Schedule.objects.create(account=account, kind=kind, **given)


@pytest.fixture
def alice(db):  # noqa: ARG001  # the database first
    return people.alice()


@pytest.mark.parametrize("name", LISTS)
def test_every_list_and_every_page_of_a_thing_says_how_old_it_is_and_why(client, alice, name):
    make, kind, detail = LISTS[name]
    thing = make(account=make_account("Cloudviet main"))
    account = thing.resource.account
    schedule = plan(account, kind)
    client.force_login(alice)
    addresses = [reverse(name), reverse(detail, args=[thing.pk])]
    for address in addresses:
        page = client.get(address).content.decode()
        assert "hf-age hf-tone fine" in page, address
        assert "3 minutes ago" in page, address
    Schedule.objects.filter(pk=schedule.pk).update(
        last_complete_at=timezone.now() - timedelta(days=2), failures=3, failing_since=timezone.now() - minutes(90)
    )
    Run.objects.create(
        account=account, kind=kind, state="failed", error_code="unavailable", finished_at=timezone.now() - minutes(2)
    )
    for address in addresses:
        page = client.get(address).content.decode()
        assert "hf-age hf-tone soon" in page, address
        assert "Cloudviet main gives no answer since" in page, address
        assert "it is tried again in 20 minutes" in page, address
        assert reverse("sync:start-kind", args=[account.pk, kind]) in page, address


def test_it_is_amber_from_twice_its_interval_on(alice):
    account = make_account()
    schedule = plan(account, ago=minutes(119))
    age = age_of_kinds(alice, [Kind.DOMAINS])
    assert (age.tone, age.troubles) == (Tone.FINE, ())
    Schedule.objects.update(last_complete_at=timezone.now() - minutes(121))
    age = age_of_kinds(alice, [Kind.DOMAINS])
    assert age.tone == Tone.SOON
    assert "is read again at" in str(age.troubles[0].text), "it was stopped, or a person rejected it"
    Schedule.objects.update(next_due_at=timezone.now() - minutes(1))
    assert "waits for its turn" in str(age_of_kinds(alice, [Kind.DOMAINS]).troubles[0].text)
    schedule.interval = timedelta(hours=6)
    schedule.save(update_fields=["interval"])
    assert age_of_kinds(alice, [Kind.DOMAINS]).tone == Tone.FINE


def test_a_list_is_as_old_as_the_oldest_of_its_accounts_inside_the_scope(alice):
    young, old = make_account("Young"), make_account("Old")
    plan(young)
    plan(old, ago=minutes(50))
    customer = make_customer()
    make_domain(account=young, customer=customer)
    as_of = Schedule.objects.get(account=old).last_complete_at
    assert age_of_kinds(alice, [Kind.DOMAINS]).as_of == as_of
    newer = Schedule.objects.get(account=young).last_complete_at
    assert age_of_kinds(alice, [Kind.DOMAINS], Scope("account", str(young.pk))).as_of == newer
    assert age_of_kinds(alice, [Kind.DOMAINS], Scope("customer", str(customer.pk))).as_of == newer
    assert age_of_kinds(alice, [Kind.TICKETS]) is None
    assert age_of_kinds(people.charlie(), [Kind.DOMAINS]) is None


@pytest.mark.parametrize(
    ("state", "says", "way_out"),
    [
        ("refused", "the portal refused the credential", "Replace the credential"),
        ("paused", "is paused and grows old. Paused by Alice.", "Resume reading"),
    ],
)
def test_an_account_that_is_not_read_says_so_and_offers_the_way_out_to_who_may(alice, state, says, way_out):
    account = make_account("Old login", state=state, state_reason="Paused by Alice.")
    plan(account, ago=timedelta(days=3))
    for person, label in ((alice, way_out), (people.rita(), "See the account")):
        age = age_of_kinds(person, [Kind.DOMAINS])
        assert age.tone == Tone.UNKNOWN
        assert says in str(age.troubles[0].text)
        assert str(age.troubles[0].action.label) == label


def test_an_account_that_was_never_read_is_missing_from_no_sentence(alice):
    plan(make_account("Acme"))
    plan(make_account("Fresh"), last_complete_at=None)
    age = age_of_kinds(alice, [Kind.DOMAINS])
    assert age.tone == Tone.UNKNOWN
    (trouble,) = age.troubles
    assert str(trouble.text) == "Fresh: Domains was not read in full yet, so some of it may be missing here."


def test_a_held_run_is_the_reason_and_its_page_the_way_out(alice):
    account = make_account("Acme")
    plan(account, ago=timedelta(hours=5))
    run = Run.objects.create(account=account, kind=Kind.DOMAINS, state="held", finished_at=timezone.now())
    (trouble,) = age_of_kinds(alice, [Kind.DOMAINS]).troubles
    assert "is held" in str(trouble.text)
    assert trouble.action.url == reverse("sync:run-detail", args=[run.pk])


def test_readers_are_told_the_reason_without_the_button(alice):
    plan(make_account(), ago=timedelta(hours=5), failures=1, failing_since=timezone.now())
    assert age_of_kinds(alice, [Kind.DOMAINS]).troubles[0].action is not None
    assert age_of_kinds(people.rita(), [Kind.DOMAINS]).troubles[0].action is None


def test_what_an_action_had_read_again_is_as_young_as_that(alice):
    resource: Resource = make_domain(account=make_account()).resource
    plan(resource.account, ago=minutes(40))
    resource.fresh_at = timezone.now()
    assert age_of(resource, alice).as_of == resource.fresh_at
    assert age_of(resource, alice).detail == ""
    resource.account.capabilities = ["domains.detail"]
    assert age_of(resource, alice).detail == "What only its detail tells may be older, by 1 day at most."


def test_what_is_gone_says_since_when(client, alice):
    thing = make_domain("left.example")
    thing.resource.gone_at = timezone.now()
    thing.resource.save()
    client.force_login(alice)
    assert b"has not listed it any more since" in client.get(reverse("domains:domain-detail", args=[thing.pk])).content


def test_what_several_accounts_of_a_portal_suffer_alike_is_one_sentence(alice):
    for number in range(4):
        account = make_account(f"Account {number}")
        plan(account, ago=timedelta(hours=5), failures=2, failing_since=timezone.now() - minutes(number))
        Run.objects.create(account=account, kind=Kind.DOMAINS, state="failed", error_code="unavailable")
    age = age_of_kinds(alice, [Kind.DOMAINS])
    assert age is not None
    (trouble,) = age.troubles
    assert "Cloudviet: 4 accounts get no answer since" in str(trouble.text)


def test_many_accounts_in_trouble_cost_two_queries_and_four_lines(alice, django_assert_num_queries):
    for number in range(9):
        plan(make_account(f"Account {number}"), ago=timedelta(hours=5))
    assert alice.role
    with django_assert_num_queries(2):
        age = age_of_kinds(alice, [Kind.DOMAINS])
    assert len(age.troubles) == 4
    assert "6 more accounts" in str(age.troubles[-1].text)


@pytest.mark.parametrize("name", [name for name in LISTS if not name.startswith("domains")])
def test_what_is_no_longer_listed_has_a_tab_of_its_own(client, alice, name):
    make, _kind, _detail = LISTS[name]
    here, gone = make(), make()
    Resource.objects.filter(pk=gone.pk).update(gone_at=timezone.now())
    client.force_login(alice)
    kept = {record.pk for record in client.get(reverse(name)).context["list"].matching}
    assert kept == {here.pk}
    answer = client.get(reverse(name), {"view": "gone"})
    assert [record.pk for record in answer.context["list"].matching] == [gone.pk]
    assert 'class="gone"' in answer.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_never_had_anything_teaches(client, alice, name):
    client.force_login(alice)
    page = client.get(reverse(name)).content.decode()
    assert "Nothing like this" not in page
    assert "hf-empty" in page


def test_pages_that_mix_kinds_and_accounts_are_as_old_as_the_oldest_of_them(client, alice):
    account, other, customer = make_account("Young"), make_account("Old"), make_customer()
    make_domain("shop.example", account=account, customer=customer)
    make_invoice(account=account)
    for kind in (Kind.DOMAINS, Kind.INVOICES, Kind.TICKETS):
        plan(account, kind)
    plan(account, Kind.BALANCE, ago=minutes(26))
    plan(other, Kind.DOMAINS, ago=minutes(34))
    client.force_login(alice)
    for address, said in (
        ("/", "34 minutes ago"),
        ("/changes/", "34 minutes ago"),
        ("/search/?q=shop", "34 minutes ago"),
        ("/billing/", "26 minutes ago"),
        (reverse("sync:customer-resources", args=[customer.pk]), "3 minutes ago"),
    ):
        page = client.get(address).content.decode()
        sign = page.partition("hf-age hf-tone")[2].partition("</time>")[0]
        assert said in sign, address
