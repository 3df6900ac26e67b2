"""Worker processes that may be killed, and a Valkey that forgets."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.core.cache import cache
from django.db import connection

from portal.runtime import process
from tests.conftest import ROOT, WORKER, url_of


@dataclass
class Workers:
    folder: Path
    settings: str
    started: int = 0
    killed: int = 0
    alive: list[tuple[subprocess.Popen[bytes], process.Service]] = field(default_factory=list)

    def start(self) -> None:
        self.started += 1
        service = process.Service(
            name=f"worker-{self.started}",
            command=[sys.executable, "-m", *WORKER.replace("concurrency 2", "concurrency 4").split()],
            log=self.folder / f"worker-{self.started}.log",
            env={
                "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
                "DJANGO_SETTINGS_MODULE": self.settings,
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
def workers(folder: Path, count: int, *, settings: str) -> Iterator[Workers]:
    crew = Workers(folder, settings)
    try:
        for _ in range(count):
            crew.start()
        yield crew
    finally:
        crew.stop()


def flush_valkey() -> None:
    """The queue, the cache, the limiters, the locks: all gone."""
    cache._cache.get_client().flushall()  # type: ignore[attr-defined]
