"""bin/manage: manage.py in the environment of the data folder, beside a running bin/up or with engines of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from portal.runtime import leftovers
from portal.runtime.bootstrap import ROOT
from portal.runtime.desk import Desk, embedded_engines
from portal.runtime.folder import Folder
from portal.runtime.move import move
from portal.runtime.problems import Problem
from portal.runtime.supervisor import Stopping, Supervisor

NAME: Final = "bin/manage"
PATIENCE_SECONDS: Final = 60.0


def manage(data: Path, arguments: list[str], *, port: int) -> int:
    folder = Folder(data)
    folder.prepare()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not folder.try_hold():
        state = folder.read_state()
        if state.get("owner") == "bin/up" and arguments[:1] != ["move_postgres"]:
            return _run(arguments, state["environment"])
        # Another bin/manage has its engines up for a moment.
        if time.monotonic() > deadline:
            raise Problem(
                f"The data folder {folder.path} has been in use by another process for {PATIENCE_SECONDS:.0f} s."
            )
        time.sleep(0.2)
    leftovers.end(folder.read_state())
    if arguments[:1] == ["move_postgres"]:
        return _move(folder, arguments[1:])
    return _with_engines(folder, arguments, port)


def _move(folder: Folder, arguments: list[str]) -> int:
    postgres = embedded_engines(folder, os.environ).postgres
    if postgres is None:
        raise Problem("DATABASE_URL names a PostgreSQL of your own, which is not Holdfast's to move.")
    print(move(postgres, Path(arguments[0]) if arguments else None))
    return 0


def _with_engines(folder: Folder, arguments: list[str], port: int) -> int:
    desk = Desk(folder, "127.0.0.1", port, embedded_engines(folder, os.environ))
    environment = desk.environment(os.environ)
    supervisor = Supervisor(lambda sentence: print(sentence, file=sys.stderr))
    supervisor.note = lambda children: folder.write_state({"owner": NAME, "pid": os.getpid(), "children": children})
    supervisor.listen()
    try:
        engines = desk.engines.prepared()
        supervisor.launch(*engines)
        supervisor.settle(*engines)
        desk.engines.make_database()
        return _run(arguments, environment)
    except Stopping:
        return 130
    finally:
        supervisor.stop()
        folder.clear_state()


def _run(arguments: list[str], environment: Mapping[str, str]) -> int:
    # Ctrl-C reaches the command too, being in the same process group: it ends by itself, and the engines after it.
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode
