from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import idna
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from domains.models import Domain, TldPrice, Zone
from domains.queries import NAMES, NOT_HOSTED, STAYING, lapses_within, overdue
from domains.words import STATUS
from sync.filters import accounts, customers
from web.filters import DayChip, FilterSet, ModelChip, PresetChip, SearchFilter


class DomainFilters(FilterSet):
    sentence = _("Domains of")

    customer = ModelChip(field_name="resource__customer", queryset=customers, any_label=_("any customer"))
    account = ModelChip(field_name="resource__account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    lapses = PresetChip(
        lead=_("that lapse"),
        any_label=_("at any time"),
        presets=[
            ("overdue", _("already"), overdue),
            ("7", _("within 7 days"), lambda: lapses_within(7)),
            ("30", _("within 30 days"), lambda: lapses_within(30)),
            ("90", _("within 90 days"), lambda: lapses_within(90)),
            ("year", _("within a year"), lambda: lapses_within(365)),
        ],
    )
    day = DayChip(field_name="resource__due_on", lead=_("on"), any_label=_("any day"))
    status = PresetChip(
        lead=_("and are"),
        any_label=_("in any state"),
        presets=[
            ("staying", _("not cancelled"), STAYING),
            *((status.value, label, Q(status=status)) for status, label in STATUS.items()),
        ],
    )
    auto_renew = PresetChip(
        lead=_("with auto-renew"),
        any_label=_("on or off"),
        always=False,
        presets=[
            ("on", _("on"), Q(auto_renew=True)),
            ("off", _("off"), Q(auto_renew=False)),
            ("unsaid", _("not said"), Q(auto_renew=None)),
        ],
    )
    q = SearchFilter(
        fields=[*NAMES, "resource__customer__name"],
        placeholder=_("Domain or customer"),
    )

    class Meta:
        model = Domain
        fields: list[str] = []


class EndingSearch(SearchFilter):
    """Endings by a part of them (`com`), exactly (`.com`, which is `.uk.com` too), or those of a whole name (`shop.example.com`),
    in either script. Of several words any one will do."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        words = str(value or "").lower().split()
        return qs.filter(reduce(or_, map(_ending, words))) if words else qs


def _ending(word: str) -> Q:
    bare = ".".join(map(_punycode, word.strip(".").split(".")))
    if word.startswith("."):
        return Q(tld=bare) | Q(tld__endswith=f".{bare}")
    labels = bare.split(".")
    return Q(tld__contains=bare) | Q(tld__in=[".".join(labels[place:]) for place in range(1, len(labels))])


def _punycode(label: str) -> str:
    try:
        return idna.encode(label).decode()
    except UnicodeError:
        return label


class PriceFilters(FilterSet):
    sentence = _("Prices of endings")

    account = ModelChip(field_name="account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    basis = PresetChip(
        lead=_("as told by"),
        any_label=_("anybody"),
        always=False,
        presets=[
            ("portal", _("the portal itself"), Q(listed_on=None)),
            ("list", _("a published list"), Q(listed_on__isnull=False)),
        ],
    )
    q = EndingSearch(fields=["tld"], placeholder=_("Ending or name: .com"))

    class Meta:
        model = TldPrice
        fields: list[str] = []


class ZoneFilters(FilterSet):
    sentence = _("DNS zones of")

    customer = ModelChip(field_name="resource__customer", queryset=customers, any_label=_("any customer"))
    account = ModelChip(field_name="resource__account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    hosted = PresetChip(
        lead=_("whose DNS is run"),
        any_label=_("anywhere"),
        presets=[
            ("here", _("by the account"), Q(hosted=True)),
            ("elsewhere", _("elsewhere"), NOT_HOSTED),
            ("unread", _("we can't see where"), Q(hosted=None)),
        ],
    )
    q = SearchFilter(fields=NAMES, many=["records__content", "records__name"], placeholder=_("Zone or record"))

    class Meta:
        model = Zone
        fields: list[str] = []
