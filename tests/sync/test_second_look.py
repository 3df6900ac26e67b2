"""Sequences in which the mirror would stay otherwise than the portal, or the history would say what did not happen."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Customer
from domains.models import Domain
from providers.errors import NotSupported
from providers.resources import DomainStatus
from sync.ask import ask
from sync.expecting import expect
from sync.models import Change, Expectation, Kind, Resource, Run
from sync.reread import reread
from sync.verdict import release
from tests.sync.double import drive, sync


@pytest.mark.django_db
def test_a_list_that_shrinks_while_it_is_paged_makes_no_tombstone_of_what_moved_up(account, portal):
    portal.fill(20)
    portal.page_size = 5
    portal.total = 20
    sync(portal, account)

    def one_goes(_operation: str) -> None:
        if portal.calls.count("domains.list") == 6 and len(portal.listed) == 20:
            portal.drop(2)
            portal.total = 19

    portal.before = one_goes
    run = sync(portal, account)
    assert (run.state, run.gone) == ("partial", 0)
    assert "shorter" in run.note
    run = sync(portal, account)
    assert (run.state, run.gone) == ("succeeded", 1)
    assert list(Change.objects.values_list("field", "resource__upstream_id")) == [("gone", "2")]


@pytest.mark.django_db
def test_what_is_ours_goes_along_when_a_person_decides_some_runs_later(account, portal, bob):
    portal.fill(20)
    sync(portal, account)
    customer = Customer.objects.create(name="Bakery")
    Resource.objects.filter(name="d3.example").update(customer=customer, notes="keep me", tags=["shop"])
    portal.drop(*range(1, 21))
    for number in range(1, 21):
        portal.put(number + 100, name=f"d{number}.example")
    assert sync(portal, account).state == "held"
    later = sync(portal, account)
    assert later.state == "held"
    assert release(later, bob) == 20
    heir = Resource.objects.present().get(name="d3.example")
    assert (heir.upstream_id, heir.customer, heir.notes, heir.tags) == ("103", customer, "keep me", ["shop"])
    assert Change.objects.filter(field="replaced_by").count() == 20


@pytest.mark.django_db
def test_a_column_that_a_detail_moved_and_the_portal_took_back_is_seen_by_the_next_run(account, portal):
    portal.fill(3)
    sync(portal, account)
    [resource] = Resource.objects.filter(upstream_id="1").select_related("account")
    portal.put(1, status=DomainStatus.SUSPENDED, upstream_status="Suspended")
    assert reread(resource, portal)
    portal.put(1)  # before any list said so
    run = sync(portal, account)
    assert Domain.objects.get(pk=resource.pk).status == "active"
    assert run.details_done == 2, "the one that moved, and one by its age"
    assert [sync(portal, account).written for _ in range(2)] == [1, 0], "one look after each move, and then rest"


@pytest.mark.django_db
def test_list_and_detail_that_always_differ_are_not_read_again_for_ever(account, portal):
    portal.fill(3)
    for number in range(1, 4):
        item = portal.put(number)
        portal.put(number, status=DomainStatus.SUSPENDED)
        portal.listed = [item if each.id == item.id else each for each in portal.listed]
    runs = [sync(portal, account) for _ in range(3)]
    assert [run.details_done for run in runs] == [3, 1, 1]
    assert [run.written for run in runs[1:]] == [0, 0]


@pytest.mark.django_db
def test_an_empty_list_after_a_switched_off_one_came_once(account, portal):
    portal.fill(4)
    sync(portal, account)

    def off(_operation: str) -> None:
        raise NotSupported("The portal has this switched off.")

    portal.before = off
    assert sync(portal, account).state == "succeeded"
    portal.before = lambda _operation: None
    portal.drop(1, 2, 3, 4)
    assert (sync(portal, account).gone, sync(portal, account).gone) == (0, 4)


@pytest.mark.django_db(transaction=True)
def test_what_was_asked_before_an_action_began_is_not_called_its_doing(account, portal):
    portal.put(1, expires_on=date(2027, 1, 1))
    sync(portal, account)
    resource = Resource.objects.get()
    portal.put(1, expires_on=date(2028, 1, 1))  # by somebody else

    def renew_meanwhile(operation: str) -> None:
        if operation == "domains.list":
            thread = threading.Thread(target=_expect, args=(resource,))
            thread.start()
            thread.join(10)

    portal.before = renew_meanwhile
    sync(portal, account)
    assert list(Change.objects.filter(field="expires_on").values_list("action", flat=True)) == [None]
    portal.before = lambda _operation: None
    portal.put(1, expires_on=date(2029, 1, 1))
    sync(portal, account)
    assert Change.objects.filter(field="expires_on").latest("pk").action == 7, "it was not used up"


def _expect(resource: Resource) -> None:
    until = timezone.now() + timedelta(minutes=5)
    expect([Expectation(resource=resource, field="expires_on", action=7, until=until)])
    connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_who_decides_and_who_asks_for_everything_do_not_lock_each_other_out(account, portal, bob, alice, monkeypatch):
    portal.fill(50)
    sync(portal, account)
    for number in range(1, 21):
        portal.put(number, status=DomainStatus.CANCELLED)
    held = sync(portal, account)
    assert held.state == "held"
    decides = threading.Event()
    failed: list[BaseException] = []

    def slowly(*_args: object) -> int:
        decides.set()
        time.sleep(0.5)
        return 0

    monkeypatch.setattr("sync.verdict.bury", slowly)

    def ask_for_everything() -> None:
        decides.wait(5)
        ask(account, None, user=alice)

    acts = (lambda: release(held, bob), ask_for_everything)
    threads = [threading.Thread(target=_catching, args=(failed, act)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert failed == []
    assert Run.objects.filter(account=account, state="queued").count() >= 2
    drive(portal, Run.objects.get(account=account, kind=Kind.DOMAINS, state="queued"))
    assert Domain.objects.filter(status="cancelled").count() == 20


def _catching(failed: list[BaseException], act) -> None:
    try:
        act()
    except BaseException as error:  # noqa: BLE001  # shown by the test
        failed.append(error)
    finally:
        connections.close_all()
