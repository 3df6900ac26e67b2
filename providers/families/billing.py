"""Invoices, balance, ways to pay."""

from __future__ import annotations

from decimal import Decimal

from providers.families.missing import missing
from providers.resources import Balance, CreditApplied, Invoice, InvoiceDetail, Page, PaymentMethod


class Billing:
    def list(self, page: str | None = None) -> Page[Invoice]:
        """One page of the invoices, drafts included."""
        raise missing("billing.list")

    def detail(self, invoice_id: str) -> InvoiceDetail:
        """One invoice with its lines."""
        raise missing("billing.detail")

    def balances(self) -> tuple[Balance, ...]:
        """What is owed and what credit there is, one entry a currency."""
        raise missing("billing.balances")

    def payment_methods(self) -> tuple[PaymentMethod, ...]:
        """The ways to pay, with their fees where the portal tells them."""
        raise missing("billing.payment_methods")

    def apply_credit(self, invoice_id: str, amount: Decimal | None = None) -> CreditApplied:
        """Changes: pays an invoice from the account's credit; None for as much as it needs."""
        raise missing("billing.apply_credit")
