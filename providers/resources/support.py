"""Tickets and their threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from providers.resources.lists import Upstream


class TicketStatus(StrEnum):
    """Who must speak next: `answered` waits for us, `open`, `customer_reply` and `in_progress` wait for the portal's staff."""

    OPEN = "open"
    ANSWERED = "answered"
    CUSTOMER_REPLY = "customer_reply"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(Upstream):
    """`id` is the ticket's number."""

    number: str
    subject: str
    status: TicketStatus
    upstream_status: str = ""
    department: str | None = None
    opened_at: datetime | None = None
    read_by_us: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReply:
    """One message of a thread. The opening message of the ticket has the id `opening`."""

    id: str
    author: str
    body: str
    sent_at: datetime | None
    by_staff: bool
    """True when the portal's people wrote it."""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a message, still at the portal."""

    id: str
    name: str
    size: int | None = None
    """In bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file as upstream sent it. Hostile: whoever hands it on names it and its type anew, and never renders it."""

    content: bytes = field(repr=False)
    name: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDetail(Ticket):
    author: str | None = None
    email: str | None = None
    replies: tuple[TicketReply, ...] = ()
    """The whole thread, oldest first, with the opening message as its first entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    id: str
    name: str
    description: str = ""
