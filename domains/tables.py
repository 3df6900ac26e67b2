from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import may_act
from domains import words
from domains.models import Domain, TldPrice, Zone
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
from web.hosts import host, unicode_host
from web.tables import QuickAction, Table
from web.tones import Tone

NEWS: Final = timedelta(days=90)
"""For so long it is told what a price was before."""


class HostColumn(MonoLinkColumn):
    """The name in its own script, punycode on hover and in exports."""

    def render(self, value: str, record: Any, table: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', table.href(record), host(value))


class LapsesColumn(DaysColumn):
    """The earlier of the registry's and the provider's date; says when one of them is in doubt."""

    def render(self, value: date | None, record: Domain) -> SafeString:
        if words.has_left(record):
            return format_html('<span class="faint">{}</span>', dates.short_day(value) if value else "")
        return lapses(record)


def lapses(domain: Domain, *, beside: bool = True, lead: str = "") -> SafeString:
    """The chip of the day a domain lapses: hatched when upstream's date can't be read, marked when only one of the two can't."""
    day, doubted = domain.resource.due_on, words.doubted_dates(domain)
    if day is None and doubted:
        return format_html(
            '<span class="hf-days unknown" title="{}">{}</span>',
            gettext("The provider sent a date that makes no sense"),
            gettext("date unreadable"),
        )
    chip = signs.days(day, lead=lead, beside=beside)
    if not doubted:
        return chip
    return format_html("{} {}", chip, signs.mark(Tone.UNKNOWN, gettext("The provider's last date can't be read")))


class RenewalColumn(ToneColumn):
    """Auto-renew, as bad as the nearness of the date makes it."""

    def render(self, value: Any, record: Domain) -> SafeString:  # the column's form
        tone, said = words.auto_renew(record, timezone.localdate())
        return signs.tone(tone, said) if tone else signs.NOTHING

    def words(self, record: Domain, value: Any) -> object:
        return words.auto_renew(record, timezone.localdate())[1]


class NextRenewalColumn(MoneyColumn):
    """What one more period costs; while a renewal is under way, how that stands."""

    def render(self, value: Any, record: Domain) -> SafeString:  # the column's form
        context = words.renewal_cell(record)
        return render_to_string("domains/_renewal_cell.html", context)


class DomainTable(Table):
    name = HostColumn(verbose_name=_("Domain"))
    customer = CustomerColumn(accessor="resource__customer", verbose_name=_("Customer"), drop=2)
    account = ProviderColumn(
        accessor="resource__account", verbose_name=_("Account"), order_by="resource__account__name"
    )
    status = ToneColumn(verbose_name=_("Status"), tone="resource__tone", label=words.status, cell="hide", drop=1)
    lapses = LapsesColumn(accessor="resource__due_on", verbose_name=_("Lapses"), order_by=("resource__due_on", "name"))
    auto_renew = RenewalColumn(verbose_name=_("Auto-renew"))
    renewal_price = NextRenewalColumn(
        empty_values=(),
        verbose_name=_("Next renewal"),
        currency="renewal_currency",
        order_by=("renewal_currency", "renewal_price"),
        drop=3,
    )

    selectable = True

    class Meta(Table.Meta):
        model = Domain
        fields = ("name", "customer", "account", "status", "lapses", "auto_renew", "renewal_price")
        order_by = ("lapses",)

    def row_url(self, record: Domain) -> str:
        return reverse("domains:domain-detail", args=[record.pk])

    def row_name(self, record: Domain) -> str:
        return record.name

    def row_tone(self, record: Domain) -> str:
        return "gone" if record.resource.gone_at else ""

    def quick_actions(self, record: Domain) -> list[QuickAction]:
        dns = QuickAction(gettext("DNS records"), "list-check", reverse("domains:domain-dns", args=[record.pk]))
        if self.request is None or not may_act(self.request.user) or not words.may_be_renewed(record):
            return [dns]
        renew = reverse("domains:domain-renew", args=[record.pk])
        return [QuickAction(gettext("Renew"), "rotate-clockwise", renew, dialog=True), dns]


class ZoneTable(Table):
    name = HostColumn(verbose_name=_("Zone"))
    customer = CustomerColumn(accessor="resource__customer", verbose_name=_("Customer"), drop=2)
    account = ProviderColumn(
        accessor="resource__account", verbose_name=_("Account"), order_by="resource__account__name"
    )
    hosted = ToneColumn(verbose_name=_("DNS"), tone="resource__tone", label=words.hosted)
    records = NumberColumn(accessor="record_count", verbose_name=_("Records"))

    selectable = True

    class Meta(Table.Meta):
        model = Zone
        fields = ("name", "customer", "account", "hosted", "records")
        order_by = ("name",)

    def row_url(self, record: Zone) -> str:
        return reverse("domains:zone-detail", args=[record.pk])

    def row_name(self, record: Zone) -> str:
        return record.name

    def row_tone(self, record: Zone) -> str:
        return "gone" if record.resource.gone_at else ""


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
