"""Compares the rows that hang on a resource (records, lines, replies) and writes only what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from sync.declare import Children
from sync.engine import bulk
from sync.engine.clean import clean_text, plain
from sync.engine.compare import Child, same
from sync.engine.meta import columns_of, rows_of

Telling = tuple[str, Any, Any]
"""A change in words to be kept: field, old, new."""


@dataclass(slots=True)
class Difference:
    """What has to be done to one set of rows, over all parents of a batch."""

    spec: Children
    insert: list[Model] = field(default_factory=list)
    update: list[Model] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    delete: list[int] = field(default_factory=list)

    def write(self) -> int:
        """Writes it and returns how many rows that were."""
        if self.delete:
            rows_of(self.spec.model).filter(pk__in=self.delete).delete()
        bulk.update(self.spec.model, self.update, self.columns)
        bulk.insert(self.spec.model, self.insert)
        return len(self.delete) + len(self.update) + len(self.insert)


def stored(spec: Children, parents: Iterable[int]) -> Mapping[int, dict[str, Any]]:
    """The rows that the mirror has, by parent and key; one query."""
    found: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for row in rows_of(spec.model).filter(**{f"{spec.parent}__in": list(parents)}):
        found[getattr(row, _parent_column(spec))][row.key] = row
    return found


def compare(
    difference: Difference, parent: int, have: Mapping[str, Any], want: Iterable[Child], *, tell: bool
) -> list[Telling]:
    """Adds what differs for one parent to `difference`; returns what is worth telling."""
    spec = difference.spec
    told: list[Telling] = []
    left = dict(have)
    for child in want:
        row = left.pop(child.key, None)
        if row is None:
            difference.insert.append(spec.model(**{_parent_column(spec): parent, "key": child.key, **child.columns}))
            told.append((_field(spec, child.key), None, _words(child.label, child.columns, spec.quiet)))
            continue
        moved = {name: value for name, value in child.columns.items() if not same(getattr(row, name), value)}
        if not moved:
            continue
        before = {name: getattr(row, name) for name in moved}
        for name, value in moved.items():
            setattr(row, name, value)
        difference.update.append(row)
        difference.columns.update(moved)
        if moved.keys() - spec.quiet:
            told.append(
                (
                    _field(spec, child.key),
                    _words(child.label, before, spec.quiet),
                    _words(child.label, moved, spec.quiet),
                )
            )
    for key, row in left.items():
        difference.delete.append(row.pk)
        values = {
            name: getattr(row, name) for name in columns_of(spec.model) if name not in (_parent_column(spec), "key")
        }
        told.append((_field(spec, key), _words(_label(spec, row), values, spec.quiet), None))
    return told if tell else []


def _parent_column(spec: Children) -> str:
    return f"{spec.parent}_id"


def _field(spec: Children, key: str) -> str:
    return f"{spec.name}.{key}"


def _words(label: str, columns: Mapping[str, Any], quiet: frozenset[str]) -> dict[str, Any]:
    return {"label": label} | {name: shortened(value) for name, value in columns.items() if name not in quiet}


def _label(spec: Children, row: Any) -> str:
    """Rows are named like upstream's items; where a declaration's label wants more than a row has, the row names itself."""
    try:
        return clean_text(spec.label(row), 200)
    except AttributeError:
        return clean_text(str(row), 200)


def shortened(value: Any) -> Any:
    """As the history keeps it: a long text is cut, because the row itself has it."""
    value = plain(value)
    return clean_text(value, 2000) if isinstance(value, str) else value
