"""Invoices, balances and ways to pay as they come in reality: other words, odd amounts, lacking parts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from providers.errors import MalformedResponse
from providers.resources import InvoiceStatus
from tests.providers.hostbill.desk import desk_for


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Unpaid", InvoiceStatus.UNPAID),
        ("Payment Pending", InvoiceStatus.PENDING),
        ("collections", InvoiceStatus.COLLECTIONS),
        ("Credited", InvoiceStatus.REFUNDED),
        ("Escheated", InvoiceStatus.UNKNOWN),
    ],
)
def test_invoice_states(word, status):
    row = {
        "id": "1",
        "number": "",
        "total": "19,650.00",
        "currency": "usd",
        "status": word,
        "datepaid": "0000-00-00 00:00:00",
    }
    with desk_for({"GET /invoice": {"invoices": [row]}}) as portal:
        (invoice,) = portal.billing.list().items
    assert (invoice.status, invoice.number, invoice.total, invoice.currency) == (
        status,
        "1",
        Decimal("19650.00"),
        "USD",
    )
    assert (invoice.paid_at, invoice.unreadable) == (None, ())


def test_money_is_never_a_binary_fraction():
    answer = {
        "invoice": {
            "id": "1",
            "number": "1",
            "status": "Paid",
            "total": 19.65,
            "tax": 0.1,
            "tax2": 0.2,
            "taxrate": 7,
            "taxrate2": 3,
        }
    }
    with desk_for({"GET /invoice/1": answer}) as portal:
        invoice = portal.billing.detail("1")
    assert (invoice.total, invoice.tax, invoice.tax_rate) == (Decimal("19.65"), Decimal("0.3"), None)


def test_a_line_without_a_total_is_amount_times_quantity():
    items = [{"id": "1", "description": "Disk", "amount": "2.50", "qty": "3.00", "item_id": "0"}, "odd"]
    with desk_for({"GET /invoice/1": {"invoice": {"id": "1", "status": "Paid", "items": items}}}) as portal:
        invoice = portal.billing.detail("1")
    assert [(line.amount, line.item_id) for line in invoice.lines] == [(Decimal("7.5000"), "")]
    assert invoice.unreadable == ("lines",)


def test_several_balances_one_a_currency():
    details = [
        {"currency": "USD", "acc_balance": "1.00", "acc_credit": "0"},
        {"currency": "VND", "acc_balance": "", "acc_credit": "5"},
    ]
    with desk_for({"GET /balance": {"success": True, "details": details}}) as portal:
        balances = portal.billing.balances()
    assert [(one.currency, one.owed, one.credit) for one in balances] == [
        ("USD", Decimal("1.00"), Decimal(0)),
        ("VND", None, Decimal(5)),
    ]


def test_a_balance_that_is_no_balance_is_malformed():
    for answer in ({"success": True, "details": ["odd"]}, {"success": True, "balance": 7}):
        with desk_for({"GET /balance": answer}) as portal, pytest.raises(MalformedResponse):
            portal.billing.balances()


def test_an_odd_currency_is_not_taken_for_one():
    row = {"id": "1", "number": "1", "status": "Paid", "currency": "dollars"}
    with desk_for({"GET /invoice": {"invoices": [row]}}) as portal:
        (invoice,) = portal.billing.list().items
    assert (invoice.currency, invoice.unreadable) == ("", ("currency",))


def test_ways_to_pay_come_as_a_list_too_and_without_fees():
    answers = {"GET /payment": {"payments": [{"id": 1, "name": "Card"}, {"id": "2", "name": "Cash"}]}}
    with desk_for(answers) as portal:
        assert [(one.id, one.name, one.fixed_fee) for one in portal.billing.payment_methods()] == [
            ("1", "Card", None),
            ("2", "Cash", None),
        ]
    with desk_for({"GET /payment": {"payments": [{"id": 1}]}}) as portal, pytest.raises(MalformedResponse):
        portal.billing.payment_methods()
