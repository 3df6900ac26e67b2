"""Invoices, balances and ways to pay."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from providers.hostbill.answers import row_values
from providers.hostbill.parse.row import Row, UnreadableRow, scalar_text
from providers.hostbill.parse.statuses import INVOICE, status_of
from providers.resources import (
    Balance,
    CreditApplied,
    Invoice,
    InvoiceDetail,
    InvoiceLine,
    InvoiceStatus,
    PaymentMethod,
)


def invoice(data: Any, zone: ZoneInfo) -> Invoice:
    """A row of `GET /invoice`."""
    row = Row(data, zone)
    return Invoice(**_shared(row), unreadable=row.unreadable)


def invoice_detail(data: Any, zone: ZoneInfo) -> InvoiceDetail:
    """The `invoice` of `GET /invoice/{id}`. Both taxes are added up; the rate is told only where there is one tax."""
    row = Row(data, zone)
    taxes = (row.money("tax", "tax"), row.money("tax", "tax2"))
    known = [tax for tax in taxes if tax is not None]
    rates = (row.decimal("tax_rate", "taxrate"), row.decimal("tax_rate", "taxrate2"))
    return InvoiceDetail(
        **_shared(row),
        subtotal=row.money("subtotal", "subtotal"),
        tax=sum(known, Decimal(0)) if known else None,
        tax_rate=None if rates[1] else rates[0],
        credit=row.money("credit", "credit"),
        notes=row.optional("notes", "notes"),
        lines=_lines(row),
        unreadable=row.unreadable,
    )


def _shared(row: Row) -> dict[str, Any]:
    word = row.told("status")
    key = row.identifier("id")
    return {
        "id": key,
        "number": row.told("number") or key,
        "status": status_of(word, INVOICE, InvoiceStatus.UNKNOWN),
        "upstream_status": word,
        "issued_on": row.date("issued_on", "date"),
        "due_on": row.date("due_on", "duedate"),
        "paid_at": row.instant("paid_at", "datepaid", zero_is_none=True),
        "total": row.money("total", "total"),
        "currency": row.currency(),
    }


def _lines(row: Row) -> tuple[InvoiceLine, ...]:
    lines: list[InvoiceLine] = []
    for data in row.children("lines", "items"):
        try:
            lines.append(invoice_line(data, row.zone))
        except UnreadableRow:
            row.mark("lines")
    return tuple(lines)


def invoice_line(data: Any, zone: ZoneInfo) -> InvoiceLine:
    row = Row(data, zone)
    total = row.money("amount", "linetotal")
    quantity = row.decimal("quantity", "qty")
    if total is None:
        each = row.money("amount", "amount")
        total = each if each is None or quantity is None else each * quantity
    item = row.word("item_id")
    return InvoiceLine(
        id=row.identifier("id"),
        description=row.word("description"),
        amount=total,
        quantity=quantity,
        taxed=row.flag("taxed", "taxed"),
        type=row.word("type"),
        item_id="" if item == "0" else item,
    )


def balances(data: Any, zone: ZoneInfo, operation: str) -> tuple[Balance, ...]:
    """`GET /balance`: one object, or a list of them where the account has several currencies."""
    details = data.get("details", data) if isinstance(data, Mapping) else data
    rows = [details] if isinstance(details, Mapping) and "acc_balance" in details else None
    if rows is None:
        rows = row_values(data, "details", operation=operation)[0]
    found: list[Balance] = []
    for one in rows:
        row = Row(one, zone)
        found.append(
            Balance(
                currency=row.currency(),
                owed=row.money("owed", "acc_balance"),
                credit=row.money("credit", "acc_credit"),
            )
        )
    return tuple(found)


def credit_applied(data: Any, zone: ZoneInfo) -> CreditApplied:
    """The answer of `POST /invoice/{id}/credit`. Raises UnreadableRow where it does not say how much was applied."""
    row = Row(data, zone)
    applied = row.money("applied", "applied")
    if applied is None:
        raise UnreadableRow("it does not say how much was applied")
    status = status_of(row.word("invoice_status"), INVOICE, InvoiceStatus.UNKNOWN)
    return CreditApplied(applied=applied, invoice_status=status)


def payment_names(data: Any) -> dict[str, str]:
    """`GET /payment`: the ways to pay by id, from an object of id to name or a list of objects."""
    value = data.get("payments", data) if isinstance(data, Mapping) else data
    if isinstance(value, Mapping):
        names = {str(key): scalar_text(name) for key, name in value.items()}
        return {key: name for key, name in names.items() if name}
    return {}


def payment_method(data: Any, zone: ZoneInfo) -> PaymentMethod:
    """A row of `GET /payment/fees`."""
    row = Row(data, zone)
    return PaymentMethod(
        id=row.identifier("id"),
        name=row.needed("name", "name"),
        fixed_fee=row.money("fixed_fee", "fixed_fee"),
        percent_fee=row.decimal("percent_fee", "percent_fee"),
    )
