from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice
from billing.queries import tone_of
from providers.resources import InvoiceStatus
from sync.lists import MirrorTable
from web.columns import CustomerColumn, DayColumn, DaysColumn, MoneyColumn, MonoLinkColumn, ProviderColumn, ToneColumn
from web.dates import short_day


class DueColumn(DaysColumn):
    """Days left while it is to be paid; nothing to chase once it is not."""

    def render(self, value: Any, record: Invoice) -> Any:
        if record.status in (InvoiceStatus.UNPAID, InvoiceStatus.COLLECTIONS):
            return super().render(value, record)
        return short_day(value) if value else ""


class InvoiceTable(MirrorTable):
    number = MonoLinkColumn(verbose_name=_("Invoice"))
    customer = CustomerColumn(accessor="resource__customer", verbose_name=_("Customer"), drop=2)
    account = ProviderColumn(
        accessor="resource__account", verbose_name=_("Account"), order_by="resource__account__name"
    )
    status = ToneColumn(verbose_name=_("Status"), tone=tone_of, label=lambda record: record.get_status_display())
    due_on = DueColumn(verbose_name=_("Due"), over="overdue", order_by=("turn", "due_on"))
    issued_on = DayColumn(verbose_name=_("Issued"), drop=1)
    total = MoneyColumn(verbose_name=_("Total"), order_by=("currency", "total"))

    selectable = True

    class Meta(MirrorTable.Meta):
        model = Invoice
        fields = ("number", "customer", "account", "status", "due_on", "issued_on", "total")
        order_by = ("turn", "due_on", "-issued_on")

    def row_url(self, record: Invoice) -> str:
        return reverse("billing:invoice-detail", args=[record.pk])
