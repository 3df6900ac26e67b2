"""Which columns may be null. An ordering that says where nulls stand is served by no plain index, so it is said only where some can
be."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model


def may_be_null(model: type[Model], path: str) -> bool:
    """Whether a row can have no value at `path`, as the ORM writes it. What is no column, such as an annotation, may."""
    step: Any = model
    for part in path.split("__"):
        try:
            field: Any = step._meta.pk if part == "pk" else step._meta.get_field(part)  # noqa: SLF001  # Django's documented model API
        except FieldDoesNotExist:
            return True
        if field.null:
            return True
        step = field.related_model or step
    return False
