"""Locks that hold among threads and processes, and for how long one waits."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
from django.db import connection

from accounts.locks import LockSpace, LockTimeout, advisory_lock

KEY = (int(LockSpace.DEMO), 5)


@pytest.mark.django_db(transaction=True)
def test_waiting_for_a_thread_and_then_for_another_process_is_one_wait():
    waiting = threading.Event()

    def first() -> None:
        waiting.set()
        with pytest.raises(LockTimeout), advisory_lock(LockSpace.DEMO, 5, timeout=1):
            pass
        connection.close()

    with psycopg.connect(**connection.get_connection_params()) as elsewhere:
        elsewhere.execute("SELECT pg_advisory_xact_lock(%s, %s)", KEY)
        thread = threading.Thread(target=first)
        thread.start()
        waiting.wait(5)
        time.sleep(0.3)
        started = time.monotonic()
        with pytest.raises(LockTimeout), advisory_lock(LockSpace.DEMO, 5, timeout=1):
            pass
        assert time.monotonic() - started < 1.4
        thread.join(5)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("timeout", [0, 0.0001, -1])
def test_who_has_no_time_does_not_wait(timeout):
    with psycopg.connect(**connection.get_connection_params()) as elsewhere:
        elsewhere.execute("SELECT pg_advisory_xact_lock(%s, %s)", KEY)
        started = time.monotonic()
        with pytest.raises(LockTimeout), advisory_lock(LockSpace.DEMO, 5, timeout=timeout):
            pass
        assert time.monotonic() - started < 1
