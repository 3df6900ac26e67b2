"""Invoices, balance and ways to pay of a HostBill portal."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from providers import families
from providers.errors import InvalidRequest, MalformedResponse, NotSupported, OutcomeUnknown, PermissionDenied
from providers.hostbill.listed import readable
from providers.hostbill.parse.invoice import (
    balances,
    credit_applied,
    invoice,
    invoice_detail,
    payment_method,
    payment_names,
)
from providers.hostbill.parse.row import UnreadableRow
from providers.hostbill.portal import Portal, for_account, page_of, thing_of
from providers.resources import Balance, CreditApplied, Invoice, InvoiceDetail, Page, PaymentMethod


@for_account
class Billing(families.Billing):
    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def list(self, page: str | None = None) -> Page[Invoice]:
        """`GET /invoice`, whole."""
        operation = "GET /invoice"
        data = self.portal.whole(operation, self.portal.client.billing.list_invoices)
        return page_of(data, "invoices", parse=lambda row: invoice(row, self.portal.zone), operation=operation)

    def detail(self, invoice_id: str) -> InvoiceDetail:
        """`GET /invoice/{id}`."""
        return thing_of(
            self.portal.client.billing.invoice_details(invoice_id),
            "invoice",
            wanted=invoice_id,
            parse=lambda row: invoice_detail(row, self.portal.zone),
            operation="GET /invoice/{id}",
        )

    def balances(self) -> tuple[Balance, ...]:
        """`GET /balance`."""
        operation = "GET /balance"
        data = self.portal.whole(operation, self.portal.client.billing.account_balance)
        try:
            return balances(data, self.portal.zone, operation)
        except UnreadableRow as error:
            raise MalformedResponse(f"The portal’s balance can’t be read: {error}.", operation=operation) from None

    def payment_methods(self) -> tuple[PaymentMethod, ...]:
        """`GET /payment`, with the fees of `GET /payment/fees` where the portal tells them."""
        operation = "GET /payment"
        listed = self.portal.whole(operation, self.portal.client.billing.payment_methods)
        names = payment_names(listed)
        found = tuple(PaymentMethod(id=key, name=name) for key, name in names.items())
        fees = {method.id: method for method in self._with_fees()}
        # the names of the two answers differ a little; the first list is what the portal offers
        return tuple(
            replace(method, fixed_fee=fee.fixed_fee, percent_fee=fee.percent_fee)
            if (fee := fees.get(method.id)) is not None
            else method
            for method in found or self._methods(listed, operation)
        )

    def apply_credit(self, invoice_id: str, amount: Decimal | None = None) -> CreditApplied:
        """Changes: `POST /invoice/{id}/credit`."""
        if amount is not None and not (amount.is_finite() and amount > 0):
            sentence = "The amount must be more than nothing."
            raise InvalidRequest(f"{sentence} Nothing was sent.", fields={"amount": [sentence]})
        operation = "POST /invoice/{id}/credit"
        data = self.portal.change(operation, lambda: self.portal.client.billing.apply_credit(invoice_id, amount=amount))
        try:
            return credit_applied(data, self.portal.zone)
        except UnreadableRow as error:
            sentence = f"The portal’s answer can’t be read: {error}. Look at the invoice before it is tried again."
            raise OutcomeUnknown(sentence, operation=operation) from None

    def _with_fees(self) -> tuple[PaymentMethod, ...]:
        """None where the portal does not tell them: a way to pay is as good without its fee."""
        operation = "GET /payment/fees"
        try:
            data = self.portal.whole(operation, self.portal.client.billing.payment_method_fees)
            return self._methods(data, operation)
        except (InvalidRequest, MalformedResponse, NotSupported, PermissionDenied):
            return ()

    def _methods(self, data: object, operation: str) -> tuple[PaymentMethod, ...]:
        return readable(data, "payments", parse=lambda row: payment_method(row, self.portal.zone), operation=operation)
