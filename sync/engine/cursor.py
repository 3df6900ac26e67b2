"""Where a run stands between two slices: `Run.cursor` read and written by name."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Cursor:
    """`stage` is list or details. `first` says that this kind was never seen whole before, so nothing counts as appeared."""

    stage: str = "list"
    token: str | None = None
    """The page that is read next."""
    tokens: list[str] = field(default_factory=list)
    """Pages that were asked for, so that a portal that leads in a circle is noticed."""
    complete: bool = True
    note: str = ""
    """Why the list is not complete, as a sentence."""
    counted: int = 0
    """Rows that the list has shown so far, the bad ones too."""
    first: bool = False
    full: bool = False
    """Whether this round reads every detail. What is asked for meanwhile stands on the run, for its next round."""
    before: int = 0
    """Calls that earlier rounds of the run made."""
    position: int = 0
    """How many entries of the run's queue are done."""
    watched: int = 0
    """How many entries at the queue's beginning are watched things, in turn."""
    aged: int = 0
    """How many stand behind them because of their age, in turn; the rest is new or changed."""
    unheard: list[int] = field(default_factory=list)
    """Things whose details an earlier run holds back, and that this one was not told of (yet)."""
    vouched: bool = False
    """The portal refused a detail as if nobody had signed in, and then knew the login all the same: not this one's to read."""
    refused: str = ""
    """Why the details were broken off, as a sentence."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_cursor(stored: dict[str, Any]) -> Cursor:
    """The stored cursor; names that an older release left behind are dropped."""
    return Cursor(**{name: value for name, value in stored.items() if name in Cursor.__dataclass_fields__})
