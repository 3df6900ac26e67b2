"""What the answer to a change proves, beside what it says: that something was made, that it was done, or nothing at all.

Whoever believes a refusal tries again, and whoever believes a confirmation does not: in doubt it is neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.errors import OutcomeUnknown
from providers.hostbill.answers import ENVELOPE, shape_of
from providers.values import Unreadable, is_nothing, to_bool

MADE = ("order_num", "order_num_list", "order_number", "order_id", "invoice_id", "invoiceid")
"""What only something that was ordered has."""
TOLD = ("info", "ticket", "contact_id", "client_id")
"""What goes with something done, unless the answer says plainly that it was not."""
WRAPPERS = ("order", "details")
ABOUT_IT = ENVELOPE | {*MADE, *TOLD, *WRAPPERS, "items", "total", "result", "record"}
"""Fields that are there to tell what was done: empty, they tell nothing."""
FAILED = frozenset({"error", "failed", "failure", "fail"})


def success_of(data: Mapping[str, Any]) -> bool | None:
    """What the answer's `success` says, in any spelling; None where it says nothing."""
    try:
        return to_bool(data.get("success"))
    except Unreadable:
        return None


def shows_doing(data: Mapping[str, Any]) -> bool:
    """Whether an answer that reports a failure shows that something was done all the same."""
    claimed = success_of(data)
    if claimed is True or data.get("status") is True:
        return True
    parts = [data, *(data[key] for key in WRAPPERS if isinstance(data.get(key), Mapping))]
    names = MADE if claimed is False or data.get("status") is False else (*MADE, *TOLD)
    return any(_is_there(part.get(name)) for part in parts for name in names)


def _is_there(value: Any) -> bool:
    return not is_nothing(value) and value not in (0, "0", False)


def accepted(data: Any, operation: str) -> Any:
    """The answer to a change, which was already found to be no refusal. Raises OutcomeUnknown where it says nothing at all."""
    if data is True or (isinstance(data, Mapping) and _confirms(data)):
        return data
    raise OutcomeUnknown(
        f"The portal’s answer does not say whether it was done: {shape_of(data)}. Look at the portal before it is tried again.",
        operation=operation,
    )


def _confirms(data: Mapping[str, Any]) -> bool:
    words = (data.get(name) for name in ("success", "status", "result"))
    if any(isinstance(word, str) and word.strip().lower() in FAILED for word in words):
        return False
    if data.get("status") in (0, "0", "false"):
        return False  # a machine that is off, or an outcome: it can't be told
    return any(_tells(name, value) for name, value in data.items())


def _tells(name: str, value: Any) -> bool:
    """Other fields may show the new state, and that may be an empty list or 'no'."""
    return _is_there(value) if name in ABOUT_IT else value is not None and value != ""
