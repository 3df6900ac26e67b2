"""Orders and their invoices: what is bought happens only when the invoice is paid."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbox.clock import NEVER_DAY, add_years
from sandbox.hostbill.money import amount, text
from sandbox.hostbill.portal import CLIENT, HostBillPortal
from sandbox.state import Record

VAT = {"VND": Decimal(8), "DKK": Decimal(25)}
DUE_AFTER_DAYS = 7
DAYS_OF_CYCLE = {"Monthly": 30, "Quarterly": 91, "Annually": 365, "Biennially": 730, "Triennially": 1095}


def due(invoice: Record) -> Decimal:
    return amount(invoice["total"]) - amount(invoice["credit"])


def tax_of(portal: HostBillPortal, subtotal: Decimal) -> tuple[Decimal, Decimal]:
    """(tax, rate in per cent) on what this portal sells."""
    rate = VAT.get(portal.flavour.currency, Decimal(0))
    return amount(subtotal * rate / 100), rate


def add_invoice(portal: HostBillPortal, lines: Sequence[Record], **fields: Any) -> Record:
    """Lines: type, item_id, description, amount. Fields override what a fresh unpaid invoice of today has."""
    key = str(portal.state.next_id("invoices", 20300))
    subtotal = sum((amount(line["amount"]) for line in lines), Decimal(0))
    tax, rate = tax_of(portal, subtotal)
    issued = fields.get("date") or portal.clock.day(0)
    serial = portal.state.next_id(f"invoices of {issued[:7]}")
    record: Record = {
        "id": key,
        "number": f"{issued[:4]}/{int(issued[5:7])}/{serial}",
        "date": issued,
        "duedate": (date.fromisoformat(issued) + timedelta(days=DUE_AFTER_DAYS)).isoformat(),
        "datepaid": "",
        "status": "Unpaid",
        "subtotal": text(subtotal),
        "tax": text(tax),
        "taxrate": text(rate),
        "total": text(subtotal + tax),
        "credit": "0.00",
        "currency": portal.flavour.currency,
        "items": [{**line, "id": str(portal.state.next_id("lines", 61000))} for line in lines],
        **fields,
    }
    return portal.state.put("invoices", key, record)


def place(portal: HostBillPortal, lines: Sequence[Record], effects: Sequence[Record]) -> Record:
    """One order with one invoice; `effects` happen when it is paid: {"effect": "renew", "domain": id, "years": n}."""
    invoice = add_invoice(portal, lines)
    order = add_order(portal, invoice, effects)
    limit = portal.settings["cancel_unpaid_after_days"]
    if limit:
        portal.later(limit * 86400, "cancel_unpaid", invoice=invoice["id"])
    covered = amount(portal.client["credit"]) >= due(invoice)
    if due(invoice) == 0:
        settle(portal, invoice["id"])
    elif portal.settings["auto_pay_from_credit"] and covered:
        use_credit(portal, invoice["id"], due(invoice))
    return order


def add_order(portal: HostBillPortal, invoice: Record, effects: Sequence[Record]) -> Record:
    order: Record = {
        "id": str(portal.state.next_id("orders", 7000)),
        "number": 10**8 + secrets.randbelow(9 * 10**8),
        "invoice_id": invoice["id"],
        "effects": list(effects),
        "status": "Pending",
        "date": portal.clock.stamp(),
    }
    return portal.state.put("orders", order["id"], order)


def use_credit(portal: HostBillPortal, invoice_id: str, sum_: Decimal) -> None:
    client = portal.state.edit("client", CLIENT)
    client["credit"] = text(amount(client["credit"]) - sum_)
    invoice = portal.state.edit("invoices", invoice_id)
    invoice["credit"] = text(amount(invoice["credit"]) + sum_)
    if due(invoice) <= 0:
        settle(portal, invoice_id)


def settle(portal: HostBillPortal, invoice_id: str) -> None:
    """The invoice is paid: its orders go to the registrar or are provisioned."""
    invoice = portal.state.edit("invoices", invoice_id)
    invoice.update(status="Paid", datepaid=portal.clock.stamp())
    for order in portal.state.all("orders"):
        if order["invoice_id"] == invoice_id and order["status"] == "Pending":
            portal.state.edit("orders", order["id"])["status"] = "Active"
            for effect in order["effects"]:
                portal.later(portal.settings["registrar_seconds"], "deliver", **effect)


def cancel_unpaid(portal: HostBillPortal, job: Record) -> None:
    invoice = portal.state.get("invoices", job["invoice"])
    if invoice is None or invoice["status"] != "Unpaid":
        return
    portal.state.edit("invoices", invoice["id"])["status"] = "Cancelled"
    for order in portal.state.all("orders"):
        if order["invoice_id"] == invoice["id"]:
            portal.state.edit("orders", order["id"])["status"] = "Cancelled"


def deliver(portal: HostBillPortal, job: Record) -> None:
    EFFECTS[job["effect"]](portal, job)


def renew(portal: HostBillPortal, job: Record) -> None:
    if portal.state.get("domains", job["domain"]) is None:
        return
    domain = portal.state.edit("domains", job["domain"])
    start = portal.clock.day(0) if domain["expires"] == NEVER_DAY else domain["expires"]
    domain["expires"] = add_years(start, int(job["years"]))
    domain["next_due"] = domain["expires"]
    domain["next_invoice"] = (date.fromisoformat(domain["expires"]) - timedelta(days=30)).isoformat()
    domain["status"] = "Active"
    portal.note(f"Domain {domain['name']} renewed to {domain['expires']}")


def register(portal: HostBillPortal, job: Record) -> None:
    domain = portal.state.edit("domains", job["domain"])
    domain["status"] = "Active"
    domain["expires"] = add_years(portal.clock.day(0), int(job["years"]))
    domain["next_due"] = domain["expires"]


def transfer(portal: HostBillPortal, job: Record) -> None:
    """The losing registrar has its days; then the domain is ours."""
    portal.state.edit("domains", job["domain"])["status"] = "Pending Transfer"
    wait = portal.settings["transfer_seconds"]
    portal.later(wait, "deliver", effect="arrive", domain=job["domain"], years=job["years"])


def activate_service(portal: HostBillPortal, job: Record) -> None:
    """A new service begins its first period today, a running one goes on from where it was paid to."""
    if portal.state.get("services", job["service"]) is None:
        return
    service = portal.state.edit("services", job["service"])
    start = portal.clock.today() if service["status"] == "Pending" else date.fromisoformat(service["next_due"])
    ends = start + timedelta(days=DAYS_OF_CYCLE.get(service["billingcycle"], 30))
    notice = ends - timedelta(days=14)
    service.update(status="Active", next_due=ends.isoformat(), next_invoice=notice.isoformat())


def activate_certificate(portal: HostBillPortal, job: Record) -> None:
    portal.state.edit("certificates", job["certificate"]).update(status="Active", cert_status="Processing")
    portal.later(portal.settings["registrar_seconds"], "issue", certificate=job["certificate"])


def arrive(portal: HostBillPortal, job: Record) -> None:
    domain = portal.state.get("domains", job["domain"])
    if domain is not None and domain["status"] == "Pending Transfer":
        register(portal, job)
        portal.note(f"Domain {domain['name']} transferred to us")


def upgrade_service(portal: HostBillPortal, job: Record) -> None:
    """What was bought is there, and from now on costs."""
    if portal.state.get("services", job["service"]) is None:
        return
    service = portal.state.edit("services", job["service"])
    service.setdefault("base_total", service["total"])
    service["total"] = text(amount(service["total"]) + amount(job["charge"]))
    service["resources"] = {**service.get("resources", {}), **job["resources"]}


EFFECTS = {
    "renew": renew,
    "register": register,
    "transfer": transfer,
    "arrive": arrive,
    "service": activate_service,
    "certificate": activate_certificate,
    "upgrade": upgrade_service,
}
JOBS = {"deliver": deliver, "cancel_unpaid": cancel_unpaid}


def confirmation(portal: HostBillPortal, order: Record, items: Any) -> dict[str, Any]:
    invoice = portal.state.get("invoices", order["invoice_id"]) or {}
    return {
        "order_num": order["number"],
        "invoice_id": order["invoice_id"],
        "total": text(invoice["total"]),
        "items": items,
    }
