"""What goes out: paths, headers and bodies, written before anything is sent."""

from __future__ import annotations

import json as json_module
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from providers.errors import InvalidRequest

Params = Mapping[str, str | int | Sequence[str] | None]

_BAD_PATH = re.compile(r"[\x00-\x20\x7f?#\\]|(^|/)\.{1,2}(/|$)|//")
_BAD_ID = "This id can't be part of an address. Nothing was sent."
_USER_AGENT = "Holdfast/0.1"
NOT_HTTP = "The request could not be written as HTTP. Nothing was sent."


def path_segment(value: str) -> str:
    """An id made fit for one segment of a path. Raises InvalidRequest for what would lead elsewhere."""
    if not value or value in {".", ".."} or "/" in value or "\\" in value:
        raise InvalidRequest(_BAD_ID)
    try:
        return quote(value, safe="")
    except UnicodeError:
        raise InvalidRequest(_BAD_ID) from None


def checked_path(path: str) -> str:
    """`path` itself. Raises InvalidRequest for one that would lead elsewhere."""
    if not path.startswith("/") or _BAD_PATH.search(path):
        raise InvalidRequest("The address of this request is not valid. Nothing was sent.")
    return path


def query_of(params: Params | None) -> str:
    """The query of an address, without what is None; a list is told once for each of its values. Raises UnicodeError."""
    if not params:
        return ""
    return urlencode({name: value for name, value in params.items() if value is not None}, doseq=True)


def plain_headers(expect: str, content_type: str, *, changes: bool) -> dict[str, str]:
    """The headers that say nothing of the account."""
    headers = {
        "User-Agent": _USER_AGENT,
        "Accept": "*/*" if expect == "bytes" else "application/json",
        "Accept-Encoding": "gzip",
    }
    if content_type:
        headers["Content-Type"] = content_type
    if changes:
        headers["Connection"] = "close"
    return headers


def body_of(json: Any, form: Mapping[str, str] | None) -> tuple[bytes | None, str]:
    """The body and its content type, None and empty for none. Raises InvalidRequest for text that is no Unicode."""
    try:
        if json is not None:
            return json_module.dumps(json, default=_plain_value, ensure_ascii=False).encode(), "application/json"
        if form is not None:
            pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in form.items())
            return pairs.encode("ascii"), "application/x-www-form-urlencoded"
    except UnicodeError:
        raise InvalidRequest(NOT_HTTP) from None
    return None, ""


def _plain_value(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} can't be sent as JSON")
