"""The list page: one URL that answers with the page, its fragment for htmx, or a file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views import View

from web.detail import Age
from web.export import csv_response
from web.filters import SEARCH, FilterSet
from web.htmx import came_from, is_fragment, render_page
from web.links import SCOPE, with_params
from web.shell import Scope, scope_of
from web.tables import Table

Words = str | Promise
Condition = Q | Callable[[], Q] | None
CHUNK = 500
"""Rows read at a time for an export."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A tab over the list. `slug` stands in the URL (`?view=`), the empty one is where the page opens."""

    slug: str
    label: Words
    condition: Condition = None

    def q(self) -> Q:
        if self.condition is None:
            return Q()
        return self.condition if isinstance(self.condition, Q) else self.condition()


@dataclass(frozen=True, slots=True)
class ViewTab:
    slug: str
    label: Words
    url: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class EmptyState:
    """Shown when there has never been anything: what would be here, how to get it here, one button."""

    title: Words
    text: Words
    action: Words = ""
    url: str = ""
    icon: str = "box"


@dataclass(frozen=True, slots=True)
class HeadAction:
    """A button of the title line. `primary` for the one filled button; `dialog` opens the URL in the dialog."""

    label: Words
    url: str
    icon: str = ""
    primary: bool = False
    dialog: bool = False


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A button of the bulk bar: posts `pick` (the ticked primary keys) to `url`; its answer opens in the dialog."""

    label: Words
    url: str
    primary: bool = False


class RowPaginator(Paginator):  # type: ignore[type-arg]  # generic in its stubs alone
    """Of a table's rows. `beyond` tells that there are more than `most`, which is as far as it counts and leads."""

    def __init__(self, rows: Any, per_page: int, *, most: int | None) -> None:
        super().__init__(rows, per_page)
        self.query: QuerySet[Any] = rows.data.data
        self.most = most

    @cached_property
    def found(self) -> int:
        return self.query.count() if self.most is None else self.query.order_by()[: self.most + 1].count()

    @property
    def beyond(self) -> bool:
        return self.most is not None and self.found > self.most

    @cached_property
    def count(self) -> int:
        return self.found if self.most is None else min(self.found, self.most)


class ListPage(LoginRequiredMixin, View):
    """Give `table_class`, `title` and `rows()`; the rest is optional.

    The URL holds the whole state: `view`, the filters, `q`, `sort`, `page`, `scope`; `export=csv` answers with a file of
    all matching rows. Costs three queries (tabs, count, rows) and one for each `ModelChip`, however long the list is.
    Templates get `list` (this view).
    """

    table_class: ClassVar[type[Table]]
    filterset_class: ClassVar[type[FilterSet] | None] = None
    title: ClassVar[Words] = ""
    lead: ClassVar[Words] = ""
    views: ClassVar[Sequence[SavedView]] = ()
    empty: ClassVar[EmptyState] = EmptyState(_("Nothing here yet"), _("It appears with the next sync."))
    bulk_summary_url: ClassVar[str] = ""
    """POSTed the ticked keys; answers with the words of the bulk bar ('12 domains, 155.88 USD')."""
    per_page: ClassVar[int] = 50
    most_counted: ClassVar[int | None] = None
    """Of a list that grows without end: so many rows are counted and paged through; of more it is said that there are more."""
    template_name: ClassVar[str] = "web/list_page.html"
    above_template: ClassVar[str] = ""
    """Drawn over the table, inside the fragment: totals that follow the filters. Reads `list.matching`."""
    exportable: ClassVar[bool] = True

    request: HttpRequest

    # --- hooks -------------------------------------------------------------------------------------------------------

    def rows(self) -> QuerySet[Any]:
        """All rows this person may see, inside `self.scope`, with what the table needs already joined."""
        raise NotImplementedError

    def head_actions(self) -> Sequence[HeadAction]:
        return ()

    def bulk_actions(self) -> Sequence[BulkAction]:
        return ()

    def extra_context(self) -> dict[str, Any]:
        return {}

    def age(self) -> Age | None:
        """How old the rows are, told beside the title. Asked for with the page, not with its fragment."""
        return None

    # --- what the templates read --------------------------------------------------------------------------------------

    @cached_property
    def scope(self) -> Scope | None:
        return scope_of(self.request)

    @cached_property
    def all_rows(self) -> QuerySet[Any]:
        return self.rows()

    @cached_property
    def view(self) -> SavedView | None:
        wanted = self.request.GET.get("view", "")
        return next((view for view in self.views if view.slug == wanted), self.views[0] if self.views else None)

    @cached_property
    def filters(self) -> FilterSet | None:
        if self.filterset_class is None:
            return None
        rows = self.all_rows.filter(self.view.q()) if self.view else self.all_rows
        return self.filterset_class(self.request.GET, queryset=rows, request=self.request)

    @cached_property
    def matching(self) -> QuerySet[Any]:
        """The rows after view, filters and search, unsorted and unpaged."""
        if self.filters is not None:
            found: QuerySet[Any] = self.filters.qs
            return found
        return self.all_rows.filter(self.view.q()) if self.view else self.all_rows

    @property
    def sort(self) -> list[str] | None:
        """The order in the URL, None (the table's own) when it names no column that sorts."""
        columns = self.table_class.base_columns  # type: ignore[attr-defined]  # set by the metaclass
        wanted = [name for name in self.request.GET.getlist("sort") if name.removeprefix("-") in columns]
        return wanted or None

    @cached_property
    def table(self) -> Table:
        table = self._ordered()
        paginator = RowPaginator(table.rows, self.per_page, most=self.most_counted)
        table.show_page(paginator, paginator.get_page(self.request.GET.get("page")).number)
        return table

    def _ordered(self) -> Table:
        table = self.table_class(self.matching, order_by=self.sort)
        # Not given to the constructor, which would count all rows for pages of its own.
        table.request = self.request
        table.settle_order()
        return table

    @cached_property
    def tabs(self) -> list[ViewTab]:
        if not self.views:
            return []
        counts = {f"n{number}": Count("pk", filter=view.q()) for number, view in enumerate(self.views)}
        found = self.all_rows.order_by().aggregate(**counts)
        return [
            ViewTab(view.slug, view.label, self._tab_url(view), found[f"n{number}"], view is self.view)
            for number, view in enumerate(self.views)
        ]

    def _tab_url(self, view: SavedView) -> str:
        """A tab starts afresh: only the scope and the sort go along."""
        kept = QueryDict(mutable=True)
        for name in (SCOPE, "sort"):
            kept.setlist(name, self.request.GET.getlist(name))
        return with_params(kept, view=view.slug)

    @cached_property
    def narrowed(self) -> bool:
        """Whether the URL narrows the list, so that 'nothing' means 'nothing like this'."""
        # A tab that hides some rows says nothing about a list that has none.
        hides = bool(self.view and self.view.condition is not None) and any(tab.count for tab in self.tabs)
        return hides or bool(self.filters and self.filters.narrows) or self.scope is not None

    @cached_property
    def selectable(self) -> bool:
        """Ticks only where something can be done with them by this person."""
        return self.table_class.selectable and bool(self.bulk_actions())

    @property
    def clear_url(self) -> str:
        return self.request.path

    @property
    def export_url(self) -> str:
        return with_params(self.request.GET, export="csv") if self.exportable else ""

    @property
    def state(self) -> list[tuple[str, str]]:
        """The rest of the URL, as hidden fields of the search form."""
        skipped = {SEARCH, "page", "export", *(self.filters.typed if self.filters is not None else ())}
        return [(name, value) for name, values in self.request.GET.lists() if name not in skipped for value in values]

    @property
    def heads(self) -> Iterator[dict[str, Any]]:
        """Column heads: label, classes, and for those that sort the next URL and the present direction."""
        first = str(next(iter(self.table.order_by or ()), "")).removeprefix("-")
        for column in self.table.columns:
            descends = column.order_by_alias.is_descending
            direction = ("descending" if descends else "ascending") if column.name == first else ""
            yield {
                "name": column.name,
                "label": column.header,
                "attrs": column.attrs.get("th", {}).get("class", ""),
                "url": with_params(self.request.GET, sort=str(column.order_by_alias.next)) if column.orderable else "",
                "direction": direction,
            }

    @property
    def page_urls(self) -> dict[str, str]:
        page = self.table.page
        base = with_params(self.request.GET)
        joint = "" if base == "?" else "&"
        urls = {}
        if page.has_previous():
            before = page.previous_page_number()
            urls["previous"] = f"{base}{joint}page={before}" if before > 1 else base
        if page.has_next():
            urls["next"] = f"{base}{joint}page={page.next_page_number()}"
        return urls

    @property
    def next_count(self) -> int:
        page: Page[Any] = self.table.page
        return min(self.per_page, page.paginator.count - page.end_index())

    # --- answers -----------------------------------------------------------------------------------------------------

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        if request.GET.get("export") == "csv" and self.exportable:
            return self._export()
        context = {"list": self, "table": self.table, "title": self.title, **self.extra_context()}
        response = render_page(request, self.template_name, "web/_list.html", context)
        if is_fragment(request):
            self._say_url(response)
        return response

    def _say_url(self, response: HttpResponse) -> None:
        """The address bar gets the tidy URL. Typing on in the search box replaces it: back leads to before the search."""
        tidy = self.request.path + with_params(self.request.GET).removesuffix("?")
        if page := self.request.GET.get("page"):
            tidy += f"{'&' if '?' in tidy else '?'}page={page}"
        searching = self.request.headers.get("HX-Trigger-Name") == SEARCH
        typed_before = f"{SEARCH}=" in came_from(self.request)
        response["HX-Replace-Url" if searching and typed_before else "HX-Push-Url"] = tidy

    def _export(self) -> HttpResponseBase:
        table = self._ordered()
        records = table.data.data.iterator(chunk_size=CHUNK)
        return csv_response(table.export_rows(records), slugify(str(self.title)) or "list")
