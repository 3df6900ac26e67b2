"""Forty tickets: scripts with real-looking threads, filled in with the account's own things."""

import base64
import random
import string
from datetime import timedelta
from typing import Any

from sandbox.clock import stamp
from sandbox.demo.scripts import Script, read
from sandbox.hostbill.portal import HostBillPortal
from sandbox.names import to_unicode
from sandbox.state import Record

STAFF = {
    "cloudviet": ("Nguyễn Minh Khoa", "Lê Thu Hà", "Đặng Quốc Bảo"),
    "dns-services": ("Anders Holm", "Sofie Lund", "Rasmus Vang"),
}
DEPARTMENTS = {"dns-services": {"Technical": "Support", "Domains": "Support", "Sales": "Billing"}}
# of the newest tickets, newest first; all older ones are closed
NEWEST = (
    "Open",
    "Answered",
    "Client-Reply",
    "In-Progress",
    "Answered",
    "Open",
    "Closed",
    "Answered",
    "Closed",
    "Client-Reply",
)
# the second newest of each portal is about a domain that has other troubles as well
FEATURED = {
    "cloudviet": ("Mail to $domain bounces", "hoasenspa.vn"),
    "dns-services": ("Fornyelse af $domain", "nordlysbageri.dk"),
}
COUNTS = {"cloudviet": 24, "dns-services": 16}
LOG_FILE = (
    b"2026-11-22 14:07:12 +0700 smtp-in[2211]: connect from mx.example[192.0.2.25]\n"
    b"2026-11-22 14:07:13 +0700 smtp-in[2211]: reject: 550 5.7.26\n"
)


def fill(portal: HostBillPortal, chance: random.Random) -> None:
    english = read("en")
    scripts = [*english, *read("vi")] if portal.key == "cloudviet" else [*read("da"), *reversed(english)]
    count = COUNTS[portal.key]
    chosen = [scripts[number % len(scripts)] for number in range(count)]
    chance.shuffle(chosen)
    subject, name = FEATURED[portal.key]
    featured = next(script for script in scripts if script.subject == subject)
    chosen.remove(featured)
    chosen.insert(count - 2, featured)
    domains = [one for one in portal.state.all("domains") if one["status"] == "Active"]
    # a script may come a second time, but with another domain
    used = {featured.subject_for(name)}
    for number, script in enumerate(chosen):
        place = count - number - 1
        free = [one for one in domains if script.subject_for(one["name"]) not in used]
        domain = next(one for one in domains if one["name"] == name) if place == 1 else chance.choice(free)
        used.add(script.subject_for(domain["name"]))
        _add(portal, chance, script, domain, 0.2 + 0.5 * place**1.8, NEWEST[place] if place < len(NEWEST) else "Closed")


def _values(portal: HostBillPortal, chance: random.Random, domain: Record) -> dict[str, str]:
    machines = portal.state.all("machines") or [{"name": "web-01", "ips": ["198.51.100.33"]}]
    machine = chance.choice(machines)
    invoice = chance.choice(portal.state.all("invoices"))
    service = chance.choice(portal.state.all("services"))
    client = portal.client
    return {
        "domain": to_unicode(domain["name"]),
        "vm": machine["name"],
        "ip": machine["ips"][0],
        "invoice": invoice["number"],
        "service": service["name"],
        "client": f"{client['firstname']}",
        "staff": "",
        "portal": portal.flavour.title,
    }


def _add(
    portal: HostBillPortal, chance: random.Random, script: Script, domain: Record, age: float, status: str
) -> None:
    values = _values(portal, chance, domain)
    staff = chance.choice(STAFF[portal.key])
    values["staff"] = staff
    number = str(portal.state.next_id("tickets", 48190))
    opened, *rest = _cut(script, status)
    # the whole thread fits between its beginning and now
    gaps = [chance.randrange(20, 900) for _ in rest]
    shrink = min(1.0, age * 1300 / (sum(gaps) or 1))
    moment = portal.clock.now() - timedelta(days=age)
    ticket: Record = {
        "number": number,
        "date": stamp(moment),
        "department": DEPARTMENTS.get(portal.key, {}).get(script.department, script.department),
        "subject": script.subject_for(values["domain"]),
        "body": string.Template(opened[1]).substitute(values),
        "status": status,
        "client_read": "0" if status == "Answered" else "1",
        "name": f"{portal.client['firstname']} {portal.client['lastname']}",
        "email": portal.client["email"],
        "replies": [],
    }
    for (who, text), gap in zip(rest, gaps, strict=True):
        moment += timedelta(minutes=gap * shrink)
        ticket["replies"].append(_reply(portal, who, staff, string.Template(text).substitute(values), stamp(moment)))
    ticket["changed"] = stamp(moment)
    portal.state.put("tickets", number, ticket)
    if script.attachment:
        _attach(portal, ticket)


def _cut(script: Script, status: str) -> list[tuple[str, str]]:
    """The part of the script that fits the status: an open ticket has no answer yet, an answered one ends with the staff."""
    messages = list(script.messages)
    if status == "Open":
        return messages[:1]
    wanted = {"Answered": "staff", "Client-Reply": "client", "In-Progress": "staff"}.get(status)
    while wanted and len(messages) > 2 and messages[-1][0] != wanted:
        messages.pop()
    return messages


def _reply(portal: HostBillPortal, who: str, staff: str, body: str, moment: str) -> Record:
    client = portal.client
    return {
        "id": str(portal.state.next_id("replies", 3000)),
        "name": staff if who == "staff" else f"{client['firstname']} {client['lastname']}",
        "date": moment,
        "body": body,
        "type": "Admin" if who == "staff" else "Client",
    }


def _attach(portal: HostBillPortal, ticket: dict[str, Any]) -> None:
    key = str(portal.state.next_id("attachments", 410))
    content = base64.b64encode(LOG_FILE).decode()
    kept = {"id": key, "filename": "mail.log", "content_type": "text/plain", "content": content}
    portal.state.put("attachments", key, kept)
    ticket["attachments"] = [{"id": key, "filename": "mail.log"}]
