from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from domains.models import TldPrice
from web import dates, money
from web.columns import Column, MoneyColumn, ProviderColumn, TitleColumn
from web.hosts import unicode_host
from web.tables import Table

NEWS: Final = timedelta(days=90)
"""For so long it is told what a price was before."""


class EndingColumn(TitleColumn):
    """With its dot and in its own script, punycode on hover."""

    def render(self, value: str, record: Any, table: Any) -> SafeString:
        del record, table
        return format_html('<span class="mono" title=".{}">.{}</span>', value, unicode_host(value))


class YearsColumn(Column):
    def render(self, value: int) -> str:
        return ngettext("%(years)d year", "%(years)d years", value) % {"years": value}

    def exports(self, header: str, record: TldPrice, value: int) -> Iterator[tuple[str, Any]]:
        del record
        yield header, value


class AskedColumn(MoneyColumn):
    """An amount, marked where nobody in the same currency asks less; what it was before, while that is news."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        self.compared = f"cheapest_{name}"
        self.amount = name
        super().__init__(accessor=name, order_by=("currency", name), **kwargs)

    def render(self, value: Decimal | None, record: TldPrice) -> SafeString:
        shown = super().render(value, record)
        if getattr(record, self.compared, False):
            shown = format_html('<span class="hf-best">{}</span> {}', gettext("cheapest"), shown)
        before = self.before(value, record)
        return format_html('{} <span class="hf-was">{}</span>', shown, before) if before else shown

    def before(self, value: Decimal | None, record: TldPrice) -> str:
        """'was 12.99 USD until 3 Nov 2026'; empty when it did not move of late."""
        said = record.previous.get(self.amount)
        if said is None or record.changed_at is None or timezone.now() - record.changed_at > NEWS:
            return ""
        was, currency = Decimal(said), record.previous.get("currency") or ""
        if (was, currency) == (value, record.currency):
            return ""
        day = dates.short_day(timezone.localdate(record.changed_at))
        return gettext("was %(price)s until %(day)s") % {"price": money.plain(was, currency), "day": day}


class BasisColumn(Column):
    """Whose word the price is: the portal's own, or that of a dated list that it published."""

    def render(self, value: date | None) -> str:
        if value is None:
            return gettext("the portal")
        return gettext("published list of %(day)s") % {"day": dates.exact_day(value)}

    def exports(self, header: str, record: TldPrice, value: date | None) -> Iterator[tuple[str, Any]]:
        del record
        yield header, value.isoformat() if value else ""


class PriceTable(Table):
    tld = EndingColumn(verbose_name=_("Ending"), order_by=("tld", "years", "currency", "register"))
    years = YearsColumn(verbose_name=_("For"), cell="meta", css="muted nowrap", order_by=("years", "tld"))
    account = ProviderColumn(verbose_name=_("Account"), order_by="account__name")
    register = AskedColumn("register", verbose_name=_("Register"), css="num tall asked")
    renew = AskedColumn("renew", verbose_name=_("Renew"), cell="note", css="num tall")
    transfer = AskedColumn("transfer", verbose_name=_("Transfer"), cell="hide", css="num tall", drop=3)
    redemption = MoneyColumn(verbose_name=_("Redemption"), order_by=("currency", "redemption"), cell="hide", drop=1)
    basis = BasisColumn(
        accessor="listed_on", verbose_name=_("Said by"), empty_values=(), cell="when", css="muted nowrap", drop=2
    )

    class Meta(Table.Meta):
        model = TldPrice
        fields = ("tld", "years", "account", "register", "renew", "transfer", "redemption", "basis")
        order_by = ("tld",)

    def row_name(self, record: TldPrice) -> str:
        return f".{unicode_host(record.tld)}"
