"""Sixty invoices: renewals, hosting, servers; paid, unpaid, overdue, cancelled and refunded, in three currencies."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from sandbox.clock import NEVER_DAY, add_years
from sandbox.hostbill.domains import days_left, renewal_line
from sandbox.hostbill.money import text
from sandbox.hostbill.orders import add_invoice, add_order
from sandbox.hostbill.portal import HostBillPortal
from sandbox.state import Record


class Bill(NamedTuple):
    """`issued` and `due` are days from today."""

    status: str
    issued: int
    due: int
    lines: list[Record]
    currency: str = ""


CREDIT_NOTE = "Refunded to the account's credit on request."


def fill(portal: HostBillPortal, chance: random.Random) -> None:
    bills = [*_unpaid(portal), *_history(portal, chance), *_odd(portal, chance)]
    for bill in sorted(bills, key=lambda bill: bill.issued):
        _write(portal, bill)


def _write(portal: HostBillPortal, bill: Bill) -> None:
    issued = portal.clock.day(bill.issued)
    paid_on = date.fromisoformat(issued) + timedelta(days=min(3, -bill.issued))
    paid = f"{paid_on.isoformat()}T{2 + bill.issued % 9:02d}:40:47Z" if bill.status in ("Paid", "Refunded") else ""
    fields = {
        "date": issued,
        "duedate": portal.clock.day(bill.due),
        "status": bill.status,
        "datepaid": paid,
        "notes": CREDIT_NOTE if bill.status == "Refunded" else "",
    }
    if bill.currency:
        subtotal = sum((Decimal(line["amount"]) for line in bill.lines), Decimal(0))
        untaxed = {"tax": "0.00", "taxrate": "0.00", "subtotal": text(subtotal), "total": text(subtotal)}
        fields.update(currency=bill.currency, **untaxed)
    invoice = add_invoice(portal, bill.lines, **fields)
    if bill.status == "Unpaid":
        add_order(portal, invoice, [*effects(bill.lines)])
    if bill.status == "Paid" and int(invoice["id"]) % 3 == 0:
        invoice["credit"] = invoice["total"]


def effects(lines: list[Record]) -> Iterator[Record]:
    """What happens when the invoice is paid, as if the portal had made it itself."""
    for line in lines:
        if line["type"] == "Domain Renew":
            yield {"effect": "renew", "domain": line["item_id"], "years": 1}
        elif line["item_id"] != "0":
            yield {"effect": "service", "service": line["item_id"]}


def service_line(service: Record, month: str) -> Record:
    return {
        "type": "Hosting",
        "item_id": service["id"],
        "description": f"{service['name']} - {service['domain']} ({month})",
        "amount": service["total"],
    }


def _unpaid(portal: HostBillPortal) -> list[Bill]:
    """The renewals that are due soon, and what the services of this month cost."""
    bills: list[Bill] = []
    soon = [one for one in portal.state.all("domains") if one["expires"] != NEVER_DAY and one["status"] == "Active"]
    soon.sort(key=lambda one: str(one["expires"]))
    for domain in soon:
        left = days_left(portal, domain)
        if -10 <= left <= 31 and domain["autorenew"] == "1" and len(bills) < 6:
            bills.append(Bill("Unpaid", min(left - 30, -1), left, [renewal_line(portal, domain, 1)]))
    active = [one for one in portal.state.all("services") if one["status"] in ("Active", "Suspended")]
    month = portal.clock.today().strftime("%m/%Y")
    for service in active:
        due = (date.fromisoformat(service["next_due"]) - portal.clock.today()).days
        if -10 <= due <= 8 and len(bills) < 9:
            bills.append(Bill("Unpaid", min(due - 14, -1), due, [service_line(service, month)]))
    return bills


def _history(portal: HostBillPortal, chance: random.Random) -> list[Bill]:
    """Paid invoices of the past year: a monthly one for the services, and renewals that went through."""
    services = [one for one in portal.state.all("services") if one["status"] == "Active"]
    monthly = [one for one in services if one["billingcycle"] == "Monthly"]
    bills = []
    for months_ago in range(1, 9):
        day = portal.clock.today() - timedelta(days=30 * months_ago)
        lines = [service_line(one, day.strftime("%m/%Y")) for one in chance.sample(monthly, min(4, len(monthly)))]
        bills.append(Bill("Paid", -30 * months_ago, -30 * months_ago + 7, lines))
    return [*bills, *_renewals(portal)]


def _renewals(portal: HostBillPortal) -> list[Bill]:
    """Seven renewals of the past year that went through, each with those of the weeks after it on the same invoice."""
    today = portal.clock.today()
    ran_out: list[tuple[date, Record]] = []
    for domain in portal.state.all("domains"):
        if domain["status"] == "Active" and domain["expires"] != NEVER_DAY:
            day = date.fromisoformat(domain["expires"])
            while day >= today:
                day = date.fromisoformat(add_years(day.isoformat(), -1))
            if day.isoformat() != domain["expires"] and day.isoformat() > domain["date_created"]:
                ran_out.append((day, domain))
    ran_out.sort(key=lambda pair: pair[0])
    bills = []
    for number in range(7):
        first = ran_out[number * len(ran_out) // 7]
        near = [pair for pair in ran_out if timedelta(0) <= pair[0] - first[0] <= timedelta(days=12)][:4]
        lines = [_past_line(portal, domain, day) for day, domain in near]
        issued = (first[0] - today).days - 20
        bills.append(Bill("Paid", issued, issued + 7, lines))
    return bills


def _past_line(portal: HostBillPortal, domain: Record, day: date) -> Record:
    """The line of a renewal from a day in the past, at today's price."""
    line = renewal_line(portal, domain, 1)
    return {**line, "description": line["description"].replace(domain["expires"], day.isoformat())}


def _odd(portal: HostBillPortal, chance: random.Random) -> list[Bill]:
    services = portal.state.all("services")
    domains = portal.state.all("domains")
    bills = [
        Bill("Cancelled", -75, -68, [renewal_line(portal, domains[3], 1)]),
        Bill("Cancelled", -160, -153, [service_line(services[-1], "setup")]),
        Bill("Refunded", -96, -89, [service_line(services[0], "duplicate")]),
    ]
    if portal.key == "cloudviet":
        dedicated = {
            "type": "Hosting",
            "item_id": "0",
            "description": "Dedicated server, Singapore",
            "amount": "129.00",
        }
        licence = {"type": "Other", "item_id": "0", "description": "cPanel licence, 5 accounts", "amount": "26.40"}
        for months_ago in range(6):
            status = "Unpaid" if months_ago == 0 else "Paid"
            due = 4 if months_ago == 0 else -30 * months_ago + 7
            bills.append(Bill(status, -3 - 30 * months_ago, due, [dedicated, licence], "USD"))
    else:
        bills.append(Bill("Unpaid", -21, -7, [renewal_line(portal, chance.choice(domains), 1)]))
    return bills
