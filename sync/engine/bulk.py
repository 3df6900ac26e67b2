"""Writes many rows with one statement and one parameter: PostgreSQL unpacks them from JSON by the table's own types.

Django's bulk_create makes a placeholder of each value, which costs a first sync more than everything else together: it builds,
psycopg parses, and neither can use UNNEST where a column is an array.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, Model

from sync.engine.meta import all_columns, key_of, table_of


def insert(model: type[Model], rows: Sequence[Model], *, told_by: str = "") -> None:
    """Inserts `rows`. Where the database makes the primary keys and they are wanted, `told_by` names a column that tells these
    rows apart: they have their keys afterwards."""
    if not rows:
        return
    key = key_of(model)
    columns = [column for column in all_columns(model) if column is not key or not isinstance(key, AutoField)]
    names = ", ".join(_quoted(column) for column in columns)
    returning = f" RETURNING {_quoted(key)}, {connection.ops.quote_name(told_by)}" if told_by else ""
    table = connection.ops.quote_name(table_of(model))
    with connection.cursor() as cursor:
        cursor.execute(
            # Names of our own models; what upstream said is in the parameter alone.
            f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"  # noqa: S608
            f"{returning}",
            [_packed(rows, columns, add=True)],
        )
        if told_by:
            keys = {mark: pk for pk, mark in cursor.fetchall()}
            for row in rows:
                row.pk = keys[getattr(row, told_by)]
                row._state.adding = False  # noqa: SLF001  # as bulk_create does


def update(model: type[Model], rows: Sequence[Model], names: Collection[str]) -> None:
    """Writes these columns, by attribute name, of rows that are there."""
    if not rows or not names:
        return
    key = key_of(model)
    columns = [column for column in all_columns(model) if column.attname in names]
    moved = ", ".join(f"{_quoted(column)} = said.{_quoted(column)}" for column in columns)
    table = connection.ops.quote_name(table_of(model))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {moved} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) AS said "  # noqa: S608  # likewise
            f"WHERE {table}.{_quoted(key)} = said.{_quoted(key)}",
            [_packed(rows, [key, *columns], add=False)],
        )


def _quoted(column: Field[Any, Any]) -> str:
    return connection.ops.quote_name(str(column.column))


def _packed(rows: Sequence[Model], columns: Sequence[Field[Any, Any]], *, add: bool) -> str:
    plain = [(column.column, column.attname) for column in columns if type(column).pre_save is Field.pre_save]
    filled = [column for column in columns if type(column).pre_save is not Field.pre_save]  # as auto_now_add is
    told = [
        {name: getattr(row, attname) for name, attname in plain}
        | {column.column: column.pre_save(row, add) for column in filled}
        for row in rows
    ]
    return json.dumps(told, default=_as_text, separators=(",", ":"))


def _as_text(value: Any) -> str:
    """As PostgreSQL reads the type's own input. Raises TypeError for what no column of ours holds."""
    if isinstance(value, date):  # and datetime
        return value.isoformat()
    if isinstance(value, Decimal | IPv4Address | IPv6Address):
        return str(value)
    if isinstance(value, Enum):
        return str(value.value)
    raise TypeError(f"no column holds {type(value).__name__}")
