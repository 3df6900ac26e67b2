"""Getting the rows or the thing out of a HostBill answer: bare, under a key, as an object keyed by id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.errors import MalformedResponse
from providers.values import to_line

ENVELOPE = frozenset({"success", "status", "info", "error", "errors"})


def row_values(data: Any, *keys: str, operation: str) -> tuple[list[Any], str]:
    """The rows of a list answer that comes bare, under one of `keys`, or as an object keyed by id.

    A row of a keyed object that lacks an id gets its key as `id`. The second value is a sentence for staff where the answer may
    not be the whole list (nothing at all stood where the list belongs), else empty. Raises MalformedResponse for another shape.
    """
    value, found = _under(data, keys)
    if isinstance(value, list):
        return value, ""
    if isinstance(value, Mapping) and (found or value):
        rows = _keyed(value)
        if rows is not None:
            return rows, ""
    if value is None or value == "" or value == {}:
        return [], "The portal answered nothing where a list belongs, so its list may not be whole."
    raise MalformedResponse(
        f"The portal’s answer is no list of {keys[0]}: {shape_of(data)}.", operation=operation, upstream_words=""
    )


def one_value(data: Any, *keys: str, operation: str) -> Mapping[str, Any]:
    """The object of a detail answer, under one of `keys`, alone in a list, or bare. Raises MalformedResponse for another shape."""
    value, _ = _under(data, keys)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, Mapping) and value:
        return value
    raise MalformedResponse(f"The portal’s answer holds no {keys[0]}: {shape_of(data)}.", operation=operation)


def _under(data: Any, keys: tuple[str, ...]) -> tuple[Any, bool]:
    if not isinstance(data, Mapping):
        return data, False
    for key in keys:
        if key in data:
            return data[key], True
    return {name: value for name, value in data.items() if name not in ENVELOPE or not is_outcome(value)}, False


def is_outcome(value: Any) -> bool:
    """Whether the value under `status`, `success`, `info` or `error` is part of the envelope: a thing's own status is a text."""
    return isinstance(value, bool | list) or value is None


def _keyed(value: Mapping[str, Any]) -> list[Any] | None:
    """The rows of an object keyed by id or position; None when it is something else. A position is no id."""
    if not all(isinstance(row, Mapping) for row in value.values()):
        return None
    if list(value) == [str(position) for position in range(len(value))]:
        return list(value.values())
    return [row if "id" in row else {**row, "id": key} for key, row in value.items()]


def shape_of(data: Any) -> str:
    """What kind of answer it was, in words that hold nothing of its contents but key names."""
    if isinstance(data, Mapping):
        names = ", ".join(to_line(str(name)[:30]) or "?" for name in list(data)[:5])
        return f"it has {names}" if names else "it is empty"
    if data is None:
        return "it is empty"
    kinds = {list: "it is a list", str: "it is a text", bool: "it is true or false"}
    return kinds.get(type(data), "it is a number")
