"""What the provider tests share: a connection for an account, and a portal that misbehaves on demand over real HTTP."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from providers.contract import CallRecord, Connection
from providers.errors import Unavailable

LOCAL = ("127.0.0.0/8",)
TOKEN = "vps_5up3rS3cretT0ken"


class Tokens:
    """A token store in this process."""

    def __init__(self) -> None:
        self.kept: Any = None
        self._lock = threading.Lock()

    def load(self) -> Any:
        return json.loads(json.dumps(self.kept))

    def save(self, tokens: Any) -> None:
        self.kept = tokens

    @contextmanager
    def lock(self, *, timeout: float) -> Iterator[None]:
        if not self._lock.acquire(timeout=timeout):
            raise Unavailable("Another process signs in.", cause="timeout")
        try:
            yield
        finally:
            self._lock.release()


class Memory:
    """`seconds` is for how long each value was to be kept."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}
        self.seconds: dict[str, int] = {}

    def get(self, key: str) -> Any:
        return self.kept.get(key)

    def set(self, key: str, value: Any, *, keep_seconds: int) -> None:
        assert keep_seconds > 0
        self.kept[key] = json.loads(json.dumps(value))
        self.seconds[key] = keep_seconds


class Limiter:
    def __init__(self) -> None:
        self.learned: list[tuple[int | None, float | None, float | None]] = []

    @contextmanager
    def slot(self, *, timeout: float) -> Iterator[None]:
        yield

    def learn(self, *, remaining: int | None, reset_after: float | None, retry_after: float | None) -> None:
        self.learned.append((remaining, reset_after, retry_after))


def connection(base_url: str, **changes: Any) -> Connection:
    """An account named Acme, allowed to speak to this machine."""
    values: dict[str, Any] = {
        "account_name": "Acme",
        "base_url": base_url,
        "auth": "bearer",
        "credential": {"token": TOKEN},
        "time_zone": "UTC",
        "tokens": Tokens(),
        "memory": Memory(),
        "limiter": Limiter(),
        "allowed_upstreams": LOCAL,
    }
    return Connection(**{**values, **changes})


class Calls(list[CallRecord]):
    """An `on_call` hook that keeps what it hears."""

    __call__ = list.append


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    command: str
    path: str
    headers: Message
    sent: bytes
    peer: tuple[str, int]


Behaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two packets, and the second would wait for 40 ms
    server: Portal

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(length)
        self.server.seen.append(Seen(self.command, self.path, self.headers, sent, self.client_address))
        try:
            self.server.behave(self)
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - the names that http.server looks for

    def reply(self, status: int = 200, body: bytes | str | dict[str, Any] | list[Any] = b"", **headers: str) -> None:
        if isinstance(body, dict | list):
            body = json.dumps(body)
            headers.setdefault("Content_Type", "application/json")
        raw = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw)

    def reset(self) -> None:
        """Ends the connection with a TCP reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def drip(self, what: bytes = b" ", seconds: float = 0.05) -> None:
        """Byte by byte, for ever; `what` first as a whole."""
        self.wfile.write(what)
        while not self.server.stopping.wait(seconds):
            self.wfile.write(b"x")
            self.wfile.flush()

    def hang(self) -> None:
        self.server.stopping.wait(30)
        self.close_connection = True

    def log_message(self, *args: Any) -> None:
        """Quiet."""


class Portal(ThreadingHTTPServer):
    """Behaves as `behave` says; remembers the requests that it saw."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[Seen] = []
        self.stopping = threading.Event()
        self.behave: Behaviour = lambda handler: handler.reply(body={"ok": True})
        self.scheme = "http"
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
            self.scheme = "https"

    @property
    def port(self) -> int:
        return self.server_port

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/api"

    def replies(self, *answers: tuple[int, Any] | Behaviour) -> None:
        """One after the other; the last one for ever."""
        waiting = list(answers)

        def behave(handler: Handler) -> None:
            answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            if callable(answer):
                answer(handler)
            else:
                handler.reply(*answer)

        self.behave = behave

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves early is what these tests are about."""


@contextmanager
def portal(tls: ssl.SSLContext | None = None) -> Iterator[Portal]:
    server = Portal(tls)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join(2)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds
