"""Tickets of a HostBill portal."""

from __future__ import annotations

from collections.abc import Mapping

from providers import families
from providers.errors import InvalidRequest, MalformedResponse
from providers.hostbill.answers import row_values
from providers.hostbill.parse.row import UnreadableRow
from providers.hostbill.parse.ticket import NUMBER_KEYS, department, departments_by_id, ticket, ticket_detail
from providers.hostbill.portal import Portal, first_text, for_account, page_of, thing_of
from providers.resources import Department, Page, Ticket, TicketDetail


@for_account
class Support(families.Support):
    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def list(self, page: str | None = None) -> Page[Ticket]:
        """`GET /tickets`, whole."""
        operation = "GET /tickets"
        data = self.portal.whole(operation, self.portal.client.support.list_tickets)
        return page_of(
            data,
            "tickets",
            parse=lambda row: ticket(row, self.portal.zone),
            operation=operation,
            id_of=lambda row: first_text(row, *NUMBER_KEYS),
        )

    def detail(self, number: str) -> TicketDetail:
        """`GET /tickets/{number}`."""
        data = self.portal.client.support.ticket_details(number)
        answer = data if isinstance(data, Mapping) else {}
        return thing_of(
            data,
            "ticket",
            wanted=number,
            parse=lambda row: ticket_detail(row, answer, self.portal.zone),
            operation="GET /tickets/{number}",
            id_key="ticket_number",
        )

    def departments(self) -> tuple[Department, ...]:
        """`GET /ticket/departments`: an object of id to name, or a list."""
        operation = "GET /ticket/departments"
        data = self.portal.whole(operation, self.portal.client.support.list_departments)
        named = departments_by_id(data)
        if named is not None:
            return named
        try:
            rows = row_values(data, "departments", "depts", operation=operation)[0]
            return tuple(department(row, self.portal.zone) for row in rows)
        except UnreadableRow as error:
            raise MalformedResponse(f"A department can’t be read: {error}.", operation=operation) from None

    def reply(self, number: str, body: str) -> None:
        """Changes: `POST /tickets/{number}`."""
        if not body.strip():
            sentence = "The reply is empty."
            raise InvalidRequest(f"{sentence} Nothing was sent.", fields={"body": [sentence]})
        self.portal.change("POST /tickets/{number}", lambda: self.portal.client.support.create_reply(number, body))
