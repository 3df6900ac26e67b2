"""A desk whose days can be lived through: time travels, beat ticks, mails are read as they arrived."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from accounts.models import User
from reminders import claim, plan
from reminders.deliver import Outcome, deliver
from sandbox.mail import MailCatcher, told


def tick() -> list[Outcome]:
    """One beat's work, as `reminders.tasks.tick` files it, done here."""
    plan.plan()
    return [deliver(user_id) for user_id in claim.ready()]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def received(mails: MailCatcher, person: User | None = None) -> list[dict[str, Any]]:
    """The mails that came, to one person or to anybody, oldest first: id, at, from, to, subject, message_id, text, html."""
    return [told(record) for record in mails.mails() if person is None or record["to"] == [person.email]]


def texts(mails: MailCatcher, person: User | None = None) -> list[str]:
    return [mail["text"] for mail in received(mails, person)]


def subjects(mails: MailCatcher, person: User | None = None) -> list[str]:
    return [mail["subject"] for mail in received(mails, person)]


def names(text: str) -> list[str]:
    """The names that a digest lists, in its order, those without a date left aside."""
    return re.findall(r"^  (\S+)$", text.partition("\nDate unknown\n")[0], re.MULTILINE)


def day(text: str) -> date:
    return date.fromisoformat(text)
