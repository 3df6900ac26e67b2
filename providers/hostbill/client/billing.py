"""Billing: balance, invoices, ways to pay."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from providers.hostbill.client.group import Group, given


class Billing(Group):
    def account_balance(self) -> Any:
        """`GET /balance`: the sum of unpaid invoices and the credit. Reads. Both portals.

        Answers `{"success": true, "details": {"currency", "acc_balance", "acc_credit"}}`, amounts as strings in `currency`.
        """
        return self._read("GET", "/balance")

    def list_invoices(self) -> Any:
        """`GET /invoice`: all invoices. Reads. Both portals. Answers `{"invoices": [...]}`, money as strings."""
        return self._read("GET", "/invoice")

    def invoice_details(self, invoice_id: str) -> Any:
        """`GET /invoice/{id}`: one invoice with its lines and the client's data. Reads. Both portals.

        Answers `{"invoice": {..., "items": [...]}}`; totals are JSON numbers here, `taxrate` is in per cent.
        """
        return self._read("GET", "/invoice/{id}", id=invoice_id)

    def payment_methods(self) -> Any:
        """`GET /payment`: ways to pay. Reads. Both portals. Answers `{"payments": {id: name}}`."""
        return self._read("GET", "/payment")

    def payment_method_fees(self) -> Any:
        """`GET /payment/fees`: ways to pay with their fees. Reads. Both portals.

        Answers `{"payments": [{"id", "name", "fixed_fee", "percent_fee"}]}`, ids as integers, fees as strings.
        """
        return self._read("GET", "/payment/fees")

    def apply_credit(self, invoice_id: str, *, amount: Decimal | None = None) -> Any:
        """`POST /invoice/{id}/credit`: pays an invoice from credit. Changes: money. Both portals.

        `amount` in the invoice's currency; without it, as much credit as the invoice needs.
        Answers `{"success": true, "invoice_status", "applied"}`.
        """
        return self._change("POST", "/invoice/{id}/credit", body=given(amount=amount), id=invoice_id)
