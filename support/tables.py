from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from support.models import Ticket
from sync.lists import MirrorTable
from web.columns import Column, CustomerColumn, MonoColumn, ProviderColumn, RelativeTimeColumn, TitleColumn, ToneColumn


class TicketTable(MirrorTable):
    subject = TitleColumn(verbose_name=_("Ticket"))
    number = MonoColumn(verbose_name=_("Number"), drop=2)
    customer = CustomerColumn(accessor="resource__customer", verbose_name=_("Customer"), drop=2)
    account = ProviderColumn(
        accessor="resource__account", verbose_name=_("Account"), order_by="resource__account__name"
    )
    department = Column(verbose_name=_("Department"), drop=1)
    status = ToneColumn(
        verbose_name=_("Turn"),
        tone="resource__tone",
        label=lambda record: record.get_status_display(),
        order_by=("turn", "-moved_at"),
    )
    moved_at = RelativeTimeColumn(verbose_name=_("Last message"))

    selectable = True

    class Meta(MirrorTable.Meta):
        model = Ticket
        fields = ("subject", "number", "customer", "account", "department", "status", "moved_at")
        order_by = ("turn", "-moved_at")

    def row_url(self, record: Ticket) -> str:
        return reverse("support:ticket-detail", args=[record.pk])

    def row_name(self, record: Ticket) -> str:
        return record.subject
