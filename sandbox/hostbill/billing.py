"""Billing: balance, invoices, credit, payment methods."""

from decimal import Decimal
from typing import Any

from sandbox.clock import NEVER_STAMP
from sandbox.hostbill import orders
from sandbox.hostbill.accounts import person
from sandbox.hostbill.money import amount, number, text
from sandbox.hostbill.portal import HostBillPortal
from sandbox.messages import Request
from sandbox.routing import section
from sandbox.state import Record


def balance(portal: HostBillPortal, _request: Request) -> Any:
    unpaid = [one for one in portal.state.all("invoices") if one["status"] == "Unpaid"]
    owed = sum((orders.due(one) for one in unpaid if one["currency"] == portal.flavour.currency), Decimal(0))
    return {
        "success": True,
        "details": {
            "currency": portal.flavour.currency,
            "acc_balance": text(owed),
            "acc_credit": text(portal.client["credit"]),
        },
    }


def listed(portal: HostBillPortal, _request: Request) -> Any:
    newest_first = sorted(portal.state.all("invoices"), key=lambda one: int(one["id"]), reverse=True)
    return {"invoices": [_row(portal, one) for one in newest_first]}


def _row(portal: HostBillPortal, record: Record) -> dict[str, Any]:
    return {
        "id": record["id"],
        "date": record["date"],
        "dateorig": record["date"],
        "duedate": record["duedate"],
        "paybefore": record["duedate"],
        "total": text(record["total"]),
        "datepaid": _paid_at(portal, record),
        "status": record["status"],
        "merge_id": record.get("merge_id"),
        "number": record["number"],
        "currency": record["currency"],
    }


def _paid_at(portal: HostBillPortal, record: Record) -> str:
    return portal.clock.local(record["datepaid"]) if record["datepaid"] else NEVER_STAMP


def detail(portal: HostBillPortal, request: Request) -> Any:
    record = portal.one("invoices", request.params["id"], "Invoice")
    shown = {
        "id": record["id"],
        "status": record["status"],
        "date": record["date"],
        "duedate": record["duedate"],
        "paybefore": record["duedate"],
        "datepaid": _paid_at(portal, record),
        "subtotal": number(record["subtotal"]),
        "credit": number(record["credit"]),
        "tax": number(record["tax"]),
        "taxrate": number(record["taxrate"]),
        "tax2": 0,
        "taxrate2": 0,
        "taxexempt": "0" if amount(record["taxrate"]) else "1",
        "total": number(record["total"]),
        "rate": 1,
        "rate2": 0,
        "rate3": 1,
        "notes": record.get("notes", ""),
        "items": [_line(record, line) for line in record["items"]],
        "client": person(portal.client),
        "number": record["number"],
        "currency": record["currency"],
    }
    return {"invoice": shown}


def _line(record: Record, line: Record) -> dict[str, Any]:
    return {
        "id": line["id"],
        "invoice_id": record["id"],
        "type": line["type"],
        "item_id": line["item_id"],
        "description": line["description"],
        "amount": text(line["amount"]),
        "taxed": "1" if amount(record["taxrate"]) else "0",
        "qty": "1.00",
        "linetotal": text(line["amount"]),
    }


def apply_credit(portal: HostBillPortal, request: Request) -> Any:
    """Pays up to what is owed; an amount beyond the account's credit is refused."""
    record = portal.one("invoices", request.params["id"], "Invoice")
    if record["status"] != "Unpaid":
        raise portal.invalid("Invoice is not unpaid")
    if record["currency"] != portal.flavour.currency:
        raise portal.invalid("Credit is held in another currency")
    credit = amount(portal.client["credit"])
    wanted = request.text("amount")
    try:
        asked = amount(wanted) if wanted else min(credit, orders.due(record))
    except ValueError as error:
        raise portal.invalid("Amount is invalid") from error
    if asked <= 0:
        raise portal.invalid("Amount is invalid" if wanted else "No credit available")
    if asked > credit:
        raise portal.invalid("Not enough credit")
    applied = min(asked, orders.due(record))
    orders.use_credit(portal, record["id"], applied)
    portal.note(f"Credit of {text(applied)} applied to invoice {record['number']}", request)
    return {"success": True, "invoice_status": record["status"], "applied": number(applied)}


def payment_methods(portal: HostBillPortal, _request: Request) -> Any:
    return {"payments": {one["id"]: one["name"] for one in portal.state.all("payments")}}


def payment_fees(portal: HostBillPortal, _request: Request) -> Any:
    return {
        "payments": [
            {
                "id": int(one["id"]),
                "name": one["name"],
                "fixed_fee": one["fixed_fee"],
                "percent_fee": one["percent_fee"],
            }
            for one in portal.state.all("payments")
        ]
    }


COMMON = section(
    "Billing",
    ("GET", "/balance", balance),
    ("GET", "/invoice", listed),
    ("GET", "/invoice/{id}", detail),
    ("POST", "/invoice/{id}/credit", apply_credit),
    ("GET", "/payment", payment_methods),
    ("GET", "/payment/fees", payment_fees),
)
