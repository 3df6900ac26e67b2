"""Starts services in order, starts again what ends, stops all in reverse order."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final

from portal.runtime import leftovers, process
from portal.runtime.problems import Problem
from portal.runtime.process import Service

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
# Who has lived this long has recovered: the next pause is short again.
STEADY_AFTER: Final = 60.0


class Stopping(Exception):
    """A stop was asked for while something was being waited for."""


@dataclass
class Child:
    service: Service
    process: subprocess.Popen[bytes]
    started: float
    pause: float = FIRST_PAUSE
    start_again_at: float | None = None


class Supervisor:
    def __init__(self, say: Callable[[str], None]) -> None:
        """`say` takes sentences for people."""
        self._say = say
        # Takes what a later start needs to find leftovers, whenever that changes.
        self.note: Callable[[dict[str, Any]], None] = lambda _children: None
        self._children: list[Child] = []
        self._asked = 0

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1

    @property
    def stopping(self) -> bool:
        return self._asked > 0

    def check(self) -> None:
        if self.stopping:
            raise Stopping

    def launch(self, *services: Service) -> None:
        for service in services:
            self.check()
            self._children.append(Child(service, process.start(service), time.monotonic()))
            self._write_down()

    def settle(self, *services: Service) -> None:
        """Returns when these, launched before, are ready; a service that is not stops the whole start with its log."""
        names = {service.name for service in services}
        for child in [child for child in self._children if child.service.name in names]:
            if process.wait_ready(child.process, child.service, give_up=lambda: self.stopping):
                continue
            self.check()
            name, log = child.service.name, child.service.log
            raise Problem(f"{name} did not start. Its log ({log}) ends with:\n{process.last_lines(log)}")

    def run_once(self, service: Service) -> str:
        """Runs a command to its end and returns what it said on standard output; its standard error is in its log."""
        service.log.touch()
        done = process.run(service, give_up=lambda: self.stopping)
        self.check()
        if done.returncode:
            raise Problem(
                f"{service.name} failed. Its log ({service.log}) ends with:\n{process.last_lines(service.log)}"
            )
        return done.stdout

    def watch_until(self, done: Callable[[], bool], within: float) -> bool:
        """Looks after the children until `done`, a stop, or the end of the time; tells whether it was `done`."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline and not self.stopping:
            self._look_after()
            if done():
                return True
            time.sleep(0.2)
        return False

    def watch(self) -> None:
        while not self.stopping:
            self._look_after()
            time.sleep(0.2)

    def _look_after(self) -> None:
        for child in self._children:
            now = time.monotonic()
            if child.start_again_at is None and child.process.poll() is not None:
                self._plan_restart(child, now)
            elif child.start_again_at is not None and now >= child.start_again_at and not self.stopping:
                child.process = process.start(child.service)
                child.started, child.start_again_at = now, None
                self._write_down()

    def _plan_restart(self, child: Child, now: float) -> None:
        # Its own children would hold its port or its queue against the new one.
        process.signal_group(child.process.pid, signal.SIGKILL)
        if now - child.started > STEADY_AFTER:
            child.pause = FIRST_PAUSE
        child.start_again_at = now + child.pause
        self._say(
            f"{child.service.name} ended ({_how(child.process.returncode)}); starting it again in {child.pause:g} s. "
            f"Its log is {child.service.log}."
        )
        child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def stop(self) -> None:
        already = self._asked
        for child in reversed(self._children):
            process.stop(child.process, child.service, hurry=lambda: self._asked > already)
        self._children.clear()
        self._write_down()

    def _write_down(self) -> None:
        self.note(
            {
                child.service.name: {
                    "pid": child.process.pid,
                    "started": leftovers.started_at(child.process.pid),
                    "signal": int(child.service.stop_signal),
                }
                for child in self._children
            }
        )


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
