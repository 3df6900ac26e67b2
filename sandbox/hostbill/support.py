"""Support: tickets, replies, departments, attachments."""

import base64
from typing import Any

from sandbox.hostbill.portal import HostBillPortal
from sandbox.messages import Request, Response
from sandbox.routing import section
from sandbox.state import Record


def listed(portal: HostBillPortal, _request: Request) -> Any:
    latest_first = sorted(portal.state.all("tickets"), key=lambda one: str(one["changed"]), reverse=True)
    return {
        "tickets": [
            {
                "client_read": one["client_read"],
                "ticket_number": one["number"],
                "date": portal.clock.local(one["date"]),
                "deptname": one["department"],
                "subject": one["subject"],
                "status": one["status"],
            }
            for one in latest_first
        ]
    }


def detail(portal: HostBillPortal, request: Request) -> Any:
    one = portal.one("tickets", request.params["number"], "Ticket")
    ticket = {
        "date": portal.clock.local(one["date"]),
        "ticket_number": one["number"],
        "name": one["name"],
        "email": one["email"],
        "subject": one["subject"],
        "body": crlf(one["body"]),
        "status": one["status"],
        "client_read": one["client_read"],
        "deptname": one["department"],
    }
    if one.get("attachments"):
        ticket["attachments"] = one["attachments"]
    return {"ticket": ticket, "replies": [_reply(portal, reply) for reply in one["replies"]]}


def crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _reply(portal: HostBillPortal, reply: Record) -> dict[str, Any]:
    shown = {
        "id": reply["id"],
        "name": reply["name"],
        "date": portal.clock.local(reply["date"]),
        "body": crlf(reply["body"]),
        "status": "Sent",
        "type": reply["type"],
    }
    if reply.get("attachments"):
        shown["attachments"] = reply["attachments"]
    return shown


def add_reply(portal: HostBillPortal, number: str, name: str, body: str, kind: str) -> Record:
    """`kind` is Admin or Client; KeyError when there is no such ticket."""
    ticket = portal.state.edit("tickets", number)
    now = portal.clock.stamp()
    reply = {
        "id": str(portal.state.next_id("replies", 3000)),
        "name": name,
        "date": now,
        "body": body,
        "type": kind,
    }
    ticket["replies"].append(reply)
    staff = kind == "Admin"
    ticket.update(status="Answered" if staff else "Client-Reply", client_read="0" if staff else "1", changed=now)
    return reply


def reply(portal: HostBillPortal, request: Request) -> Any:
    number = request.params["number"]
    ticket = portal.one("tickets", number, "Ticket")
    body = request.text("body")
    if not body:
        raise portal.invalid("Message body is required")
    add_reply(portal, number, ticket["name"], body, "Client")
    return {"info": ["reply_added"]}


def create(portal: HostBillPortal, request: Request) -> Any:
    department = portal.state.get("departments", request.text("dept_id"))
    if department is None:
        raise portal.invalid("Department is invalid")
    subject, body = request.text("subject"), request.text("body")
    if not subject or not body:
        raise portal.invalid("Subject and message are required")
    number = str(portal.state.next_id("tickets", 48300))
    now = portal.clock.stamp()
    client = portal.client
    ticket: Record = {
        "number": number,
        "date": now,
        "changed": now,
        "department": department["name"],
        "subject": subject,
        "body": body,
        "status": "Open",
        "client_read": "1",
        "name": f"{client['firstname']} {client['lastname']}",
        "email": client["email"],
        "replies": [],
    }
    portal.state.put("tickets", number, ticket)
    # a number here, text in the lists
    return {"ticket": int(number)}


def _set_status(portal: HostBillPortal, number: str, status: str) -> Any:
    portal.one("tickets", number, "Ticket")
    portal.state.edit("tickets", number).update(status=status, changed=portal.clock.stamp())
    return {"status": True}


def reopen(portal: HostBillPortal, request: Request) -> Any:
    return _set_status(portal, request.params["number"], "Open")


def close(portal: HostBillPortal, request: Request) -> Any:
    return _set_status(portal, request.params["number"], "Closed")


def departments(portal: HostBillPortal, _request: Request) -> Any:
    return {"departments": portal.state.all("departments")}


def attachment(portal: HostBillPortal, request: Request) -> Any:
    kept = portal.one("attachments", request.params["file"], "Attachment")
    return Response(
        200,
        base64.b64decode(kept["content"]),
        kept["content_type"],
        {"Content-Disposition": f'attachment; filename="{kept["filename"]}"'},
    )


def staff_reply(portal: HostBillPortal, request: Request) -> Any:
    """`{"name": "...", "body": "..."}`: the portal's staff answers a ticket."""
    body = request.text("body")
    if not body:
        raise ValueError("body: a text is expected")
    name = request.text("name", "Support") or "Support"
    return {"reply": add_reply(portal, request.params["number"], name, body, "Admin")}


def change_ticket(portal: HostBillPortal, request: Request) -> Any:
    """`{"status": "In-Progress", "department": "..."}`: any of a ticket's fields."""
    ticket = portal.state.edit("tickets", request.params["number"])
    ticket.update(request.known(ticket, "number"))
    return {"ticket": ticket}


COMMON = section(
    "Support",
    ("GET", "/tickets", listed),
    ("GET", "/tickets/{number}", detail),
    ("GET", "/ticket/attachment/{file}", attachment),
    ("POST", "/tickets", create),
    ("POST", "/tickets/{number}", reply),
    ("PUT", "/tickets/{number}/open", reopen),
    ("PUT", "/tickets/{number}/close", close),
    ("GET", "/ticket/departments", departments),
)
CONTROLS = {("POST", "/tickets/{number}/reply"): staff_reply, ("POST", "/tickets/{number}"): change_ticket}
