"""bin/up as people meet it: it starts, says so once, heals its children, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.portal import runtime
from tests.portal.runtime import Started

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes by /proc")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    # Not pytest's tmp_path: as root the engines' own user has to be able to enter it.
    home = Path(tempfile.mkdtemp(prefix="hf-up-", dir="/tmp"))
    home.chmod(0o755)
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def desk(home: Path) -> Iterator[Started]:
    """One desk for all tests here that don't end it."""
    started = runtime.start(
        home / "desk",
        runtime.free_port(),
        HOLDFAST_ADMIN_EMAIL="alice@agency.example",
        HOLDFAST_ADMIN_PASSWORD="cobalt-heron-42",
    )
    try:
        started.wait_for_line("ready:")
        yield started
    finally:
        started.stop()


def test_it_says_once_that_it_is_ready_and_is(desk: Started):
    assert [line for line in desk.said if line.startswith("ready:")] == [f"ready: http://127.0.0.1:{desk.port}/"]
    answer = desk.asks("/readyz")
    assert answer["ready"] is True
    assert all(part["ok"] for part in answer["parts"].values())


def test_the_administrator_from_the_environment_is_made_and_the_password_is_not_repeated(desk: Started):
    assert any("alice@agency.example" in line for line in desk.said)
    assert not any("cobalt-heron-42" in line for line in desk.said)


def test_secrets_and_state_are_for_the_owner_alone(desk: Started):
    for path in [*(desk.data / "secrets").iterdir(), desk.data / "run" / "state.json"]:
        assert path.stat().st_mode & 0o077 == 0, path
    for folder in ("secrets", "logs", "postgres", "valkey"):
        assert (desk.data / folder).stat().st_mode & 0o077 == 0, folder


def test_no_engine_and_no_server_holds_the_first_administrator_s_password(desk: Started):
    for child in desk.state()["children"]:
        assert b"cobalt-heron-42" not in Path(f"/proc/{desk.pid(child)}/environ").read_bytes(), child


def test_a_second_start_on_the_same_folder_gets_one_sentence(desk: Started):
    code, said = runtime.try_to_start(desk.data, runtime.free_port())
    assert code == 1
    assert len(said.splitlines()) == 1
    assert f"The data folder {desk.data} is in use by bin/up (process {desk.process.pid})" in said


def test_a_taken_port_gets_one_sentence(desk: Started, home: Path):
    code, said = runtime.try_to_start(home / "other", desk.port)
    assert code == 1
    assert said == (
        f"Port {desk.port} on 127.0.0.1 is taken by another program. Stop that one, or choose another with --port N."
    )


def test_manage_works_beside_a_running_desk(desk: Started):
    done = manage(desk.data, "shell", "-c", "from accounts.models import User; print(User.objects.get().email)")
    assert done.splitlines()[-1] == "alice@agency.example"


@pytest.mark.parametrize("child", ["web", "worker", "actions", "beat", "valkey", "postgres"])
def test_a_killed_child_is_started_again_and_said_so(desk: Started, child: str):
    before = desk.pid(child)
    os.kill(before, signal.SIGKILL)
    assert "killed by SIGKILL" in desk.wait_for_line(f"{child} ended")
    wait_until(lambda: desk.pid(child) != before)
    wait_until(lambda: is_ready(desk))


def test_a_stop_leaves_no_process_and_the_next_start_goes_on(home: Path):
    port = runtime.free_port()
    first = runtime.start(home / "again", port)
    try:
        first.wait_for_line("ready:")
        password = next(line for line in first.said if line.startswith("password:"))
        assert re.fullmatch(r"password: \S{12,}", password)
        keys = {path.name: path.read_text() for path in (first.data / "secrets").iterdir()}
        began = time.monotonic()
        assert first.stop(signal.SIGINT) == 0
        assert time.monotonic() - began < 15
        assert first.left_behind() == []
        assert "FATAL" not in (first.data / "logs" / "postgres.log").read_text().split("shutting down")[-1]
    finally:
        first.stop(signal.SIGKILL)
    alone = manage(home / "again", "shell", "-c", "from accounts.models import User; print(User.objects.count())")
    assert alone.splitlines()[-1] == "1"
    assert runtime.processes_naming(str(home / "again")) == []

    second = runtime.start(home / "again", port)
    try:
        second.wait_for_line("ready:")
        assert not any(line.startswith("password:") for line in second.said)
        assert {path.name: path.read_text() for path in (second.data / "secrets").iterdir()} == keys
        kill_the_whole_tree(second)
        third = runtime.start(home / "again", port)
        try:
            third.wait_for_line("ready:")
        finally:
            assert third.stop() == 0
        assert third.left_behind() == []
    finally:
        second.stop(signal.SIGKILL)


def kill_the_whole_tree(desk: Started) -> None:
    """As a power cut would: everything at once, nobody gets to clean up."""
    groups = [child["pid"] for child in desk.state()["children"].values()]
    desk.process.kill()
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            continue
    desk.process.wait()


def test_when_only_the_supervisor_is_killed_its_children_end_by_themselves_and_the_next_start_waits(home: Path):
    port = runtime.free_port()
    first = runtime.start(home / "again", port)
    second = None
    try:
        first.wait_for_line("ready:")
        first.process.kill()
        second = runtime.start(home / "again", port)
        second.wait_for_line("ready:")
        assert second.stop() == 0
        assert second.left_behind() == []
    finally:
        first.stop(signal.SIGKILL)
        if second:
            second.stop(signal.SIGKILL)


def is_ready(desk: Started) -> bool:
    try:
        return bool(desk.asks("/readyz")["ready"])
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], within: float = 20) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def manage(data: Path, *arguments: str) -> str:
    done = subprocess.run(
        [str(runtime.ROOT / "bin" / "manage"), *arguments],
        env=runtime.plain_environment(HOLDFAST_DATA=str(data)),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd="/",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
