"""Reading one upstream row into our fields, and remembering which of them made no sense."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any, TypeVar

from providers.values import (
    Unreadable,
    to_bool,
    to_date,
    to_decimal,
    to_host,
    to_hosts,
    to_id,
    to_instant,
    to_int,
    to_ips,
    to_line,
    to_list,
    to_money,
    to_text,
)

T = TypeVar("T")


class Fields:
    """Reads one upstream row. Every method takes our field name and then upstream's names for it, the best first; the first that is
    there and not null is read. What makes no sense becomes None and its field name goes to `unreadable`."""

    def __init__(self, row: Any, *, zone: tzinfo = UTC) -> None:
        self.row: Mapping[str, Any] = row if isinstance(row, Mapping) else {}
        self._zone = zone
        self._unreadable: list[str] = []

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Our names of the fields that made no sense, each once."""
        return tuple(self._unreadable)

    def raw(self, *names: str) -> Any:
        """The first of upstream's fields that is there and not null."""
        for name in names:
            value = self.row.get(name)
            if value is not None:
                return value
        return None

    def says(self, *names: str) -> bool:
        """Whether upstream carries one of the fields at all, even as null."""
        return any(name in self.row for name in names)

    def read(self, field: str, names: Sequence[str], to: Callable[[Any], T | None]) -> T | None:
        """Any other value, through a `to_*` function of the caller's."""
        try:
            return to(self.raw(*names))
        except Unreadable:
            self.mark(field)
            return None

    def mark(self, field: str) -> None:
        if field not in self._unreadable:
            self._unreadable.append(field)

    def _names(self, field: str, names: tuple[str, ...]) -> tuple[str, ...]:
        return names or (field,)

    def id(self, field: str, *names: str) -> str | None:
        return self.read(field, self._names(field, names), to_id)

    def text(self, field: str, *names: str) -> str | None:
        return self.read(field, self._names(field, names), to_text)

    def line(self, field: str, *names: str) -> str | None:
        return self.read(field, self._names(field, names), to_line)

    def flag(self, field: str, *names: str) -> bool | None:
        return self.read(field, self._names(field, names), to_bool)

    def number(self, field: str, *names: str) -> int | None:
        return self.read(field, self._names(field, names), to_int)

    def money(self, field: str, *names: str) -> Decimal | None:
        return self.read(field, self._names(field, names), to_money)

    def decimal(self, field: str, *names: str) -> Decimal | None:
        """A rate or a quantity: no money, so that three decimals are not doubtful."""
        return self.read(field, self._names(field, names), to_decimal)

    def date(self, field: str, *names: str, zero_is_none: bool = False) -> date | None:
        return self.read(field, self._names(field, names), lambda value: to_date(value, zero_is_none=zero_is_none))

    def instant(self, field: str, *names: str, zero_is_none: bool = False) -> datetime | None:
        return self.read(
            field, self._names(field, names), lambda value: to_instant(value, self._zone, zero_is_none=zero_is_none)
        )

    def host(self, field: str, *names: str) -> str | None:
        return self.read(field, self._names(field, names), to_host)

    def hosts(self, field: str, *names: str) -> tuple[str, ...] | None:
        return self.read(field, self._names(field, names), to_hosts)

    def ips(self, field: str, *names: str) -> tuple[str, ...] | None:
        return self.read(field, self._names(field, names), to_ips)

    def items(self, *names: str) -> Iterator[Any]:
        """The items of a list in this row, none when it is no list."""
        try:
            yield from to_list(self.raw(*names))
        except Unreadable:
            return
