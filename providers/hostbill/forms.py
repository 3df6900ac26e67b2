"""Writing the answers to a form the way the portal's documents have them; see `providers.hostbill.parse.form` for the names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from providers.errors import InvalidRequest

NAMED = re.compile(r"custom\[(?P<form>[\w.:-]{1,100})\](?:\[(?P<item>[\w.:-]{0,100})\])?", re.ASCII)


def custom(options: Mapping[str, str]) -> dict[str, Any]:
    """The `custom` of an order: `{form id: {item id: quantity}}`. Answers that are empty are left out, and so are those to names
    that upstream made up (`made_up`). Raises InvalidRequest, with nothing sent, for a field that is answered in two ways."""
    found: dict[str, Any] = {}
    for name, value in options.items():
        form, item = _parts(name)
        if form and value != "":
            _put(found, name, form, {value: 1} if item is None else {item: value} if item else value)
    return found


def resources(options: Mapping[str, str]) -> dict[str, Any]:
    """The `resources` of an upgrade: `{id: item id}` for lists, `{id: quantity}` for sliders and quantities, and
    `{id: {item id: quantity}}` where each item has one. Raises InvalidRequest as `custom`, and for a name that is none of these."""
    found: dict[str, Any] = {}
    for name, value in options.items():
        form, item = _parts(name)
        if not form:
            raise _refused(name, "This can’t be changed by an upgrade.")
        if value != "":
            _put(found, name, form, {item: value} if item else value)
    return found


def made_up(options: Mapping[str, str]) -> dict[str, str]:
    """The answers to names that upstream made up itself, such as an ending's `idnumber`."""
    return {name: value for name, value in options.items() if value != "" and not NAMED.fullmatch(name)}


def _parts(name: str) -> tuple[str, str | None]:
    """The form's id, empty for a name that upstream made up; and the item's: None for a list, empty for a value alone."""
    match = NAMED.fullmatch(name)
    return (match["form"], match["item"]) if match else ("", None)


def _put(found: dict[str, Any], name: str, form: str, answer: Any) -> None:
    kept = found.setdefault(form, answer)
    if kept is answer:
        return
    if not isinstance(kept, dict) or not isinstance(answer, dict):
        raise _refused(name, "This was answered in two ways.")
    kept.update(answer)


def _refused(name: str, why: str) -> InvalidRequest:
    return InvalidRequest(f"{why} Nothing was sent.", fields={name: [why]})
