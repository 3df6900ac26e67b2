"""What Django knows about a mirrored model; the one place that looks into `_meta`."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import Field, Model
from django.db.models.manager import Manager


@cache
def columns_of(model: type[Model]) -> dict[str, Field[Any, Any]]:
    """The model's own columns by name, its primary key left out."""
    return {
        column.attname: column
        for column in model._meta.concrete_fields  # noqa: SLF001  # Django's documented model API
        if not column.primary_key
    }


def rows_of(model: type[Model]) -> Manager[Any]:
    return model._base_manager  # noqa: SLF001  # Django's documented model API


@cache
def owner_column(model: type[Model]) -> str:
    """The column that leads to the resource: the primary key of a family's model."""
    return str(key_of(model).attname)


@cache
def all_columns(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    """The model's own columns, its primary key among them."""
    return tuple(model._meta.concrete_fields)  # noqa: SLF001  # Django's documented model API


@cache
def key_of(model: type[Model]) -> Field[Any, Any]:
    key = model._meta.pk  # noqa: SLF001  # Django's documented model API
    assert key is not None  # noqa: S101  # every model has one; the stubs know only of abstract ones
    return key


def table_of(model: type[Model]) -> str:
    return str(model._meta.db_table)  # noqa: SLF001  # Django's documented model API
