"""What can't work is refused with one sentence, before anything is touched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.runtime import bootstrap, engines, leftovers, ports
from portal.runtime.folder import Folder
from portal.runtime.identity import engine_identity
from portal.runtime.problems import Problem
from tests.portal import runtime


@pytest.fixture
def home() -> Iterator[Path]:
    # Not pytest's tmp_path: as root the engines' own user has to be able to enter it.
    home = Path(tempfile.mkdtemp(prefix="hf-no-", dir="/tmp"))
    home.chmod(0o755)
    yield home
    shutil.rmtree(home, ignore_errors=True)


def test_a_data_folder_that_can_t_be_written_gets_one_sentence(home: Path):
    (home / "file").write_text("in the way")
    code, said = runtime.try_to_start(home / "file" / "data", runtime.free_port())
    assert code == 1
    assert len(said.splitlines()) == 1
    assert said.startswith(f"The data folder {home / 'file' / 'data'} can't be written to (Not a directory).")


def test_a_cluster_of_another_postgresql_is_refused_untouched_with_what_to_do(home: Path):
    cluster = home / "data" / "postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("17\n")
    code, said = runtime.try_to_start(home / "data", runtime.free_port())
    assert code == 1
    assert "was written by PostgreSQL 17, and this Holdfast brings 18." in said
    assert "bin/manage move_postgres" in said
    assert [path.name for path in cluster.iterdir()] == ["PG_VERSION"]


def test_a_folder_that_is_no_cluster_is_not_taken_for_one(home: Path):
    (home / "postgres").mkdir()
    (home / "postgres" / "precious").write_text("data")
    postgres = engines.Postgres(home / "postgres", home, home / "log", engine_identity())
    with pytest.raises(Problem, match="holds no PostgreSQL cluster"):
        postgres.prepare()
    assert (home / "postgres" / "precious").read_text() == "data"


def test_without_a_new_enough_python_the_shell_says_what_is_needed(home: Path):
    for tool in ("sh", "dirname"):
        (home / tool).symlink_to(shutil.which(tool) or "")
    done = subprocess.run(
        [shutil.which("sh") or "sh", str(runtime.ROOT / "bin" / "up")],
        env={"PATH": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Holdfast needs Python 3.11 or newer, and none was found here")


@pytest.mark.parametrize("port", ["0", "65536"])
def test_a_number_that_is_no_port_is_refused(home: Path, port: str):
    done = subprocess.run(
        [str(runtime.ROOT / "bin" / "up"), "--data", str(home), "--port", port],
        env=runtime.plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f"{port} is no port" in done.stderr


def test_a_folder_in_use_can_t_be_held_twice(home: Path):
    first, second = Folder(home), Folder(home)
    first.prepare()
    assert first.try_hold()
    assert not second.try_hold()


def test_secrets_are_made_once_and_not_when_they_are_given(home: Path):
    folder = Folder(home)
    folder.prepare()
    made = folder.secret_environment({"SECRET_KEY_FILE": "/run/secrets/key"})
    assert set(made) == {"HOLDFAST_VAULT_KEYS_FILE"}
    key = Path(made["HOLDFAST_VAULT_KEYS_FILE"])
    before = key.read_text()
    assert key.stat().st_mode & 0o777 == 0o600
    folder.secret_environment({})
    assert key.read_text() == before


def test_a_long_log_is_set_aside(home: Path):
    folder = Folder(home)
    folder.prepare()
    (folder.logs / "web.log").write_bytes(b"x" * (6 * 1024 * 1024))
    assert not folder.log("web").exists()
    assert (folder.logs / "web.log.1").stat().st_size == 6 * 1024 * 1024


def test_sockets_of_a_deep_data_folder_live_elsewhere(home: Path):
    deep = home / ("deep" * 30)
    run = engines.make_run_folder(None, deep / "sockets")
    try:
        assert len(os.fsencode(run / ".s.PGSQL.5432.lock")) < 107
    finally:
        run.rmdir()


def test_a_stale_postmaster_file_of_a_reused_process_id_is_removed(home: Path):
    (home / "postmaster.pid").write_text(f"{os.getpid()}\n{home}\n")
    engines.clear_stale_postmaster(home)
    assert not (home / "postmaster.pid").exists()


def test_a_process_that_only_has_the_same_number_as_a_leftover_is_left_alone():
    with subprocess.Popen(["sleep", "60"]) as stranger:
        state = {"children": {"web": {"pid": stranger.pid, "started": "12345", "signal": 15}}}
        assert leftovers.end(state) == []
        assert stranger.poll() is None
        stranger.kill()


def test_a_leftover_is_ended():
    with subprocess.Popen(["sleep", "60"], process_group=0) as orphan:
        state = {"children": {"web": {"pid": orphan.pid, "started": leftovers.started_at(orphan.pid), "signal": 15}}}
        assert leftovers.end(state) == ["web"]
        assert orphan.wait(5) == -15


def test_the_sandbox_keeps_its_ports_while_they_are_free(home: Path):
    first = ports.sandbox_ports(home)
    assert ports.sandbox_ports(home) == first
    assert len(set(first.values())) == len(ports.SANDBOX_PORTS)


def test_a_folder_of_before_the_mail_catcher_gets_its_ports_and_keeps_the_others(home: Path):
    first = ports.sandbox_ports(home)
    old = {name: port for name, port in first.items() if name not in ports.MAIL_PORTS}
    (home / "ports.json").write_text(json.dumps(old))
    assert {name: port for name, port in ports.sandbox_ports(home).items() if name in old} == old
    assert ports.sandbox_ports(home).keys() == first.keys()


def test_a_folder_that_is_no_virtual_environment_is_never_removed(home: Path):
    (home / "precious").write_text("data")
    with pytest.raises(Problem, match="is no virtual environment"):
        bootstrap._make(home)
    assert (home / "precious").exists()


def test_the_development_lock_holds_the_runtime_lock():
    def pins(name: str) -> set[str]:
        return {
            line.split(" ")[0] for line in (runtime.ROOT / name).read_text().splitlines() if "==" in line.split(" ")[0]
        }

    assert pins(bootstrap.RUNTIME_LOCK) <= pins(bootstrap.DEV_LOCK)
    assert all(
        "://" not in (runtime.ROOT / lock).read_text() for lock in (bootstrap.RUNTIME_LOCK, bootstrap.BOOTSTRAP_LOCK)
    )
