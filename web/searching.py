"""Words that are looked for in the middle of several columns, of which some stand in other tables.

PostgreSQL can use its trigram indexes for each table alone but not for 'this column here or that one there': it would read and join
all rows. So each table is asked first, for so many rows as are worth naming. What a table finds few of is named by its keys; what
it finds many of is left as a condition, which a list meets soon in whatever order it is walked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

FEW: Final = 1_000
"""Rows of one table that are named by their keys."""

Column = str | tuple[str, Q]
"""A column's path, or one with a condition that must hold for it to be worth a look."""


def found_by(
    rows: QuerySet[Any], words: Iterable[str], columns: Sequence[Column], many: Sequence[str] = ()
) -> QuerySet[Any]:
    """The rows in which every word occurs in one of `columns` or, on the far side of a to-many relation, of `many`. One query a
    word is sent at once."""
    if not columns and not many:  # a list without names has nothing to look in
        return rows
    for word in words:
        rows = rows.filter(_few_or_many(rows, [*_of_tables(columns, word), *_of_children(rows, many, word)]))
    return rows


def _of_tables(columns: Sequence[Column], word: str) -> Iterable[Q]:
    """A condition for each table that is looked at."""
    tables: dict[str, Q] = {}
    for column in columns:
        path, only = column if isinstance(column, tuple) else (column, Q())
        table = path.rpartition("__")[0]
        tables[table] = tables.get(table, Q()) | (only & _occurs(path, word))
    return tables.values()


def _of_children(rows: QuerySet[Any], many: Sequence[str], word: str) -> Iterable[Q]:
    """Likewise, by a subquery each, so that a row is found once."""
    tables: dict[str, Q] = {}
    for path in many:
        relation, _joint, column = path.partition("__")
        tables[relation] = tables.get(relation, Q()) | _occurs(column, word)
    for relation, condition in tables.items():
        field: Any = rows.model._meta.get_field(relation)  # noqa: SLF001  # Django's documented model API
        children = field.related_model._default_manager.order_by()  # noqa: SLF001  # likewise
        yield Q(Exists(children.filter(condition, **{field.field.name: OuterRef("pk")})))


def _occurs(path: str, word: str) -> Q:
    return Q(**{f"{path}__icontains": word})


def _few_or_many(rows: QuerySet[Any], arms: Sequence[Q]) -> Q:
    looks = [
        rows.order_by().filter(arm).annotate(arm=Value(number)).values_list("arm", "pk")[: FEW + 1]
        for number, arm in enumerate(arms)
    ]
    found: list[set[Any]] = [set() for _arm in arms]
    for number, key in looks[0].union(*looks[1:], all=True) if len(looks) > 1 else looks[0]:
        found[number].add(key)
    few = {key for keys in found if len(keys) <= FEW for key in keys}
    many = [arm for arm, keys in zip(arms, found, strict=True) if len(keys) > FEW]
    return reduce(or_, many, Q(pk__in=few))
