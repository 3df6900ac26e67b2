"""The filters of sync's own lists: runs and changes."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sync.filters import accounts, customers
from sync.models import Change, Kind, Run
from sync.notable import HAPPENINGS, MAKERS
from web.filters import (
    ChoicesChip,
    FilterSet,
    ModelChip,
    PresetChip,
    PresetsChip,
    SearchFilter,
    SinceChip,
    UntilChip,
)

ENDS = [
    (Run.State.QUEUED, _("wait for their turn")),
    (Run.State.RUNNING, _("are under way")),
    (Run.State.SUCCEEDED, _("succeeded")),
    (Run.State.PARTIAL, _("were partial")),
    (Run.State.HELD, _("are held")),
    (Run.State.FAILED, _("failed")),
    (Run.State.CANCELLED, _("were cancelled")),
]
"""As the sentence of the filters goes on."""


def within(**span: float) -> Q:
    return Q(at__gte=timezone.now() - timedelta(**span))


class RunFilters(FilterSet):
    sentence = _("Syncs of")

    kind = ChoicesChip(field_name="kind", any_label=_("everything"), choices=Kind.choices)
    account = ModelChip(field_name="account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    state = ChoicesChip(field_name="state", lead=_("that"), any_label=_("ended in any way"), choices=ENDS)

    class Meta:
        model = Run
        fields: list[str] = []


class ChangeFilters(FilterSet):
    sentence = _("Changes of")

    kind = ChoicesChip(field_name="resource__kind", any_label=_("everything"), choices=Kind.choices)
    customer = ModelChip(
        field_name="resource__customer", queryset=customers, lead=_("held for"), any_label=_("any customer")
    )
    account = ModelChip(field_name="resource__account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    what = PresetsChip(lead=_("where"), any_label=_("anything moved"), presets=HAPPENINGS)
    by = PresetChip(any_label=_("by anybody"), presets=MAKERS)
    when = PresetChip(
        any_label=_("at any time"),
        presets=[
            ("day", _("in the last 24 hours"), lambda: within(days=1)),
            ("week", _("in the last week"), lambda: within(days=7)),
            ("month", _("in the last 30 days"), lambda: within(days=30)),
            ("quarter", _("in the last 90 days"), lambda: within(days=90)),
        ],
    )
    since = SinceChip(field_name="at", lead=_("seen from"), any_label=_("any day"))
    until = UntilChip(field_name="at", lead=_("seen until"), any_label=_("any day"))
    q = SearchFilter(fields=["resource__name"], placeholder=_("Name of the thing"))

    class Meta:
        model = Change
        fields: list[str] = []
