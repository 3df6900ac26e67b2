"""A plain HTTP proxy between an adapter and a portal on this machine: it counts requests and loses answers when it is told to."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

_SECONDS = 30
_OF_ONE_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class Passed:
    """A request that went through."""

    method: str
    path: str


class Wire(ThreadingHTTPServer):
    """`with Wire("http://127.0.0.1:8101/api") as wire: ... wire.base_url`. `lose(passed)` says whose answer gets lost: the portal
    has acted, and the adapter sees its connection reset. `instead` is sent as the body of every answer where it is not None."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Hop)
        parts = urlsplit(target)
        self.target = (parts.hostname or "", parts.port or 80)
        self.base_url = f"http://127.0.0.1:{self.server_port}{parts.path}"
        self.passed: list[Passed] = []
        self.lose: Callable[[Passed], bool] = lambda _passed: False
        self.instead: bytes | None = None
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join(2)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """An adapter may hang up as it likes."""


class _Hop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together
    server: Wire

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        passed = Passed(self.command, self.path.partition("?")[0])
        portal = http.client.HTTPConnection(*self.server.target, timeout=_SECONDS)
        try:
            portal.request(self.command, self.path, body or None, dict(self.headers.items()))
            answer = portal.getresponse()
            content = answer.read()
        finally:
            portal.close()
        self.server.passed.append(passed)
        if self.server.lose(passed):
            self._reset()
            return
        content = content if self.server.instead is None else self.server.instead
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _OF_ONE_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on  # noqa: N815 - the names that http.server looks for

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, *args: Any) -> None:
        """Quiet."""
