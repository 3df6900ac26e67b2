"""One thread ends all exchanges whose time is up: each at its own time, in every process."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from providers.errors import ProviderError, Unavailable
from providers.http.connections import Exchange
from providers.transport import Limits, Transport
from tests.providers.kit import Portal, connection, portal
from tests.providers.test_transport import Signer


@pytest.fixture
def server() -> Iterator[Portal]:
    with portal() as running:
        yield running


def ended_after(url: str, seconds: float) -> float:
    """How long a call with that much time took at a portal that drips its answer for ever."""
    transport = Transport(connection(url), Signer(), limits=Limits(read=30, total=seconds, attempts=1))
    started = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        transport.read("GET", "/things", operation="GET /things")
    transport.close()
    assert caught.value.cause == "timeout"
    return time.monotonic() - started


def test_each_call_ends_at_its_own_time_whichever_began_first(server):
    server.behave = lambda handler: handler.drip(b"HTTP/1.1 200 OK\r\n\r\n")
    times = [1.2, 0.2, 0.9, 0.4, 0.7, 0.3]
    with ThreadPoolExecutor(len(times)) as threads:
        took = list(threads.map(lambda seconds: ended_after(server.url, seconds), times))
    for asked, needed in zip(times, took, strict=True):
        assert asked <= needed < asked + 0.6


def test_deadlines_cost_one_thread_however_many_calls_there_are(server):
    transport = Transport(connection(server.url), Signer())
    for _ in range(20):
        transport.read("GET", "/things", operation="GET /things")
    transport.close()
    assert sum(thread.name == "holdfast-deadlines" for thread in threading.enumerate()) == 1


def test_what_ended_in_time_is_not_cut_later():
    with Exchange(0.05) as exchange:
        pass
    time.sleep(0.15)
    assert not exchange.expired


def test_a_forked_process_keeps_deadlines_too(server):
    server.behave = lambda handler: handler.drip(b"HTTP/1.1 200 OK\r\n\r\n")
    with pytest.raises(Unavailable):
        Transport(connection(server.url), Signer(), limits=Limits(total=0.1, attempts=1)).read(
            "GET", "/x", operation="x"
        )
    child = os.fork()
    if child == 0:
        status = 1
        try:
            transport = Transport(connection(server.url), Signer(), limits=Limits(read=30, total=0.3, attempts=1))
            transport.read("GET", "/things", operation="GET /things")
        except ProviderError:
            status = 0
        finally:
            os._exit(status)
    until = time.monotonic() + 8
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        time.sleep(0.02)
    else:
        os.kill(child, 9)
        os.waitpid(child, 0)
        pytest.fail("the child waits for ever")
    assert os.waitstatus_to_exitcode(status) == 0
