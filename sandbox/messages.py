"""Requests as handlers see them and answers as they give them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

JSON = "application/json"
FORM_INDEX = re.compile(r"\[(\w*)\]")


class UnreadableBody(Exception):
    """The body is not what its content type says."""


@dataclass(slots=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    # by lower-case name
    headers: Mapping[str, str]
    body: bytes = b""
    client: str = "127.0.0.1"
    params: dict[str, str] = field(default_factory=dict)
    # what the authentication found out: the token in use, its scopes
    session: dict[str, Any] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """The body's fields, JSON or form-encoded; UnreadableBody when it is neither."""
        if not self.body.strip():
            return {}
        text = self.body.decode("utf-8", "replace")
        if "form" in (self.headers.get("content-type") or ""):
            return read_form(text)
        try:
            value = json.loads(text)
        except ValueError as error:
            raise UnreadableBody(str(error)) from error
        if not isinstance(value, dict):
            raise UnreadableBody("an object is expected")
        return value

    def text(self, name: str, default: str = "") -> str:
        value = self.data().get(name)
        return default if value is None else str(value).strip()

    def known(self, record: Mapping[str, Any], key: str = "id") -> dict[str, Any]:
        """The body's fields that `record` has, its key aside."""
        return {name: value for name, value in self.data().items() if name in record and name != key}


def read_form(text: str) -> dict[str, Any]:
    """PHP's reading of a form: `name[]` and `name[0]` gather into a list, `name[key]` into an object."""
    fields: dict[str, Any] = {}
    for raw, value in parse_qsl(text, keep_blank_values=True):
        name, bracket, _ = raw.partition("[")
        keys = FORM_INDEX.findall(raw)
        if not bracket or not keys:
            fields[raw] = value
        elif keys[0] == "" or keys[0].isdigit():
            fields.setdefault(name, []).append(value)
        else:
            fields.setdefault(name, {})[keys[0]] = value
    return fields


@dataclass(slots=True)
class Response:
    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    # faults: bytes to send before the connection breaks (None: all of them), a body too large to hold, a cut line
    send_only: int | None = None
    stream: Iterator[bytes] | None = None
    stream_length: int = 0
    drop: bool = False


class Refusal(Exception):
    """A handler's way to answer 'no' from anywhere below it."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def php_json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON as PHP writes it: slashes escaped, nothing outside ASCII. A slash can only stand inside a string."""
    text = json.dumps(value, separators=(",", ":")).replace("/", "\\/")
    return Response(status, text.encode("ascii"), JSON, headers or {})


def plain_json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(
        status, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), JSON, dict(headers or {})
    )


def html(text: str, status: int = 200) -> Response:
    return Response(status, text.encode(), "text/html; charset=utf-8")
