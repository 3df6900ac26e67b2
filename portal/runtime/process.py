"""One child process: started in a process group of its own, ended with its parent, stopped with patience."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from portal.runtime.identity import Identity

_PR_SET_PDEATHSIG: Final = 1
# Loaded before any fork: a child between fork and exec must not import.
_LIBC: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_PLAIN: Final = frozenset({"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH"})
FIRST_PASSWORD: Final = ("HOLDFAST_ADMIN_PASSWORD", "HOLDFAST_ADMIN_PASSWORD_FILE")


def plain_environment() -> dict[str, str]:
    """For programs that are not Holdfast: they need no key and no password of the desk, so they get none."""
    return {name: value for name, value in os.environ.items() if name in _PLAIN}


def desk_environment() -> dict[str, str]:
    """For Holdfast's own: what we were given, but for the first administrator's password, which is for one command."""
    return {name: value for name, value in os.environ.items() if name not in FIRST_PASSWORD}


@dataclass(frozen=True)
class Service:
    """What to run and how to treat it. `inherits` is what it gets of our environment, beside its own `env`; `death_signal` is
    what the kernel sends when the supervisor itself is killed."""

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    inherits: Callable[[], Mapping[str, str]] = plain_environment
    ready: Callable[[], bool] = lambda: True
    before_start: Callable[[], None] = lambda: None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    start_within: float = 60.0
    identity: Identity | None = None
    cwd: Path | None = None


def start(service: Service, *, capture: bool = False) -> subprocess.Popen[bytes]:
    """Output goes to the service's log; with `capture`, standard output to a pipe instead."""
    service.before_start()
    identity = service.identity
    parent = os.getpid()

    def die_with_parent() -> None:
        # Runs after the uid drop (which would clear the setting). The parent may have died in between.
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, service.death_signal)
            if os.getppid() != parent:
                os._exit(1)

    with service.log.open("ab") as log:
        return subprocess.Popen(
            service.command,
            env={**service.inherits(), **service.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if capture else log,
            stderr=log,
            cwd=service.cwd,
            process_group=0,
            user=identity.uid if identity else None,
            group=identity.gid if identity else None,
            extra_groups=[] if identity else None,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )


def run(service: Service, *, give_up: Callable[[], bool]) -> subprocess.CompletedProcess[str]:
    """Runs it to its end, or until `give_up` says so or `start_within` has passed."""
    child = start(service, capture=True)
    deadline = time.monotonic() + service.start_within
    said = b""
    while True:
        try:
            said, _ = child.communicate(timeout=0.1)
        except subprocess.TimeoutExpired:
            if give_up() or time.monotonic() > deadline:
                stop(child, service)
            continue
        return subprocess.CompletedProcess(service.command, child.returncode, said.decode(errors="replace"))


def wait_ready(
    process: subprocess.Popen[bytes], service: Service, *, give_up: Callable[[], bool] = lambda: False
) -> bool:
    """False when it ended, took too long or `give_up` says so. The child's life is checked before readiness is asked for:
    otherwise an old server that is still going down would answer in its place."""
    deadline = time.monotonic() + service.start_within
    while time.monotonic() < deadline and not give_up():
        if process.poll() is not None:
            return False
        if service.ready():
            return process.poll() is None
        time.sleep(0.05)
    return False


def stop(process: subprocess.Popen[bytes], service: Service, *, hurry: Callable[[], bool] = lambda: False) -> None:
    """Asks, waits for `patience` seconds (one second once `hurry` says so), then kills the whole group."""
    began = time.monotonic()
    if process.poll() is None:
        signal_one(process.pid, service.stop_signal)
    while process.poll() is None and time.monotonic() - began < (1.0 if hurry() else service.patience):
        time.sleep(0.02)
    # Also when the leader has gone by itself: its own children may be left.
    signal_group(process.pid, signal.SIGKILL)
    process.wait()


def signal_one(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def last_lines(log: Path, count: int = 8) -> str:
    """The end of a log, for the sentence that says why a child did not start."""
    try:
        lines = log.read_bytes()[-4000:].decode(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines[-count:])
