# mypy: allow-untyped-calls
# django-tables2 has no annotations; calling it is the point of this module.

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from web.columns import Column, TitleColumn
from web.links import in_scope
from web.nulls import may_be_null
from web.pager import RowPage


@dataclass(frozen=True, slots=True)
class QuickAction:
    """A small button at the end of a row, shown on hover and focus. `dialog` loads `url` into the dialog."""

    label: str
    icon: str
    url: str
    dialog: bool = False


class Table(tables.Table):
    """Base of every list. Override `row_url`, and `quick_actions` where a row has some.

    `selectable` adds the checkbox column (and `ListPage.bulk_actions` the bar). Order of a row's fields: as declared.
    """

    selectable: ClassVar[bool] = False
    request: HttpRequest | None

    class Meta:
        template_name = "web/table.html"
        attrs = {"class": "hf-table"}
        order_by_field = "sort"

    def row_url(self, record: Any) -> str:
        """Where the row leads; empty when nowhere."""
        del record
        return ""

    def row_name(self, record: Any) -> str:
        """What the checkbox and the quick actions call the row."""
        return str(record)

    def row_tone(self, record: Any) -> str:
        """A class for the whole row: `gone` strikes it quietly."""
        del record
        return ""

    def quick_actions(self, record: Any) -> list[QuickAction]:
        del record
        return []

    def href(self, record: Any) -> str:
        url = self.row_url(record)
        request = getattr(self, "request", None)
        return in_scope(request, url) if url and request is not None else url

    @property
    def has_quick_actions(self) -> bool:
        return type(self).quick_actions is not Table.quick_actions

    def cards(self) -> Iterator[dict[str, Any]]:
        """The rows of this page as the template draws them. `cells` are the start of each cell's tag and what stands in it."""
        columns = [(column.name, _opening(column)) for column in self.columns]
        for row in self.paginated_rows:
            record = row.record
            yield {
                "pk": getattr(record, "pk", ""),
                "name": self.row_name(record),
                "href": self.href(record),
                "tone": self.row_tone(record),
                "cells": [(*opening, row.get_cell(name)) for name, opening in columns],
                "quick": self.quick_actions(record),
            }

    def drawn(self, records: list[Any]) -> Any:
        """These records as rows of this table."""
        return tables.rows.BoundRows(records, table=self)

    def show_page(self, page: RowPage) -> None:
        self.page = page

    def settle_order(self) -> None:
        """Rows without a value stand last in both directions. Ties are broken by the primary key, so that no row is
        shown on two pages and none on neither."""
        data = self.data.data
        if not isinstance(data, QuerySet):
            return
        order = [*(data.query.order_by or data.model._meta.ordering)]  # noqa: SLF001 - Django's own public custom
        if "pk" not in order and "-pk" not in order:
            order.append("pk")
        self.data.data = data.order_by(*(_nulls_last(item, data.model) for item in order))

    def export_rows(self, records: Iterable[Any]) -> Iterator[list[tuple[str, Any]]]:
        """(head, value) pairs of every record, for web.export."""
        columns = [(str(column.header), column) for column in self.columns if isinstance(column.column, Column)]
        for record in records:
            row = tables.rows.BoundRow(record, table=self)
            yield [
                pair
                for header, column in columns
                for pair in column.column.exports(header, record, _raw(row, column.name))
            ]


def _opening(column: Any) -> tuple[bool, SafeString]:
    """Whether it heads the row, and its attributes; the same for all rows, so that they are put together once."""
    attributes = column.attrs["td"].as_html()
    if isinstance(column.column, TitleColumn):
        return True, format_html('scope="row" {}', attributes)
    header = column.header
    return False, format_html('{} data-label="{}"', attributes, header) if header else attributes


def _nulls_last(item: Any, model: type[Model]) -> Any:
    if not isinstance(item, str) or item == "?" or not may_be_null(model, item.lstrip("-+")):
        return item
    field = F(item.lstrip("-+"))
    return field.desc(nulls_last=True) if item.startswith("-") else field.asc(nulls_last=True)


def _raw(row: Any, name: str) -> Any:
    column = row.table.columns[name]
    return column.accessor.resolve(row.record, quiet=True) if column.accessor else None
