"""The list page: one URL that answers with the page, its fragment for htmx, or a file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views import View

from web.counting import counts_of
from web.detail import Age
from web.export import csv_response
from web.filters import SEARCH, FilterSet
from web.htmx import came_from, is_fragment, render_page
from web.links import SCOPE, with_params
from web.pager import RowPage, Window, read_in_order, window
from web.shell import Scope, scope_of
from web.tables import Table

Words = str | Promise
Condition = Q | Callable[[], Q] | None
CHUNK = 500
"""Rows read at a time for an export."""
MOST_OF_A_TAB = 1_000
"""How far the tabs that are not open count."""
MOST_OF_A_LIST = 10_000
"""How far the rows that match are counted."""


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
    beyond: bool
    """There are more than `count`, which nobody counted."""
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


class ListPage(LoginRequiredMixin, View):
    """Give `table_class`, `title` and `rows()`; the rest is optional.

    The URL holds the whole state: `view`, the filters, `q`, `sort`, `page`, `scope`; `export=csv` answers with a file of
    all matching rows. Costs three queries (counts, keys, rows), one for each `ModelChip` and one a word searched for, however long
    the list is.
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
    most_counted: ClassVar[int] = MOST_OF_A_LIST
    """So many rows are counted; of more it is said that there are more."""
    endless: ClassVar[bool] = False
    """A list that grows without end: pages lead no further than it is counted."""
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
        most = self.most_counted if self.endless else None
        place = window(table.data.data, self.request.GET.get("page", ""), self.per_page, most=most)
        table.show_page(self._page(table, place))
        return table

    def _page(self, table: Table, place: Window) -> RowPage:
        rows = read_in_order(self.all_rows, place.keys)
        found, end = self._counts[0], (place.number - 1) * self.per_page + len(rows)
        # A page that lies further than is counted knows the end of the list when it shows it.
        beyond = found > self.most_counted and (place.goes_on or self.endless)
        return RowPage(
            object_list=table.drawn(rows),
            number=place.number,
            per_page=self.per_page,
            shown=len(rows),
            found=max(min(found, self.most_counted), end),
            beyond=beyond,
            has_next=place.goes_on,
        )

    @cached_property
    def _counts(self) -> list[int]:
        """Of the rows that match, then of each tab. One query."""
        views = [(self.all_rows.filter(view.q()), MOST_OF_A_TAB) for view in self.views]
        return counts_of([(self.matching, self.most_counted), *views])

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
        return [
            ViewTab(
                slug=view.slug,
                label=view.label,
                url=self._tab_url(view),
                count=min(found, MOST_OF_A_TAB),
                beyond=found > MOST_OF_A_TAB,
                current=view is self.view,
            )
            for view, found in zip(self.views, self._counts[1:], strict=True)
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
        page: RowPage = self.table.page
        base = with_params(self.request.GET)
        joint = "" if base == "?" else "&"
        urls = {}
        if page.has_previous:
            before = page.number - 1
            urls["previous"] = f"{base}{joint}page={before}" if before > 1 else base
        if page.has_next:
            urls["next"] = f"{base}{joint}page={page.number + 1}"
        return urls

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
