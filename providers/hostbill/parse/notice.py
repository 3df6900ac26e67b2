"""Notifications and the account's log. No page shows either: every field is looked for under the names that portals use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from providers.hostbill.parse.row import Row, UnreadableRow, scalar_text
from providers.people import LogEntry, Notification

WHEN = ("date_added", "date", "created_at", "created", "timestamp", "time")
LONG_AGO = datetime.min.replace(tzinfo=UTC)
READ_WORDS = {"read": True, "seen": True, "unread": False, "new": False}

N = TypeVar("N", Notification, LogEntry)


def notification(data: Any, zone: ZoneInfo, *, unread: bool) -> Notification:
    """`unread`: it stood in the list of unread ones, which says it where the row does not."""
    row = Row(data, zone)
    subject = row.word("subject", "title")
    body = row.body("body") or row.body("message") or row.body("content") or row.body("text")
    if not subject and not body:
        raise UnreadableRow("it says nothing")
    kind, about = row.word("rel_type"), row.word("rel_id")
    return Notification(
        id=row.identifier("id", "notification_id"),
        subject=subject or body.splitlines()[0][:200],
        body=body,
        at=row.instant("at", *WHEN, zero_is_none=True),
        read=False if unread else _read(row),
        about=(kind, about) if kind and about not in ("", "0") else None,
    )


def _read(row: Row) -> bool | None:
    word = row.word("status").lower()
    if word in READ_WORDS:
        return READ_WORDS[word]
    return row.flag("read", "seen", "read", "is_read", "acknowledged", "ack")


def log_entry(data: Any, zone: ZoneInfo) -> LogEntry:
    """A line of the log: an object, or a text alone."""
    if not isinstance(data, Mapping):
        text = scalar_text(data)
        if not text:
            raise UnreadableRow("it says nothing")
        return LogEntry(at=None, words=text)
    row = Row(data, zone)
    words = row.word("event", "description", "action", "message", "text", "log", "entry")
    if not words:
        raise UnreadableRow("it says nothing")
    return LogEntry(
        at=row.instant("at", *WHEN, zero_is_none=True),
        words=words,
        who=row.word("who", "user", "username", "login", "email", "name"),
        address=row.word("ip", "ipaddress", "ip_address", "address"),
    )


def newest_first(entries: tuple[N, ...]) -> tuple[N, ...]:
    """By their time where every one has one, else as upstream sent them."""
    if any(entry.at is None for entry in entries):
        return entries
    return tuple(sorted(entries, key=lambda entry: entry.at or LONG_AGO, reverse=True))
