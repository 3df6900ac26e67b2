"""DNS records of any portal in one form, so that the same record compares equal wherever it comes from.

Pure functions. A content that its type does not allow is kept as upstream wrote it (blanks collapsed): hiding it would make the
zone look smaller than it is. Only a record without a usable name, type or content gives None.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import idna

from providers.resources import Record
from providers.values import Unreadable, to_id, to_int, to_line, to_text

_TYPE = re.compile(r"[A-Z][A-Z0-9-]{0,19}", re.ASCII)
_QUOTED_RUN = re.compile(r'\s*(?:"(?:[^"\\]|\\.)*"\s*)+', re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(\d{3}|.)", re.ASCII | re.DOTALL)
_CAA = re.compile(r"(\d{1,3})\s+([a-zA-Z0-9]{1,15})\s+(.*)", re.ASCII | re.DOTALL)

TEXT_TYPES = frozenset({"TXT", "SPF"})
HOST_TYPES = frozenset({"CNAME", "NS", "PTR", "DNAME", "ALIAS", "ANAME"})
RANKED_TYPES = frozenset({"MX", "SRV"})
_HEX_TYPES = frozenset({"TLSA", "SSHFP", "DS", "CDS", "DNSKEY", "CDNSKEY", "SMIMEA", "OPENPGPKEY"})
MOST_TTL = 2**31 - 1
MOST_PRIORITY = 65535


def normalise(
    zone: str, *, record_id: Any, name: Any, kind: Any, content: Any, ttl: Any = None, priority: Any = None
) -> Record | None:
    """One record of `zone` (lower-case punycode, no final dot), None when it can't be read at all.

    `name` may be relative or fully qualified, `content` a text or a list of parts, `priority` beside the content or in it.
    """
    try:
        kind = (to_line(kind) or "").upper()
        if not _TYPE.fullmatch(kind):
            return None
        relative = record_name(zone, name)
        text, rank = _content(zone, kind, content, _priority(priority))
        identity = to_id(record_id)
        return Record(
            id=identity or "",
            name=relative,
            type=kind,
            content=text,
            ttl=_ttl(ttl),
            priority=rank if kind in RANKED_TYPES else None,
        )
    except Unreadable:
        return None


def record_name(zone: str, name: Any) -> str:
    """`name` relative to `zone`, `@` for the apex, lower-case punycode. Raises Unreadable for a name outside the zone.

    A name that ends in the zone's name is read as fully qualified, with or without a final dot: portals answer in that form.
    """
    text = (to_line(name) or "").lower()
    if text in {"", "@"}:
        return "@"
    qualified = text.endswith(".")
    labels = [_label(label) for label in text.removesuffix(".").split(".")]
    ascii_name = ".".join(labels)
    if ascii_name == zone:
        return "@"
    if ascii_name.endswith(f".{zone}"):
        return ascii_name.removesuffix(f".{zone}")
    if qualified:
        raise Unreadable("a name outside the zone")
    return ascii_name


def host_target(zone: str, value: str) -> str:
    """A host as the target of a record: lower-case punycode with a final dot; `@` is the zone itself. Raises Unreadable."""
    text = value.strip().lower()
    if text == "@":
        return f"{zone}."
    if text == ".":
        return "."
    return ".".join(_label(label) for label in text.removesuffix(".").split(".")) + "."


def _label(label: str) -> str:
    if not label or len(label) > 63 or any(unicodedata.category(sign)[0] in "CZ" for sign in label) or "@" in label:
        raise Unreadable("not a DNS name")
    if label.isascii():
        return label
    try:
        return idna.encode(label, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise Unreadable("not a DNS name") from error


def is_quoted(content: str) -> bool:
    """Whether the content of a TXT record stands in quotes."""
    return bool(_QUOTED_RUN.fullmatch(content))


def text_of(content: str) -> str:
    """The joined text of a TXT record, out of `"part" "part"` with its escapes, or as it is where it is not quoted."""
    if not is_quoted(content):
        return content
    return "".join(_unescape(part) for part in _QUOTED.findall(content))


def _unescape(text: str) -> str:
    """`\\"`, `\\\\` and `\\ddd` undone; the bytes of `\\ddd` are UTF-8 where they can be."""
    raw = bytearray()
    position = 0
    for match in _ESCAPE.finditer(text):
        raw += text[position : match.start()].encode("utf-8", "replace")
        code = match.group(1)
        if len(code) == 3 and int(code) < 256:
            raw.append(int(code))
        else:
            raw += code.encode("utf-8", "replace")
        position = match.end()
    raw += text[position:].encode("utf-8", "replace")
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError:
        decoded = raw.decode("latin-1")
    return decoded.replace("\0", "")


def _content(zone: str, kind: str, content: Any, priority: int | None) -> tuple[str, int | None]:
    parts = _parts(kind, content)
    if kind in TEXT_TYPES:
        return "".join(text_of(part) for part in parts), priority
    text = " ".join(" ".join(parts).split())
    if not text:
        raise Unreadable("no content")
    if kind in RANKED_TYPES:
        return _ranked(zone, kind, text, priority)
    try:
        return _CANONICAL.get(kind, _as_it_is)(zone, text), priority
    except (Unreadable, ValueError, dns.exception.DNSException):
        return text, priority


def _parts(kind: str, content: Any) -> list[str]:
    if isinstance(content, dict):
        content = list(content.values())
    items = content if isinstance(content, list | tuple) else [content]
    parts = [to_text(item) for item in items]
    if not parts or any(part is None for part in parts):
        raise Unreadable("no content")
    if kind == "CAA" and len(parts) == 3:
        return [str(parts[0]), str(parts[1]), f'"{str(parts[2]).strip(chr(34))}"']
    return [str(part) for part in parts]


def _ranked(zone: str, kind: str, text: str, priority: int | None) -> tuple[str, int | None]:
    """MX and SRV: the priority may stand in front of the content; there it wins, because the content is what is served."""
    words = text.split()
    wanted = 1 if kind == "MX" else 3
    if len(words) == wanted + 1 and words[0].isascii() and words[0].isdigit() and int(words[0][:6]) <= MOST_PRIORITY:
        priority = int(words[0][:6])
        words = words[1:]
    try:
        if len(words) != wanted:
            raise Unreadable("another number of parts")
        numbers = [str(to_int(word)) for word in words[:-1]]
        return " ".join([*numbers, host_target(zone, words[-1])]), priority
    except Unreadable:
        return text, priority


def _as_it_is(zone: str, text: str) -> str:  # noqa: ARG001 - one of several of the same shape
    return text


def _address(zone: str, text: str) -> str:  # noqa: ARG001 - one of several of the same shape
    return str(ipaddress.ip_address(text))


def _start_of_authority(zone: str, text: str) -> str:
    words = text.split()
    if len(words) != 7:
        return text
    numbers = [to_int(word) for word in words[2:]]
    return " ".join([host_target(zone, words[0]), host_target(zone, words[1]), *map(str, numbers)])


def _caa(zone: str, text: str) -> str:  # noqa: ARG001 - one of several of the same shape
    match = _CAA.fullmatch(text)
    if not match:
        return text
    value = text_of(match[3]).replace("\\", "\\\\").replace('"', '\\"')
    return f'{int(match[1])} {match[2].lower()} "{value}"'


def _by_dnspython(kind: str) -> Callable[[str, str], str]:
    def canonical(zone: str, text: str) -> str:  # noqa: ARG001 - one of several of the same shape
        data_type = dns.rdatatype.from_text(kind)
        return dns.rdata.from_text(dns.rdataclass.IN, data_type, text, origin=dns.name.root).to_text(chunksize=0)

    return canonical


_CANONICAL: dict[str, Callable[[str, str], str]] = {
    "A": _address,
    "AAAA": _address,
    "SOA": _start_of_authority,
    "CAA": _caa,
    **dict.fromkeys(HOST_TYPES, host_target),
    **{kind: _by_dnspython(kind) for kind in _HEX_TYPES},
}


def _ttl(value: Any) -> int | None:
    """Seconds. A zero is how portals say that a record has no time of its own."""
    try:
        ttl = to_int(value)
    except Unreadable:
        return None
    return ttl if ttl is not None and 0 < ttl <= MOST_TTL else None


def _priority(value: Any) -> int | None:
    try:
        priority = to_int(value)
    except Unreadable:
        return None
    return priority if priority is not None and 0 <= priority <= MOST_PRIORITY else None
