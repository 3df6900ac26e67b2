"""What upstream said, ready to be compared: cleaned columns and a fingerprint of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from accounts.models import ProviderAccount
from providers.resources import Upstream
from sync.declare import Children, ResourceSync
from sync.engine.clean import clean_columns, clean_id, clean_text, plain
from sync.engine.meta import columns_of


@dataclass(frozen=True, slots=True)
class Child:
    """One row that hangs on a resource, as upstream now has it."""

    key: str
    label: str
    columns: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """One row of a list, or one detail. `told` names every field that could be read; `children` has an entry for each set of
    them that the detail speaks about."""

    upstream_id: str
    columns: dict[str, Any]
    told: frozenset[str]
    unreadable: frozenset[str]
    fingerprint: str
    children: Mapping[str, tuple[Child, ...]]


def said_by(declaration: ResourceSync[Any, Any], item: Upstream, account: ProviderAccount, *, detail: bool) -> Said:
    """Reads one item by its declaration. Raises Unfit, or whatever the declaration stumbles over."""
    upstream_id = clean_id(item.id)
    columns, unfit = clean_columns(declaration.model, declaration.columns(item, account))
    named = frozenset(item.unreadable) & columns_of(declaration.model).keys()
    for name in named:  # what could not be read never overwrites what the mirror has
        columns.pop(name, None)
    lost = {spec.field for spec in declaration.children if detail and spec.field in item.unreadable}
    children = {
        spec.name: _children(spec, given)
        for spec in declaration.children
        if detail and spec.field not in lost and (given := getattr(item, spec.field)) is not None
    }
    unreadable = named | unfit | lost
    told = frozenset(columns) | {spec.field for spec in declaration.children if spec.name in children}
    return Said(upstream_id, columns, told, unreadable, _fingerprint(columns, unreadable, children), children)


def same(old: Any, new: Any) -> bool:
    """Whether a column's value stays. True and 1 are told apart, because JSON columns tell them apart."""
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)


def _children(spec: Children, given: Any) -> tuple[Child, ...]:
    taken: set[str] = set()
    found = []
    longest = columns_of(spec.model)["key"].max_length or 100
    for position, item in enumerate(given):
        columns, _unfit = clean_columns(spec.model, spec.columns(position, item))
        key = _free_key(clean_text(spec.key(item), longest), taken, longest)
        taken.add(key)
        found.append(Child(key, clean_text(spec.label(item), 200), columns))
    return tuple(found)


def _free_key(key: str, taken: set[str], longest: int) -> str:
    """Upstream may hold the same record twice: the second is told apart by a number."""
    free, number = key, 2
    while free in taken:
        suffix = f"#{number}"
        free, number = key[: longest - len(suffix)] + suffix, number + 1
    return free


def _fingerprint(
    columns: Mapping[str, Any], unreadable: frozenset[str], children: Mapping[str, tuple[Child, ...]]
) -> str:
    whole = {
        "columns": columns,
        "unreadable": sorted(unreadable),
        "children": {
            name: [[each.key, each.columns] for each in sorted(rows, key=lambda child: child.key)]
            for name, rows in children.items()
        },
    }
    return blake2b(_CANONICAL.encode(whole).encode(), digest_size=16).hexdigest()


# The columns are clean already: only what JSON has no form for is made plain.
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=plain)
