# mypy: allow-untyped-calls
from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from reminders import words
from reminders.models import Reminder
from sync.links import page_of
from web.columns import Column, DayColumn, MonoLinkColumn, ProviderColumn, RelativeTimeColumn, ToneColumn
from web.tables import Table


class DistanceColumn(Column):
    def render(self, value: int) -> str:
        return words.distance(value)


class WhenColumn(RelativeTimeColumn):
    """When it left; of one that waits, when it is to leave."""

    def render(self, value: datetime | None, record: Reminder) -> Any:  # type: ignore[override]  # the library gives what is named
        return super().render(value or (record.settled_at if record.state == "cancelled" else record.next_attempt_at))


class ReminderTable(Table):
    resource = MonoLinkColumn(accessor="resource__name", verbose_name=_("Thing"), order_by="resource__name")
    account = ProviderColumn(
        accessor="resource__account", verbose_name=_("Account"), order_by="resource__account__name", drop=2
    )
    due_on = DayColumn(verbose_name=_("Its day"), cell="meta")
    distance = DistanceColumn(verbose_name=_("Told"), cell="meta")
    recipient = Column(verbose_name=_("To"), css="muted cut", order_by="recipient__email", drop=1)
    state = ToneColumn(verbose_name=_("State"), tone=words.tone, label=words.state)
    sent_at = WhenColumn(verbose_name=_("When"), order_by="next_attempt_at")
    reason = Column(verbose_name=_("Why"), orderable=False, cell="note", css="muted wrap", drop=3, default="")

    class Meta(Table.Meta):
        model = Reminder
        fields = ("resource", "account", "due_on", "distance", "recipient", "state", "sent_at", "reason")
        order_by = ("-sent_at",)

    def row_url(self, record: Reminder) -> str:
        return page_of(record.resource)

    def row_name(self, record: Reminder) -> str:
        return record.resource.name
