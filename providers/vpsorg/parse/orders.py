"""What the changes of domains answer. It is charged or begun by then, so no single thing in these answers is needed and
none raises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from providers.errors import MalformedResponse
from providers.fields import Fields
from providers.offers import Availability, TldPeriod
from providers.resources import Order, OrderedItem
from providers.values import Unreadable, is_nothing, to_bool, to_host
from providers.vpsorg.parse.domains import DOMAIN_NAMES
from providers.vpsorg.parse.row import currency, word
from providers.vpsorg.prices import CURRENCY

_LONGEST_WORDS = 1000
_MOST_STEPS = 20
_FREE = frozenset({"available", "free"})
_FAILED = frozenset({"error", "failed", "failure", "fail"})
_TAKEN = frozenset({"unavailable", "taken", "registered", "not_available"})


def tells_something(data: Any) -> bool:
    """Whether the answer to an order says anything, and not that it failed."""
    if not isinstance(data, Mapping) or all(is_nothing(value) or value is False for value in data.values()):
        return False
    told = (data.get(key) for key in ("status", "result"))
    return not any(isinstance(one, str) and word(one) in _FAILED for one in told)


def renewal(data: Any) -> Order:
    """The answer to a renewal, which is charged at once; its shape is not documented."""
    return _order(Fields(data))


def registration(data: Any) -> Order:
    """The answer to a registration: the domain that is to come, `total_cost` and `message`."""
    return _order(Fields(data), item="registration")


def transfer(data: Any) -> Order:
    """The answer to a transfer; `words` are its message, its steps and when it should be complete."""
    fields = Fields(data)
    until = fields.date("until", "estimated_completion")
    steps = [line for line in map(_line, list(fields.items("next_steps"))[:_MOST_STEPS]) if line]
    expected = [f"It should be complete by {until.isoformat()}."] if until else []
    return _order(fields, item="transfer", more=[*steps, *expected])


def _order(fields: Fields, *, item: str = "", more: list[str] | None = None) -> Order:
    total = fields.money("total", "total_cost", "cost", "total")
    domain_id = fields.id("id", "uuid", "id")
    words = [fields.line("words", "message") or "", *(more or [])]
    return Order(
        number=fields.id("number", "order_id", "order_number") or "",
        total=total,
        currency=currency(fields) or (CURRENCY if total is not None else ""),
        settled=True,
        expires_on=None if item == "transfer" else fields.date("expires_on", "expiration_date", "expires_at"),
        items=(OrderedItem(id=domain_id, type=item, name=_name(fields) or ""),) if item and domain_id else (),
        words=" ".join(part for part in words if part)[:_LONGEST_WORDS],
    )


def _line(value: Any) -> str | None:
    return Fields({"value": value}).line("value")


def _name(fields: Fields) -> str | None:
    return fields.host("name", *DOMAIN_NAMES)


def availability(name: str, data: Any) -> Availability:
    """What a search says of `name`. Its shape is not documented: one answer, or several of which one is about this
    name.

    Raises MalformedResponse when nothing in it says whether the name is free: a guess would be a wrong order.
    """
    for row in _answers(data):
        fields = Fields(row)
        told = _name(fields)
        free = _free(fields)
        if free is None or (told or name) != name:
            continue
        price = fields.money("price", "price", "registration_price", "register_price")
        years = (TldPeriod(years=1, register=price),) if price is not None else ()
        return Availability(
            name=name,
            available=free,
            premium=fields.flag("premium", "premium", "is_premium"),
            periods=years,
            currency=currency(fields) or (CURRENCY if years else ""),
            words=fields.line("words", "message", "reason") or "",
        )
    raise MalformedResponse("The portal's answer does not say whether this name is free.")


def _answers(data: Any) -> Iterator[Any]:
    if isinstance(data, Mapping):
        yield data
        for key in ("results", "domains", "result", "domain"):
            inner = data.get(key)
            yield from inner if isinstance(inner, list) else (inner,) if isinstance(inner, Mapping) else ()
    elif isinstance(data, list):
        yield from data


def _free(fields: Fields) -> bool | None:
    said = fields.flag("available", "available", "is_available")
    if said is not None:
        return said
    status = word(fields.line("status", "status") or "")
    return True if status in _FREE else False if status in _TAKEN else None


def still_says(data: Any, names: tuple[str, ...], wanted: bool) -> bool:
    """Whether the answer to a change shows a setting, under any of its `names`, as something else than was asked
    for."""
    if not isinstance(data, Mapping):
        return False
    for name in names:
        try:
            shown = to_bool(data.get(name))
        except Unreadable:
            continue
        if shown is not None and shown is not wanted:
            return True
    return False


def host(text: str) -> str | None:
    """A host or domain name with a dot in it, as DNS has it; None for what is none."""
    try:
        name = to_host(text)
    except Unreadable:
        return None
    return name if name and "." in name and "*" not in name else None
