"""Hosts that are anything but a portal's API, over real sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HTML = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 40\r\n\r\n<html><body>Welcome to us</body></html>\n"
)


@contextmanager
def answering(answer: bytes | None) -> Iterator[int]:
    """A port where every connection gets `answer` and is closed; None never answers. Yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()
    held: list[socket.socket] = []

    def serve() -> None:
        while not stop.is_set():
            try:
                peer, _address = listener.accept()
            except OSError:
                return
            if answer is None:
                held.append(peer)
                continue
            peer.recv(65536)
            peer.sendall(answer)
            peer.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        listener.close()
        for peer in held:
            peer.close()
        thread.join(2)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
