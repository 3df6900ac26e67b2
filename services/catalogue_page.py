"""The page of what the portals sell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers.offers import Cycle
from services.filters import ProductFilters
from services.models import Product, ProductPrice
from services.queries import products_visible_to
from sync.lists import MirrorList
from sync.models import Kind
from web import dates, money, signs
from web.columns import Column, ProviderColumn, TitleColumn
from web.listing import EmptyState, HeadAction, SavedView
from web.tables import Table
from web.tones import Tone

NEWS: Final = timedelta(days=90)
"""For so long it is told what a price was before."""
SHOWN: Final = 120
"""Letters of a description in the list; the rest is on hover and in the export."""


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


class ProductList(MirrorList):
    kind = Kind.CATALOGUE
    table_class = ProductTable
    filterset_class = ProductFilters
    title = _("Catalogue")
    lead = _("What each portal sells and what it costs for each period, tax aside as the portal names it.")
    views = (
        SavedView("", _("All")),
        SavedView("products", _("Products"), Q(is_plan=False)),
        SavedView("plans", _("Machine plans"), Q(is_plan=True)),
    )
    empty = EmptyState(
        _("No catalogue yet"),
        _("What each portal sells stands here with its prices. The catalogues are read once a day."),
        _("Connect an account"),
        "/accounts/",
        "building-store",
    )

    def rows(self) -> QuerySet[Product]:
        return products_visible_to(self.request.user, self.scope)

    def head_actions(self) -> Sequence[HeadAction]:
        return [HeadAction(_("Services"), reverse("services:service-list"), "server-2")]
