"""Tickets, threads and departments as they come in reality: other words, other shapes, times of a zone with summer time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from providers.resources import TicketStatus
from tests.providers.hostbill.desk import desk_for


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Client-Reply", TicketStatus.CUSTOMER_REPLY),
        ("Customer-Reply", TicketStatus.CUSTOMER_REPLY),
        ("In-Progress", TicketStatus.IN_PROGRESS),
        ("On Hold", TicketStatus.ON_HOLD),
        ("Awaiting Moon", TicketStatus.UNKNOWN),
    ],
)
def test_ticket_states(word, status):
    with desk_for({"GET /tickets": [{"ticket_number": 7, "subject": "x", "status": word}]}) as portal:
        (ticket,) = portal.support.list().items
    assert (ticket.id, ticket.status, ticket.upstream_status) == ("7", status, word)


def test_a_thread_is_in_the_order_of_time_and_keeps_html_as_text():
    ticket = {
        "ticket_number": "7",
        "subject": "x",
        "status": "Open",
        "date": "2026-01-01 10:00:00",
        "body": "<script>a</script>",
    }
    replies = {
        "3": {"id": "3", "name": "Bo", "date": "2026-01-03 10:00:00", "body": "last", "type": "Client"},
        "2": {"id": "2", "name": "An", "date": "2026-01-02 10:00:00", "body": "<b>first</b>", "type": "Admin"},
    }
    with desk_for({"GET /tickets/7": {"ticket": ticket, "replies": replies}}) as portal:
        detail = portal.support.detail("7")
    assert [(one.id, one.body, one.by_staff) for one in detail.replies] == [
        ("opening", "<script>a</script>", False),
        ("2", "<b>first</b>", True),
        ("3", "last", False),
    ]


def test_a_reply_that_can_not_be_read_is_told_and_the_others_are_there():
    ticket = {"ticket_number": "7", "subject": "x", "status": "Open", "body": {"odd": 1}}
    replies = ["odd", {"name": "An", "body": "no id, no date"}]
    with desk_for({"GET /tickets/7": {"ticket": ticket, "replies": replies}}) as portal:
        detail = portal.support.detail("7")
    assert [(one.id, one.body) for one in detail.replies] == [("opening", ""), ("place-2", "no id, no date")]
    assert detail.unreadable == ("replies",)


@pytest.mark.parametrize(
    "answer",
    [
        {"departments": [{"id": 1, "name": "Billing"}, {"id": "2", "name": "Sales"}]},
        {"departments": {"1": "Billing", "2": "Sales"}},
        {"1": "Billing", "2": "Sales"},
        [{"id": "1", "name": "Billing"}, {"id": "2", "name": "Sales"}],
        {"1": {"name": "Billing"}, "2": {"name": "Sales"}},
    ],
)
def test_departments_have_no_documented_shape(answer):
    with desk_for({"GET /ticket/departments": answer}) as portal:
        assert [(one.id, one.name) for one in portal.support.departments()] == [("1", "Billing"), ("2", "Sales")]


def test_times_are_the_portals_and_summer_time_is_known():
    rows = [
        {"ticket_number": "1", "subject": "winter", "status": "Open", "date": "2026-01-15 12:00:00"},
        {"ticket_number": "2", "subject": "summer", "status": "Open", "date": "2026-07-15 12:00:00"},
        # 02:30 happens twice on this day; the first is meant
        {"ticket_number": "3", "subject": "twice", "status": "Open", "date": "2026-10-25 02:30:00"},
        # 02:30 does not happen on this day; read with the offset before the change
        {"ticket_number": "4", "subject": "never", "status": "Open", "date": "2026-03-29 02:30:00"},
    ]
    with desk_for({"GET /tickets": {"tickets": rows}}, time_zone="Europe/Copenhagen") as portal:
        opened = [ticket.opened_at for ticket in portal.support.list().items]
    assert opened == [
        datetime(2026, 1, 15, 11, 0, tzinfo=UTC),
        datetime(2026, 7, 15, 10, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    ]
