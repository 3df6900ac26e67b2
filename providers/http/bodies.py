"""Reading answers that may be endless, packed, nested without end or not what they say."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

_CHUNK = 64 * 1024
_MOST_CONTAINERS = 500_000
_MOST_VALUES = 1_000_000
_CONTAINERS = frozenset((dict, list))
_TOO_MANY = "The portal's answer has more parts than any real one, so it was not read."


class BadBody(Exception):
    """A body that is not what an API sends. Its text is a sentence for staff."""


def read_body(chunks: Iterable[bytes], *, encoding: str, limit: int) -> bytes:
    """The unpacked body, of at most `limit` bytes. Raises BadBody; stops reading as soon as the limit is passed, packed or not."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return b"".join(_at_most(limit, chunks))
    return b"".join(_at_most(limit, _unpack(_at_most(limit, chunks), encoding)))


def _at_most(limit: int, parts: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > limit:
            raise BadBody(f"The portal's answer is larger than {limit // (1024 * 1024) or 1} MB, so it was not read.")
        yield part


def _unpack(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise BadBody("The portal's answer is packed in a way that we did not ask for.")
    unpacker = zlib.decompressobj(wbits=47)  # gzip or zlib, as its first bytes say
    try:
        for chunk in chunks:
            rest = chunk
            while rest:  # never more than a chunk at once: a packed bomb is stopped by the limit on the size
                if unpacker.eof:
                    raise BadBody("The portal's answer goes on after its end.")
                yield unpacker.decompress(rest, _CHUNK)
                rest = unpacker.unused_data or unpacker.unconsumed_tail
    except zlib.error as error:
        raise BadBody("The portal's answer could not be unpacked.") from error
    if not unpacker.eof:
        raise BadBody("The portal's answer broke off.")


def parse_json(body: bytes, *, depth: int) -> Any:
    """The JSON value, numbers with a fraction as Decimal. Raises BadBody for anything else and for more than `depth` levels."""
    # Counted before anything is made of them: three bytes such as `[],` become a hundred in memory.
    if body.count(b"[") + body.count(b"{") > _MOST_CONTAINERS or body.count(b",") > _MOST_VALUES:
        raise BadBody(_TOO_MANY)
    try:
        data = json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise BadBody("The portal's answer is nested deeper than any real one.") from error
    except ValueError as error:
        raise BadBody(_what_instead(body)) from error
    if _deeper_than(data, depth):
        raise BadBody("The portal's answer is nested deeper than any real one.")
    return data


def looks_like_page(body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether this is a web page instead of an API's answer."""
    kind = headers.get("content-type", "").lower()
    return "html" in kind or body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def says_json(headers: Mapping[str, str]) -> bool:
    return "json" in headers.get("content-type", "").lower()


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _what_instead(body: bytes) -> str:
    if not body.strip():
        return "The portal answered with nothing where data was expected."
    if looks_like_page(body, {}):
        return "The portal answered with a web page where data was expected. Check the address of the account."
    return "The portal's answer is not valid JSON."


def _deeper_than(data: Any, depth: int) -> bool:
    # Exact types and one flat loop a level: this looks at every value of every answer, and parsed JSON has no other containers.
    level = [data] if type(data) in _CONTAINERS else []
    for _ in range(depth):
        if not level:
            return False
        level = [
            child
            for value in level
            for child in (value.values() if type(value) is dict else value)
            if type(child) in _CONTAINERS
        ]
    return bool(level)
