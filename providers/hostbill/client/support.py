"""Support: tickets, their replies and attachments, departments."""

from __future__ import annotations

from typing import Any

from providers.hostbill.client.group import Group, given


class Support(Group):
    def list_tickets(self) -> Any:
        """`GET /tickets`: the account's tickets. Reads. Both portals. Answers `{"tickets": [...]}`."""
        return self._read("GET", "/tickets")

    def ticket_details(self, number: str) -> Any:
        """`GET /tickets/{number}`: one ticket with all replies. Reads. Both portals.

        Answers `{"ticket": {...}, "replies": [...]}`; the opening message is the ticket's own `body`.
        """
        return self._read("GET", "/tickets/{number}", number=number)

    def ticket_attachment(self, file: str, *, number: str | None = None) -> bytes:
        """`GET /ticket/attachment/{file}`: the attachment itself, as bytes. Reads. Both portals.

        The table lists a `number` (ticket) that the path lacks; it is sent as a query parameter when given.
        """
        return self._read_bytes("GET", "/ticket/attachment/{file}", params=given(number=number), file=file)

    def list_departments(self) -> Any:
        """`GET /ticket/departments`: where a ticket can go. Reads. Both portals; the shape is not documented."""
        return self._read("GET", "/ticket/departments")
