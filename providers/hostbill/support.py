"""Tickets of a HostBill portal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.message import Message

from providers import families
from providers.errors import InvalidRequest, MalformedResponse
from providers.hostbill.answers import row_values
from providers.hostbill.orders import whole
from providers.hostbill.parse.row import UnreadableRow, scalar_text
from providers.hostbill.parse.ticket import (
    NUMBER_KEYS,
    department,
    departments_by_id,
    opened_number,
    ticket,
    ticket_detail,
)
from providers.hostbill.portal import Portal, first_text, for_account, page_of, thing_of
from providers.resources import Department, Download, Page, Ticket, TicketDetail

MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}", re.ASCII)


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

    def attachment(self, attachment_id: str) -> Download:
        """`GET /ticket/attachment/{file}`, at most as large as the transport takes."""
        operation = "GET /ticket/attachment/{file}"
        answer = self.portal.whole(operation, lambda: self.portal.client.support.ticket_attachment(attachment_id))
        return Download(
            content=answer.content,
            name=file_name(answer.headers.get("content-disposition", "")),
            media_type=media_type(answer.headers.get("content-type", "")),
        )

    def open(self, department_id: str, subject: str, body: str) -> str:
        """Changes: `POST /tickets`."""
        department = whole("department_id", department_id, "The portal has no such department.")
        empty = {
            name: [f"The {name} is empty."] for name, text in (("subject", subject), ("body", body)) if blank(text)
        }
        if empty:
            sentences = " ".join(sentence for texts in empty.values() for sentence in texts)
            raise InvalidRequest(f"{sentences} Nothing was sent.", fields=empty)
        send = self.portal.client.support.create_ticket
        data = self.portal.change(
            "POST /tickets", lambda: send(department_id=department, subject=subject.strip(), body=body)
        )
        return opened_number(data)

    def reply(self, number: str, body: str) -> None:
        """Changes: `POST /tickets/{number}`."""
        if blank(body):
            sentence = "The reply is empty."
            raise InvalidRequest(f"{sentence} Nothing was sent.", fields={"body": [sentence]})
        self.portal.change("POST /tickets/{number}", lambda: self.portal.client.support.create_reply(number, body))

    def close(self, number: str) -> None:
        """Changes: `PUT /tickets/{number}/close`."""
        self.portal.change("PUT /tickets/{number}/close", lambda: self.portal.client.support.close_ticket(number))

    def reopen(self, number: str) -> None:
        """Changes: `PUT /tickets/{number}/open`."""
        self.portal.change("PUT /tickets/{number}/open", lambda: self.portal.client.support.reopen_ticket(number))


def blank(text: str) -> bool:
    return not text.strip()


def file_name(disposition: str) -> str:
    """The name that a Content-Disposition header gives, without a folder; empty where it gives none."""
    message = Message()
    message["Content-Disposition"] = " ".join(disposition[:1_000].split())
    try:
        name = message.get_filename("")
    except (ValueError, LookupError):
        return ""  # a name in an alphabet that does not exist
    return (scalar_text(name.replace("\\", "/").rpartition("/")[2]) or "")[:200]


def media_type(header: str) -> str:
    """Such as `image/png`; empty where the header is none."""
    found = MEDIA_TYPE.match(header.strip().lower())
    return found[0] if found else ""
