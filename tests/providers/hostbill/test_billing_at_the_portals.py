"""Billing: invoices, balance, ways to pay and credit, at the stand-ins, as documented, and as portals differ."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from providers.errors import InvalidRequest, MalformedResponse, NotSupported, OutcomeUnknown, ProviderError
from providers.resources import InvoiceStatus, PaymentMethod
from tests.providers.hostbill.desk import desk_for

BOTH = ("cloudviet", "dns-services")


@pytest.mark.parametrize("key", BOTH)
def test_every_invoice_of_the_list_reads_and_its_lines_make_up_its_sum(stand_ins, at, key):
    billing = at(stand_ins[key]).billing
    listed = billing.list()
    assert listed.complete
    assert not listed.bad
    for one in listed.items[:25]:
        detail = billing.detail(one.id)
        assert (detail.number, detail.total, detail.status) == (one.number, one.total, one.status)
        assert sum(line.amount for line in detail.lines) == detail.subtotal
        assert detail.subtotal + detail.tax == detail.total


@pytest.mark.parametrize("key", BOTH)
def test_the_balance_is_what_the_unpaid_invoices_owe(stand_ins, at, key):
    billing = at(stand_ins[key]).billing
    (balance,) = billing.balances()
    assert balance.currency == stand_ins[key].flavour.currency
    unpaid = [one for one in billing.list().items if one.status is InvoiceStatus.UNPAID]
    details = [billing.detail(one.id) for one in unpaid if one.currency == balance.currency]
    assert balance.owed == sum((one.total - one.credit for one in details), Decimal(0))


@pytest.mark.parametrize("key", BOTH)
def test_the_ways_to_pay_have_their_fees(stand_ins, at, key):
    methods = at(stand_ins[key]).billing.payment_methods()
    assert {method.id for method in methods} == {one["id"] for one in stand_ins[key].state.all("payments")}
    assert all(method.fixed_fee is not None and method.percent_fee is not None for method in methods)


@pytest.mark.parametrize("key", BOTH)
def test_credit_is_applied_in_parts_and_read_back(stand_ins, at, key):
    portal, billing = stand_ins[key], at(stand_ins[key]).billing
    invoice = next(
        one
        for one in billing.list().items
        if one.status is InvoiceStatus.UNPAID and one.currency == portal.flavour.currency
    )
    portal.state.edit("client", "1")["credit"] = str(invoice.total + 5)
    first = billing.apply_credit(invoice.id, Decimal(1))
    assert (first.applied, first.invoice_status) == (Decimal(1), InvoiceStatus.UNPAID)
    assert billing.detail(invoice.id).credit == Decimal(1)
    assert billing.apply_credit(invoice.id).invoice_status is InvoiceStatus.PAID
    assert billing.detail(invoice.id).status is InvoiceStatus.PAID
    assert billing.balances()[0].credit == Decimal(5)
    with pytest.raises(InvalidRequest):
        billing.apply_credit(invoice.id)


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_no_credit_is_no_amount_and_nothing_is_sent(amount):
    with desk_for({}) as provider, pytest.raises(InvalidRequest) as caught:
        provider.billing.apply_credit("9", amount)
    assert caught.value.fields == {"amount": ["The amount must be more than nothing."]}


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({"payments": {"10": "BankTransfer"}}, [("10", "BankTransfer")]),
        ({"10": "BankTransfer", "9": "PayPal"}, [("10", "BankTransfer"), ("9", "PayPal")]),
        ({"payments": [{"id": 10, "name": "BankTransfer"}, {"id": 11}]}, [("10", "BankTransfer")]),
        ([{"id": "10", "name": "BankTransfer", "fixed_fee": "1.00"}], [("10", "BankTransfer")]),
        ({"payments": []}, []),
    ],
)
def test_ways_to_pay_are_read_in_other_shapes_and_without_fees(names, told):
    with desk_for({"GET /payment": names}) as provider:
        assert [(one.id, one.name) for one in provider.billing.payment_methods()] == told


@pytest.mark.parametrize(
    "fees", [{"error": ["permission denied"]}, {"payments": "none"}, {"payments": [{"id": []}]}, [7], (200, b"<html>")]
)
def test_a_way_to_pay_is_as_good_without_its_fee(fees):
    with desk_for({"GET /payment": {"payments": {"9": "PayPal"}}, "GET /payment/fees": fees}) as provider:
        assert provider.billing.payment_methods() == (PaymentMethod(id="9", name="PayPal"),)


def test_fees_that_a_portal_does_not_tell_are_not_asked_for_again():
    asked: list[str] = []

    def say(_method: str, path: str, _body: bytes) -> Any:
        asked.append(path)
        return {"payments": {"9": "PayPal"}} if path == "/payment" else {"error": ["invalid method"]}

    with desk_for(say) as provider:
        for _ in range(2):
            provider.billing.payment_methods()
    assert asked == ["/payment", "/payment/fees", "/payment"]


@pytest.mark.parametrize(
    "answer", [{"success": True}, {"success": True, "applied": "much"}, {"success": True, "applied": None}, [], "", 7]
)
def test_an_answer_that_does_not_say_what_was_applied_is_no_success(answer):
    with desk_for({"POST /invoice/9/credit": answer}) as provider, pytest.raises(OutcomeUnknown):
        provider.billing.apply_credit("9")


@pytest.mark.parametrize("answer", [7, "x", {"payments": {"a": {"b": 1}}}, {"payments": "x"}])
def test_hostile_ways_to_pay_end_in_one_of_our_errors(answer):
    with desk_for({"GET /payment": answer}) as provider, pytest.raises(ProviderError) as caught:
        provider.billing.payment_methods()
    assert isinstance(caught.value, MalformedResponse | NotSupported)
