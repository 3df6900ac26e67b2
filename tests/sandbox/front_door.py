"""The way from `https://NAME` to a stand-in, for clients that can't be told another address.

A client that honours `HTTPS_PROXY` asks this proxy for the host; it ends TLS with a certificate for that name and passes the
bytes on. Every other host is refused, so that a test reaches nothing outside.
"""

from __future__ import annotations

import shutil
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

from tests.self_signed import certificate_for

SECONDS = 20


class Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, host: str, port: int, tls: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), Way)
        self.host, self.target, self.tls = host, ("127.0.0.1", port), tls

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Way(socketserver.StreamRequestHandler):
    rbufsize = 0  # what follows the head is TLS and must stay in the socket

    def handle(self) -> None:
        proxy = cast(Proxy, self.server)
        head = self._head()
        asked = head.split(b" ")[1].decode() if head.startswith(b"CONNECT ") else ""
        if asked != f"{proxy.host}:443":
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with (
            suppress(OSError),  # either side may leave as it likes
            proxy.tls.wrap_socket(self.connection, server_side=True) as inside,
            socket.create_connection(proxy.target, timeout=SECONDS) as portal,
        ):
            back = threading.Thread(target=_pass_on, args=(portal, inside), daemon=True)
            back.start()
            _pass_on(inside, portal)
            back.join(SECONDS)

    def _head(self) -> bytes:
        head = b""
        while not head.endswith(b"\r\n\r\n") and len(head) < 8000:
            head += self.rfile.read(1)
        return head


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def front_door(host: str, port: int, folder: Path) -> Iterator[dict[str, str]]:
    """A proxy that leads `https://HOST` to a port of this machine, and the environment that makes a client use and trust it."""
    path = certificate_for(host, folder)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(path)
    trusted = shutil.copy(path, folder / "trusted.pem")
    with Proxy(host, port, tls) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield {"HTTPS_PROXY": proxy.url, "REQUESTS_CA_BUNDLE": str(trusted), "NO_PROXY": ""}
        proxy.shutdown()
        thread.join(2)
