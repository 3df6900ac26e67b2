"""What the tests of this folder connect with: an account without Django, and a small HTTP server that says what it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from providers.contract import AuthMethod, CallRecord, Connection, ProviderSpec
from providers.hostbill import HostBillProvider
from providers.limits import LocalLimiter
from tests.providers.kit import Memory, Tokens

ALICE = {"username": "alice@agency.example", "password": "correct horse"}


def connection(base_url: str, *, auth: str = "basic", credential: Mapping[str, str] = ALICE, **more: Any) -> Connection:
    calls: list[CallRecord] = more.pop("calls", [])
    return Connection(
        account_name="Cloudviet (agency)",
        base_url=base_url,
        auth=auth,
        credential=credential,
        time_zone=more.pop("time_zone", "Asia/Ho_Chi_Minh"),
        tokens=more.pop("tokens", None) or Tokens(),
        memory=more.pop("memory", None) or Memory(),
        limiter=LocalLimiter(rate_per_minute=600_000, concurrency=16),
        allowed_upstreams=("127.0.0.1",),
        on_call=calls.append,
    )


def spec(key: str = "cloudviet") -> ProviderSpec:
    return ProviderSpec(
        key=key,
        label=key,
        badge="XX",
        hue="other",
        base_url="",
        base_path="/api",
        auth_methods=(AuthMethod("basic", "E-mail and password", ()),),
        time_zone="UTC",
        connect=lambda one: HostBillProvider(one, spec(key)),
    )


Say = Callable[[str, str, bytes], Any]
"""From method, path below /api and body to what to answer: JSON, or (status, JSON), or (status, bytes). Positional."""


@contextmanager
def portal_that_says(say: Say | Mapping[str, Any]) -> Iterator[str]:
    """The base URL of a real HTTP server that answers with `say`, or with the JSON kept under `METHOD /path`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body leave together

        def log_message(self, *args: object) -> None:
            """Says nothing: the test's own assertion is what is read."""

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path).path.removeprefix("/api")
            if callable(say):
                said = say(self.command, path, body)
            else:
                said = say.get(f"{self.command} {path}", {"error": ["invalid method"]})
            status, content = said if isinstance(said, tuple) else (200, said)
            raw = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the names that the library calls

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def desk_for(say: Say | Mapping[str, Any], *, preset: str = "cloudviet", **more: Any) -> Iterator[Any]:
    """An adapter that speaks to `portal_that_says(say)`."""
    with portal_that_says(say) as base_url:
        provider = HostBillProvider(connection(base_url, **more), spec(preset))
        try:
            yield provider
        finally:
            provider.close()
