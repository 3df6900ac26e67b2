"""How a provider's invoices and balance become rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import ProviderAccount
from billing.models import Balance, Invoice, InvoiceLine
from providers import resources
from providers.contract import Provider
from providers.resources import InvoiceStatus, Page
from sync.declare import AccountSync, Ask, Children, ResourceSync, family, registry
from sync.models import Kind
from web.tones import Tone

TONES = {
    InvoiceStatus.PAID: Tone.FINE,
    InvoiceStatus.PENDING: Tone.SOON,
    InvoiceStatus.UNPAID: Tone.SOON,
    InvoiceStatus.COLLECTIONS: Tone.BROKEN,
    InvoiceStatus.DRAFT: Tone.UNKNOWN,
    InvoiceStatus.REFUNDED: Tone.FINE,
    InvoiceStatus.CANCELLED: Tone.FINE,
}
TO_PAY = (InvoiceStatus.UNPAID, InvoiceStatus.COLLECTIONS)


def line_columns(position: int, line: resources.InvoiceLine) -> dict[str, Any]:
    return {
        "position": position,
        "description": line.description,
        "amount": line.amount,
        "quantity": line.quantity,
        "taxed": line.taxed,
        "type": line.type,
        "item_id": line.item_id,
    }


class InvoiceSync(ResourceSync[resources.Invoice, resources.InvoiceDetail]):
    kind = Kind.INVOICES
    model = Invoice
    capability = "billing.list"
    detail_capability = "billing.detail"
    detail_age = timedelta(days=7)
    watch_budget = 20
    listed_while = frozenset(TO_PAY)  # what is settled may leave a list that shows the latest alone
    children = (
        Children(
            name="line",
            model=InvoiceLine,
            parent="invoice",
            field="lines",
            key=lambda line: line.id,
            columns=line_columns,
            label=lambda line: line.description,
            quiet=frozenset({"position"}),
        ),
    )

    def list_page(self, provider: Provider, token: str | None) -> Page[resources.Invoice]:
        return family(provider.billing).list(token)

    def read_detail(self, provider: Provider, upstream_id: str) -> resources.InvoiceDetail:
        return family(provider.billing).detail(upstream_id)

    def tone(self, row: Invoice) -> Tone:
        return TONES.get(InvoiceStatus(row.status), Tone.UNKNOWN)

    def due_on(self, row: Invoice) -> date | None:
        return row.due_on if row.status in TO_PAY else None

    def watched(self) -> Q:
        """What is still to be paid: credit and lines of it move without the list telling."""
        return Q(invoice__status__in=TO_PAY)


class BalanceSync(AccountSync):
    kind = Kind.BALANCE
    capability = "billing.balances"
    names_currency = True

    def read(self, provider: Provider, ask: Ask) -> tuple[resources.Balance, ...]:
        return ask(family(provider.billing).balances)

    def write(self, account: ProviderAccount, answer: tuple[resources.Balance, ...]) -> int:
        """Keeps one row a currency, and the account's currency: the balance's, else that of its newest invoice that names one."""
        kept = {balance.currency: balance for balance in account.balances.all()}
        written = 0
        for said in answer:
            known = kept.pop(said.currency, None)
            if known is None or (known.owed, known.credit) != (said.owed, said.credit):
                Balance.objects.update_or_create(
                    account=account,
                    currency=said.currency,
                    defaults={"owed": said.owed, "credit": said.credit, "changed_at": timezone.now()},
                )
                written += 1
        written += Balance.objects.filter(pk__in=[balance.pk for balance in kept.values()]).delete()[0]
        currency = next((said.currency for said in answer if said.currency), "") or newest_invoice_currency(account)
        if currency and currency != account.currency:
            ProviderAccount.objects.filter(pk=account.pk).update(currency=currency)
        return written


def newest_invoice_currency(account: ProviderAccount) -> str:
    """The currency that the account's newest invoice names; empty when none does."""
    named = Invoice.objects.filter(resource__account=account).exclude(currency="").order_by("-issued_on")
    return named.values_list("currency", flat=True).first() or ""


registry.add(InvoiceSync())
registry.add(BalanceSync())
