"""Records on their way to a portal: the inverse of `providers.records`.

Pure functions. What is written must read back as what was meant: a draft for which no such spelling is found is refused and nothing
is sent.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from providers.errors import InvalidRequest
from providers.records import (
    HOST_TYPES,
    MOST_PRIORITY,
    MOST_TTL,
    RANKED_TYPES,
    TEXT_TYPES,
    host_target,
    is_quoted,
    normalise,
    record_name,
)
from providers.resources import Record, RecordDraft
from providers.values import Unreadable

_TYPE = re.compile(r"[A-Z][A-Z0-9-]{0,19}", re.ASCII)
_CAA = re.compile(r'(\d{1,3}) [a-z0-9]{1,15} ".*"', re.ASCII | re.DOTALL)
_LONGEST_NAME = 253
_LONGEST_STRING = 255
"""Bytes in one string of a TXT record (RFC 1035)."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a portal spells the records of a zone: TXT in quotes, host names with a final dot."""

    quoted: bool = False
    dotted: bool = False

    @classmethod
    def seen(cls, rows: Iterable[tuple[Any, Any]]) -> Spelling:
        """What most of a zone's records, as (type, content) of upstream, are spelled in."""
        quoted, dotted = 0, 0
        for kind, content in rows:
            word = str(kind).upper()
            text = str(content[-1] if isinstance(content, list) and content else content).strip()
            if word in TEXT_TYPES:
                quoted += 1 if is_quoted(text) else -1
            elif word in HOST_TYPES | RANKED_TYPES:
                dotted += 1 if text.endswith(".") else -1
        return cls(quoted > 0, dotted > 0)


@dataclass(frozen=True, slots=True)
class KnownZone:
    """What writing into a zone needs to know of it."""

    name: str
    spelling: Spelling


@dataclass(frozen=True, slots=True)
class Wire:
    """A record as a portal takes it: `name` relative (`@` for the apex), `content` in the zone's spelling."""

    name: str
    type: str
    content: str
    ttl: int | None
    priority: int | None


def wire(draft: RecordDraft, zone: str, spelling: Spelling) -> Wire:
    """`draft` in the spelling of its zone. Raises InvalidRequest, with the field at fault, for what can't be a record of `zone`."""
    meant = checked(draft, zone)
    for content in _spellings(meant, spelling):
        written = Wire(meant.name, meant.type, content, meant.ttl, meant.priority)
        if _reads_back(written, meant, zone):
            return written
    raise refused("content", "This content can’t be written so that the portal reads it as it is meant.")


def checked(draft: RecordDraft, zone: str) -> RecordDraft:
    """`draft` in the exact normal form. Raises InvalidRequest, with the field at fault."""
    kind = draft.type.strip().upper()
    if not _TYPE.fullmatch(kind):
        raise refused("type", "This is no type of a DNS record.")
    if kind == "SOA":
        raise refused("type", "The portal keeps the SOA record itself.")
    if draft.ttl is not None and not 0 < draft.ttl <= MOST_TTL:
        raise refused("ttl", f"A TTL is between 1 and {MOST_TTL} seconds.")
    normal = _normal(replace(draft, type=kind), zone)
    _RULES.get(kind, _anything)(zone, normal.content)
    return normal


def refused(field: str, sentence: str) -> InvalidRequest:
    return InvalidRequest(f"{sentence} Nothing was sent.", fields={field: [sentence]})


def _normal(draft: RecordDraft, zone: str) -> RecordDraft:
    try:
        name = record_name(zone, draft.name)
    except Unreadable:
        raise refused("name", "This is no name inside the zone.") from None
    if len(name) + 1 + len(zone) > _LONGEST_NAME:
        raise refused("name", f"A name has at most {_LONGEST_NAME} characters.")
    if draft.type in TEXT_TYPES:
        if draft.priority is not None:
            raise refused("priority", _NO_PRIORITY.format(kind=draft.type))
        return replace(draft, name=name)
    read = normalise(
        zone, record_id="", name=name, kind=draft.type, content=draft.content, ttl=draft.ttl, priority=draft.priority
    )
    if read is None:
        raise refused("content", "A record needs a content.")
    _check_priority(draft, read)
    return replace(draft, name=name, content=read.content, priority=read.priority)


_NO_PRIORITY = "A {kind} record has no priority."


def _check_priority(draft: RecordDraft, read: Record) -> None:
    if draft.type not in RANKED_TYPES:
        if draft.priority is not None:
            raise refused("priority", _NO_PRIORITY.format(kind=draft.type))
        return
    # a priority out of range is read as none
    if read.priority is None or (draft.priority is not None and draft.priority != read.priority):
        raise refused("priority", f"A {draft.type} record needs one priority, between 0 and {MOST_PRIORITY}.")


# --- what the content of a type must be ---------------------------------------------------------------------------------------


def _anything(zone: str, content: str) -> None:
    """A type of which nothing more is known than that it has a content."""


def _address(version: int) -> Callable[[str, str], None]:
    def rule(zone: str, content: str) -> None:  # noqa: ARG001 - one of several of the same shape
        try:
            fits = ipaddress.ip_address(content).version == version
        except ValueError:
            fits = False
        if not fits:
            kind = "A" if version == 4 else "AAAA"
            raise refused("content", f"The content of a record of type {kind} is an IPv{version} address.")

    return rule


def _host(zone: str, content: str) -> None:
    if not _is_host(zone, content):
        raise refused("content", "The content of this record is a host name.")


def _is_host(zone: str, text: str) -> bool:
    try:
        fits = host_target(zone, text) == text and " " not in text
    except Unreadable:
        return False
    # an address with a dot behind it would be taken for a name
    return fits and len(text) <= _LONGEST_NAME + 1 and not text.removesuffix(".").rpartition(".")[2].isdecimal()


def _service(zone: str, content: str) -> None:
    if content == ".":
        return
    *numbers, target = content.split(" ")
    sizes = [int(number[:6]) for number in numbers if number.isascii() and number.isdecimal()]
    if len(numbers) != 2 or len(sizes) != 2 or max(sizes) > MOST_PRIORITY or not _is_host(zone, target):
        raise refused("content", "The content of an SRV record is its weight, its port and a host name.")


def _authority(zone: str, content: str) -> None:  # noqa: ARG001 - one of several of the same shape
    match = _CAA.fullmatch(content)
    if not match or int(match[1]) > 255:
        raise refused("content", 'The content of a CAA record looks like 0 issue "letsencrypt.org".')


_RULES: dict[str, Callable[[str, str], None]] = {
    "A": _address(4),
    "AAAA": _address(6),
    "MX": _host,
    "SRV": _service,
    "CAA": _authority,
    **dict.fromkeys(HOST_TYPES, _host),
}


# --- how it is spelled ----------------------------------------------------------------------------------------------------------


def _spellings(meant: RecordDraft, spelling: Spelling) -> Iterator[str]:
    """Contents that may stand for what is meant, the zone's own way first."""
    if meant.type in TEXT_TYPES:
        if not spelling.quoted and _is_plain(meant.content):
            yield meant.content
        yield _quoted(meant.content)
        return
    if meant.type in HOST_TYPES | RANKED_TYPES and not spelling.dotted and not meant.content.endswith(" ."):
        yield meant.content if meant.content == "." else meant.content.removesuffix(".")
    yield meant.content


def _is_plain(text: str) -> bool:
    """Whether a text needs no quotes to be read as it is: portals take off quotes and undo escapes as they please."""
    return bool(text) and text.isprintable() and not {'"', "\\"} & set(text)


def _quoted(text: str) -> str:
    """As strings in quotes of at most 255 bytes each, no character split between two."""
    strings: list[str] = []
    written, size = "", 0
    for sign in text:
        length = len(sign.encode("utf-8", "replace"))
        if size + length > _LONGEST_STRING:
            strings.append(written)
            written, size = "", 0
        written += _escaped(sign)
        size += length
    return " ".join(f'"{one}"' for one in [*strings, written])


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    return f"\\{ord(sign):03d}" if ord(sign) < 32 or ord(sign) == 127 else sign


def _reads_back(written: Wire, meant: RecordDraft, zone: str) -> bool:
    read = normalise(
        zone,
        record_id="",
        name=written.name,
        kind=written.type,
        content=written.content,
        ttl=written.ttl,
        priority=written.priority,
    )
    return read == Record(
        id="", name=meant.name, type=meant.type, content=meant.content, ttl=meant.ttl, priority=meant.priority
    )
