"""What the families of one portal share: the client, the clock of the portal, and how a list or a thing is read from an answer."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from providers.contract import Connection
from providers.errors import MalformedResponse, NotSupported, ProviderError
from providers.hostbill.answers import one_value, row_values
from providers.hostbill.capabilities import DAY, Capabilities
from providers.hostbill.client import HostBillClient
from providers.hostbill.outcomes import accepted
from providers.hostbill.parse.row import UnreadableRow, scalar_text
from providers.resources import BadRow, Page, Upstream

T = TypeVar("T", bound=Upstream)
V = TypeVar("V")
F = TypeVar("F")

NAME_KEYS = ("name", "domain", "subject", "number", "email", "hostname", "label")


@dataclass(frozen=True, slots=True)
class Portal:
    client: HostBillClient
    connection: Connection
    zone: ZoneInfo
    """What the portal's zone-less timestamps are read in."""
    capabilities: Capabilities

    def whole(self, operation: str, read: Callable[[], V]) -> V:
        """What `read` answers; where the portal says that it has no such `operation` at all, that is remembered for a day, and
        nobody asks again in that time."""
        if self.capabilities.was_refused(operation):
            raise NotSupported("The portal does not offer this in its API.", operation=operation)
        try:
            return read()
        except NotSupported:
            self.capabilities.refused(operation)
            raise

    def change(self, operation: str, send: Callable[[], Any], *, only_for: str = "") -> Any:
        """The answer to a change. Raises NotSupported, with nothing sent, where the portal is known not to have it, and
        OutcomeUnknown for an answer that does not say whether it was done.

        `only_for` names the thing for which alone a refusal of the whole operation holds: modules and registrars differ.
        """
        key = f"hostbill.refused.{operation} {only_for}"
        if not self.capabilities.offers(operation) or (only_for and self.connection.memory.get(key)):
            raise NotSupported("The portal does not offer this in its API. Nothing was sent.", operation=operation)
        try:
            return accepted(send(), operation)
        except NotSupported:
            if only_for:
                self.connection.memory.set(key, "refused", keep_seconds=DAY)
            else:
                self.capabilities.refused(operation)
            raise


def for_account(family: type[F]) -> type[F]:
    """Every error of a family says whose portal it was; those of the transport do already, those of reading an answer do not."""
    for name, method in list(vars(family).items()):
        if inspect.isfunction(method) and not name.startswith("_"):
            setattr(family, name, _with_account(method))
    return family


def _with_account(method: Callable[..., V]) -> Callable[..., V]:
    @wraps(method)
    def asking(self: Any, *args: Any, **kwargs: Any) -> V:
        try:
            return method(self, *args, **kwargs)
        except ProviderError as error:
            error.account = error.account or self.portal.connection.account_name
            raise

    return asking


def page_of(
    data: Any,
    *keys: str,
    parse: Callable[[Any], T],
    operation: str,
    id_of: Callable[[Any], str] = lambda row: first_text(row, "id"),
) -> Page[T]:
    """The whole list of an answer (HostBill documents no pages). A row that can't be read, or whose id was there already, is a
    BadRow with the id that `id_of` finds in it; where it can't be told by its id, the list is not complete.

    Raises MalformedResponse where the answer is no list.
    """
    rows, note = row_values(data, *keys, operation=operation)
    items: dict[str, T] = {}
    bad: list[BadRow] = []
    doubtful = False
    for row in rows:
        try:
            item = parse(row)
        except UnreadableRow as error:
            known = id_of(row)
            bad.append(BadRow(id=known, name=first_text(row, *NAME_KEYS), reason=str(error)))
            doubtful = doubtful or not known
            continue
        if items.setdefault(item.id, item) != item:
            reason = "another row of the list has the same id"
            bad.append(BadRow(id=item.id, name=first_text(row, *NAME_KEYS), reason=reason))
            doubtful = True
    if doubtful and not note:
        note = "Some rows can’t be told by their id, so what seems to be missing from the list may be among them."
    return Page(items=tuple(items.values()), bad=tuple(bad), total=len(rows), complete=not note, note=note)


def first_text(row: Any, *keys: str) -> str:
    """The first text or number under one of `keys`, empty where there is none."""
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


def understood(operation: str, read: Callable[[], V]) -> V:
    """What `read` makes of an answer whose shape is not documented. Raises MalformedResponse where it can make nothing of it."""
    try:
        return read()
    except UnreadableRow as error:
        raise MalformedResponse(f"The portal’s answer can’t be read: {error}.", operation=operation) from None
