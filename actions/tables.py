# mypy: allow-untyped-calls
from __future__ import annotations

from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from actions import words
from actions.models import Action
from web.columns import Column, MoneyColumn, ProviderColumn, RelativeTimeColumn, TitleColumn, ToneColumn
from web.tables import Table


class PriceColumn(MoneyColumn):
    """Most decisions cost nothing: then there is nothing to say."""

    def render(self, value: Decimal | None, record: Action) -> SafeString:
        return SafeString("") if value is None else super().render(value, record)


class ActionTable(Table):
    summary = TitleColumn(verbose_name=_("What"), order_by="target")
    account = ProviderColumn(verbose_name=_("Account"), order_by="account__name")
    state = ToneColumn(verbose_name=_("State"), tone=words.tone_of, label=words.status_of)
    price = PriceColumn(verbose_name=_("Price"), drop=2)
    actor = Column(verbose_name=_("Decided by"), order_by="actor__name", default="–", cell="meta", drop=1)
    created_at = RelativeTimeColumn(verbose_name=_("Decided"), order_by="id")
    error = Column(verbose_name=_("Why"), orderable=False, cell="hide", css="muted cut", drop=1)

    class Meta(Table.Meta):
        model = Action
        fields = ("summary", "account", "state", "error", "price", "actor", "created_at")
        order_by = ("-created_at",)

    def row_url(self, record: Action) -> str:
        return reverse("actions:action-detail", args=[record.pk])

    def row_name(self, record: Action) -> str:
        return record.summary
