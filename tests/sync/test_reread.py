"""One thing read again after an action: what was asked of the portal before that never comes over it."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from domains.models import Domain
from providers.errors import MalformedResponse, NotFound
from providers.resources import ZoneDetail
from sync.expecting import expect, expect_thing, forget, forget_old
from sync.models import Change, Expectation, ExpectedThing, Kind, Resource, Run
from sync.reread import can_reread, read_later, reread
from tests.sync.double import Portal, drive, record, sync

OLD, NEW = date(2027, 1, 1), date(2028, 1, 1)


def renew_while_it_is_read(portal: Portal, resource: Resource, operation: str) -> list[str]:
    """Once, while the portal's old answer to `operation` is on its way: the domain is renewed and read again by itself."""
    happened: list[str] = []

    def meanwhile(called: str) -> None:
        if called != operation or happened:
            return
        happened.append(called)
        listed, detail = list(portal.listed), portal.details["1"]
        portal.put(1, expires_on=NEW, upstream_status="Moved")

        def act() -> None:
            reread(Resource.objects.select_related("account").get(pk=resource.pk), portal)
            connection.close()

        thread = threading.Thread(target=act)
        thread.start()
        thread.join(10)
        portal.listed = listed
        if operation != "domains.list":
            portal.details["1"] = detail

    portal.before = meanwhile
    return happened


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("operation", ["domains.list", "domains.detail 1"])
def test_a_sync_that_asked_before_the_action_does_not_overwrite_what_was_read_after_it(account, portal, operation):
    portal.put(1, expires_on=OLD)
    sync(portal, account)
    domain = Domain.objects.get()
    portal.put(1, expires_on=OLD, upstream_status="Moved")  # so that list and detail have something to write
    happened = renew_while_it_is_read(portal, domain.resource, operation)
    drive(portal, Run.objects.create(account=account, kind=Kind.DOMAINS, full=True))
    assert happened == [operation]
    domain.refresh_from_db()
    assert domain.expires_on == NEW
    told = Change.objects.filter(field="expires_on").order_by("pk").values_list("new", flat=True)
    assert list(told) == [NEW.isoformat()], "it never went back, not even for a moment"


@pytest.mark.django_db
def test_a_reread_writes_what_differs_tells_the_change_and_costs_nothing_twice(account, portal):
    portal.put(1, expires_on=OLD)
    sync(portal, account)
    portal.put(1, expires_on=NEW)
    resource = Resource.objects.select_related("account").get()
    assert reread(resource, portal)
    assert Domain.objects.get().expires_on == NEW
    assert Change.objects.get().run is None
    assert reread(resource, portal)
    assert Change.objects.count() == 1


@pytest.mark.django_db
def test_of_two_rereads_that_overtake_each_other_the_later_one_stays(account, portal):
    portal.put(1, expires_on=NEW)
    sync(portal, account)
    resource = Resource.objects.select_related("account").get()
    later = timezone.now() + timedelta(seconds=30)
    Resource.objects.update(fresh_at=later)
    portal.put(1, expires_on=OLD)
    reread(resource, portal)
    resource.refresh_from_db()
    assert (Domain.objects.get().expires_on, resource.fresh_at) == (NEW, later)


@pytest.mark.django_db
def test_a_thing_that_is_gone_or_answered_with_another_ones_detail_is_told(account, portal):
    portal.put(1)
    sync(portal, account)
    resource = Resource.objects.select_related("account").get()
    portal.put(2)
    portal.details["1"] = portal.details["2"]
    with pytest.raises(MalformedResponse):
        reread(resource, portal)

    def gone(_operation: str) -> None:
        raise NotFound("It is gone.")

    portal.before = gone
    with pytest.raises(NotFound):
        reread(resource, portal)


@pytest.mark.django_db
def test_where_a_portal_gives_no_details_the_next_run_has_to_do(account, portal):
    portal.put(1)
    sync(portal, account)
    portal.capabilities -= {"domains.detail"}
    resource = Resource.objects.select_related("account").get()
    assert not can_reread(resource, portal)
    assert reread(resource, portal) is False
    read_later([resource])
    resource.refresh_from_db()
    assert resource.detail_wanted


def expectation(resource: Resource, field: str, action: int, *, seconds: float = 60) -> Expectation:
    return Expectation(resource=resource, field=field, action=action, until=timezone.now() + timedelta(seconds=seconds))


@pytest.mark.django_db
def test_a_change_that_an_action_announced_names_it_once(account, portal):
    portal.put(1, expires_on=OLD)
    sync(portal, account)
    resource = Resource.objects.get()
    expect([expectation(resource, "expires_on", 7)])
    portal.put(1, expires_on=NEW, upstream_status="Moved")
    sync(portal, account)
    assert dict(Change.objects.values_list("field", "action")) == {"expires_on": 7, "upstream_status": None}
    portal.put(1, expires_on=OLD)
    sync(portal, account)
    assert Change.objects.filter(field="expires_on").latest("pk").action is None, "it was used up"


@pytest.mark.django_db
def test_a_change_that_is_seen_by_a_detail_or_a_reread_names_its_action_too(account, portal):
    portal.put(1, nameservers=("ns1.example.",))
    sync(portal, account)
    resource = Resource.objects.select_related("account").get()
    expect([expectation(resource, "nameservers", 8)])
    portal.put(1, nameservers=("ns2.example.",))
    sync(portal, account, full=True)
    expect([expectation(resource, "nameservers", 9)])
    portal.put(1, nameservers=("ns3.example.",))
    reread(resource, portal)
    assert list(Change.objects.order_by("pk").values_list("field", "action")) == [
        ("nameservers", 8),
        ("nameservers", 9),
    ]


def arrival(account, upstream_id: str, action: int) -> ExpectedThing:
    until = timezone.now() + timedelta(minutes=1)
    return ExpectedThing(account=account, kind=Kind.DOMAINS, upstream_id=upstream_id, action=action, until=until)


@pytest.mark.django_db
def test_what_an_action_made_at_the_portal_appears_as_its_doing_and_nothing_else_does(account, portal):
    portal.put(1)
    sync(portal, account)
    expect_thing(arrival(account, "2", 7), since=timezone.now())
    portal.put(2)
    portal.put(3)
    sync(portal, account)
    appeared = Change.objects.filter(field="appeared").values_list("resource__upstream_id", "action")
    assert dict(appeared) == {"2": 7, "3": None}
    assert not ExpectedThing.objects.exists(), "it was used up"


@pytest.mark.django_db
def test_what_a_list_showed_before_the_action_knew_of_it_is_named_afterwards(account, portal):
    portal.put(1)
    sync(portal, account)
    began = timezone.now()
    portal.put(2)
    sync(portal, account)
    for _ in range(2):
        expect_thing(arrival(account, "2", 7), since=began)
    assert Change.objects.get(field="appeared").action == 7
    assert not ExpectedThing.objects.exists(), "nothing is left to wait for"


@pytest.mark.django_db
def test_an_action_that_failed_leaves_nothing_to_wait_for_and_time_ends_the_rest(account):
    expect_thing(arrival(account, "2", 7), since=timezone.now())
    expect_thing(arrival(account, "3", 8), since=timezone.now())
    forget(7)
    ExpectedThing.objects.filter(action=8).update(until=timezone.now())
    assert forget_old() == 1
    assert not ExpectedThing.objects.exists()


@pytest.mark.django_db
def test_an_expectation_of_children_holds_for_all_of_them_until_its_time_is_over(account, portal):
    def zone(*contents: str) -> ZoneDetail:
        return ZoneDetail(id="domain:1", name="d1.example", records=tuple(record(each) for each in contents))

    portal.zones["domain:1"] = zone("192.0.2.1")
    sync(portal, account, Kind.ZONES)
    resource = Resource.objects.get()
    expect([expectation(resource, "record.", 11)])
    for contents in (("192.0.2.2",), ("192.0.2.2", "192.0.2.3")):
        portal.zones["domain:1"] = zone(*contents)
        sync(portal, account, Kind.ZONES, full=True)
    assert set(Change.objects.values_list("action", flat=True)) == {11}
    Expectation.objects.update(until=timezone.now() - timedelta(seconds=1))
    portal.zones["domain:1"] = zone("192.0.2.4")
    sync(portal, account, Kind.ZONES, full=True)
    assert Change.objects.latest("pk").action is None
    assert forget_old() == 1


@pytest.mark.django_db
def test_an_action_that_changed_nothing_takes_its_expectation_along(account, portal):
    portal.put(1, expires_on=OLD)
    sync(portal, account)
    expect([expectation(Resource.objects.get(), "expires_on", 7)])
    forget(7)
    portal.put(1, expires_on=NEW)
    sync(portal, account)
    assert Change.objects.get().action is None
