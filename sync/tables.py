# mypy: allow-untyped-calls
from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from sync import signs, words
from sync.links import other_page, page_of
from sync.models import Change, Kind, Run
from web.columns import Column, NumberColumn, ProviderColumn, RelativeTimeColumn, TitleColumn, ToneColumn
from web.tables import Table


class OutcomeColumn(Column):
    def render(self, value: Any, record: Run) -> str:  # the column's form
        return words.summary(record)


class RunTable(Table):
    """Sorted by time alone: it is a log, and too long to be sorted by what no index has. Filters narrow it."""

    kind = TitleColumn(verbose_name=_("What"), orderable=False)
    account = ProviderColumn(verbose_name=_("Account"), orderable=False)
    state = ToneColumn(
        verbose_name=_("State"), tone=words.tone_of, label=lambda run: run.get_state_display(), orderable=False
    )
    outcome = OutcomeColumn(
        verbose_name=_("What came of it"), empty_values=(), orderable=False, cell="meta", css="wrap"
    )
    requests = NumberColumn(verbose_name=_("Requests"), cell="amount", drop=1, orderable=False)
    created_at = RelativeTimeColumn(verbose_name=_("Asked"), order_by="id")
    finished_at = RelativeTimeColumn(verbose_name=_("Ended"), never="–", cell="hide", drop=2, orderable=False)

    class Meta(Table.Meta):
        model = Run
        fields = ("kind", "account", "state", "outcome", "requests", "created_at", "finished_at")
        order_by = ("-created_at",)

    def row_url(self, record: Run) -> str:
        return reverse("sync:run-detail", args=[record.pk])

    def row_name(self, record: Run) -> str:
        return f"{record.account.name}, {Kind(record.kind).label}"


class ThingColumn(TitleColumn):
    def render(self, value: Any, record: Change, table: Any) -> SafeString:
        url = table.href(record)
        return format_html('<a href="{}">{}</a>', url, value) if url else format_html("{}", value)


class ToldColumn(Column):
    """The change in words, old beside new."""

    def render(self, value: Any, record: Change) -> SafeString:  # the column's form
        told = words.tell(record)
        if url := other_page(record):
            said = format_html('<a class="quiet" href="{}">{}</a>', url, told.sentence)
        elif told.sentence and not (told.old or told.new):
            said = format_html("{}", told.sentence)
        elif told.sentence:
            said = format_html("{} {}: {}", told.what, told.sentence, told.new or told.old)
        else:
            said = format_html('{}: <span class="by">{}</span> → {}', told.what, told.old, told.new)
        return format_html("{} {}", said, signs.cause(record))

    def exports(self, header: str, record: Change, value: Any) -> Any:  # the table's form
        told = words.tell(record)
        yield _("What moved"), told.what
        yield _("Before"), told.old
        yield _("After"), told.new or told.sentence
        yield _("By us"), _("yes") if record.action is not None else _("no")


class ChangeTable(Table):
    """Sorted by time alone, like the runs."""

    resource = ThingColumn(accessor="resource__name", verbose_name=_("Thing"), orderable=False)
    kind = Column(accessor="resource__get_kind_display", verbose_name=_("What"), orderable=False, cell="meta", drop=1)
    account = ProviderColumn(accessor="resource__account", verbose_name=_("Account"), orderable=False)
    told = ToldColumn(accessor="pk", verbose_name=_("Change"), orderable=False, cell="note", css="wrap")
    at = RelativeTimeColumn(verbose_name=_("Seen"), order_by="id")

    class Meta(Table.Meta):
        model = Change
        fields = ("resource", "kind", "account", "told", "at")
        order_by = ("-at",)

    def row_url(self, record: Change) -> str:
        return page_of(record.resource)

    def row_name(self, record: Change) -> str:
        return record.resource.name
