from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reminders.models import Reminder, State
from reminders.words import STATES
from sync.filters import accounts, customers
from web.filters import FilterSet, ModelChip, PresetChip, SearchFilter


class ReminderFilters(FilterSet):
    sentence = _("Reminders about things of")

    customer = ModelChip(field_name="resource__customer", queryset=customers, any_label=_("any customer"))
    account = ModelChip(field_name="resource__account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    state = PresetChip(
        lead=_("that are"),
        any_label=_("in any state"),
        presets=[(state.value, STATES[state], Q(state=state)) for state in State],
    )
    q = SearchFilter(
        fields=["resource__name", "resource__customer__name", "recipient__email", "recipient__name"],
        placeholder=_("Thing, customer or person"),
    )

    class Meta:
        model = Reminder
        fields: list[str] = []
