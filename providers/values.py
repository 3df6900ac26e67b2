"""Tolerant reading of upstream values: tolerant where portals really differ, strict where guessing would lie.

Every `to_*` function returns the value, None where upstream says "nothing" (absent, null, empty, "n/a"), and raises `Unreadable`
for what is there and makes no sense. It raises nothing else, whatever it is given. `fields.Fields` reads whole rows with them.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, TypeVar

import idna

T = TypeVar("T")

_NOTHING = frozenset({"", "n/a", "na", "none", "null", "-", "--"})
_TRUE = frozenset({"1", "true", "yes", "y", "on", "enabled", "t"})
_FALSE = frozenset({"0", "false", "no", "n", "off", "disabled", "f"})
_EARLIEST = date(1990, 1, 1)
_YEARS_AHEAD = 11
_LARGEST = Decimal(10) ** 12
_LONGEST_TEXT = 100_000
_LONGEST_ID = 200

_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?![\d/-])", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_ZERO_DAY = re.compile(r"0000[-/]00[-/]00([T ].*)?", re.ASCII)
_EPOCH = re.compile(r"\d{9,11}", re.ASCII)
_LEAP_SECOND = 60
_WHOLE = re.compile(r"[+-]?\d{1,13}(\.0{1,6})?", re.ASCII)
_AMOUNT = re.compile(r"[+-]?\d{1,15}(\.\d{1,20})?", re.ASCII)
# groups of three with one kind of sign between them and another before the fraction say which is which, and so do two groups
_GROUPED = (
    (re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d{1,4}|[+-]?\d{1,3}(,\d{3}){2,}", re.ASCII), ",", "."),
    (re.compile(r"[+-]?(\d{1,3}(\.\d{3})*|\d{4,15}),\d{1,2}|[+-]?\d{1,3}(\.\d{3}){2,}", re.ASCII), ".", ","),
    (re.compile(r"[+-]?\d{1,3}( \d{3})+(\.\d{1,4})?", re.ASCII), " ", "."),
    (re.compile(r"[+-]?\d{1,3}( \d{3})+,\d{1,4}", re.ASCII), " ", ","),
)
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
"""One sign and three digits after it: a thousand and something, or one and a fraction."""
_CURRENCY = r"[A-Z]{3}|[$€£₫đ¥₹₽₩฿]"
_CURRENCY_AROUND = re.compile(rf"^(?P<before>{_CURRENCY})\s*(?=[\d+-])|(?<=\d)\s*(?P<after>{_CURRENCY})$")
_NO_MINOR_UNIT = frozenset({"VND", "₫", "đ", "JPY", "KRW", "₩", "CLP", "ISK", "PYG", "UGX", "XAF", "XOF"})
_BLANKS = re.compile(r"[ \u00a0\u2009\u202f]")
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([kmgt]i?b?|bytes|b)?", re.ASCII | re.IGNORECASE)
_HOST_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)


class Unreadable(ValueError):
    """A value that is there and makes no sense."""


def is_nothing(value: Any) -> bool:
    """Whether upstream says that there is nothing: null, an empty text, list or object, "n/a"."""
    if isinstance(value, str):
        return value.strip().lower() in _NOTHING
    return value is None or value == [] or value == {}


def to_text(value: Any) -> str | None:
    """Text without what no database and no page can take (NUL, lone surrogates). "" stays "": upstream said that it is empty."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | float):
        if value in ([], {}):
            return ""
        raise Unreadable("not a text")
    text = str(value)
    if len(text) > _LONGEST_TEXT:
        raise Unreadable("a text longer than any real one")
    if text.isprintable():  # as nearly all are: sign by sign would be half the cost of reading a list
        return text.strip()
    return "".join(sign for sign in text if sign != "\0" and not 0xD800 <= ord(sign) <= 0xDFFF).strip()


def to_line(value: Any) -> str | None:
    """Text of one line, without control characters: names, subjects, statuses."""
    text = to_text(value)
    if text is None:
        return None
    if text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text).split())


def to_id(value: Any) -> str | None:
    """An id as text, whether upstream writes it as a text or a number."""
    if is_nothing(value):
        return None
    if isinstance(value, Decimal | float):
        value = _whole_number(Decimal(str(value)))
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable("not an id")
    if isinstance(value, int) and abs(value) > 10**30:
        raise Unreadable("not an id")
    text = str(value).strip()
    if not text or len(text) > _LONGEST_ID or any(unicodedata.category(sign)[0] in "CZ" for sign in text):
        raise Unreadable("not an id")
    return text


def to_bool(value: Any) -> bool | None:
    """A boolean in any of the spellings that portals use."""
    if is_nothing(value):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | str):
        word = str(value).strip().lower() if not isinstance(value, int) or abs(value) < 10 else ""
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
    raise Unreadable("neither yes nor no")


def to_int(value: Any) -> int | None:
    """A whole number; "1.00" is one."""
    if is_nothing(value):
        return None
    if isinstance(value, bool):
        raise Unreadable("not a number")
    if isinstance(value, int) and abs(value) < _LARGEST:
        return value
    if isinstance(value, Decimal | float):
        return _whole_number(Decimal(str(value)))
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value.strip().partition(".")[0])
    raise Unreadable("not a whole number")


def _whole_number(value: Decimal) -> int:
    if not value.is_finite() or abs(value) >= _LARGEST or value.adjusted() < -20 or value != value.to_integral_value():
        raise Unreadable("not a whole number")
    return int(value)


def to_money(value: Any) -> Decimal | None:
    """An amount of money. A currency beside it is dropped; signs between groups of three are dropped where the text itself
    tells that they are that. "1,234" and "1.234" may be either and are refused, unless the currency has no smaller unit
    ("250.000 ₫"). Noise of binary fractions (19.649999999999999) is rounded away at four decimals."""
    if not isinstance(value, str) or is_nothing(value):
        return to_decimal(value)
    text, currency = _without_currency(value.strip())
    if _EITHER.fullmatch(text):
        if currency not in _NO_MINOR_UNIT:
            raise Unreadable("an amount that may be read in two ways")
        return to_decimal(text.replace(",", "").replace(".", ""))
    for pattern, group, point in _GROUPED:
        if pattern.fullmatch(text):
            return to_decimal(text.replace(group, "").replace(point, "."))
    return to_decimal(text)


def _without_currency(text: str) -> tuple[str, str]:
    """An amount's digits and signs, and the currency that stood beside them."""
    if len(text) > 64:
        raise Unreadable("not an amount")
    beside = _CURRENCY_AROUND.search(text)
    currency = (beside["before"] or beside["after"]) if beside else ""
    return _BLANKS.sub(" ", _CURRENCY_AROUND.sub("", text).strip()), currency


def to_decimal(value: Any) -> Decimal | None:
    """A number with a fraction, such as a rate or a quantity: "8.875" is one. Rounded at four decimals."""
    if is_nothing(value):
        return None
    if isinstance(value, str) and len(value) < 64 and _AMOUNT.fullmatch(value.strip()):
        return _sensible_amount(Decimal(value.strip()))
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
        raise Unreadable("not a number")
    try:
        return _sensible_amount(Decimal(str(value)) if isinstance(value, float) else Decimal(value))
    except InvalidOperation as error:
        raise Unreadable("not a number") from error


def _sensible_amount(amount: Decimal) -> Decimal:
    if not amount.is_finite() or amount.adjusted() >= 12:
        raise Unreadable("not an amount")
    if amount.as_tuple().exponent < -4:  # type: ignore[operator]  # a finite number has a numeric exponent
        amount = amount.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return Decimal(0) if amount == 0 and amount.is_signed() else amount


def to_date(value: Any, *, zero_is_none: bool = False) -> date | None:
    """The day as upstream wrote it, never shifted by a zone. `zero_is_none`: 0000-00-00 says "never" here, not nonsense."""
    if is_nothing(value):
        return None
    if not isinstance(value, str):
        raise Unreadable("not a date")
    text = value.strip()
    if zero_is_none and _ZERO_DAY.fullmatch(text):
        return None
    match = _DAY.match(text)
    if not match or not _INSTANT.fullmatch(text):
        raise Unreadable("not a date")
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise Unreadable("no such day") from error
    return _sensible_day(day)


def to_instant(value: Any, zone: tzinfo, *, zero_is_none: bool = False) -> datetime | None:
    """A moment in UTC. Without an offset of its own it is read in `zone`; numbers are seconds since 1970.

    In the night in which clocks go back, an hour stands for two moments: the first is taken. In the one in which they go forward, a
    time that no clock showed is read as if they had not yet been moved.
    """
    if is_nothing(value):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < _LARGEST else ""
    if not isinstance(value, str):
        raise Unreadable("not a point in time")
    text = value.strip()
    if zero_is_none and _ZERO_DAY.fullmatch(text):
        return None
    moment = datetime.fromtimestamp(int(text), UTC) if _EPOCH.fullmatch(text) else _moment(text, zone)
    _sensible_day(moment.date())
    return moment


def _moment(text: str, zone: tzinfo) -> datetime:
    match = _INSTANT.fullmatch(text)
    if not match:
        raise Unreadable("not a point in time")
    try:
        parts = [int(part or 0) for part in match.groups()[:6]]
        second = 59 if parts[5] == _LEAP_SECOND else parts[5]
        local = datetime(*parts[:5], second, tzinfo=_offset(match[7]) or zone)  # type: ignore[misc,arg-type]
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable("no such point in time") from error


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text.upper() in {"Z", "UTC"}:
        return UTC
    return datetime.strptime(text.replace(":", ""), "%z").tzinfo


def _sensible_day(day: date) -> date:
    latest = datetime.now(UTC).date() + timedelta(days=366 * _YEARS_AHEAD)
    if not _EARLIEST <= day <= latest:
        raise Unreadable("a date that can't be")
    return day


def to_host(value: Any) -> str | None:
    """A host or domain name as DNS has it: lower-case punycode without a final dot."""
    text = to_line(value)
    if not text or is_nothing(text):
        return None
    name = unicodedata.normalize("NFC", text).lower().replace("。", ".").removesuffix(".")
    ascii_name = ".".join(_ascii_label(label) for label in name.split("."))
    if len(ascii_name) > 253:
        raise Unreadable("longer than a host name can be")
    return ascii_name


def _ascii_label(label: str) -> str:
    if label.isascii():
        encoded = label
    else:
        try:
            encoded = idna.encode(label, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise Unreadable("not a host name") from error
    if not _HOST_LABEL.fullmatch(encoded) and encoded != "*":
        raise Unreadable("not a host name")
    return encoded


def to_list(value: Any) -> tuple[Any, ...]:
    """The items of a list, of an object keyed by id or position, or of nothing. Raises Unreadable for a single value."""
    if is_nothing(value) or value is False:
        return ()
    if isinstance(value, list | tuple):
        return tuple(value)
    if isinstance(value, dict):
        return tuple(value.values())
    raise Unreadable("not a list")


def to_rows(value: Any, *, wrapper: str | None = None) -> tuple[Any, ...]:
    """The rows of a list: bare, under its key, as an object keyed by id, or one row alone. Rows that are no objects stay
    in, for the caller to count as bad."""
    if wrapper is not None and isinstance(value, dict) and wrapper in value:
        value = value[wrapper]
    if isinstance(value, dict) and value and not all(isinstance(item, dict) for item in value.values()):
        return (value,)
    return to_list(value)


def to_words(value: Any, read: Callable[[Any], T | None]) -> tuple[T, ...] | None:
    """Several values in one: a list, an object, or a text with commas, blanks or line ends between them. None when nothing was
    said, () when it was said to be empty."""
    if value is None:
        return None
    if isinstance(value, str):
        value = re.split(r"[\s,;]+", value) if not is_nothing(value) else []
    found = []
    for item in to_list(value):
        if isinstance(item, Mapping | list | tuple):
            raise Unreadable("not a list of values")
        one = None if is_nothing(item) else read(item)
        if one is not None and one not in found:
            found.append(one)
    return tuple(found)


def to_hosts(value: Any) -> tuple[str, ...] | None:
    """Host names in the given order, doubles and empty places left out."""
    return to_words(value, to_host)


def to_ip(value: Any) -> str | None:
    """One address in its canonical spelling; a prefix length behind it is dropped."""
    text = to_line(value)
    if not text or is_nothing(text):
        return None
    try:
        return str(ipaddress.ip_interface(text.strip("[]")).ip)
    except ValueError as error:
        raise Unreadable("not an address") from error


def to_ips(value: Any) -> tuple[str, ...] | None:
    """Addresses from a text, a list, or a list of objects that hold one under `ip`, `address` or `ip_address`."""
    if isinstance(value, list | tuple | dict):
        value = [_ip_of(item) for item in to_list(value)]
    return to_words(value, to_ip)


def _ip_of(item: Any) -> Any:
    if isinstance(item, Mapping):
        return next((item[key] for key in ("ip", "address", "ip_address", "ipaddress") if key in item), item)
    return item


def to_megabytes(value: Any, unit: Any = "MB") -> int | None:
    """A size in MB: a number counted in `unit` (a unit beside the number wins)."""
    if is_nothing(value):
        return None
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal | float):
        raise Unreadable("not a size")
    match = _SIZE.fullmatch(str(value).strip()[:40])
    unit_word = (match[2] if match else None) or (unit if isinstance(unit, str) and unit else "MB")
    factor = _MEGABYTES.get(unit_word.strip().lower()[:1])
    if not match or factor is None:
        raise Unreadable("not a size")
    return int((Decimal(match[1]) * factor).to_integral_value(ROUND_HALF_UP))


_MEGABYTES = {
    "b": Decimal(1) / (1024 * 1024),
    "k": Decimal(1) / 1024,
    "m": Decimal(1),
    "g": Decimal(1024),
    "t": Decimal(1024 * 1024),
}
