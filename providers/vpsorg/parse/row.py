"""What all rows have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.fields import Fields
from providers.vpsorg.lists import BadRowError, Form


def currency(fields: Fields) -> str:
    word = (fields.line("currency") or "").upper()
    return word if len(word) == 3 and word.isascii() and word.isalpha() else ""


def fields_of(row: Any) -> Fields:
    if not isinstance(row, Mapping):
        raise BadRowError("it is no object")
    return Fields(row)


def id_of(fields: Fields, form: Form) -> str:
    """The id in the portal's form: mixing the two would make two things of one."""
    found = fields.id("id", "uuid" if form is Form.PRESENT else "id")
    if found is None:
        raise BadRowError("it has no readable id")
    return found


def word(status: str) -> str:
    return status.strip().lower().replace(" ", "_").replace("-", "_")
