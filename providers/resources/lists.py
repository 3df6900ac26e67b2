"""What everything mirrored has, and the pages of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """What every mirrored thing has: its id at the portal and the fields whose value could not be read."""

    id: str
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row of a list that could not be read. It never stops a run; staff see the reason."""

    id: str
    name: str
    reason: str


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list. `next` is the token of the following page, None on the last.

    `complete` is False when upstream gave fewer rows than it announced, or some part of a list could not be read: what is missing
    then says nothing, and nothing is tombstoned.
    """

    items: tuple[T, ...]
    bad: tuple[BadRow, ...] = ()
    next: str | None = None
    total: int | None = None
    complete: bool = True
    note: str = ""
    """Why the page is incomplete, as a sentence for staff."""
