"""Makes upstream's values fit the columns, so that one hostile value never breaks a batch.

Text loses what PostgreSQL can't hold and is cut, visibly, to the column's length. A number, date or address that does not fit is
*unreadable*: it never overwrites what the mirror has and is shown as such.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from functools import cache
from ipaddress import ip_address
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils.timezone import is_naive

from sync.engine.meta import columns_of

LONGEST_TEXT: Final = 1_000_000
LONGEST_ID: Final = 200


class Unfit(ValueError):
    """A value that the column can't hold; the message is the reason, for staff."""


def clean_text(value: str, limit: int | None = None) -> str:
    """Without NUL and lone surrogates, at most `limit` characters long; a cut is marked with …"""
    if "\x00" in value:
        value = value.replace("\x00", "")
    try:
        value.encode()
    except UnicodeEncodeError:
        value = value.encode("utf-8", "replace").decode()
    limit = limit or LONGEST_TEXT
    return value if len(value) <= limit else value[: limit - 1] + "…"


def clean_id(value: Any) -> str:
    """An upstream id. Raises Unfit: an id that was cut or altered would be another thing's."""
    if not isinstance(value, str) or not value:
        raise Unfit("it has no id")
    if len(value) > LONGEST_ID or clean_text(value) != value:
        raise Unfit("its id is not usable")
    return value


def clean_columns(model: type[models.Model], said: Mapping[str, Any]) -> tuple[dict[str, Any], frozenset[str]]:
    """The columns that fit, and the names of those that do not. Raises Unfit when a column that can't be empty does not fit."""
    columns = columns_of(model)
    good: dict[str, Any] = {}
    unreadable: set[str] = set()
    for name, value in said.items():
        column = columns[name]
        try:
            good[name] = _fit(column, value)
        except Unfit as reason:
            if not column.null and not column.has_default():
                raise Unfit(f"{name} {reason}") from None
            unreadable.add(name)
    return good, frozenset(unreadable)


def plain(value: Any) -> Any:
    """`value` as JSON holds it: Decimal as its digits, dates in ISO 8601, text without what jsonb refuses."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, int):  # and bool
        return value
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value.is_finite() else str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict | Mapping):  # what is no dict costs an abstract check
        return {clean_text(str(key)): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return clean_text(str(value))


def _fit(column: models.Field[Any, Any], value: Any) -> Any:
    if value is None:
        if column.null:
            return None
        raise Unfit("is missing")
    kind: Any = type(column)
    fit = _fit_of(kind)
    return value if fit is None else fit(column, value)


def _text(column: Any, value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit("is not text")
    return clean_text(value.value if isinstance(value, Enum) else value, column.max_length)


def _flag(_column: Any, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit("is neither true nor false")
    return value


def _integer(column: Any, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unfit("is not a whole number")
    least, most = _range_of(column.get_internal_type())
    if (least is not None and value < least) or (most is not None and value > most):
        raise Unfit("is out of range")
    return value


def _decimal(column: Any, value: Any) -> Decimal:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise Unfit("is not a number")
    bound, unit = _scale_of(column.max_digits, column.decimal_places)
    if abs(value) >= bound:
        raise Unfit("is out of range")
    return value.quantize(unit, rounding=ROUND_HALF_UP)


def _instant(_column: Any, value: Any) -> datetime:
    if not isinstance(value, datetime) or is_naive(value):
        raise Unfit("is not an instant")
    return value


def _day(_column: Any, value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Unfit("is not a day")
    return value


def _address(_column: Any, value: Any) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        raise Unfit("is not an address") from None


def _array(column: Any, value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise Unfit("is not a list")
    return [_fit(column.base_field, each) for each in value]


def _json(_column: Any, value: Any) -> Any:
    return plain(value)


# In this order: an instant's column is also a day's to Django.
_FITS: Final = (
    (models.BooleanField, _flag),
    (models.IntegerField, _integer),
    (models.DecimalField, _decimal),
    (models.DateTimeField, _instant),
    (models.DateField, _day),
    (models.GenericIPAddressField, _address),
    (ArrayField, _array),
    (models.JSONField, _json),
    (models.CharField, _text),
    (models.TextField, _text),
)


# Asked for each value of each row; the answers are those of the few column types that there are.


@cache
def _fit_of(kind: type[Any]) -> Callable[[Any, Any], Any] | None:
    return next((fit for base, fit in _FITS if issubclass(kind, base)), None)


@cache
def _range_of(internal_type: str) -> tuple[int | None, int | None]:
    return connection.ops.integer_field_range(internal_type)


@cache
def _scale_of(max_digits: int, decimal_places: int) -> tuple[Decimal, Decimal]:
    """The bound that an amount stays below, and the unit that it is rounded to."""
    return Decimal(10) ** (max_digits - decimal_places), Decimal(1).scaleb(-decimal_places)
