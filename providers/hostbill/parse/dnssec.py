"""The DNSSEC keys of a domain. No page shows them: the spellings are those of HostBill's registrar modules."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from dns.dnssectypes import Algorithm, DSDigest

from providers.hostbill.answers import row_values
from providers.hostbill.parse.registrar import inside
from providers.hostbill.parse.row import Row, UnreadableRow, scalar_text
from providers.offers import Option
from providers.registrant import DnssecKey, DnssecKeyDraft
from providers.values import Unreadable, is_nothing, to_id, to_int

KEYS = ("dnssec", "keys", "dnssec_keys", "records")
FLAGS = ("flags", "dnssec_flags", "available_flags")
ALGORITHMS = ("algorithms", "algs", "alg")
_OCTET = 255
_WORD = 65535
_LONGEST_KEY = 4096


def flag_options(data: Any) -> tuple[Option, ...]:
    """The flags, then the algorithms where they are told too, each id once. Raises UnreadableRow."""
    found: dict[str, str] = {}
    for value in (inside(data, *FLAGS), data.get(_algorithms(data)) if isinstance(data, Mapping) else None):
        for key, name in _pairs(value):
            found.setdefault(key, name)
    return tuple(Option(id=key, name=name) for key, name in found.items())


def _algorithms(data: Mapping[str, Any]) -> str:
    return next((name for name in ALGORITHMS if name in data), "")


def _pairs(value: Any) -> list[tuple[str, str]]:
    """(id, name) of a list of objects or of values, or of an object from id to name."""
    if is_nothing(value):
        return []
    if isinstance(value, Mapping):
        if all(isinstance(part, Mapping) for part in value.values()):
            return [_pair({"id": key, **part}) for key, part in value.items()]
        return [_pair({"id": key, "name": part}) for key, part in value.items() if key not in ALGORITHMS]
    if isinstance(value, list):
        return [_pair(part if isinstance(part, Mapping) else {"id": part}) for part in value]
    raise UnreadableRow("it tells no flags")


def _pair(row: Mapping[str, Any]) -> tuple[str, str]:
    key = next((text for name in ("id", "value", "flag", "flags") if (text := scalar_text(row.get(name)))), "")
    if not key:
        raise UnreadableRow("a flag can’t be read")
    name = next((text for name in ("name", "label", "title") if (text := scalar_text(row.get(name)))), key)
    return key, name


def keys_told(data: Any, zone: ZoneInfo, operation: str) -> tuple[DnssecKey, ...]:
    """The keys of an answer. Raises UnreadableRow where one can't be read, and MalformedResponse where the answer is no list."""
    value = inside(data, *KEYS)
    if isinstance(value, Mapping) and not all(isinstance(part, Mapping) for part in value.values()):
        value = [value]
    rows, _ = row_values(value, "dnssec", operation=operation)
    return tuple(key(row, zone) for row in rows)


def key(data: Any, zone: ZoneInfo) -> DnssecKey:
    """One key. A `key` beside it is its tag where it is a number, else the key itself. Raises UnreadableRow."""
    row = Row(data, zone)
    word = row.word("key")
    tagged = word.isascii() and word.isdecimal()
    public = _base64(row.word("public_key", "pubkey", "publickey") or ("" if tagged else word))
    tag = row.number("key_tag", "key_tag", "keytag", "tag")
    if tag is None and tagged and int(word) <= _WORD:
        tag = int(word)
    algorithm = _number(row.raw("algorithm", "alg"), Algorithm)
    chosen = row.raw("id", "key_id") or (word if tagged else None) or tag
    try:
        identity = to_id(chosen)
    except Unreadable:
        identity = None
    if algorithm is None or not identity:
        raise UnreadableRow("a key has no algorithm or nothing to name it by")
    digest = row.word("digest").replace(" ", "").upper()
    protocol = row.number("protocol", "protocol")
    found = DnssecKey(
        id=identity,
        algorithm=algorithm,
        flags=row.number("flags", "flags", "flag"),
        protocol=protocol if protocol is not None else 3,
        public_key=public,
        key_tag=tag,
        digest_type=_number(row.raw("digest_type", "digesttype"), DSDigest),
        digest="" if is_nothing(digest) else digest,
    )
    if row.unreadable:
        raise UnreadableRow("a key has a number that can’t be read")
    return found


def _number(value: Any, names: type[Algorithm] | type[DSDigest]) -> int | None:
    """An algorithm or digest type by its number, or by its registered name."""
    if is_nothing(value):
        return None
    try:
        number = to_int(value)
    except Unreadable:
        text = (scalar_text(value) or "").upper().replace("-", "")
        try:
            number = int(names.from_text(text))
        except ValueError:
            number = None
    if number is None or not 0 <= number <= _OCTET:
        raise UnreadableRow("a key has an algorithm that can’t be read")
    return number


def _base64(text: str) -> str:
    return "" if is_nothing(text) else re.sub(r"\s+", "", text)


def problem(draft: DnssecKeyDraft) -> tuple[str, str] | None:
    """(field, sentence) of what is wrong with a key that shall be added; None where nothing is."""
    for field, value, most in (
        ("algorithm", draft.algorithm, _OCTET),
        ("protocol", draft.protocol, _OCTET),
        ("flags", draft.flags, _WORD),
        ("key_tag", draft.key_tag, _WORD),
        ("digest_type", draft.digest_type, _OCTET),
    ):
        if value is not None and not 0 <= value <= most:
            return field, f"This is a number from 0 to {most}."
    if draft.public_key:
        return None if _is_key(draft.public_key) else ("public_key", "This is no public key in Base64.")
    if draft.digest:
        if draft.key_tag is None or draft.digest_type is None:
            return "digest", "A digest needs its key tag and its digest type."
        return None if _is_hex(draft.digest) else ("digest", "This is no digest in hexadecimal.")
    return "public_key", "A key needs its public key, or a digest of it."


def _is_key(text: str) -> bool:
    try:
        return 0 < len(base64.b64decode(_base64(text), validate=True)) <= _LONGEST_KEY
    except (binascii.Error, ValueError):
        return False


def _is_hex(text: str) -> bool:
    return bool(re.fullmatch(r"(?:[0-9a-fA-F]{2}){16,64}", re.sub(r"\s+", "", text)))


def key_fields(draft: DnssecKeyDraft) -> dict[str, Any]:
    """A key as the registrar modules take it; numbers as text. What is not said is not sent."""
    told: dict[str, Any] = {
        "flags": draft.flags,
        "protocol": draft.protocol if draft.public_key else None,
        "alg": draft.algorithm,
        "pubkey": _base64(draft.public_key) or None,
        "key": draft.key_tag,
        "digest_type": draft.digest_type if draft.digest else None,
        "digest": re.sub(r"\s+", "", draft.digest).upper() or None,
    }
    return {name: str(value) for name, value in told.items() if value is not None}
