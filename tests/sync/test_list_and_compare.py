"""What a run writes: new rows, differences, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from domains.models import Domain
from sync.models import Change, Kind, Resource, Run
from tests.sync.double import sync

pytestmark = pytest.mark.django_db


def test_first_run_mirrors_list_and_details_without_telling_changes(account, portal):
    portal.fill(12)
    run = sync(portal, account)
    assert (run.state, run.seen, run.listed, run.details_done, run.details_total) == ("succeeded", 12, None, 12, 12)
    assert run.requests == 13
    assert run.written == 24, "each row once from the list and once from its detail"
    domain = Domain.objects.select_related("resource").get(name="d7.example")
    assert domain.nameservers == ["ns1.example.", "ns2.example."]
    assert domain.resource.due_on == date(2027, 1, 1)
    assert domain.resource.tone == "fine"
    assert not domain.resource.detail_wanted
    assert not Change.objects.exists()


def test_unchanged_costs_no_row_write(account, portal):
    portal.fill(30)
    sync(portal, account)
    for full in (False, True):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            run = sync(portal, account, full=full)
        assert (run.state, run.written) == ("succeeded", 0)
        touched = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert all("sync_run" in sql or "sync_schedule" in sql for sql in touched), touched
    assert run.details_done == 30


def test_a_changed_row_is_written_alone_and_told(account, portal):
    portal.fill(30)
    sync(portal, account)
    portal.put(5, expires_on=date(2028, 1, 1))
    run = sync(portal, account)
    # Once for the list, once because its detail was read again.
    assert run.written == 2
    change = Change.objects.get()
    assert (change.field, change.old, change.new) == ("expires_on", "2027-01-01", "2028-01-01")
    assert change.run == run
    assert change.resource.due_on == date(2028, 1, 1)


def test_a_new_row_appears_only_after_a_first_complete_run(account, portal):
    portal.fill(3)
    sync(portal, account)
    portal.put(4)
    run = sync(portal, account)
    change = Change.objects.get()
    assert (change.field, change.new, change.resource.upstream_id) == ("appeared", "d4.example", "4")
    assert run.state == "succeeded"


def test_queries_do_not_grow_with_the_number_of_rows(account, portal):
    counts = []
    for size in (100, 1000):
        portal.fill(size)
        sync(portal, account)
        with CaptureQueriesContext(connection) as queries:
            sync(portal, account)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_detail_only_difference_is_found_by_age_and_told(account, portal):
    portal.fill(48)
    sync(portal, account)
    portal.put(3, nameservers=("ns9.example.",))
    runs = [sync(portal, account) for _ in range(24)]
    assert sorted(run.details_done for run in runs) == [2] * 23 + [3], "an hour's share of a day, and a second look"
    change = Change.objects.get()
    assert (change.field, change.new) == ("nameservers", ["ns9.example."])


def test_our_own_columns_are_never_written(account, portal):
    portal.fill(2)
    sync(portal, account)
    Resource.objects.filter(upstream_id="1").update(notes="ours", tags=["vip"])
    portal.put(1, expires_on=date(2029, 1, 1))
    sync(portal, account, full=True)
    resource = Resource.objects.get(upstream_id="1")
    assert (resource.notes, resource.tags) == ("ours", ["vip"])


def test_pages_are_followed_to_the_end(account, portal):
    portal.fill(25)
    portal.page_size = 10
    portal.total = 25
    run = sync(portal, account)
    assert (run.state, run.seen, run.listed) == ("succeeded", 25, 25)
    assert portal.calls.count("domains.list") == 3
    assert Resource.objects.count() == 25


def test_a_kind_without_details_reads_none(account, portal):
    portal.fill(3)
    portal.capabilities -= {"domains.detail"}
    run = sync(portal, account)
    assert (run.state, run.details_total) == ("succeeded", 0)
    assert not Resource.objects.filter(detail_wanted=True).exists()


def test_the_balance_is_read_in_one_go(account, portal):
    from decimal import Decimal

    from billing.models import Balance
    from providers.resources import Balance as Said

    portal.balance = (Said(currency="EUR", owed=Decimal("10.00"), credit=Decimal(0)),)
    run = sync(portal, account, Kind.BALANCE)
    assert (run.state, run.written) == ("succeeded", 1)
    assert Balance.objects.get().owed == Decimal(10)
    assert sync(portal, account, Kind.BALANCE).written == 0
    assert Run.objects.count() == 2
