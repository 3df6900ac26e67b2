"""bin/test: everything that has to hold, step by step, with the time that each took."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from portal.runtime import engines
from portal.runtime.bootstrap import ROOT
from portal.runtime.problems import Problem

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_APT_PACKAGES: Final = ("chromium", "fonts-dejavu-core")
# What Django's deployment check wants to see: the settings of a desk behind https.
_DEPLOYED: Final = {
    "SECRET_KEY": "checked-but-never-used-" + "".join(chr(33 + number) for number in range(60)),
    "HOLDFAST_VAULT_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "HOLDFAST_BASE_URL": "https://desk.example",
    "HOLDFAST_BEHIND_PROXY": "1",
    "HOLDFAST_HSTS_SUBDOMAINS": "1",
}


@dataclass(frozen=True)
class Step:
    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


def checks(arguments: list[str]) -> int:
    """Without arguments everything but the long tests; `--long` adds those; others go to pytest, which then runs alone."""
    long = "--long" in arguments
    rest = [argument for argument in arguments if argument != "--long"]
    _require_browser()
    with engines.throw_away() as (database, broker):
        os.environ.update(DATABASE_URL=database, REDIS_URL=broker)
        steps = [] if rest else _static_steps()
        return _run([*steps, _pytest(rest, long=long)])


def _static_steps() -> list[Step]:
    tools = Path(sys.executable).parent
    return [
        Step("ruff check", [str(tools / "ruff"), "check", "--quiet", "."]),
        Step("ruff format", [str(tools / "ruff"), "format", "--check", "--quiet", "."]),
        Step("import-linter", [str(tools / "lint-imports"), "--no-cache"]),
        Step("mypy", [str(tools / "mypy"), "."]),
        Step("djlint lint", [str(tools / "djlint"), "--lint", "--quiet", "templates"]),
        Step("migrations", [sys.executable, "manage.py", *shlex.split("makemigrations --check --dry-run")], _DEPLOYED),
        Step(
            "system checks",
            [sys.executable, "manage.py", *shlex.split("check --deploy --fail-level WARNING")],
            _DEPLOYED,
        ),
    ]


def _pytest(arguments: list[str], *, long: bool) -> Step:
    chosen = [] if long or "-m" in arguments else ["-m", "not long"]
    return Step("pytest", [sys.executable, "-m", "pytest", "--durations=10", *chosen, *arguments])


def _run(steps: Sequence[Step]) -> int:
    began = time.monotonic()
    results = []
    for step in steps:
        print(f"--- {step.name}", flush=True)
        step_began = time.monotonic()
        done = subprocess.run(step.command, cwd=ROOT, env={**os.environ, **step.env}, check=False)
        results.append((step.name, done.returncode, time.monotonic() - step_began))
    print("\n--- summary")
    for name, code, took in results:
        print(f"{'ok    ' if code == 0 else 'FAILED'}  {took:7.1f} s  {name}")
    print(f"        {time.monotonic() - began:7.1f} s  in all", flush=True)
    return int(any(code for _, code, _ in results))


def _require_browser() -> None:
    if any(map(shutil.which, BROWSERS)):
        return
    how = f"apt-get install --no-install-recommends {' '.join(_APT_PACKAGES)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Problem(f"The browser tests need Chromium, which is not here. Install it with: {how}")
    print("Installing Chromium for the browser tests ...", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], [*shlex.split(how), "-y", "-qq"]):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Problem(f"Chromium could not be installed ({shlex.join(command)}):\n{done.stderr.strip()[-1500:]}")
