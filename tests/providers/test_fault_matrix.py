"""What docs/faults.md says of bad days is true, and no change is ever sent or carried out twice."""

from __future__ import annotations

import pytest

from sandbox.faults import KINDS
from tests.providers import fault_matrix
from tests.providers.fault_matrix import CHANGE, PASSES, PATIENCE, READ, SUBJECTS, Row

SPOILT_DATA = {"wrong-types", "partial-list", "duplicate-ids", "foreign-next"}
"""The portal confirms, and what it says beside that makes no sense."""


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return fault_matrix.matrix()


def of_changes(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.case.changes]


def test_every_fault_meets_a_read_and_a_change_at_every_portal(rows):
    met = {(row.case.subject.portal, row.case.kind, row.case.asked) for row in rows}
    assert {(one.portal, kind, asked) for one in SUBJECTS for kind in KINDS for asked in (READ, PASSES, CHANGE)} <= met


def test_no_change_is_carried_out_twice(rows):
    assert [row for row in of_changes(rows) if row.done != int(row.case.happens)] == []


def test_a_change_is_sent_once_and_again_only_after_its_signature_was_refused(rows):
    twice = [(row.case.subject.name, row.case.kind) for row in of_changes(rows) if row.requests != 1]
    assert twice == [("HostBill", "expired-token")]  # a token pair can be renewed; VPS.org's token can't


def test_a_change_is_unknown_unless_the_portal_has_clearly_answered(rows):
    clear = {"latency": "data", "rate-limited": "RateLimited", "expired-token": "AuthenticationFailed"}
    wrong = [
        row
        for row in of_changes(rows)
        if row.got != clear.get(row.case.kind, "OutcomeUnknown")
        and not (row.case.kind in SPOILT_DATA and row.got == "data")
    ]
    assert wrong == []


def test_a_read_is_repeated_within_limits_and_heals_where_the_fault_passes(rows):
    reads = [row for row in rows if not row.case.changes]
    assert max(row.requests for row in reads) == PATIENCE.attempts
    healed = {
        row.case.kind for row in reads if row.case.asked == PASSES and row.requests == 2 and row.sentence == "all rows."
    }
    passing = {"status", "bad-gateway", "unavailable", "rate-limited", "hang", "drop-before", "drop-after", "truncated"}
    assert passing <= healed


def test_nothing_takes_longer_than_its_limits(rows):
    assert [row for row in rows if row.seconds > row.longest] == []
    assert max(row.seconds for row in rows) < PATIENCE.total + 3


def test_the_document_holds_this_matrix(rows):
    """After a change that is meant: python -m tests.providers.fault_matrix"""
    written = [line.rpartition(" | ")[0] for line in fault_matrix.written().splitlines()[2:]]
    found = [line.removesuffix(" |") for line in fault_matrix.table(rows, times=False).splitlines()[2:]]
    assert written == found
