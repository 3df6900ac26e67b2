"""One page of a list's rows. The page's keys are found first, from no more columns than filters and order need; only then are its
rows read whole. A far page so costs a walk over keys, and a sort moves keys instead of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class RowPage:
    """`found` is how many rows there are; `beyond` tells that there are more than that, which nobody counted."""

    object_list: Any
    """As the table draws them."""
    number: int
    per_page: int
    shown: int
    found: int
    beyond: bool
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def start_index(self) -> int:
        return (self.number - 1) * self.per_page + 1 if self.shown else 0

    @property
    def end_index(self) -> int:
        return (self.number - 1) * self.per_page + self.shown

    @property
    def next_count(self) -> int:
        return self.per_page if self.beyond else min(self.per_page, self.found - self.end_index)


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows a page shows. One key more than it shows was asked for, to know whether the list goes on."""

    number: int
    keys: list[Any]
    goes_on: bool


def window(rows: QuerySet[Any], wanted: str, per_page: int, *, most: int | None) -> Window:
    """The page that is asked for, or the nearest that is there; no row further than `most`. One query, three for a page beyond
    the end."""
    number = _number(wanted)
    if most is not None:
        number = min(number, -(-most // per_page))
    keys = _keys(rows, number, per_page, most)
    if not keys and number > 1:
        number = max(1, -(-rows.order_by().count() // per_page))
        keys = _keys(rows, number, per_page, most)
    return Window(number, keys[:per_page], len(keys) > per_page)


def read_in_order(rows: QuerySet[Any], keys: list[Any]) -> list[Any]:
    """The rows of these keys as far as they are still there, in the order of the keys. One query."""
    found = rows.order_by().in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _keys(rows: QuerySet[Any], number: int, per_page: int, most: int | None) -> list[Any]:
    start = (number - 1) * per_page
    end = start + per_page + 1
    return list(rows.values_list("pk", flat=True)[start : end if most is None else min(end, most)])


def _number(wanted: str) -> int:
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) <= MOST_DIGITS):
        return 1
    return max(1, int(wanted))
