"""Lists of VPS.org: the documented form (`count`, `results`), the present one with pages, and what clients were seen to expect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from providers.errors import MalformedResponse
from providers.fields import Fields
from providers.resources import BadRow, Page, Upstream
from providers.values import Unreadable, to_int

T = TypeVar("T", bound=Upstream)

_REPEATED = "Some rows stand in the list twice, so what seems to be missing from it may be hidden behind them."
PAGE_SIZE = 100
"""The most that upstream gives at once."""


class Form(StrEnum):
    """Which API this portal speaks: the page's (integer ids, no pages) or the present one (uuids, pages)."""

    DOCUMENTED = "documented"
    PRESENT = "present"


class BadRowError(ValueError):
    """A row that can't become one of our things; its text says why."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where in a list we are; as a token `<page>` or, with the rows that came before, `<page>:<rows>`."""

    page: int = 1
    before: int = 0

    @classmethod
    def parse(cls, token: str | None) -> Turn:
        """Raises MalformedResponse for a token that is not ours."""
        page, _, before = (token or "1").partition(":")
        if not page.isdecimal() or not (before or "0").isdecimal() or int(page) < 1:
            raise MalformedResponse("This place in the list is not one that was given out.")
        return cls(int(page), int(before or 0))

    def __str__(self) -> str:
        return f"{self.page}:{self.before}"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list's answer, taken apart. `next_page` is None on the last page."""

    rows: tuple[Any, ...]
    count: int | None
    next_page: int | None
    paged: bool
    unknown_paging: bool = False

    @classmethod
    def read(cls, data: Any, turn: Turn) -> Listing:
        """Raises MalformedResponse for what is neither a list, nor a page of one, nor a single object."""
        if isinstance(data, list):
            return cls(tuple(data), None, None, paged=False)
        if not isinstance(data, Mapping):
            raise MalformedResponse("The portal answered with something else than a list.")
        if "results" not in data:
            if "id" in data or "uuid" in data:
                return cls((data,), None, None, paged=False)
            raise MalformedResponse("The portal answered with something else than a list.")
        results = data["results"]
        if not isinstance(results, list):
            raise MalformedResponse("The portal answered with something else than a list.")
        following = data.get("next")
        next_page = _page_number(following, turn)
        try:
            count = to_int(data.get("count"))
        except Unreadable:
            count = None
        unknown = bool(following) and next_page is None
        return cls(tuple(results), count, next_page, paged="next" in data, unknown_paging=unknown)

    def form(self) -> Form | None:
        """What the answer tells of the API's form, None when it tells nothing."""
        rows = [row for row in self.rows if isinstance(row, Mapping)]
        if any(row.get("uuid") for row in rows):
            return Form.PRESENT
        if rows and any(row.get("id") is not None for row in rows):
            return Form.DOCUMENTED
        return Form.PRESENT if self.paged else None

    def page(self, turn: Turn, parse: Callable[[Any], T], name_keys: tuple[str, ...]) -> Page[T]:
        """Our page of these rows. What can't be read is a BadRow; what upstream counts and never shows makes it incomplete."""
        items: dict[str, T] = {}
        bad: list[BadRow] = []
        for position, row in enumerate(self.rows, turn.before + 1):
            try:
                item = parse(row)
            except BadRowError as error:
                bad.append(_bad_row(row, position, str(error), name_keys))
                continue
            if items.setdefault(item.id, item) != item:
                bad.append(_bad_row(row, position, "another row of the list has the same id", name_keys))
        seen = turn.before + len(self.rows)
        repeated = len(items) + len(bad) < len(self.rows) or any(row.id in items for row in bad)
        note = self._what_is_missing(seen) or (_REPEATED if repeated else "")
        return Page(
            items=tuple(items.values()),
            bad=tuple(bad),
            next=None if self.next_page is None else str(Turn(self.next_page, seen)),
            total=self.count,
            complete=not note,
            note=note,
        )

    def _what_is_missing(self, seen: int) -> str:
        if self.unknown_paging:
            return "The portal says that the list goes on, but not where in a way that Holdfast knows."
        if self.next_page is None and self.count is not None and seen < self.count:
            return f"The portal speaks of {self.count} entries and shows {seen}."
        return ""


def _page_number(following: Any, turn: Turn) -> int | None:
    """The page that a `next` link names. Only its number is taken: the link itself may lead anywhere."""
    if isinstance(following, bool) or not following:
        return None
    if isinstance(following, int):
        return following if following > turn.page else None
    if not isinstance(following, str):
        return None
    try:
        named = parse_qs(urlsplit(following).query).get("page", [""])[0]
    except ValueError:
        return None
    return int(named) if named.isascii() and named.isdecimal() and len(named) < 10 and turn.page < int(named) else None


def _bad_row(row: Any, position: int, reason: str, name_keys: tuple[str, ...]) -> BadRow:
    fields = Fields(row)
    return BadRow(
        id=fields.id("id", "uuid", "id") or f"row {position}",
        name=(fields.line("name", *name_keys) or "")[:200],
        reason=reason,
    )
