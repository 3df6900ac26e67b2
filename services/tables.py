from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers.offers import Cycle
from services.models import Certificate, Product, ProductPrice, Service, VirtualMachine
from sync.lists import MirrorTable
from web import dates, money, signs
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
from web.tables import Table
from web.tones import Tone

NEWS: Final = timedelta(days=90)
"""For so long it is told what a price was before."""
SHOWN: Final = 120
"""Letters of a description in the list; the rest is on hover and in the export."""


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


class ProductColumn(TitleColumn):
    """The name, and beneath it what the portal says of it, as plain text."""

    def render(self, value: str, record: Any, table: Any) -> SafeString:
        del table
        if not record.description:
            return format_html("{}", value)
        line = ", ".join(record.description.splitlines())
        return format_html(
            '{}<span class="hf-holds" title="{}">{}</span>', value, record.description, Truncator(line).chars(SHOWN)
        )

    def exports(self, header: str, record: Product, value: Any) -> Iterator[tuple[str, Any]]:
        yield header, value
        yield gettext("Description"), record.description


class PricesColumn(Column):
    """A line a period: '29.00 DKK a month'."""

    def render(self, value: Any) -> SafeString:
        return format_html_join("", '<span class="hf-price">{}</span>', ((priced(price),) for price in value.all()))

    def exports(self, header: str, record: Product, value: Any) -> Iterator[tuple[str, Any]]:
        del record
        yield header, "; ".join(_plain(price) for price in value.all() if price.price is not None)


class StockColumn(Column):
    def render(self, value: bool | None) -> SafeString:  # the column's form
        if value is None:
            return signs.NOTHING
        if value:
            return signs.tone(Tone.FINE, gettext("in stock"))
        return signs.tone(Tone.BROKEN, gettext("sold out"))


def priced(price: ProductPrice) -> SafeString:
    amount = signs.sum_of(_short(price.price), price.currency)
    said = format_html("{} {}", amount, price.get_cycle_display())
    if price.cycle == Cycle.UNKNOWN:
        said = format_html('{} (<span class="mono">{}</span>)', said, price.code)
    if price.setup:
        fee = gettext("and %(fee)s to set up") % {"fee": money.plain(price.setup.normalize(), price.currency)}
        said = format_html("{} {}", said, fee)
    before = _before(price)
    return format_html('{}<span class="hf-was">{}</span>', said, before) if before else said


def _before(price: ProductPrice) -> str:
    was = price.previous.get("price")
    if was is None or price.changed_at is None or timezone.now() - price.changed_at > NEWS:
        return ""
    told = money.plain(Decimal(was), price.previous.get("currency") or "")
    day = dates.short_day(timezone.localdate(price.changed_at))
    return gettext("was %(price)s until %(day)s") % {"price": told, "day": day}


def _plain(price: ProductPrice) -> str:
    amount = money.machine(price.price, price.currency) if price.price is not None else ""
    return f"{amount} {price.currency} {price.get_cycle_display()}"


def _short(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.normalize()


class ProductTable(Table):
    name = ProductColumn(verbose_name=_("Product"), css="tall")
    category = Column(
        accessor="category__name", verbose_name=_("Category"), order_by="category__name", cell="meta",
        default=_("Machine plan"),
    )  # fmt: skip
    account = ProviderColumn(verbose_name=_("Account"), order_by="account__name")
    prices = PricesColumn(verbose_name=_("Price"), orderable=False, cell="amount", css="num tall")
    in_stock = StockColumn(verbose_name=_("Stock"), empty_values=(), drop=2, cell="note", css="muted nowrap")

    class Meta(Table.Meta):
        model = Product
        fields = ("name", "category", "account", "prices", "in_stock")
        order_by = ("name",)
