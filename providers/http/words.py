"""What upstream said in its own words, made fit to be shown: no tags, no control characters, no secret of ours, not too long."""

from __future__ import annotations

import base64
import html
import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

_TAG = re.compile(r"<[^<>]{0,2000}>")
_INVISIBLE_PARTS = re.compile(r"<(script|style|head)\b.*?(</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_ENDLESS_NUMBER = re.compile(r"&#[0-9]{8,};?")  # beyond Unicode; html.unescape would try to count so far
_TOKEN = re.compile(r"\beyJ[\w-]{8,}(\.[\w-]*){0,2}")
_MASK = "•••"
_SHORTEST_SECRET = 4
_MOST_SECONDARY_FIELDS = 50

_ERROR_KEYS = ("error", "errors", "detail", "message", "non_field_errors", "error_description")
_NOT_FIELDS = frozenset((*_ERROR_KEYS, "success", "status", "code", "info", "status_code", "type"))


class Scrubber:
    """Takes the secrets of one account out of texts, in every form in which a portal may echo them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets: frozenset[str] = frozenset()
        self._adding = threading.Lock()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Remembers one more secret, such as a fresh token."""
        if len(secret) < _SHORTEST_SECRET or secret in self._secrets:
            return
        encoded = base64.b64encode(secret.encode("utf-8", "replace")).decode()
        forms = {
            secret,
            quote(secret, "", errors="replace"),
            quote_plus(secret, errors="replace"),
            html.escape(secret),
            encoded,
            encoded.rstrip("="),
        }
        with self._adding:
            self._secrets = self._secrets | forms  # a new set: `_mask` may be going through the old one

    def clean(self, text: str, *, limit: int = 500) -> str:
        """`text` as one line of plain words without secrets."""
        text = _INVISIBLE_PARTS.sub(" ", text[:20_000])
        text = self._mask(text)
        text = _ENDLESS_NUMBER.sub(" ", _TAG.sub(" ", text))
        text = self._mask(html.unescape(text))
        text = _TAG.sub(" ", text)
        shown = (" " if unicodedata.category(sign).startswith("Z") or sign in "\r\n\t" else sign for sign in text)
        text = "".join(sign for sign in shown if not unicodedata.category(sign).startswith("C"))
        # once more: a secret may have been broken up by what was just taken out
        return self._mask(" ".join(text.split()))[:limit]

    def _mask(self, text: str) -> str:
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, _MASK)
        return _TOKEN.sub(_MASK, text)


def words_of(data: Any) -> str:
    """A portal's words in an error answer: an `error` list or text, `detail`, `message`, messages by field. Not yet cleaned."""
    if isinstance(data, str):
        return data
    if isinstance(data, list):
        return "; ".join(_flat(data))
    if not isinstance(data, Mapping):
        return ""
    told = [text for key in _ERROR_KEYS for text in _flat(data.get(key))]
    if not told:
        told = [f"{field}: {', '.join(messages)}" for field, messages in fields_of(data).items()]
    return "; ".join(told)


def fields_of(data: Any) -> dict[str, tuple[str, ...]]:
    """Messages by field, as `{"field": ["message", ...]}` or under `errors`. Not yet cleaned."""
    if not isinstance(data, Mapping):
        return {}
    nested = data.get("errors")
    source = nested if isinstance(nested, Mapping) else data
    found: dict[str, tuple[str, ...]] = {}
    for field, messages in list(source.items())[:_MOST_SECONDARY_FIELDS]:
        if source is data and field in _NOT_FIELDS:
            continue
        texts = tuple(_flat(messages))
        if texts and (isinstance(messages, list | str)):
            found[str(field)] = texts
    return found


def _flat(value: Any, depth: int = 0) -> list[str]:
    """The texts in a value of any shape: HostBill nests lists in lists, others objects in lists."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if depth > 3:
        return []
    if isinstance(value, list):
        return [text for item in value[:20] for text in _flat(item, depth + 1)]
    if isinstance(value, Mapping):
        return [text for item in list(value.values())[:20] for text in _flat(item, depth + 1)]
    return []
