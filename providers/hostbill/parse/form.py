"""Order forms: the `forms` of a product or an ending, and the `resources` of an upgrade.

A field's name says how its answer is written, which `providers.hostbill.forms` does: `custom[7]` takes the id of a choice,
`custom[7][12]` a value for item 12, `custom[7][]` a value alone; any other name is one that upstream made up itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from providers.hostbill.parse.row import Row, UnreadableRow, scalar_text
from providers.offers import Choice, FormField
from providers.values import Unreadable, is_nothing, to_list

KINDS: Mapping[str, str] = {
    "select": "select",
    "dropdown": "select",
    "radio": "radio",
    "checkbox": "check",
    "check": "check",
    "slider": "slider",
    "sliderqty": "slider",
    "qty": "number",
    "quantity": "number",
    "number": "number",
    "textarea": "textarea",
    "password": "password",
}
NUMBERS = frozenset({"slider", "number"})
LISTS = frozenset({"select", "radio"})
ONE_ITEM = re.compile(r"custom\[[^\[\]]+\]\[[^\[\]]+\]")
CUSTOM = re.compile(r"custom(?:\[|$)")
FORM_ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)


def form_fields(rows: Any, zone: ZoneInfo, *, bare_numbers: bool = False) -> tuple[FormField, ...]:
    """The fields of a form, in its order. A row that names nothing to answer, such as a heading, is left out: an order without it
    is refused by the portal where it needs it. `bare_numbers`: sliders and quantities are answered without the id of their item."""
    try:
        listed = to_list(rows)
    except Unreadable:
        return ()
    found: dict[str, FormField] = {}
    for data in listed:
        try:
            for one in _fields_of(Row(data, zone), bare_numbers):
                found.setdefault(one.name, one)
        except UnreadableRow:
            continue
    return tuple(found.values())


def _fields_of(row: Row, bare_numbers: bool) -> Iterator[FormField]:
    written = row.word("name")
    own = _own_name(row, written)
    items = tuple(_items(row))
    word = row.word("type").lower()
    kind = _kind(word, items, written)
    if kind in LISTS and items and ("qty" in word or "quantity" in word):
        yield from (_per_item(row, own, item, "number") for item in items)
    elif kind == "check" and len(items) > 1:
        yield from (_per_item(row, own, item, "check") for item in items)
    elif kind in LISTS and items:
        chosen = next((item.id for item in items if item.selected), "")
        yield _field(row, own, kind, choices=items, default=chosen or _value(row))
    else:
        item = items[0].id if items else row.word("firstItemId")
        bare = not FORM_ID.fullmatch(item) or (bare_numbers and kind in NUMBERS)
        named = own if not own.startswith("custom[") else f"{own}[]" if bare else f"{own}[{item}]"
        ticked = "1" if kind == "check" and any(one.selected for one in items) else ""
        price, setup = (items[0].price, items[0].setup) if items else (None, None)
        yield _field(
            row, named, "text" if kind in LISTS else kind, default=ticked or _value(row), price=price, setup=setup
        )


def _own_name(row: Row, written: str) -> str:
    """`custom[<id>]`, or the name that upstream made up. Raises UnreadableRow without either."""
    if written and not CUSTOM.match(written) and row.raw("items") is None and not row.word("id").isdigit():
        return written
    key = row.identifier("id")
    if not FORM_ID.fullmatch(key):
        raise UnreadableRow("its id can’t be read")
    return f"custom[{key}]"


def _kind(word: str, items: tuple[Choice, ...], written: str) -> str:
    """By upstream's word for it; one that is not known, by its shape: an item that has a name of its own is to be ticked."""
    stem = word.replace("qty", "").replace("quantity", "").strip(" _-")
    known = KINDS.get(word) or KINDS.get(stem)
    if known:
        return known
    if len(items) > 1:
        return "select"
    return "check" if items and word not in ("input", "text") and ONE_ITEM.fullmatch(written) else "text"


def _items(row: Row) -> Iterator[Choice]:
    """The choices of a field, each id once."""
    seen: set[str] = set()
    for data in row.items("items"):
        item = Row(data, row.zone) if isinstance(data, Mapping) else None
        key = (item.word("id") or item.word("value")) if item else ""
        if item is None or not FORM_ID.fullmatch(key) or key in seen:
            continue
        seen.add(key)
        yield Choice(
            id=key,
            name=item.word("title", "name") or key,
            price=item.money("price"),
            setup=item.money("setup", "setup", "setup_price"),
            selected=item.flag("selected") is True,
        )


def _per_item(row: Row, own: str, item: Choice, kind: str) -> FormField:
    """One of several items of a field that may be taken together."""
    label = " ".join(part for part in (_label(row), "" if item.name == item.id else item.name) if part)
    default = "1" if item.selected else ""
    return _field(row, f"{own}[{item.id}]", kind, label=label, default=default, price=item.price, setup=item.setup)


def _field(
    row: Row,
    name: str,
    kind: str,
    *,
    label: str = "",
    choices: tuple[Choice, ...] = (),
    default: str = "",
    price: Decimal | None = None,
    setup: Decimal | None = None,
) -> FormField:
    config = row.raw("config")
    limits = Row(config if isinstance(config, Mapping) else {}, row.zone)
    return FormField(
        name=name,
        label=label or _label(row),
        kind=kind,
        required=row.flag("required") is True,
        choices=choices,
        default=default,
        help=row.word("description"),
        least=limits.number("least", "minvalue", "min"),
        most=limits.number("most", "maxvalue", "max"),
        step=limits.number("step", "step"),
        price=price,
        setup=setup,
    )


def _label(row: Row) -> str:
    return row.word("title", "label", "name", "id")


def _value(row: Row) -> str:
    """What the form begins with; a value kept by item is that item's."""
    value = row.raw("value")
    if isinstance(value, Mapping | list):
        value = next(iter(to_list(value)), None)
    return "" if is_nothing(value) else scalar_text(value) or ""
