from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.models import ProviderAccount
from accounts.roles import may_act
from billing.filters import InvoiceFilters
from billing.models import Invoice
from billing.queries import TO_PAY, Due, balances, due, due_within, invoices_visible_to, overdue, tone_of, with_turn
from billing.tables import InvoiceTable
from providers.resources import InvoiceStatus
from sync.lists import PRESENT, MirrorList, listed
from sync.models import Kind
from sync.titles import history_of, title_of
from web.detail import PART, Tab, render_detail
from web.listing import BulkAction, EmptyState, SavedView
from web.signs import days


class InvoiceList(MirrorList):
    kind = Kind.INVOICES
    beside = (Kind.BALANCE,)
    table_class = InvoiceTable
    filterset_class = InvoiceFilters
    title = _("Billing")
    views = listed(
        SavedView("", _("All")),
        SavedView("to-pay", _("To pay"), TO_PAY),
        SavedView("overdue", _("Overdue"), overdue),
        SavedView("month", _("Due in 30 days"), lambda: due_within(30)),
        SavedView("paid", _("Paid"), Q(status=InvoiceStatus.PAID)),
    )
    above_template = "billing/_due.html"
    empty = EmptyState(
        _("No invoice yet"),
        _("The invoices of every account stand here, with what is due per currency. Connect an account to read them."),
        _("Connect an account"),
        "/accounts/",
        "receipt-2",
    )

    def rows(self) -> QuerySet[Invoice]:
        return with_turn(invoices_visible_to(self.request.user, self.scope))

    def bulk_actions(self) -> Sequence[BulkAction]:
        return [BulkAction(_("Assign customer"), reverse("sync:assign-customer"))] if may_act(self.request.user) else ()

    def extra_context(self) -> dict[str, Any]:
        # Of the accounts that have invoices here: the demo's are not added to those of real ones.
        asked_for = self.matching.filter(PRESENT)
        here = ProviderAccount.objects.filter(pk__in=asked_for.order_by().values("resource__account"))
        counted = asked_for.filter(resource__account__in=list(here.countable()))
        lines: list[Due] = due(counted, by_account=True)
        return {
            "due_lines": lines,
            "due_totals": due(counted, by_account=False),
            "balances": balances(self.request.user),
        }


@login_required
@require_GET
def invoice_detail(request: HttpRequest, pk: int, tab: str = "") -> HttpResponse:
    """An invoice with its lines, or its history."""
    invoice = get_object_or_404(invoices_visible_to(request.user), pk=pk)
    title = title_of(
        invoice.resource,
        request.user,
        name=invoice.number,
        status=(tone_of(invoice), invoice.get_status_display()),
        days=days(invoice.due_on, over="overdue") if invoice.resource.due_on else "",
        back=(_("Billing"), reverse("billing:invoice-list")),
    )
    tabs = [
        Tab("", _("Invoice"), reverse("billing:invoice-detail", args=[pk])),
        Tab("history", _("History"), reverse("billing:invoice-history", args=[pk])),
    ]
    body = PART if tab == "history" else "billing/_invoice.html"
    return render_detail(
        request,
        title=title,
        body=body,
        tabs=tabs,
        current=tab,
        context={"invoice": invoice, "lines": invoice.lines.all(), "part": history_of(invoice.resource)},
    )
