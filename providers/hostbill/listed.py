"""Short lists that people pick from: what can't be read is not offered, the rest is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from providers.errors import MalformedResponse
from providers.hostbill.answers import row_values
from providers.hostbill.parse.row import UnreadableRow

V = TypeVar("V")


def readable(data: Any, *keys: str, parse: Callable[[Any], V], operation: str) -> tuple[V, ...]:
    """The rows of a list answer that can be read. Raises MalformedResponse where it is no list, or none of its rows can be."""
    rows, _ = row_values(data, *keys, operation=operation)
    found: list[V] = []
    why = ""
    for row in rows:
        try:
            found.append(parse(row))
        except UnreadableRow as error:
            why = why or str(error)
    if rows and not found:
        raise MalformedResponse(f"Nothing in the portal’s list can be read: {why}.", operation=operation)
    return tuple(found)
