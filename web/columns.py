"""Columns for lists. Each knows how it is shown, how it is exported, and where it stands when a row becomes a card.

Common arguments beside django-tables2's own (`verbose_name`, `accessor`, `orderable`, `order_by`):
    cell   the place on a phone's card: title, when, meta, amount, note, badge (one column each) or hide
    drop   1, 2 or 3: leaves the table first, second or third when the window gets narrow
"""

# mypy: allow-untyped-calls
# django-tables2 has no annotations; calling it is the point of this module.

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.utils import Accessor

from web import dates, money, signs
from web.tones import Tone

Record = Any


def look_up(record: Record, accessor: str) -> Any:
    """What `accessor` (a dotted or `__` path) finds, None where a part of the path is missing."""
    return Accessor(accessor).resolve(record, quiet=True)


# Any for mypy: `render` takes whatever of value, record, table, column its signature names, which no supertype can say.
PlainColumn: Any = tables.Column


class Column(PlainColumn):  # type: ignore[misc]
    """Base of all columns here; by itself a plain text cell, muted."""

    cell = "hide"
    css = "muted"

    def __init__(self, *args: Any, cell: str = "", drop: int = 0, css: str = "", **kwargs: Any) -> None:
        self.cell = cell or self.cell
        classes = f"c-{self.cell} {css or self.css}{f' drop-{drop}' if drop else ''}".strip()
        attrs = kwargs.pop("attrs", {})
        attrs.setdefault("td", {"class": classes})
        attrs.setdefault("th", {"class": classes.replace("muted", "").strip()})
        super().__init__(*args, **{**kwargs, "attrs": attrs})

    def exports(self, header: str, record: Record, value: Any) -> Iterator[tuple[str, Any]]:
        """(head, value) pairs of this column in an export; the number of pairs must not depend on the record."""
        del record
        yield header, value


class TitleColumn(Column):
    """What the row is: its link and its row header. The URL is the table's `row_url`."""

    cell, css = "title", ""

    def __init__(self, *args: Any, mono: bool = False, **kwargs: Any) -> None:
        self.mono = mono
        super().__init__(*args, **kwargs)

    def render(self, value: Any, record: Record, table: Any) -> SafeString:
        url = table.href(record)
        inner = format_html('<span class="mono">{}</span>', value) if self.mono else value
        return format_html('<a href="{}">{}</a>', url, inner) if url else format_html("{}", inner)


class MonoLinkColumn(TitleColumn):
    """A title to be read letter by letter: host name, invoice number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, mono=True, **kwargs)


class MonoColumn(Column):
    """A value to be read letter by letter, with copy on click."""

    def render(self, value: Any) -> SafeString:
        return signs.mono(value)


class ToneColumn(Column):
    """A status: `tone` is an accessor or a callable(record) giving the Tone; the value (or `label`) is the word."""

    cell, css = "note", ""

    def __init__(
        self,
        *args: Any,
        tone: str | Callable[[Record], Tone | str] = "tone",
        label: str | Callable[[Record], object] = "",
        **kwargs: Any,
    ) -> None:
        self.tone, self.label = tone, label
        super().__init__(*args, **{"empty_values": (), **kwargs})

    def words(self, record: Record, value: Any) -> object:
        if callable(self.label):
            return self.label(record)
        return look_up(record, self.label) if self.label else value

    def render(self, value: Any, record: Record) -> SafeString:
        tone = self.tone(record) if callable(self.tone) else look_up(record, self.tone)
        return signs.tone(tone or Tone.UNKNOWN, self.words(record, value))

    def exports(self, header: str, record: Record, value: Any) -> Iterator[tuple[str, Any]]:
        yield header, self.words(record, value)


class DaysColumn(Column):
    """A day that matters, as days left; `over` is expired, overdue or ago (see web.dates.days_left)."""

    cell, css = "when", ""

    def __init__(self, *args: Any, over: str = "expired", beside: bool = True, **kwargs: Any) -> None:
        self.over, self.beside = over, beside
        super().__init__(*args, **{"empty_values": (), **kwargs})

    def render(self, value: date | None, record: Record) -> SafeString:
        return signs.days(value, over=self.state(record), beside=self.beside)

    def state(self, record: Record) -> str:
        """Override where it depends on the row: a paid invoice is not overdue."""
        del record
        return self.over


class DayColumn(Column):
    """A day without a judgement."""

    css = "muted nowrap"

    def render(self, value: date) -> SafeString:
        return format_html(
            '<time datetime="{}" title="{}">{}</time>',
            value.isoformat(),
            dates.exact_day(value),
            dates.short_day(value),
        )


class MoneyColumn(Column):
    """An amount with its currency, which stands in the attribute named by `currency`."""

    cell, css = "amount", "num"

    def __init__(self, *args: Any, currency: str = "currency", **kwargs: Any) -> None:
        self.currency = currency
        super().__init__(*args, **{"empty_values": (), **kwargs})

    def render(self, value: Decimal | None, record: Record) -> SafeString:
        return signs.sum_of(value, look_up(record, self.currency))

    def exports(self, header: str, record: Record, value: Any) -> Iterator[tuple[str, Any]]:
        code = look_up(record, self.currency) or ""
        yield header, money.machine(value, code) if value is not None else ""
        yield f"{header} (currency)", code


class NumberColumn(Column):
    """A count, right aligned; `zero` stands for none."""

    css = "num muted"

    def render(self, value: int) -> str:
        return money.figure(Decimal(value), None)


class ProviderColumn(Column):
    """The account, with the badge of its provider: the accessor gives the account, `badge` what draws its badge."""

    cell, css = "badge", ""

    def __init__(
        self, *args: Any, badge: str = "badge", name: str = "name", short: bool = False, **kwargs: Any
    ) -> None:
        self.badge, self.name, self.short = badge, name, short
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> SafeString:
        badge = look_up(value, self.badge)
        return signs.provider(badge.letters, badge.hue, look_up(value, self.name) or badge.name, short=self.short)

    def exports(self, header: str, record: Record, value: Any) -> Iterator[tuple[str, Any]]:
        del record
        yield header, look_up(value, self.name) if value is not None else ""


class CustomerColumn(Column):
    """Whose it is; says so when it is nobody's."""

    cell, css = "meta", "muted cut"

    def __init__(self, *args: Any, url: Callable[[Any], str] | None = None, **kwargs: Any) -> None:
        self.url = url
        super().__init__(*args, **{"default": "", **kwargs})

    def render(self, value: Any) -> SafeString:
        if self.url is None:
            return format_html("{}", value)
        return format_html('<a class="quiet" href="{}">{}</a>', self.url(value), value)

    def exports(self, header: str, record: Record, value: Any) -> Iterator[tuple[str, Any]]:
        del record
        yield header, str(value) if value is not None else ""


class RelativeTimeColumn(Column):
    """An instant as '4 minutes ago', the exact one on hover."""

    cell, css = "when", "muted nowrap"

    def __init__(self, *args: Any, never: str = "", **kwargs: Any) -> None:
        self.never = never
        super().__init__(*args, **{"empty_values": (), **kwargs})

    def render(self, value: datetime | None) -> SafeString:
        return signs.ago(value, never=self.never)
