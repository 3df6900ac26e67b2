"""Counts that stay cheap however long a list is: several in one query, each no further than is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

Asked = tuple[QuerySet[Any], int | None]


def counts_of(asked: Sequence[Asked]) -> list[int]:
    """How many rows each of these has, at most one more than its bound (None: all). One query; no row is sorted or joined for it
    beyond what its conditions need, and PostgreSQL stops at the bound."""
    parts: list[str] = []
    given: list[Any] = []
    for rows, most in asked:
        counted = rows.order_by().values("pk")
        try:
            sql, parameters = (counted if most is None else counted[: most + 1]).query.sql_with_params()
        except EmptyResultSet:
            sql, parameters = "SELECT 1 WHERE FALSE", ()
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608  # the ORM's own SQL; values stay parameters
        given.extend(parameters)
    if not parts:
        return []
    with connections[asked[0][0].db].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", given)  # of the ORM's own SQL; values stay parameters
        found: Sequence[int] = cursor.fetchone()
    return list(found)
