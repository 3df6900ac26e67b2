"""The HTTP side: one thread a connection, keep-alive, one write an answer."""

import contextlib
import socket
import socketserver
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from sandbox.messages import Request, Response

LARGEST_BODY = 10 * 1024 * 1024


class Answering(Protocol):
    def answer(self, request: Request) -> Response: ...


class Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], portal: Answering) -> None:
        self.portal = portal
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._stopped = threading.Event()
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        # HTTPServer would look its own name up in DNS, which can take seconds and is never used
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._guard:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is its own business; a handler's own mistakes are answered as 500 before they come here."""

    def serve(self) -> None:
        """Answers until `stop`. Waits in accept(), so that an idle sandbox costs no wake-ups, unlike serve_forever."""
        while True:
            try:
                connection, address = self.get_request()
            except OSError:
                if self._stopped.wait(0.05):
                    return
                continue
            if self._stopped.is_set():
                connection.close()
                return
            self.process_request(connection, address)

    def stop(self) -> None:
        self._stopped.set()
        # the knock that ends the waiting; refused when nobody waits any more
        with contextlib.suppress(OSError):
            socket.create_connection((str(self.server_address[0]), self.server_port), 1).close()
        self.server_close()
        with self._guard:
            connections = list(self._open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's own name
        """Requests are in the portal's own log."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            self._send(Response(413, b'{"error":["Request too large"]}'))
            return
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length) if length else b"",
            client=str(self.client_address[0]),
        )
        self._send(self.server.portal.answer(request))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815

    def _send(self, response: Response) -> None:
        if response.drop:
            self.close_connection = True
            return
        length = response.stream_length if response.stream is not None else len(response.body)
        self.send_response_only(response.status)
        self.send_header("Server", "nginx")
        self.send_header("Date", self.date_time_string())
        if response.status != 204:
            self.send_header("Content-Type", response.content_type)
            self.send_header("Content-Length", str(length))
        for name, value in response.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        head = b"".join([*self._take_headers(), b"\r\n"])
        body = b"" if self.command == "HEAD" or response.status == 204 else response.body
        if response.send_only is not None:
            body = body[: response.send_only]
            self.close_connection = True
        self.wfile.write(head + body)
        for chunk in response.stream or ():
            self.wfile.write(chunk)

    def _take_headers(self) -> list[bytes]:
        """The lines gathered by send_header, so that head and body leave in one packet."""
        lines: list[bytes] = getattr(self, "_headers_buffer", [])
        self._headers_buffer: list[bytes] = []
        return lines
