"""Children that outlived a supervisor which was killed: they are ended before a new start uses their folder and ports."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Any, Final

from portal.runtime import process

_PATIENCE_SECONDS: Final = 20.0


def started_at(pid: int) -> str:
    """A mark that tells this process from a later one with the same number; empty when it has gone (or without /proc)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    # The name in brackets may hold blanks; the start time is the 20th field after it.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]


def end(state: dict[str, Any]) -> list[str]:
    """Ends what the state of an earlier run names and what still lives; returns their names."""
    alive = {
        name: child for name, child in state.get("children", {}).items() if _is_alive(child["pid"], child["started"])
    }
    for child in alive.values():
        process.signal_one(child["pid"], signal.Signals(child["signal"]))
    deadline = time.monotonic() + _PATIENCE_SECONDS
    waiting = dict(alive)
    while waiting and time.monotonic() < deadline:
        waiting = {name: child for name, child in waiting.items() if _is_alive(child["pid"], child["started"])}
        time.sleep(0.05)
    for child in alive.values():
        # The group and not only its leader: Celery's and gunicorn's own children go too.
        process.signal_group(child["pid"], signal.SIGKILL)
    return sorted(alive)


def _is_alive(pid: int, started: str) -> bool:
    return bool(started) and started_at(pid) == started


def is_unburied(pid: int) -> bool:
    """Whether this process has died and its parent has not noticed yet; False without /proc."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False
