"""Several beats at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from sync.due import tick

TICK_SECONDS = 0.4


@contextmanager
def beats(count: int) -> Iterator[list[Exception]]:
    """So many beats at once; what they stumbled over is in the list."""
    over = threading.Event()
    wrong: list[Exception] = []

    def beat() -> None:
        while not over.wait(TICK_SECONDS):
            try:
                tick()
            except Exception as error:  # noqa: BLE001  # the test says what it was
                wrong.append(error)
            finally:
                connection.close()

    threads = [threading.Thread(target=beat) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield wrong
    finally:
        over.set()
        for thread in threads:
            thread.join()
