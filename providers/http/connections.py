"""Connections that go only to checked addresses, know whether a byte can have left us, and end when their time is up."""

from __future__ import annotations

import math
import os
import socket
import threading
import time
from types import TracebackType
from typing import Any, ClassVar, Self

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import ConnectionPool, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager
from urllib3.response import BaseHTTPResponse

from providers.addresses import AllowedUpstreams, open_socket

_current = threading.local()


class Lifeline:
    """A second handle of a connection's socket: shutting it down ends whatever waits on the first, TLS or not.

    It lives as long as the connection or an exchange holds it, because urllib3 closes a connection before its last body is read.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock.dup()
        self._holders = 1
        self._lock = threading.Lock()

    def hold(self) -> None:
        with self._lock:
            self._holders += 1

    def release(self) -> None:
        with self._lock:
            self._holders -= 1
            if self._holders == 0:
                self._socket.close()

    def cut(self) -> None:
        with self._lock:
            if self._holders > 0:
                try:
                    self._socket.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return  # the other side was faster: the connection is down already, which is all we want


class Exchange:
    """One HTTP exchange of this thread. Time-outs of a socket count from byte to byte; this one ends the whole.

    `connected` is False as long as nothing of the request can have left us. `expired` tells why a connection broke.
    """

    def __init__(self, seconds: float) -> None:
        self.connected = False
        self.expired = False
        self._lifeline: Lifeline | None = None
        self._lock = threading.Lock()
        self.until = time.monotonic() + seconds

    def __enter__(self) -> Self:
        _current.exchange = self
        _watch.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _watch.discard(self)
        _current.exchange = None
        with self._lock:
            if self._lifeline is not None:
                self._lifeline.release()
                self._lifeline = None

    def adopt(self, lifeline: Lifeline) -> None:
        """Makes `lifeline` the connection that ends with this exchange."""
        with self._lock:
            if self._lifeline is lifeline:
                return
            if self._lifeline is not None:
                self._lifeline.release()
            lifeline.hold()
            self._lifeline = lifeline
            if self.expired:
                lifeline.cut()

    def expire(self) -> None:
        """Ends it now, whatever it waits for."""
        with self._lock:
            self.expired = True
            if self._lifeline is not None:
                self._lifeline.cut()


class _Watch:
    """Ends exchanges when their time is up: one thread for all of them, because to start one each costs more than a small answer.

    The thread sleeps until the earliest end that it knows of and is woken only for an earlier one, which is rare: calls have the
    same patience, so those that begin later end later.
    """

    def __init__(self) -> None:
        self._running: set[Exchange] = set()
        self._changed = threading.Condition(threading.Lock())
        self._wakes_at = math.inf
        self._thread: threading.Thread | None = None

    def add(self, exchange: Exchange) -> None:
        with self._changed:
            self._running.add(exchange)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="holdfast-deadlines", daemon=True)
                self._thread.start()
            elif exchange.until < self._wakes_at:
                self._changed.notify()

    def discard(self, exchange: Exchange) -> None:
        with self._changed:
            self._running.discard(exchange)

    def _work(self) -> None:
        while True:
            with self._changed:
                now = time.monotonic()
                over = [exchange for exchange in self._running if exchange.until <= now]
                self._running.difference_update(over)
                if not over:
                    self._wakes_at = min((exchange.until for exchange in self._running), default=math.inf)
                    self._changed.wait(None if self._wakes_at == math.inf else self._wakes_at - now)
            for exchange in over:
                exchange.expire()


_watch = _Watch()


def _watch_anew() -> None:
    """A fork takes no threads along, and its copy of the lock may be held by one of them."""
    global _watch  # noqa: PLW0603 - one for the process, as threads are
    _watch = _Watch()


os.register_at_fork(after_in_child=_watch_anew)


def _exchange() -> Exchange | None:
    return getattr(_current, "exchange", None)


class _GuardedConnection(HTTPConnection):
    allowed: ClassVar[AllowedUpstreams]
    plain: ClassVar[bool] = True
    lifeline: Lifeline | None = None

    def _new_conn(self) -> socket.socket:
        timeout = float(self.timeout) if isinstance(self.timeout, int | float) else 5.0
        sock = open_socket(self._dns_host, self.port, allowed=self.allowed, plain=self.plain, timeout=timeout)
        sock.settimeout(timeout)
        self.lifeline = Lifeline(sock)
        exchange = _exchange()
        if exchange is not None:
            exchange.adopt(self.lifeline)
        return sock

    def connect(self) -> None:
        super().connect()
        exchange = _exchange()
        if exchange is not None:
            exchange.connected = True

    def request(self, *args: Any, **kwargs: Any) -> None:
        exchange = _exchange()
        if exchange is not None and self.sock is not None and self.lifeline is not None:
            exchange.connected = True  # a pooled connection
            exchange.adopt(self.lifeline)
        super().request(*args, **kwargs)

    def close(self) -> None:
        super().close()
        if self.lifeline is not None:
            self.lifeline.release()
            self.lifeline = None


class GuardedAdapter(HTTPAdapter):
    """Sends through a `GuardedPoolManager` and repeats nothing by itself.

    It knows one origin, no proxies and no cookies. What requests would find out about them anew for each request is half of what
    it costs, so that part is done once or not at all.
    """

    def __init__(self, allowed: AllowedUpstreams) -> None:
        self._allowed_upstreams = allowed
        self._pools: dict[tuple[str, str, bool | str | None], ConnectionPool] = {}
        super().__init__(pool_connections=2, pool_maxsize=8, max_retries=0)

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: bool | str | None, proxies: Any = None, cert: Any = None
    ) -> ConnectionPool:
        scheme, _, host, *_rest = str(request.url).split("/", 3)
        origin = (scheme, host, verify)
        pool = self._pools.get(origin)
        if pool is None:
            pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
            self._pools[origin] = pool
        return pool

    def request_url(self, request: PreparedRequest, _proxies: Any) -> str:
        return str(request.path_url)

    def build_response(self, _request: PreparedRequest, answer: BaseHTTPResponse) -> Response:
        """The status, the headers and the body that is still to be read; nothing else is asked of it."""
        response = Response()
        response.status_code = answer.status
        response.headers = CaseInsensitiveDict(answer.headers.items())
        response.raw = answer
        return response

    def close(self) -> None:
        self._pools.clear()
        super().close()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        self.poolmanager = GuardedPoolManager(
            self._allowed_upstreams, num_pools=connections, maxsize=maxsize, block=block, **options
        )


class GuardedPoolManager(PoolManager):
    """A pool manager all of whose connections ask `allowed` before they connect."""

    def __init__(self, allowed: AllowedUpstreams, **options: Any) -> None:
        super().__init__(**options)

        class PlainConnection(_GuardedConnection):
            pass

        class TlsConnection(_GuardedConnection, HTTPSConnection):
            plain = False

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = PlainConnection

        class TlsPool(HTTPSConnectionPool):
            ConnectionCls = TlsConnection

        PlainConnection.allowed = TlsConnection.allowed = allowed
        self.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}
