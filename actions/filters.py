from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.declare import registry
from actions.models import Action, Stage, State
from sync.filters import accounts, customers
from web.filters import ChoicesChip, FilterSet, ModelChip, PresetChip, SearchFilter


def kinds() -> list[tuple[str, str]]:
    return sorted(((kind.name, str(kind.label)) for kind in registry.actions.values()), key=lambda pair: pair[1])


def within(**span: float) -> Q:
    return Q(created_at__gte=timezone.now() - timedelta(**span))


class ActionFilters(FilterSet):
    sentence = _("Actions that")

    kind = ChoicesChip(field_name="kind", any_label=_("do anything"), choices=kinds)
    account = ModelChip(field_name="account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    customer = ModelChip(
        field_name="resource__customer", queryset=customers, lead=_("for"), any_label=_("any customer"), always=False
    )
    state = ChoicesChip(field_name="state", lead=_("and are"), any_label=_("in any state"), choices=State.choices)
    stage = ChoicesChip(
        field_name="stage",
        lead=_("and stand at"),
        any_label=_("any stage"),
        choices=[(stage.value, stage.label) for stage in Stage if stage.value],
        always=False,
    )
    when = PresetChip(
        lead=_("decided"),
        any_label=_("at any time"),
        presets=[
            ("day", _("in the last 24 hours"), lambda: within(days=1)),
            ("week", _("in the last week"), lambda: within(days=7)),
            ("month", _("in the last 30 days"), lambda: within(days=30)),
        ],
        always=False,
    )
    q = SearchFilter(fields=["summary", "target"], placeholder=_("Name of the thing"))

    class Meta:
        model = Action
        fields: list[str] = []
