"""Whether an answer is in the contract's types, and keeps what the contract says of them."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from providers.secret import Secret

_CURRENCY = re.compile(r"([A-Z]{3})?")
_NAME = re.compile(r"[a-z0-9_*-]+(\.[a-z0-9_*-]+)*", re.ASCII)
_SAID_NOTHING = frozenset({"n/a", "null", "undefined", "0000-00-00", "0000-00-00 00:00:00"})
_NAMED_THINGS = frozenset({"Domain", "DomainDetail", "Zone", "ZoneDetail", "Availability"})
# what people write, and what a portal calls things
_FREE_TEXTS = frozenset({"body", "words", "content", "description", "notes", "help", "default", "upstream_status"})


def faults_of(answer: Any, hint: Any, where: str = "answer") -> list[str]:
    """A line for everything in `answer` that is not as `hint`, a return annotation of the contract, says."""
    found = [*_typed(answer, hint, where)]
    found += [f"{where}: its repr shows a secret" for secret in _secrets(answer) if secret in repr(answer)]
    return found


def _typed(value: Any, hint: Any, where: str) -> Iterator[str]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return
    if origin in (typing.Union, types.UnionType):
        tried = [list(_typed(value, one, where)) for one in arguments]
        if all(tried):
            yield min(tried, key=len)[0] if value is not None else f"{where}: None where a value belongs"
    elif origin is tuple:
        yield from _tuple(value, arguments, where)
    elif origin in (Mapping, dict):
        yield from _mapping(value, arguments, where)
    elif origin in (frozenset, set, list, Sequence):
        yield from _plain(value, origin, where)
        for item in value if isinstance(value, origin) else ():
            yield from _typed(item, arguments[0], f"{where}[]")
    elif dataclasses.is_dataclass(origin or hint):
        yield from _thing(value, origin or hint, arguments, where)
    else:
        yield from _plain(value, type(None) if hint is None else hint, where)


def _tuple(value: Any, arguments: Sequence[Any], where: str) -> Iterator[str]:
    if not isinstance(value, tuple):
        yield f"{where}: {type(value).__name__} instead of a tuple"
        return
    endless = len(arguments) == 2 and arguments[1] is Ellipsis
    if not endless and len(arguments) != len(value):
        yield f"{where}: {len(value)} values instead of {len(arguments)}"
        return
    for position, item in enumerate(value):
        yield from _typed(item, arguments[0 if endless else position], f"{where}[{position}]")


def _mapping(value: Any, arguments: Sequence[Any], where: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{where}: {type(value).__name__} instead of a mapping"
        return
    for key, item in value.items():
        yield from _typed(key, arguments[0], f"{where} key")
        yield from _typed(item, arguments[1], f"{where}[{key}]")


def _thing(value: Any, kind: Any, arguments: Sequence[Any], where: str) -> Iterator[str]:
    if not isinstance(value, kind):
        yield f"{where}: {type(value).__name__} instead of {kind.__name__}"
        return
    hints = typing.get_type_hints(type(value))
    known = dict(zip(getattr(kind, "__parameters__", ()), arguments, strict=False))
    for field in dataclasses.fields(value):
        place = f"{where}.{field.name}"
        member = getattr(value, field.name)
        yield from _typed(member, _filled(hints[field.name], known), place)
        yield from _kept(type(value).__name__, field.name, member, place)


def _filled(hint: Any, known: Mapping[Any, Any]) -> Any:
    """`hint` with the type variables of a generic class, such as Page, put in."""
    variables = tuple(one for one in getattr(hint, "__parameters__", ()) if one in known)
    return hint[tuple(known[one] for one in variables)] if variables else hint


def _plain(value: Any, hint: Any, where: str) -> Iterator[str]:
    fits = isinstance(value, hint) and not (
        (isinstance(value, bool) and hint is not bool) or (isinstance(value, datetime) and hint is date)
    )
    if not fits:
        yield f"{where}: {type(value).__name__} instead of {hint.__name__}"
    elif isinstance(value, datetime) and value.utcoffset() != timedelta(0):
        yield f"{where}: a moment that is not in UTC"
    elif isinstance(value, Decimal) and not value.is_finite():
        yield f"{where}: no number"


def _kept(kind: str, field: str, value: Any, where: str) -> Iterator[str]:
    """What the contract says of a field beside its type."""
    if field.endswith("currency") and isinstance(value, str) and not _CURRENCY.fullmatch(value):
        yield f"{where}: {value!r} is no ISO 4217 code"
    if field == "name" and kind in _NAMED_THINGS and not _is_name(value):
        yield f"{where}: {value!r} is not lower-case punycode without a final dot"
    if field == "nameservers":
        yield from (f"{where}: {one!r} is not lower-case punycode" for one in value or () if not _is_name(one))
    if field not in _FREE_TEXTS and isinstance(value, str) and value.strip().lower() in _SAID_NOTHING:
        yield f"{where}: {value!r} is how upstream says nothing"


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(_NAME.fullmatch(value))


def _secrets(value: Any) -> Iterator[str]:
    """The secrets inside an answer."""
    if isinstance(value, Secret):
        yield from [value.value] if value.value else []
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            member = getattr(value, field.name)
            if field.metadata.get("secret") and member:
                yield str(member)
            yield from _secrets(member)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _secrets(item)
