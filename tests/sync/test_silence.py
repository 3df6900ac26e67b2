"""When an empty answer counts: it must be one, and come twice."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from domains.models import TldPrice
from providers.errors import NotSupported
from providers.offers import TldPeriod, TldPrices
from sync.models import Kind, Schedule
from tests.sync.double import sync

pytestmark = pytest.mark.django_db

PERIOD = TldPeriod(years=1, register=Decimal(12), renew=Decimal(13), transfer=Decimal(12))


def switched_off(_operation: str) -> None:
    raise NotSupported("The portal has this switched off.")


def answering(_operation: str) -> None:
    """As a portal does."""


@pytest.fixture
def pricing(portal):
    portal.capabilities |= {"domains.prices"}
    portal.prices = (TldPrices(id="7", tld="com", periods=(PERIOD,), currency="USD"),)
    return portal


def test_an_empty_price_list_after_a_switched_off_one_came_once(account, pricing):
    sync(pricing, account, Kind.PRICES)
    pricing.before = switched_off
    off = sync(pricing, account, Kind.PRICES)
    assert (off.state, off.requests, off.seen) == ("succeeded", 1, 0)
    pricing.before, pricing.prices = answering, ()
    assert (sync(pricing, account, Kind.PRICES).written, TldPrice.objects.count()) == (0, 1)
    assert (sync(pricing, account, Kind.PRICES).written, TldPrice.objects.count()) == (1, 0)


def test_two_empty_price_lists_count_although_it_was_switched_off_in_between(account, pricing):
    sync(pricing, account, Kind.PRICES)
    pricing.prices = ()
    sync(pricing, account, Kind.PRICES)
    pricing.before = switched_off
    sync(pricing, account, Kind.PRICES)
    pricing.before = answering
    assert sync(pricing, account, Kind.PRICES).written == 1


def test_nothing_where_a_list_belongs_is_no_empty_list_that_came_before(account, portal):
    portal.fill(3)
    sync(portal, account)
    portal.drop(1, 2, 3)
    portal.complete = False
    assert sync(portal, account).state == "partial"
    portal.complete = True
    assert [sync(portal, account).gone for _ in range(2)] == [0, 3]


def test_a_portal_that_always_answers_nothing_is_not_asked_again_each_minute(account, portal):
    portal.complete = False
    soon = timezone.now() + timedelta(minutes=2)
    due = []
    for _ in range(3):
        assert sync(portal, account).state == "partial"
        due.append(Schedule.objects.get(account=account, kind=Kind.DOMAINS).next_due_at)
        Schedule.objects.filter(account=account).update(next_due_at=timezone.now())
    assert [each < soon for each in due] == [True, False, False], "a second look, and then as usual"
