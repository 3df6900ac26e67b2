"""Paying a renewal's invoice from the account's credit, once and only where it covers the whole."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from actions.declare import Sending
from providers.contract import Billing, Provider
from providers.errors import OutcomeUnknown, ProviderError
from providers.resources import InvoiceDetail, InvoiceStatus
from web.money import plain


def left_to_pay(invoice: InvoiceDetail) -> Decimal | None:
    """What is still due: a portal's total stays what was billed when credit is applied."""
    if invoice.total is None:
        return None
    return max(invoice.total - (invoice.credit or Decimal(0)), Decimal(0))


def credit_in(billing: Billing, currency: str) -> Decimal:
    """The account's credit in this currency; what the portal does not say is none."""
    return sum((one.credit for one in billing.balances() if one.currency == currency and one.credit), Decimal(0))


def apply(provider: Provider, sending: Sending, invoice_id: str) -> Mapping[str, Any]:
    """What became of it, as facts for the action's result; the renewal itself is accepted by now, so that nothing here may make
    its outcome doubtful: an error is told and kept, and the chain goes on by what the invoice says.

    It is safe to be called once: the invoice is read first, and what was paid meanwhile is left alone.
    """
    billing = provider.billing
    if billing is None or not (provider.can("billing.apply_credit") and provider.can("billing.balances")):
        return {}
    try:
        return _applied(billing, sending, invoice_id)
    except OutcomeUnknown as error:
        told = _("Whether the credit was applied is not known; the invoice is looked at again.")
        sending.note(told, upstream_words=error.upstream_words)
        return {"credit": "unknown"}
    except ProviderError as error:
        told = _("The credit was not applied: %(why)s") % {"why": error.sentence}
        sending.note(told, upstream_words=error.upstream_words)
        return {"credit": "refused"}


def _applied(billing: Billing, sending: Sending, invoice_id: str) -> Mapping[str, Any]:
    invoice = billing.detail(invoice_id)
    if invoice.status is not InvoiceStatus.UNPAID:
        return {}
    due = left_to_pay(invoice)
    if not due or not invoice.currency:
        return {}
    credit = credit_in(billing, invoice.currency)
    if credit < due:
        told = _("The account's credit, %(credit)s, does not cover what is due, %(due)s.")
        sending.note(told % {"credit": plain(credit, invoice.currency), "due": plain(due, invoice.currency)})
        return {"credit": "too little"}
    done = billing.apply_credit(invoice_id)
    sending.note(
        _("%(amount)s of the account's credit was applied.") % {"amount": plain(done.applied, invoice.currency)}
    )
    return {"credit": "applied", "credit_applied": str(done.applied)}
