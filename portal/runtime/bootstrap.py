"""Makes the virtual environment from the locks, then becomes the program that was asked for.

    python -m portal.runtime.bootstrap [--dev] MODULE [ARGUMENTS...]

Runs under whatever Python the shell found, so it imports the standard library only and nothing of an installed package.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from portal.runtime.problems import Problem

ROOT: Final = Path(__file__).resolve().parent.parent.parent
BOOTSTRAP_LOCK: Final = "requirements-bootstrap.lock"
RUNTIME_LOCK: Final = "requirements.lock"
# Holds everything of the runtime lock too, in the same versions (a test compares them).
DEV_LOCK: Final = "requirements-dev.lock"
OLDEST: Final = (3, 11)
# uv does not read pip's settings; people behind a mirror have set these and expect them to be obeyed.
_UV_NAMES: Final = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_CERT": "SSL_CERT_FILE",
}


def virtual_environment() -> Path:
    return Path(os.environ.get("HOLDFAST_VENV") or ROOT / ".venv").expanduser().absolute()


def ensure(venv: Path, *, dev: bool) -> Path:
    """Brings the environment in step with its lock; returns its Python. Nothing is done when the stamp matches."""
    lock = DEV_LOCK if dev else RUNTIME_LOCK
    python = venv / "bin" / "python"
    if _stamped(venv, lock) and os.access(python, os.X_OK):
        return python
    # Two first starts at once: the second waits, then finds everything done.
    with (ROOT / BOOTSTRAP_LOCK).open() as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not (_stamped(venv, lock) and os.access(python, os.X_OK)):
            _install(venv, python, lock)
    return python


def _install(venv: Path, python: Path, lock: str) -> None:
    began = time.monotonic()
    try:
        venv.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(
            f"The virtual environment {venv} can't be made ({error.strerror}). HOLDFAST_VENV names another."
        ) from error
    if not os.access(venv, os.W_OK):
        raise Problem(
            f"The virtual environment {venv} is out of date or can't be used by this user, and belongs to another one. "
            f"Name one of your own with HOLDFAST_VENV."
        )
    print(f"Installing what {lock} names into {venv} (once, about 100 packages of known hash) ...", flush=True)
    if not _works(python):
        _make(venv)
    environment = _installer_environment()
    uv = venv / "bin" / "uv"
    requirements = ["--require-hashes", "-r", str(ROOT / lock)]
    by_uv = _run(
        [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", ROOT / BOOTSTRAP_LOCK], environment
    )
    if by_uv is None:
        by_uv = _run([uv, "pip", "install", "--quiet", "--python", python, *requirements], environment)
    if by_uv is not None:
        print("uv could not do it, so plain pip does; that takes about half a minute longer.", flush=True)
        by_pip = _run([python, "-m", "pip", "install", "--quiet", *requirements], environment)
        if by_pip is not None:
            raise Problem(f"The packages could not be installed. pip says:\n{by_pip}\nuv said:\n{by_uv}")
    _write_stamp(venv, lock)
    print(f"Installed in {time.monotonic() - began:.0f} s.", flush=True)


def _make(venv: Path) -> None:
    if venv.exists():
        # Only ever removes what is a virtual environment, or an empty folder.
        if any(venv.iterdir()) and not (venv / "pyvenv.cfg").exists():
            raise Problem(
                f"{venv} exists and is no virtual environment. Move it away, or name another with HOLDFAST_VENV."
            )
        shutil.rmtree(venv)
    made = _run([sys.executable, "-m", "venv", venv], os.environ)
    if made is not None:
        raise Problem(
            f"Python can't make a virtual environment. On Debian and Ubuntu this is cured by: apt-get install "
            f"python{sys.version_info.major}.{sys.version_info.minor}-venv\n{made}"
        )


def _works(python: Path) -> bool:
    """False also for an environment whose Python was removed or replaced by another minor version."""
    if not os.access(python, os.X_OK):
        return False
    asked = subprocess.run(
        [python, "-c", "import sys, pip; print('%d.%d' % sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.returncode == 0 and tuple(map(int, asked.stdout.split("."))) >= OLDEST


def _installer_environment() -> dict[str, str]:
    environment = dict(os.environ)
    # A virtual environment that happens to be active is not the one meant.
    environment.pop("VIRTUAL_ENV", None)
    for pip_name, uv_name in _UV_NAMES.items():
        if pip_name in environment and uv_name not in environment:
            environment[uv_name] = environment[pip_name]
    return environment


def _run(command: list[str | Path], environment: Mapping[str, str]) -> str | None:
    """None when it went well, else the end of what it said."""
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except OSError as error:
        return str(error)
    return None if done.returncode == 0 else (done.stdout + done.stderr).strip()[-2000:]


def _digest(lock: str) -> str:
    content = (ROOT / lock).read_bytes()
    return hashlib.sha256(content).hexdigest()


def _stamp_file(venv: Path) -> Path:
    return venv / "holdfast-stamp.json"


def _stamped(venv: Path, lock: str) -> bool:
    try:
        stamp: dict[str, str] = json.loads(_stamp_file(venv).read_text())
    except (OSError, ValueError):
        return False
    return stamp.get(lock) == _digest(lock)


def _write_stamp(venv: Path, lock: str) -> None:
    covered = [RUNTIME_LOCK, DEV_LOCK] if lock == DEV_LOCK else [RUNTIME_LOCK]
    _stamp_file(venv).write_text(json.dumps({name: _digest(name) for name in covered}))


def main(arguments: list[str]) -> None:
    dev = arguments[:1] == ["--dev"]
    module, *rest = arguments[1:] if dev else arguments
    python = ensure(virtual_environment(), dev=dev)
    os.execv(python, [str(python), "-m", module, *rest])  # noqa: S606 - becoming it is the point


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Problem as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)
