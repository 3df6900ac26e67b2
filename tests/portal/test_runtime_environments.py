"""Each process of a desk is handed what it needs: no program that is not ours gets a key or a password."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from portal.runtime import process
from portal.runtime.desk import Desk, Engines
from portal.runtime.engines import Postgres, Valkey
from portal.runtime.folder import Folder
from portal.runtime.process import Service

SECRETS = {"SECRET_KEY", "HOLDFAST_VAULT_KEYS", "EMAIL_URL", "DATABASE_PASSWORD", "HOLDFAST_METRICS_TOKEN"}
FIRST_PASSWORD = "HOLDFAST_ADMIN_PASSWORD"
SAY_NAMES = "import json, os; print(json.dumps(sorted(os.environ)))"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in (*SECRETS, FIRST_PASSWORD):
        monkeypatch.setenv(name, "hunter2")
    folder = Folder(tmp_path / "data")
    folder.prepare()
    return Desk(folder, "127.0.0.1", 8000, Engines(None, None), {"vps-org": 9000})


def names_handed_to(service: Service) -> set[str]:
    """What a real child of this service finds in its environment."""
    asked = replace(service, command=[sys.executable, "-c", SAY_NAMES], cwd=Path("/"))
    return set(json.loads(process.run(asked, give_up=lambda: False).stdout))


@pytest.mark.parametrize("child", [Desk.web, Desk.worker, Desk.actions, Desk.beat, Desk.prepare])
def test_our_own_processes_get_the_desk_s_secrets(desk: Desk, child: Callable[[Desk], Service]):
    assert names_handed_to(child(desk)) >= SECRETS | {"PATH", "HOLDFAST_DATA"}


@pytest.mark.parametrize("child", [Desk.web, Desk.worker, Desk.actions, Desk.beat])
def test_the_first_administrator_s_password_reaches_only_the_command_that_uses_it(
    desk: Desk, child: Callable[[Desk], Service]
):
    assert FIRST_PASSWORD not in names_handed_to(child(desk))
    assert FIRST_PASSWORD in names_handed_to(desk.prepare())


def test_engines_and_sandbox_get_no_secret_at_all(desk: Desk, tmp_path: Path):
    strangers = [
        desk.stand_ins(),
        Postgres(tmp_path / "postgres", tmp_path, tmp_path / "postgres.log", None).service(),
        Valkey(tmp_path / "valkey", tmp_path, tmp_path / "valkey.log", None).service(),
    ]
    for service in strangers:
        handed = names_handed_to(service)
        assert "PATH" in handed
        assert not {name for name in handed if name in SECRETS or name.startswith("HOLDFAST_")}, service.name


def test_the_programs_of_postgres_get_no_secret_either(desk: Desk, tmp_path: Path):
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "psql").write_text(f"#!/bin/sh\nexec {shlex.join([sys.executable, '-c', SAY_NAMES])}\n")
    (programs / "psql").chmod(0o755)
    postgres = Postgres(tmp_path / "postgres", tmp_path, tmp_path / "postgres.log", None, programs=programs)
    assert not SECRETS & set(json.loads(postgres.run_program("psql")))
    assert desk.engines.postgres is None
