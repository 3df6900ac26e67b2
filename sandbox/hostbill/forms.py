"""The fields of order forms, as the documents show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def select(key: str, title: str, items: Mapping[int, str], *, description: str = "", required: bool = False) -> Any:
    """A field of which one item is picked; nothing of it costs anything."""
    return {
        "type": "select",
        "title": title,
        "id": key,
        "firstItemId": next(iter(items)),
        "description": description,
        "name": f"custom[{key}]",
        "required": required,
        "multiple": False,
        "config": {"conditionals": []},
        "value": [],
        "textvalue": [],
        "price": 0,
        "recurring_price": 0,
        "setup": 0,
        "prorata_date": None,
        "items": [
            {"title": item, "value": 1, "id": number, "price": 0, "setup": 0, "selected": False}
            for number, item in items.items()
        ],
    }
