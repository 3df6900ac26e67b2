"""bin/up: the whole desk in the foreground, until it is asked to stop."""

from __future__ import annotations

import http.client
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from portal.runtime import leftovers, ports
from portal.runtime.desk import Desk, embedded_engines
from portal.runtime.folder import Folder
from portal.runtime.problems import Problem
from portal.runtime.supervisor import Stopping, Supervisor

READY_WITHIN: Final = 120.0


@dataclass(frozen=True)
class Wishes:
    data: Path
    host: str
    port: int
    demo: bool


def say(sentence: str) -> None:
    print(sentence, flush=True)


def up(wishes: Wishes) -> None:
    supervisor = Supervisor(say)
    supervisor.listen()
    folder = Folder(wishes.data)
    folder.prepare()
    if not folder.try_hold():
        raise Problem(_in_use(folder))
    for name in leftovers.end(folder.read_state()):
        say(f"{name} was still running from a start that was killed; it was ended.")
    ports.require_free(wishes.host, wishes.port)
    stand_ins = ports.sandbox_ports(folder.path / "sandbox") if wishes.demo else {}
    desk = Desk(folder, wishes.host, wishes.port, embedded_engines(folder, os.environ), stand_ins)
    supervisor.note = lambda children: _note(desk, children)
    try:
        _start(supervisor, desk)
        supervisor.watch()
    except Stopping:
        pass
    finally:
        say("Stopping ...")
        supervisor.stop()
        folder.clear_state()
    say("Stopped; nothing is lost, and the next start goes on from here.")


def _start(supervisor: Supervisor, desk: Desk) -> None:
    engines = desk.engines.prepared()
    stand_ins = [desk.stand_ins()] if desk.sandbox else []
    supervisor.launch(*engines, *stand_ins)
    supervisor.settle(*engines)
    desk.engines.make_database()
    supervisor.settle(*stand_ins)
    told = supervisor.run_once(desk.prepare())
    if told.strip():
        say(told.strip())
    supervisor.launch(desk.web(), desk.worker(), desk.actions(), desk.beat())
    if not supervisor.watch_until(lambda: desk.asks("/readyz") == http.client.OK, READY_WITHIN):
        supervisor.check()
        raise Problem(
            f"The desk was not ready after {READY_WITHIN:.0f} s; {desk.url}/readyz and {desk.folder.logs} say why."
        )
    if not desk.is_loopback and "HOLDFAST_INSECURE_HTTP" not in os.environ:
        say(
            "Signing in needs https here: put a TLS proxy in front, or set HOLDFAST_INSECURE_HTTP=1 in a network you trust."
        )
    say(f"ready: {desk.url}/")


def _note(desk: Desk, children: dict[str, Any]) -> None:
    desk.folder.write_state(
        {"owner": "bin/up", "pid": os.getpid(), "environment": desk.environment(os.environ), "children": children}
    )


def _in_use(folder: Folder) -> str:
    state = folder.read_state()
    who = f"{state['owner']} (process {state['pid']})" if state else "another process"
    return f"The data folder {folder.path} is in use by {who}. Stop that one first, or name another folder with --data DIR."
