from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from domains.models import Domain, Zone
from domains.queries import NOT_HOSTED, STAYING, lapses_within, overdue
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
        # The spine has the name in its own script, the domain in punycode: people type either.
        fields=["resource__name", "name", "resource__customer__name"],
        placeholder=_("Domain or customer"),
    )

    class Meta:
        model = Domain
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
    q = SearchFilter(
        fields=["resource__name", "name"], many=["records__content", "records__name"], placeholder=_("Zone or record")
    )

    class Meta:
        model = Zone
        fields: list[str] = []
