"""The reads of billing that pages, API and overview share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, F, IntegerField, Min, Q, QuerySet, Sum, Value, When
from django.utils import timezone

from accounts.models import ProviderAccount, User
from billing.models import Balance, Invoice
from providers.resources import InvoiceStatus
from sync.scoping import present, visible
from web.shell import Scope
from web.tones import Tone

TO_PAY = Q(status__in=[InvoiceStatus.UNPAID, InvoiceStatus.COLLECTIONS])


def invoices_visible_to(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Invoice]:
    """The invoices that this person may see, those that upstream no longer lists included."""
    return visible(Invoice.objects.all(), user, scope)


def invoices(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Invoice]:
    """What upstream lists, sortable by what waits for us first (`turn`)."""
    return present(with_turn(invoices_visible_to(user, scope)))


def with_turn(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    return rows.annotate(turn=Case(When(TO_PAY, then=Value(0)), default=Value(1), output_field=IntegerField()))


def balances(user: User | AnonymousUser) -> QuerySet[Balance]:
    """What each account owes and holds, as its portal says."""
    return (
        Balance.objects.filter(account__in=ProviderAccount.objects.visible_to(user))
        .select_related("account")
        .order_by("account__name", "currency")
    )


def overdue(today: date | None = None) -> Q:
    return TO_PAY & Q(due_on__lt=today or timezone.localdate())


def due_within(days: int, today: date | None = None) -> Q:
    """To be paid from today on, at the latest in `days` days."""
    start = today or timezone.localdate()
    return TO_PAY & Q(due_on__gte=start, due_on__lte=start + timedelta(days=days))


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be paid in one currency, at one account or (account None) at several together. Amounts include tax."""

    account: str | None
    currency: str
    count: int
    overdue: Decimal
    week: Decimal
    """Within seven days from today."""
    month: Decimal
    """Within thirty days from today, the week included."""
    total: Decimal


def due(rows: QuerySet[Invoice], *, by_account: bool, today: date | None = None) -> list[Due]:
    """What these invoices still ask for, a line a currency (and account); never summed across currencies. One query."""
    group = ("currency", "resource__account__name") if by_account else ("currency",)
    zero = Value(Decimal(0))
    amount = F("total")
    found = (
        rows.filter(TO_PAY)
        .order_by()
        .values(*group)
        .annotate(
            count=Count("pk"),
            accounts=Count("resource__account", distinct=True),
            account=Min("resource__account__name"),
            overdue=Sum(amount, filter=overdue(today), default=zero),
            week=Sum(amount, filter=due_within(7, today), default=zero),
            month=Sum(amount, filter=due_within(30, today), default=zero),
            all=Sum(amount, default=zero),
        )
        .order_by(*group)
    )
    return [
        Due(
            account=row["account"] if row["accounts"] == 1 else None,
            currency=row["currency"],
            count=row["count"],
            overdue=row["overdue"],
            week=row["week"],
            month=row["month"],
            total=row["all"],
        )
        for row in found
    ]


def tone_of(invoice: Invoice, today: date | None = None) -> Tone:
    """The tone of the status, worsened by lateness."""
    if invoice.status in (InvoiceStatus.UNPAID, InvoiceStatus.COLLECTIONS) and invoice.due_on:
        left = (invoice.due_on - (today or timezone.localdate())).days
        if left < 0:
            return Tone.BROKEN
        if left <= 7:  # a week
            return Tone.URGENT
    return Tone(invoice.resource.tone)
