from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from services.models import Certificate, Service, VirtualMachine
from sync.lists import MirrorTable
from web import signs
from web.columns import (
    Column,
    CustomerColumn,
    DaysColumn,
    MoneyColumn,
    MonoLinkColumn,
    NumberColumn,
    ProviderColumn,
    TitleColumn,
    ToneColumn,
)


class DueColumn(DaysColumn):
    """Counts down while the thing lapses; an ended service or certificate lapses no more."""

    def render(self, value: Any, record: Any) -> Any:
        if record.resource.due_on is None and not record.resource.unreadable:
            return ""
        return super().render(value, record)


class ServiceTable(MirrorTable):
    title = TitleColumn(accessor="resource__name", verbose_name=_("Service"))
    product = Column(accessor="name", verbose_name=_("Product"))
    customer = CustomerColumn(accessor="resource__customer", verbose_name=_("Customer"), drop=2)
    account = ProviderColumn(
        accessor="resource__account", verbose_name=_("Account"), order_by="resource__account__name"
    )
    status = ToneColumn(
        verbose_name=_("Status"), tone="resource__tone", label=lambda record: record.get_status_display()
    )
    due = DueColumn(accessor="resource__due_on", verbose_name=_("Due"), over="overdue")
    machine_count = NumberColumn(verbose_name=_("Machines"), drop=1)
    price = MoneyColumn(verbose_name=_("Price"), order_by=("currency", "price"))

    selectable = True

    class Meta(MirrorTable.Meta):
        model = Service
        fields = ("title", "product", "customer", "account", "status", "due", "machine_count", "price")
        order_by = ("due",)

    def row_url(self, record: Service) -> str:
        return reverse("services:service-detail", args=[record.pk])

    def row_name(self, record: Service) -> str:
        return record.resource.name


class AddressColumn(Column):
    """The first address, and how many more there are."""

    def render(self, value: list[str]) -> Any:
        first = signs.mono(value[0])
        return first if len(value) == 1 else format_html("{} <span>+{}</span>", first, len(value) - 1)

    def exports(self, header: str, record: VirtualMachine, value: Any) -> Any:
        yield header, " ".join(value or [])


class MachineTable(MirrorTable):
    name = MonoLinkColumn(verbose_name=_("Machine"))
    ips = AddressColumn(verbose_name=_("Address"), orderable=False, cell="amount", css="muted nowrap")
    customer = CustomerColumn(accessor="resource__customer", verbose_name=_("Customer"), drop=2)
    account = ProviderColumn(
        accessor="resource__account", verbose_name=_("Account"), order_by="resource__account__name"
    )
    status = ToneColumn(
        verbose_name=_("Status"), tone="resource__tone", label=lambda record: record.get_status_display()
    )
    system = Column(verbose_name=_("System"), drop=1)
    plan = Column(verbose_name=_("Plan"), drop=1)

    selectable = True

    class Meta(MirrorTable.Meta):
        model = VirtualMachine
        fields = ("name", "ips", "customer", "account", "status", "system", "plan")
        order_by = ("name",)

    def row_url(self, record: VirtualMachine) -> str:
        return reverse("services:machine-detail", args=[record.pk])


class CertificateTable(MirrorTable):
    domain = MonoLinkColumn(verbose_name=_("Certificate"))
    product = Column(accessor="name", verbose_name=_("Product"))
    customer = CustomerColumn(accessor="resource__customer", verbose_name=_("Customer"), drop=2)
    account = ProviderColumn(
        accessor="resource__account", verbose_name=_("Account"), order_by="resource__account__name"
    )
    status = ToneColumn(
        verbose_name=_("Status"), tone="resource__tone", label=lambda record: record.get_status_display()
    )
    lapses = DueColumn(accessor="lapses_on", verbose_name=_("Lapses"))
    price = MoneyColumn(verbose_name=_("Price"), order_by=("currency", "price"))

    selectable = True

    class Meta(MirrorTable.Meta):
        model = Certificate
        fields = ("domain", "product", "customer", "account", "status", "lapses", "price")
        order_by = ("lapses",)

    def row_url(self, record: Certificate) -> str:
        return reverse("services:certificate-detail", args=[record.pk])
