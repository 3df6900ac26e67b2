"""What the families of one portal share: the client, the clock of the portal, and how a list or a thing is read from an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from providers.contract import Connection
from providers.errors import MalformedResponse
from providers.hostbill.answers import one_value, row_values
from providers.hostbill.capabilities import Capabilities
from providers.hostbill.client import HostBillClient
from providers.hostbill.parse.row import UnreadableRow, scalar_text
from providers.resources import BadRow, Page, Upstream

T = TypeVar("T", bound=Upstream)
V = TypeVar("V")

ID_KEYS = ("id", "ticket_number", "number", "domain_id")
NAME_KEYS = ("name", "domain", "subject", "number", "email", "hostname", "label")


@dataclass(frozen=True, slots=True)
class Portal:
    client: HostBillClient
    connection: Connection
    zone: ZoneInfo
    """What the portal's zone-less timestamps are read in."""
    capabilities: Capabilities


def page_of(data: Any, *keys: str, parse: Callable[[Any], T], operation: str) -> Page[T]:
    """The whole list of an answer (HostBill documents no pages). A row that can't be read, or whose id was there already, is a
    BadRow; where such a row can't be told by its id, the list is not complete.

    Raises MalformedResponse where the answer is no list.
    """
    rows, note = row_values(data, *keys, operation=operation)
    items: dict[str, T] = {}
    bad: list[BadRow] = []
    nameless = False
    for position, row in enumerate(rows):
        try:
            item = parse(row)
        except UnreadableRow as error:
            bad.append(bad_row(row, position, str(error)))
            nameless = nameless or not _first_text(row, ID_KEYS)
            continue
        if items.setdefault(item.id, item) != item:
            bad.append(bad_row(row, position, "another row of the list has the same id"))
            nameless = True
    if nameless and not note:
        note = "Some rows can’t be told by their id, so what seems to be missing from the list may be among them."
    return Page(items=tuple(items.values()), bad=tuple(bad), total=len(rows), complete=not note, note=note)


def bad_row(row: Any, position: int, reason: str) -> BadRow:
    """The row as far as it can be named; without an id it is known by its place in the list."""
    return BadRow(
        id=_first_text(row, ID_KEYS) or f"row {position + 1}", name=_first_text(row, NAME_KEYS), reason=reason
    )


def _first_text(row: Any, keys: tuple[str, ...]) -> str:
    values = row if isinstance(row, Mapping) else {}
    texts = (scalar_text(values.get(key)) for key in keys)
    return next((text[:200] for text in texts if text), "")


def thing_of(
    data: Any, *keys: str, wanted: str, parse: Callable[[Mapping[str, Any]], V], operation: str, id_key: str = "id"
) -> V:
    """The one thing of a detail answer. An answer without an id is taken for the thing that was `wanted`, one with another
    id is not.

    Raises MalformedResponse.
    """
    value = one_value(data, *keys, operation=operation)
    told = scalar_text(value.get(id_key))
    if told and told != wanted:
        raise MalformedResponse("The portal answered with another thing than the one asked for.", operation=operation)
    try:
        return parse(value if told else {**value, id_key: wanted})
    except UnreadableRow as error:
        raise MalformedResponse(f"The portal’s answer can’t be read: {error}.", operation=operation) from None
