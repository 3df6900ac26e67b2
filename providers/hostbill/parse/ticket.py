"""Tickets, their threads, and departments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from providers.hostbill.parse.attachment import attachments, attachments_by_message
from providers.hostbill.parse.row import Row, UnreadableRow, scalar_text
from providers.hostbill.parse.statuses import TICKET, status_of
from providers.resources import Attachment, Department, Ticket, TicketDetail, TicketReply, TicketStatus

NUMBER_KEYS = ("ticket_number", "number", "id")
OPENING = "opening"
STAFF = frozenset({"admin", "staff", "administrator"})
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def ticket(data: Any, zone: ZoneInfo) -> Ticket:
    """A row of `GET /tickets`."""
    row = Row(data, zone)
    return Ticket(**_shared(row), unreadable=row.unreadable)


def ticket_detail(data: Any, answer: Mapping[str, Any], zone: ZoneInfo) -> TicketDetail:
    """`GET /tickets/{number}`: the ticket (`data`) and, beside it in `answer`, its replies."""
    row = Row(data, zone)
    shared = _shared(row)
    around = Row(answer if answer.get("replies") is not None else row.row, zone)
    apart = attachments_by_message(answer.get("attachments", row.raw("attachments")))
    thread = [_opening(row, shared["opened_at"], apart.get("0", ()))]
    for position, reply in enumerate(around.children("replies", "replies")):
        try:
            thread.append(ticket_reply(reply, zone, position, apart))
        except UnreadableRow:
            around.mark("replies")
    for field in around.unreadable:
        row.mark(field)
    return TicketDetail(
        **shared,
        author=row.optional("author", "name"),
        email=row.optional("email", "email"),
        replies=_oldest_first(thread),
        unreadable=row.unreadable,
    )


def _shared(row: Row) -> dict[str, Any]:
    word = row.told("status")
    number = row.identifier(*NUMBER_KEYS)
    return {
        "id": number,
        "number": number,
        "subject": row.told("subject"),
        "status": status_of(word, TICKET, TicketStatus.UNKNOWN),
        "upstream_status": word,
        "department": row.optional("department", "deptname"),
        "opened_at": row.instant("opened_at", "date", zero_is_none=True),
        "read_by_us": row.flag("read_by_us", "client_read"),
    }


def _opening(row: Row, sent_at: datetime | None, apart: tuple[Attachment, ...]) -> TicketReply:
    """The message that opened the ticket, which upstream keeps in the ticket itself."""
    return TicketReply(
        id=OPENING,
        author=row.word("name"),
        body=row.body("body"),
        sent_at=sent_at,
        by_staff=row.word("type").lower() in STAFF,
        attachments=attachments(row) or apart,
    )


def ticket_reply(
    data: Any, zone: ZoneInfo, position: int, apart: Mapping[str, tuple[Attachment, ...]] | None = None
) -> TicketReply:
    """A reply; HTML in its body stays the text that it is. One without an id is known by its place in the thread. `apart`: files
    that the answer keeps beside the thread, by the id of their message."""
    row = Row(data, zone)
    return TicketReply(
        id=row.word("id") or f"place-{position + 1}",
        author=row.word("name"),
        body=row.body("body"),
        sent_at=row.instant("sent_at", "date", zero_is_none=True),
        by_staff=row.word("type").lower() in STAFF,
        attachments=attachments(row) or (apart or {}).get(row.word("id"), ()),
    )


def _oldest_first(thread: list[TicketReply]) -> tuple[TicketReply, ...]:
    """In the order of time where every message has one, else as upstream sent them; the opening message always leads."""
    opening, replies = thread[0], thread[1:]
    if all(reply.sent_at is not None for reply in replies):
        replies.sort(key=lambda reply: reply.sent_at or LONG_AGO)
    return (opening, *replies)


def opened_number(data: Any) -> str:
    """The number in the answer of `POST /tickets`, empty where it names none."""
    value = data.get("ticket") if isinstance(data, Mapping) else None
    if not isinstance(value, Mapping):
        value = {"ticket_number": value, **data} if value is not None else data
    texts = (scalar_text(value.get(key)) for key in NUMBER_KEYS) if isinstance(value, Mapping) else ()
    return next((text for text in texts if text), "")


def department(data: Any, zone: ZoneInfo) -> Department:
    """A row of `GET /ticket/departments`, whose shape is not documented: an object, or a name alone that has its id beside it."""
    row = Row(data, zone)
    return Department(
        id=row.identifier("id", "dept_id"),
        name=row.needed("name", "name", "deptname"),
        description=row.word("description"),
    )


def departments_by_id(data: Any) -> tuple[Department, ...] | None:
    """Departments written as an object of id to name; None where they are written otherwise."""
    value = data
    if isinstance(data, Mapping):
        value = next((data[key] for key in ("departments", "depts") if key in data), data)
    if not isinstance(value, Mapping) or not value:
        return None
    names = {str(key): scalar_text(name) for key, name in value.items()}
    if not all(names.values()):
        return None
    return tuple(Department(id=key, name=name or "") for key, name in names.items())
