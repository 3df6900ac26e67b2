"""What a machine can be rebuilt from. No page shows the shape: lists, objects keyed by id and groups of either are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from providers.errors import MalformedResponse
from providers.hostbill.answers import ENVELOPE, is_outcome, shape_of
from providers.hostbill.parse.row import scalar_text
from providers.resources import Template
from providers.values import Unreadable, to_id

WRAPPERS = ("templates", "template", "list", "os", "images", "systems")
INNER = ("templates", "items", "list", "versions", "os")
IDS = ("id", "template_id", "template", "value")
NAMES = ("name", "label", "title")
DEEPEST = 3


def templates_of(data: Any, *, operation: str) -> tuple[Template, ...]:
    """Each template once; what can't be named in a rebuild is left out. Raises MalformedResponse where nothing can be read."""
    value = _unwrapped(data)
    found: dict[str, Template] = {}
    for template in _templates(value, "", DEEPEST):
        found.setdefault(template.id, template)
    if not found and value not in ([], {}):
        sentence = f"The portal’s answer is no list of templates: {shape_of(data)}."
        raise MalformedResponse(sentence, operation=operation)
    return tuple(found.values())


def _unwrapped(data: Any) -> Any:
    if not isinstance(data, Mapping):
        return data
    for key in WRAPPERS:
        if key in data:
            return data[key]
    # an answer without data says nothing, which is not that there are no templates
    return {key: value for key, value in data.items() if key not in ENVELOPE or not is_outcome(value)} or None


def _templates(value: Any, group: str, depth: int) -> Iterator[Template]:
    if depth == 0 or not isinstance(value, list | Mapping):
        return
    pairs = value.items() if isinstance(value, Mapping) else (("", item) for item in value)
    for key, item in pairs:
        inner = _inner(item)
        if inner is not None:
            yield from _templates(inner, _first(item, NAMES) or ("" if key.isdigit() else key), depth - 1)
        elif isinstance(item, Mapping):
            yield from _named(_first(item, IDS) or key, _first(item, NAMES), group)
        else:
            yield from _named(key or item, scalar_text(item) or "", group)


def _inner(item: Any) -> Any:
    """The templates of a group, None where the item is a template itself."""
    if isinstance(item, list):
        return item
    if not isinstance(item, Mapping):
        return None
    if _first(item, NAMES) or _first(item, IDS):
        return next((item[key] for key in INNER if isinstance(item.get(key), list | Mapping)), None)
    return item


def _named(key: Any, name: str, group: str) -> Iterator[Template]:
    try:
        identity = to_id(key)
    except Unreadable:
        return
    if identity:
        yield Template(id=identity, name=name or identity, group=scalar_text(group) or "")


def _first(item: Any, names: tuple[str, ...]) -> str:
    values = item if isinstance(item, Mapping) else {}
    return next((text for name in names if (text := scalar_text(values.get(name)))), "")
