"""What befalls the desk: workers that are killed, a Valkey that forgets, two beats at once, people who press 'sync now'."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.core.cache import cache
from django.db import connection

from portal.runtime import process
from sync.due import tick
from tests.conftest import ROOT, WORKER, url_of

TICK_SECONDS = 0.4


@dataclass
class Workers:
    folder: Path
    started: int = 0
    killed: int = 0
    alive: list[tuple[subprocess.Popen[bytes], process.Service]] = field(default_factory=list)

    def start(self) -> None:
        self.started += 1
        log = self.folder / f"worker-{self.started}.log"
        service = process.Service(
            name=f"worker-{self.started}",
            command=[sys.executable, "-m", *WORKER.replace("concurrency 2", "concurrency 4").split()],
            log=log,
            env={
                "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
                "DJANGO_SETTINGS_MODULE": "tests.sync.chaos.settings",
                "HOLDFAST_LOG_LEVEL": "INFO",
            },
            inherits=process.desk_environment,
            cwd=ROOT,
        )
        self.alive.append((process.start(service), service))

    def kill(self) -> None:
        child, _service = self.alive.pop(0)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        self.killed += 1

    def dead(self) -> list[str]:
        """The last words of those that ended by themselves."""
        return [process.last_lines(service.log) for child, service in self.alive if child.poll() is not None]

    def stop(self) -> None:
        for child, service in self.alive:
            process.stop(child, service)
        self.alive.clear()


@contextmanager
def workers(folder: Path, count: int) -> Iterator[Workers]:
    crew = Workers(folder)
    try:
        for _ in range(count):
            crew.start()
        yield crew
    finally:
        crew.stop()


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


def flush_valkey() -> None:
    """The queue, the cache, the limiters: all gone."""
    cache._cache.get_client().flushall()  # type: ignore[attr-defined]
