"""Figures whose shape is documented nowhere, as a table of texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from providers.hostbill.answers import ENVELOPE, is_outcome
from providers.hostbill.parse.row import scalar_text
from providers.people import Table

MOST_COLUMNS = 60
MOST_ROWS = 5_000
DEPTH = 4
LONGEST = 500
VALUE = "value"
"""The column of what has no name at all."""


def table(data: Any, *names: str) -> Table:
    """The rows of an answer that comes bare, under one of `names`, or as an object keyed by id; an object of single values is
    one row. What is inside a row is named `outer.inner`."""
    rows = [dict(islice(_cells(row, "", DEPTH), MOST_COLUMNS)) for row in _rows(_inner(data, names))[:MOST_ROWS]]
    columns = list(dict.fromkeys(name for row in rows for name in row))[:MOST_COLUMNS]
    return Table(
        columns=tuple(columns), rows=tuple(tuple(row.get(name, "") for name in columns) for row in rows if row)
    )


def _inner(data: Any, names: tuple[str, ...]) -> Any:
    """What stands under one of `names`, or under the only key that holds more than a single value."""
    if not isinstance(data, Mapping):
        return data
    for name in names:
        if name in data:
            return data[name]
    said = {key: value for key, value in data.items() if key not in ENVELOPE or not is_outcome(value)}
    if len(said) == 1:
        only = next(iter(said.values()))
        return only if isinstance(only, Mapping | list) else said
    return said


def _rows(value: Any) -> list[Any]:
    if value is None or value == "" or value is False:
        return []
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping):
        if value and all(isinstance(row, Mapping) for row in value.values()):
            return [row if "id" in row else {"id": key, **row} for key, row in value.items()]
        return [value] if value else []
    return [value]


def _cells(value: Any, name: str, depth: int) -> Iterator[tuple[str, str]]:
    """The texts of a row, each under its name; of what is nested too deeply, only that it is there."""
    if isinstance(value, Mapping) and depth:
        for key, part in value.items():
            yield from _cells(part, f"{name}.{key}"[:100] if name else str(key)[:100], depth - 1)
    elif isinstance(value, list) and all(not isinstance(part, Mapping | list) for part in value):
        yield name or VALUE, ", ".join(_text(part) for part in value[:MOST_COLUMNS])[:LONGEST]
    elif isinstance(value, list) and depth:
        for position, part in enumerate(value[:MOST_COLUMNS], 1):
            yield from _cells(part, f"{name}.{position}" if name else str(position), depth - 1)
    else:
        yield name or VALUE, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (scalar_text(value) or "")[:LONGEST] if not isinstance(value, Mapping | list) else "…"
