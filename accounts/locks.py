"""Advisory locks of PostgreSQL, held on a connection of their own.

Not on Django's connection: that one may be inside a transaction whose end would end the lock, and not on one of the pool's: a
thread that holds one and waits for a second could wait for ever. Taking one is rare (a sign-in), so a fresh connection is cheap.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import psycopg
from django.db import connection


class LockSpace(IntEnum):
    """What a lock is about; with a number of the thing it makes the key."""

    UPSTREAM_SIGN_IN = 0x484F_4C01
    FIRST_ADMINISTRATOR = 0x484F_4C02
    DEMO = 0x484F_4C03


class LockTimeout(Exception):
    """Another process held the lock for longer than we wanted to wait."""


_in_this_process: defaultdict[tuple[int, int], threading.Lock] = defaultdict(threading.Lock)


@contextmanager
def advisory_lock(space: LockSpace, number: int, *, timeout: float) -> Iterator[None]:
    """Held by one thread of all processes. Raises LockTimeout after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    key = (int(space), number & 0x7FFF_FFFF)
    # Threads of one process queue here, so that a process opens one connection a lock and not one a thread.
    local = _in_this_process[key]
    if not local.acquire(timeout=max(0.0, timeout)):
        raise LockTimeout
    try:
        with psycopg.connect(**connection.get_connection_params()) as own, own.transaction():
            left = deadline - time.monotonic()
            own.execute(f"SET LOCAL lock_timeout = {max(1, int(left * 1000))}")  # 0 would wait for ever
            try:
                own.execute("SELECT pg_advisory_xact_lock(%s, %s)", key)
            except psycopg.errors.LockNotAvailable:
                raise LockTimeout from None
            yield
    finally:
        local.release()
