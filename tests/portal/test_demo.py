"""Whose things the demo's things are: the sandbox says it, and the desk gives them to demo customers."""

import json

import pytest
from django.utils import timezone

from accounts.models import Customer, ProviderAccount
from portal import demo
from sandbox.server import Sandbox
from sync.models import Kind, Resource, Schedule
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return make_account("Cloudviet (demo)", is_demo=True)


def entry(**theirs):
    return {"name": "Nordlys Bageri", "email": "office@nordlys.example", "domains": [], **theirs}


def given_to(name="Nordlys Bageri"):
    return set(Resource.objects.filter(customer__name=name).values_list("kind", "name"))


def test_things_are_given_by_name_by_id_and_by_what_they_mention(account):
    own = {"account": account}
    make_domain("nordlys.example", **own)
    make_zone("nordlys.example", **own)
    make_ticket("Mail of nordlys.example bounces", **own)
    make_invoice("2026/1", **own, lines=(("Domain renewal - nordlys.example", "9"), ("nordlys.example, again", "1")))
    make_service("Hosting", **own, upstream_id="320", domain="a.example")
    make_machine("web-1", **own, upstream_id="320:2100")
    make_certificate("www.example", **own, upstream_id="7")
    make_domain("other.example", **own)
    make_machine("web-2", **own, upstream_id="320:21001")
    told = entry(
        domains=["nordlys.example"],
        services={"cloudviet": ["320"]},
        machines={"cloudviet": ["2100"]},
        certificates={"cloudviet": ["7"]},
    )
    assert demo.assign([told]) == 7
    assert {kind for kind, _name in given_to()} == {
        Kind.DOMAINS, Kind.ZONES, Kind.TICKETS, Kind.INVOICES, Kind.SERVICES, Kind.MACHINES, Kind.CERTIFICATES,
    }  # fmt: skip
    assert (Kind.MACHINES, "web-2") not in given_to()
    assert Customer.objects.get().is_demo
    assert demo.assign([told]) == 0, "a second time there is nothing left to give"


def test_an_id_of_one_portal_means_nothing_at_another(account):
    make_service("Hosting", account=account, upstream_id="320")
    assert demo.assign([entry(services={"dns-services": ["320"]})]) == 0


def test_what_staff_assigned_stays_as_it_is(account):
    make_domain("nordlys.example", account=account, customer=make_customer("Ours"))
    assert demo.assign([entry(domains=["nordlys.example"])]) == 0


def test_real_things_and_real_customers_are_left_alone(account):
    make_domain("nordlys.example", account=make_account("Real"))
    assert demo.assign([entry(domains=["nordlys.example"])]) == 0
    make_customer("Fjord Optik")
    make_domain("fjord.example", account=account)
    assert demo.assign([{**entry(domains=["fjord.example"]), "name": "Fjord Optik"}]) == 0
    assert not Customer.objects.get(name="Fjord Optik").is_demo


def test_the_demo_is_settled_once_every_kind_was_read_completely(account):
    assert not demo.settled()
    now = timezone.now()
    read = Schedule.objects.create(account=account, kind=Kind.DOMAINS, next_due_at=now, last_complete_at=now)
    unread = Schedule.objects.create(account=account, kind=Kind.TICKETS, next_due_at=now)
    Schedule.objects.create(account=account, kind=Kind.CATALOGUE, next_due_at=now, supported=False)
    Schedule.objects.create(account=make_account("Real"), kind=Kind.DOMAINS, next_due_at=now)
    assert not demo.settled()
    unread.last_complete_at = now
    unread.save()
    assert demo.settled()
    ProviderAccount.objects.filter(is_demo=True).update(state=ProviderAccount.State.PAUSED)
    assert not demo.settled(), "nothing is active"
    read.delete()


def test_what_the_sandbox_writes_is_what_the_desk_reads(account, tmp_path):
    with Sandbox(demo=True, seed=1, data=tmp_path) as sandbox:
        told = sandbox.customers()
    assert demo.read(tmp_path / "customers.json") == json.loads(json.dumps(told))
    first = next(one for one in told if one["domains"])
    make_domain(first["domains"][0], account=account)
    assert demo.assign(told) == 1
    assert Customer.objects.count() == len(told) >= 15
    assert given_to(first["name"])
