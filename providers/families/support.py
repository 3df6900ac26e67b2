"""Tickets."""

from __future__ import annotations

from providers.families.missing import missing
from providers.resources import Department, Download, Page, Ticket, TicketDetail


class Support:
    def list(self, page: str | None = None) -> Page[Ticket]:
        """One page of the tickets, closed ones included."""
        raise missing("support.list")

    def detail(self, number: str) -> TicketDetail:
        """One ticket with its whole thread."""
        raise missing("support.detail")

    def departments(self) -> tuple[Department, ...]:
        """Where a ticket can be sent."""
        raise missing("support.departments")

    def attachment(self, attachment_id: str) -> Download:
        """A file of a thread, by its id in `TicketReply.attachments`. Hostile: never rendered, only handed on."""
        raise missing("support.attachment")

    def open(self, department_id: str, subject: str, body: str) -> str:
        """Changes: opens a ticket and returns its number, empty where upstream does not say it."""
        raise missing("support.open")

    def reply(self, number: str, body: str) -> None:
        """Changes: adds our reply to a ticket. Upstream does not say its id; read the thread again to find it."""
        raise missing("support.reply")

    def close(self, number: str) -> None:
        """Changes: closes a ticket."""
        raise missing("support.close")

    def reopen(self, number: str) -> None:
        """Changes: opens a closed ticket again."""
        raise missing("support.reopen")
