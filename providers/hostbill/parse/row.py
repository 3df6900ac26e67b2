"""One upstream object being read: `providers.fields.Fields` with what HostBill's rows need beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from providers.fields import Fields
from providers.values import Unreadable, is_nothing, to_id, to_line, to_list, to_text

CURRENCY = re.compile(r"[A-Z]{3}")


class UnreadableRow(ValueError):
    """The row can't be a thing of ours; the text says why, for staff, without the row's contents."""


class Row(Fields):
    def __init__(self, data: Any, zone: ZoneInfo) -> None:
        if not isinstance(data, Mapping):
            raise UnreadableRow("it is not an object")
        super().__init__(data, zone=zone)
        self.zone = zone

    def identifier(self, *names: str) -> str:
        """The row's id. Raises UnreadableRow without one."""
        try:
            found = to_id(self.raw(*names))
        except Unreadable:
            raise UnreadableRow("its id can’t be read") from None
        if found is None:
            raise UnreadableRow("it has no id")
        return found

    def needed(self, what: str, *names: str) -> str:
        """A text that the thing can't be without. Raises UnreadableRow."""
        text = self.word(*names)
        if not text:
            raise UnreadableRow(f"it has no {what}")
        return text

    def word(self, *names: str) -> str:
        """A text of one line that is never unknown; empty where nothing readable stood."""
        return scalar_text(self.raw(*names)) or ""

    def told(self, *names: str) -> str:
        """As `word`, for what the mirror keeps. Raises UnreadableRow where something else than a text stands: taken for empty it
        would overwrite what was known."""
        try:
            return to_line(self.raw(*names)) or ""
        except Unreadable:
            raise UnreadableRow(f"its {names[0]} can’t be read") from None

    def optional(self, field: str, *names: str) -> str | None:
        """A text of one line; "n/a" and the like say that it is empty."""
        text = self.line(field, *names)
        return "" if text is not None and is_nothing(text) else text

    def body(self, name: str) -> str:
        """A message with its line ends. HTML stays the text that it is."""
        try:
            return to_text(self.raw(name)) or ""
        except Unreadable:
            self.mark("replies")
            return ""

    def currency(self) -> str:
        """The currency that the row names, empty where it names none."""
        name = self.word("currency").upper()
        if name and not CURRENCY.fullmatch(name):
            self.mark("currency")
            return ""
        return name

    def children(self, field: str, name: str) -> tuple[Any, ...]:
        """The rows of a list inside this row; something else than a list marks `field`."""
        return self.read(field, (name,), to_list) or ()


def scalar_text(value: Any) -> str | None:
    """One line of text out of a text or a number; None out of anything else."""
    try:
        return to_line(value)
    except Unreadable:
        return None
