"""A desk of its own for the tests of the runtime: started as people start it, looked at from outside."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
LIBC = ctypes.CDLL(None)
# What the test bench has set for itself must not reach a desk that makes its own.
OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")


def plain_environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OURS and not name.startswith("HOLDFAST_")}
    return kept | {"HOLDFAST_VENV": sys.prefix, "PYTHONPATH": str(ROOT)} | more


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Started:
    data: Path
    port: int
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def wait_for_line(self, beginning: str, within: float = 60) -> str:
        assert self.process.stdout is not None
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            line = self.process.stdout.readline()
            if not line:
                break
            self.said.append(line.rstrip("\n"))
            if line.startswith(beginning):
                return self.said[-1]
        raise AssertionError(f"no line beginning {beginning!r}; it said: {self.said}")

    def rest(self) -> str:
        return str(self.process.communicate(timeout=30)[0])

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads((self.data / "run" / "state.json").read_text())
        return state

    def pid(self, child: str) -> int:
        pid: int = self.state()["children"][child]["pid"]
        return pid

    def asks(self, path: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            body: dict[str, Any] = json.load(answer)
            return body

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def left_behind(self) -> list[str]:
        """Processes that still name this data folder, the supervisor among them."""
        return processes_naming(str(self.data))


def end_with_the_tests() -> None:
    """A test run that is killed leaves no desk behind."""
    LIBC.prctl(1, signal.SIGTERM)


def start(data: Path, port: int, *arguments: str, **environment: str) -> Started:
    command = [str(ROOT / "bin" / "up"), "--data", str(data), "--port", str(port), "--no-demo", *arguments]
    process = subprocess.Popen(
        command,
        env=plain_environment(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        preexec_fn=end_with_the_tests,  # noqa: PLW1509 - it calls prctl and nothing else
    )
    return Started(data, port, process)


def try_to_start(data: Path, port: int, *arguments: str, **environment: str) -> tuple[int, str]:
    """For starts that are refused: the exit code and all that was said."""
    refused = start(data, port, *arguments, **environment)
    try:
        said = refused.rest()
    finally:
        refused.stop(signal.SIGKILL)
    return refused.process.returncode, said.strip()


def processes_naming(text: str) -> list[str]:
    """Command lines, and as environments carry the data folder too, those of children that don't name it themselves."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (folder / "environ").read_bytes().decode(errors="replace")
        except (OSError, ProcessLookupError):
            continue
        if command and (text in command or f"HOLDFAST_DATA={text}" in environment):
            found.append(f"{folder.name} {command}")
    return found
