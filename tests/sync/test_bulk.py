"""Rows written from JSON by PostgreSQL are the rows that Django would have written, whatever their types."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models

from sync.declare import ResourceSync, registry
from sync.engine import bulk
from sync.engine.meta import all_columns, key_of, rows_of
from sync.models import Kind, Resource

pytestmark = pytest.mark.django_db

HOSTILE = 'O\'Reilly "quoted" \\back\\slash {brace} $1 %s %%\n\ttab Đặng 😀 </script>'
MODELS = [each.model for each in registry.in_order() if isinstance(each, ResourceSync)]
CHILDREN = [
    (spec.model, spec.parent)
    for each in registry.in_order()
    if isinstance(each, ResourceSync)
    for spec in each.children
]
count = itertools.count(1)


def value_for(column: models.Field[Any, Any], *, empty: bool) -> Any:
    if empty and column.null:
        return None
    if isinstance(column, ArrayField):
        inner = value_for(column.base_field, empty=False)
        return (
            [] if empty else [inner, *(["", "a,b", "NULL", "{}"] if isinstance(inner, str) and len(inner) > 30 else [])]
        )
    samples: list[tuple[type[models.Field[Any, Any]], Any]] = [
        (models.JSONField, {} if empty else {"a": [1, 2.5, None, True, HOSTILE], "b": {"c": "2026-01-01"}}),
        (models.DateTimeField, datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)),
        (models.DateField, date(2026, 2, 28)),
        (models.DecimalField, Decimal("0") if empty else Decimal("123.45")),
        (models.BooleanField, not empty),
        (models.GenericIPAddressField, "2001:db8::1"),
        (models.IntegerField, 0 if empty else 32_000),
        (models.FloatField, 0.0 if empty else 1.5),
    ]
    for kind, value in samples:
        if isinstance(column, kind):
            return value
    text = "" if empty else HOSTILE
    return text[: column.max_length] if column.max_length else text


def filled(model: type[models.Model], *, empty: bool, **fixed: Any) -> Any:
    own = {
        column.attname: value_for(column, empty=empty)
        for column in all_columns(model)
        if column.attname not in fixed and not column.is_relation and not column.primary_key
    }
    return model(**own, **fixed)


def spine(account: Any) -> Resource:
    return Resource.objects.create(account=account, kind=Kind.DOMAINS, upstream_id=str(next(count)), name="x")


def stored(model: type[models.Model], pk: Any) -> dict[str, Any]:
    skipped = key_of(model).attname
    row = rows_of(model).get(pk=pk)
    return {column.attname: getattr(row, column.attname) for column in all_columns(model) if column.attname != skipped}


@pytest.mark.parametrize("empty", [True, False], ids=["empty", "full"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_an_inserted_row_is_what_django_would_have_written(account, model, empty):
    one, two = spine(account), spine(account)
    filled(model, empty=empty, resource_id=one.pk).save(force_insert=True)
    bulk.insert(model, [filled(model, empty=empty, resource_id=two.pk)])
    assert stored(model, two.pk) == stored(model, one.pk)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_an_update_moves_the_named_columns_of_the_named_rows_alone(account, model):
    mine, other = spine(account), spine(account)
    for each in (mine, other):
        filled(model, empty=True, resource_id=each.pk).save(force_insert=True)
    full = filled(model, empty=False, resource_id=mine.pk)
    names = [column.attname for column in all_columns(model) if not column.primary_key]
    half = set(names[::2])
    bulk.update(model, [full], half)
    before, after = stored(model, other.pk), stored(model, mine.pk)
    assert after == {name: getattr(full, name) if name in half else before[name] for name in names}
    assert before == {**before, **{name: value_for(column, empty=True) for name, column in named(model).items()}}


def named(model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
    return {column.attname: column for column in all_columns(model) if not column.primary_key}


@pytest.mark.parametrize(("model", "parent"), CHILDREN, ids=lambda each: getattr(each, "__name__", None))
def test_children_are_written_alike(account, model, parent):
    for declaration in registry.in_order():
        if isinstance(declaration, ResourceSync) and any(spec.model is model for spec in declaration.children):
            owner = spine(account)
            filled(declaration.model, empty=True, resource_id=owner.pk).save(force_insert=True)
            own = {f"{parent}_id": owner.pk}
            django = filled(model, empty=False, **own, key="django")
            django.save()
            bulk.insert(model, [filled(model, empty=False, **own, key="ours")])
            ours = rows_of(model).get(key="ours")
            assert {**stored(model, ours.pk), "key": ""} == {**stored(model, django.pk), "key": ""}


def test_new_rows_have_their_keys_whatever_the_order(account):
    rows = [Resource(account=account, kind=Kind.DOMAINS, upstream_id=str(number), name=HOSTILE) for number in (3, 1, 2)]
    bulk.insert(Resource, rows, told_by="upstream_id")
    assert {row.upstream_id: row.pk for row in rows} == dict(Resource.objects.values_list("upstream_id", "pk"))
    assert all(row.first_seen is not None for row in rows)
    assert Resource.objects.filter(name=HOSTILE, tags=[], gone_at=None).count() == 3


def test_nothing_to_write_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        bulk.insert(Resource, [], told_by="upstream_id")
        bulk.update(Resource, [], {"name"})
        bulk.update(Resource, [Resource(pk=1)], set())
