"""Paging of the API by cursor: a place in the order, not a number of rows, so that nothing is told twice or left out when rows
come and go meanwhile. Rest framework's own cursor loses its place among rows whose ordering column is null; due dates often are.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.core.exceptions import FieldError
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import DataError
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from web.nulls import may_be_null

CURSOR: Final = "cursor"
LIMIT: Final = "limit"
ORDERING: Final = "ordering"


@dataclass(frozen=True, slots=True)
class Ordering:
    """One column and the primary key behind it; nulls last in both directions. `path` is the column as the ORM names it."""

    name: str
    path: str
    descending: bool
    nullable: bool

    @property
    def text(self) -> str:
        return f"-{self.name}" if self.descending else self.name

    def apply(self, rows: QuerySet[Any], *, backwards: bool) -> QuerySet[Any]:
        if not self.nullable:
            sign = "" if self.descending is backwards else "-"
            return rows.order_by(*dict.fromkeys([f"{sign}{self.path}", f"{sign}pk"]))
        if self.descending is backwards:
            column = F(self.path).asc(nulls_first=True) if backwards else F(self.path).asc(nulls_last=True)
            return rows.order_by(column, "pk")
        column = F(self.path).desc(nulls_first=True) if backwards else F(self.path).desc(nulls_last=True)
        return rows.order_by(column, "-pk")

    def beyond(self, value: Any, pk: Any, *, backwards: bool) -> Q:
        """The rows after the place (value, pk), or before it when going backwards."""
        further = "lt" if self.descending is not backwards else "gt"
        by_key = Q(**{f"pk__{further}": pk})
        if self.path == "pk":
            return by_key & Q(**{f"pk__{further}": value})
        null = Q(**{f"{self.path}__isnull": True})
        if value is None:
            return ~null | (null & by_key) if backwards else null & by_key
        past = Q(**{f"{self.path}__{further}": value}) | (Q(**{self.path: value}) & by_key)
        return past | null if self.nullable and not backwards else past

    def value_of(self, row: Model) -> Any:
        value: Any = row
        for part in self.path.split("__"):
            value = getattr(value, part) if value is not None else None
        return value


@dataclass(frozen=True, slots=True)
class Cursor:
    ordering: str
    value: Any
    pk: Any
    backwards: bool = False

    def encode(self) -> str:
        text = json.dumps([self.ordering, self.value, self.pk, self.backwards], default=str, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Cursor:
        try:
            told = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            ordering, value, pk, backwards = json.loads(told, parse_constant=_no_such_number)
        except (binascii.Error, ValueError, TypeError, RecursionError):
            raise _bad_cursor() from None
        if not isinstance(ordering, str) or not isinstance(value, str | int | float | bool | None):
            raise _bad_cursor()
        if not isinstance(pk, str | int) or "\x00" in f"{value}{pk}":
            raise _bad_cursor()
        return cls(ordering, value, pk, bool(backwards))


class CursorPagination(BasePagination):
    """Answers `{results, next, previous}`. The view says what may be ordered by:

    `ordering_fields`: the API's name of a column -> its ORM path; `ordering`: the default, such as `name` or `-issued_on`.
    """

    default_limit: ClassVar[int] = 50
    max_limit: ClassVar[int] = 500

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.url = request.build_absolute_uri()
        self.limit = self._limit(request.query_params.get(LIMIT))
        self.order = _ordering(view, request.query_params.get(ORDERING, ""), queryset.model)
        given = request.query_params.get(CURSOR, "")
        self.cursor = Cursor.decode(given) if given else None
        if self.cursor is not None and self.cursor.ordering != self.order.text:
            raise ValidationError({CURSOR: [_("This cursor belongs to another ordering; start without one.")]})
        backwards = self.cursor is not None and self.cursor.backwards
        rows = self.order.apply(queryset, backwards=backwards)
        try:
            if self.cursor is not None:
                rows = rows.filter(self.order.beyond(self.cursor.value, self.cursor.pk, backwards=backwards))
            page = list(rows[: self.limit + 1])
        except (ModelValidationError, FieldError, ValueError, TypeError, ArithmeticError, DataError):
            raise _bad_cursor() from None
        self.more = len(page) > self.limit
        self.page = page[: self.limit]
        if backwards:
            self.page.reverse()
        return self.page

    def get_paginated_response(self, data: Sequence[Any]) -> Response:
        backwards = self.cursor is not None and self.cursor.backwards
        has_next = bool(self.page) and (backwards or self.more)
        has_previous = bool(self.page) and (self.more if backwards else self.cursor is not None)
        return Response(
            {
                "results": data,
                "next": self._link(self.page[-1], backwards=False) if has_next else None,
                "previous": self._link(self.page[0], backwards=True) if has_previous else None,
            }
        )

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = sorted(getattr(view, "ordering_fields", {}))
        return [
            query_parameter(
                LIMIT, "How many rows at most.", {"type": "integer", "minimum": 1, "maximum": self.max_limit}
            ),
            query_parameter(CURSOR, "Where to go on; taken from `next` or `previous`.", {"type": "string"}),
            query_parameter(
                ORDERING,
                "The column to order by; with a minus in front the other way round.",
                {"type": "string", "enum": [sign + name for name in names for sign in ("", "-")]},
            ),
        ]

    def _limit(self, given: str | None) -> int:
        if not given:
            return self.default_limit
        if not (given.isascii() and given.isdecimal() and len(given) <= 9) or not 1 <= int(given) <= self.max_limit:
            raise ValidationError({LIMIT: [_("Give a number from 1 to %(most)d.") % {"most": self.max_limit}]})
        return int(given)

    def _link(self, row: Model, *, backwards: bool) -> str:
        place = Cursor(self.order.text, self.order.value_of(row), row.pk, backwards)
        url = remove_query_param(self.url, CURSOR)
        return str(replace_query_param(url, CURSOR, place.encode()))


def _ordering(view: Any, given: str, model: type[Model]) -> Ordering:
    paths: Mapping[str, str] = getattr(view, "ordering_fields", {})
    text = given or view.ordering
    name = text.removeprefix("-")
    if name not in paths:
        raise ValidationError({ORDERING: [_("Order by one of: %(names)s.") % {"names": ", ".join(sorted(paths))}]})
    path = paths[name]
    return Ordering(name, path, descending=text.startswith("-"), nullable=may_be_null(model, path))


def _no_such_number(name: str) -> None:
    raise ValueError(f"{name} is no place in an order")


def _bad_cursor() -> ValidationError:
    return ValidationError({CURSOR: [_("This is not a cursor of ours; start without one.")]})


def query_parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
