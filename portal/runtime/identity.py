"""Who the engines run as. PostgreSQL refuses to run as root, so root hands the engines to a system user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.runtime.problems import Problem

USER: Final = "holdfast"
_TOOL_PATH: Final = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


@dataclass(frozen=True)
class Identity:
    name: str
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def engine_identity() -> Identity | None:
    """None for an ordinary user, who simply keeps their own identity."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(USER)
    except KeyError:
        _make_user()
        entry = pwd.getpwnam(USER)
    return Identity(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _make_user() -> None:
    if shutil.which("useradd", path=_TOOL_PATH):
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", USER]
    elif shutil.which("adduser", path=_TOOL_PATH):
        command = ["adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", USER]
    else:
        raise Problem(
            f"PostgreSQL does not run as root, and there is no useradd here to make the system user '{USER}'. "
            f"Make that user, or start Holdfast as an ordinary user."
        )
    done = subprocess.run(command, env={"PATH": _TOOL_PATH}, capture_output=True, text=True, check=False)
    # Two starts at once both try; the later one finds the user made.
    if done.returncode and not _user_exists():
        raise Problem(f"The system user '{USER}' for the engines could not be made: {done.stderr.strip()}")


def _user_exists() -> bool:
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return False
    return True


def require_reach(identity: Identity | None, path: Path, what: str) -> None:
    """Stops with a sentence when the engines' user can't enter `path`."""
    if identity is None:
        return
    reached = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(path)],
        user=identity.uid,
        group=identity.gid,
        extra_groups=[],
        env={"PATH": _TOOL_PATH},
        cwd="/",
        capture_output=True,
        check=False,
    )
    if reached.returncode:
        raise Problem(
            f"Started as root, the engines run as the system user '{identity.name}', which can't enter the {what} {path}. "
            f"Put it below a folder that everyone may enter, or start Holdfast as the user who owns it."
        )
