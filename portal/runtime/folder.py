"""The data folder: who holds it, its secrets, its logs, and what is running from it."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

from portal.runtime.problems import Problem

LONGEST_LOG: Final = 5 * 1024 * 1024


@dataclass
class Folder:
    path: Path
    _lock: TextIO | None = field(default=None, repr=False)

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def state_file(self) -> Path:
        return self.run / "state.json"

    def prepare(self) -> None:
        # As root the engines' system user has to pass through; everything private below has a mode of its own.
        mode = 0o755 if os.geteuid() == 0 else 0o700
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=mode)
            self.run.mkdir(exist_ok=True, mode=mode)
            self.logs.mkdir(exist_ok=True, mode=0o700)
            self.secrets.mkdir(exist_ok=True, mode=0o700)
            (self.run / "lock").open("a").close()
        except OSError as error:
            raise Problem(
                f"The data folder {self.path} can't be written to ({error.strerror}). "
                f"Make it writable for {_me()}, or name another with --data DIR."
            ) from error

    def try_hold(self) -> bool:
        """Takes the folder for this process until it ends; False when another one has it."""
        lock = (self.run / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def log(self, name: str) -> Path:
        """Where `name` writes; a long log is set aside as NAME.log.1 first."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LONGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path

    def secret(self, name: str, make: Callable[[], str]) -> Path:
        path = self.secrets / name
        if not path.exists():
            # Written beside and renamed, so that a crash leaves a whole key or none.
            fresh = path.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(make() + "\n")
                os.fsync(file.fileno())
            fresh.rename(path)
        return path

    def secret_environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """The secrets that the environment does not bring, as _FILE names; made on the first start."""
        makers = {"SECRET_KEY": _django_key, "HOLDFAST_VAULT_KEYS": _fernet_key}
        return {
            f"{name}_FILE": str(self.secret(name.lower(), make))
            for name, make in makers.items()
            if not given.get(name) and not given.get(f"{name}_FILE")
        }

    def write_state(self, state: Mapping[str, Any]) -> None:
        fresh = self.state_file.with_suffix(".new")
        fresh.write_text(json.dumps(state))
        fresh.chmod(0o600)
        fresh.replace(self.state_file)

    def read_state(self) -> dict[str, Any]:
        """Empty when nothing runs, or when the writer was killed before its first word."""
        try:
            state = json.loads(self.state_file.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def clear_state(self) -> None:
        self.state_file.unlink(missing_ok=True)


def _django_key() -> str:
    return secrets.token_urlsafe(50)


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _me() -> str:
    return "root" if os.geteuid() == 0 else os.environ.get("USER", f"user {os.geteuid()}")
