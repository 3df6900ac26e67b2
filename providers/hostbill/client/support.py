"""Support: tickets, their replies and attachments, departments."""

from __future__ import annotations

from typing import Any

from providers.hostbill.client.group import Group, given
from providers.transport import Answer


class Support(Group):
    def list_tickets(self) -> Any:
        """`GET /tickets`: the account's tickets. Reads. Both portals. Answers `{"tickets": [...]}`."""
        return self._read("GET", "/tickets")

    def ticket_details(self, number: str) -> Any:
        """`GET /tickets/{number}`: one ticket with all replies. Reads. Both portals.

        Answers `{"ticket": {...}, "replies": [...]}`; the opening message is the ticket's own `body`.
        """
        return self._read("GET", "/tickets/{number}", number=number)

    def ticket_attachment(self, file: str, *, number: str | None = None) -> Answer:
        """`GET /ticket/attachment/{file}`: the attachment itself, as bytes with their headers. Reads. Both portals.

        The table lists a `number` (ticket) that the path lacks; it is sent as a query parameter when given.
        """
        return self._read_file("GET", "/ticket/attachment/{file}", params=given(number=number), file=file)

    def list_departments(self) -> Any:
        """`GET /ticket/departments`: where a ticket can go. Reads. Both portals; the shape is not documented."""
        return self._read("GET", "/ticket/departments")

    def create_ticket(self, *, department_id: int, subject: str, body: str) -> Any:
        """`POST /tickets`: opens a ticket. Changes. Both portals. Answers `{"ticket": <number>}`, the number as an integer."""
        return self._change("POST", "/tickets", body={"dept_id": department_id, "subject": subject, "body": body})

    def create_reply(self, number: str, body: str) -> Any:
        """`POST /tickets/{number}`: adds a reply. Changes. Both portals. Answers `{"info": ["reply_added"]}`, without an id."""
        return self._change("POST", "/tickets/{number}", body={"body": body}, number=number)

    def reopen_ticket(self, number: str) -> Any:
        """`PUT /tickets/{number}/open`: tries to open a closed ticket again. Changes. Both portals. Answers `{"status": true}`."""
        return self._change("PUT", "/tickets/{number}/open", number=number)

    def close_ticket(self, number: str) -> Any:
        """`PUT /tickets/{number}/close`: asks for a ticket to be closed. Changes. Both portals. Answers `{"status": true}`."""
        return self._change("PUT", "/tickets/{number}/close", number=number)
