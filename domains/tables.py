from __future__ import annotations

from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import may_act
from domains import words
from domains.models import Domain, Zone
from web import dates, signs
from web.columns import (
    CustomerColumn,
    DaysColumn,
    MoneyColumn,
    MonoLinkColumn,
    NumberColumn,
    ProviderColumn,
    ToneColumn,
)
from web.hosts import host
from web.tables import QuickAction, Table
from web.tones import Tone


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
