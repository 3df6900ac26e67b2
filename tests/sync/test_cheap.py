"""What a routine run costs the portal and the database."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers.resources import DomainStatus, ZoneDetail
from sync.declare import ResourceSync, registry
from sync.models import Kind
from tests.sync.double import record, sync

pytestmark = pytest.mark.django_db


def details(portal) -> list[str]:
    """What was read since the last look, and forgets it."""
    read = [call.removeprefix("domains.detail ") for call in portal.calls if call.startswith("domains.detail")]
    portal.calls.clear()
    return read


def test_details_are_spread_evenly_over_their_age_also_after_a_burst_of_new_rows(account, portal):
    portal.fill(2400)
    sync(portal, account)
    assert len(details(portal)) == 2400
    rounds: Counter[str] = Counter()
    for _hour in range(24):
        sync(portal, account)
        read = details(portal)
        assert len(read) == 100
        rounds.update(read)
    assert len(rounds) == 2400
    assert set(rounds.values()) == {1}, "each once a day"
    for number in range(2401, 3001):
        portal.put(number)
    sync(portal, account)
    assert len(details(portal)) == 600 + 125
    after: Counter[str] = Counter()
    for _hour in range(24):
        sync(portal, account)
        read = details(portal)
        assert len(read) == 125
        after.update(read)
    assert set(after.values()) == {1}
    assert len(after) == 3000


def test_details_are_read_only_of_what_is_new_changed_or_due(account, portal):
    portal.fill(48)
    sync(portal, account)
    details(portal)
    portal.put(7, upstream_status="Moved")
    portal.put(49)
    sync(portal, account)
    read = details(portal)
    assert {"7", "49"} <= set(read)
    assert len(read) == 2 + 3, "two, and a 24th of 49"


def test_watched_things_are_read_in_turn_within_their_budget(account, portal):
    portal.fill(480)
    for number in range(1, 26):
        portal.put(number, status=DomainStatus.PENDING)
    sync(portal, account)
    details(portal)
    seen: Counter[str] = Counter()
    for _hour in range(5):
        sync(portal, account)
        read = [number for number in details(portal) if int(number) <= 25]
        seen.update(read)
    # Ten of the 25 pending ones each time; a few more come in turn by their age.
    assert len(seen) == 25
    assert 50 <= sum(seen.values()) <= 75


def test_a_thing_that_is_watched_for_ever_does_not_stop_the_turn_of_the_others(account, portal):
    portal.fill(24)
    portal.put(2, status=DomainStatus.PENDING)
    sync(portal, account)
    details(portal)
    seen: Counter[str] = Counter()
    for _hour in range(23):
        sync(portal, account)
        seen.update(details(portal))
    assert seen.pop("2") == 23
    assert len(seen) == 23
    assert set(seen.values()) == {1}


def test_an_unchanged_account_costs_no_row_write_and_few_queries_whatever_its_size(account, portal):
    portal.fill(50)
    sync(portal, account)
    sync(portal, account)
    counts = []
    for size in (50, 250):
        portal.fill(size)
        sync(portal, account)
        before = _written()
        with CaptureQueriesContext(connection) as queries:
            run = sync(portal, account)
        assert (run.state, run.written) == ("succeeded", 0)
        assert _written() == before, "no row of the mirror was inserted, updated or deleted"
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_changed_row_among_many_writes_one_row(account, portal):
    portal.fill(300)
    sync(portal, account)
    portal.put(7, upstream_status="Moved")
    with CaptureQueriesContext(connection) as queries:
        run = sync(portal, account)
    updates = [each["sql"] for each in queries if each["sql"].startswith('UPDATE "domains_domain"')]
    assert len(updates) == 1
    assert run.written == 2, "the row by the list, and that its detail is read by the detail"


def test_an_unchanged_zone_costs_no_record_write(account, portal):
    for number in range(1, 30):
        records = tuple(record(f"192.0.2.{index}", name=f"h{index}") for index in range(1, 9))
        portal.zones[f"domain:{number}"] = ZoneDetail(id=f"domain:{number}", name=f"z{number}.example", records=records)
    sync(portal, account, Kind.ZONES)
    before = _written()
    run = sync(portal, account, Kind.ZONES, full=True)
    assert (run.written, run.details_done) == (0, 29)
    assert _written() == before


def test_each_kind_says_what_its_list_reveals():
    revealed = {
        declaration.kind.value: declaration.in_list()
        for declaration in registry.in_order()
        if isinstance(declaration, ResourceSync)
    }
    assert {"status", "expires_on", "nameservers"} <= revealed["domains"]
    assert not {"next_due_on", "registrar"} & revealed["domains"]
    assert "status" in revealed["virtual-machines"]
    assert all(columns for columns in revealed.values())


def _written() -> list[tuple[str, str]]:
    """Every row of the mirror and where it lies: any write moves it, even one of the same values."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'resource', id::text, ctid::text FROM sync_resource UNION ALL "
            "SELECT 'domain', resource_id::text, ctid::text FROM domains_domain UNION ALL "
            "SELECT 'zone', resource_id::text, ctid::text FROM domains_zone UNION ALL "
            "SELECT 'record', id::text, ctid::text FROM domains_record UNION ALL "
            "SELECT 'change', id::text, ctid::text FROM sync_change ORDER BY 1, 2"
        )
        return [(table + pk, where) for table, pk, where in cursor.fetchall()]
