"""Moving the data of an older PostgreSQL, with a real older PostgreSQL where this machine has one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.runtime import engines
from portal.runtime.identity import engine_identity
from portal.runtime.move import move
from portal.runtime.problems import Problem
from tests.portal import runtime

OLDER = next(iter(sorted(Path("/usr/lib/postgresql").glob("1[4-7]/bin"))), None)


@pytest.fixture
def home() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix="hf-mv-", dir="/tmp"))
    home.chmod(0o755)
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.mark.skipif(OLDER is None, reason="there is no older PostgreSQL on this machine")
def test_an_older_cluster_is_moved_with_its_rows_and_kept(home: Path):
    assert OLDER is not None
    old = postgres(home, programs=OLDER)
    make_old_cluster(old)
    done = subprocess.run(
        [str(runtime.ROOT / "bin" / "manage"), "move_postgres", str(OLDER)],
        env=runtime.plain_environment(HOLDFAST_DATA=str(home / "data")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Moved from PostgreSQL {OLDER.parent.name} to 18.")
    assert (home / "data" / f"postgres-{OLDER.parent.name}" / "PG_VERSION").exists()
    ours = postgres(home)
    with engines.running(ours):
        assert ours.run_program("psql", *ours.door, "-d", "holdfast", "-Atc", "SELECT name FROM kept").split() == ["Ω"]
    assert runtime.processes_naming(str(home)) == []


def test_a_folder_of_our_own_version_is_left_alone(home: Path):
    ours = postgres(home)
    ours.prepare()
    assert "nothing to move" in move(ours, None)


def test_a_folder_without_programs_is_refused(home: Path):
    ours = postgres(home)
    ours.data.mkdir()
    (ours.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(Problem, match="There are no PostgreSQL programs in"):
        move(ours, home)


def postgres(home: Path, programs: Path | None = None) -> engines.Postgres:
    data = home / "data"
    data.mkdir(exist_ok=True)
    run = engines.make_run_folder(engine_identity(), home / "run")
    return engines.Postgres(data / "postgres", run, home / "log", engine_identity(), engines.THROW_AWAY, programs)


def make_old_cluster(old: engines.Postgres) -> None:
    old.data.mkdir(mode=0o700)
    if old.identity:
        os.chown(old.data, old.identity.uid, old.identity.gid)
    old.run_program(
        "initdb", "-D", str(old.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"
    )
    with engines.running(old, make_clusters=False):
        old.run_program("createdb", *old.door, "holdfast")
        old.run_program(
            "psql", *old.door, "-d", "holdfast", "-c", "CREATE TABLE kept (name text); INSERT INTO kept VALUES ('Ω')"
        )
