"""What a desk consists of: its environment and its services."""

from __future__ import annotations

import http.client
import os
import shlex
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from portal.runtime.bootstrap import ROOT
from portal.runtime.engines import Postgres, Valkey, make_run_folder, postgres_program
from portal.runtime.folder import Folder
from portal.runtime.identity import engine_identity, require_reach
from portal.runtime.ports import MAIL_PORTS
from portal.runtime.process import FIRST_PASSWORD, Service, desk_environment

_SANDBOX_READY: Final = "sandbox ready: "
_CELERY: Final = [sys.executable, "-m", "celery", "-A"]
# Threads: the work is waiting for portals and for PostgreSQL, and each process of a pool would cost its own memory. Nothing can
# cut a thread off: work ends by its own deadlines and leases.
_WORKER: Final = "portal.celery:app worker --pool threads --without-mingle --without-gossip --loglevel INFO"
# Two, so that portals that hang keep the syncs waiting and not what somebody decided. A portal that hangs holds one place of the
# syncs for a minute.
SYNC: Final = shlex.split(f"{_WORKER} --concurrency 8 --hostname worker@%h --queues sync")
ACTIONS: Final = shlex.split(f"{_WORKER} --concurrency 4 --hostname actions@%h --queues actions,default")
# One process with threads, for the same reason.
_GUNICORN: Final = shlex.split(
    "portal.wsgi:application --worker-class gthread --workers 1 --threads 8 --timeout 60 --graceful-timeout 5 "
    "--no-control-socket --log-level warning"
)


@dataclass(frozen=True)
class Engines:
    """The embedded ones; an engine that the environment names (DATABASE_URL, REDIS_URL) is absent here."""

    postgres: Postgres | None
    valkey: Valkey | None

    @property
    def environment(self) -> dict[str, str]:
        urls = {"DATABASE_URL": self.postgres, "REDIS_URL": self.valkey}
        return {name: engine.url for name, engine in urls.items() if engine}

    def prepared(self) -> list[Service]:
        engines = [engine for engine in (self.postgres, self.valkey) if engine]
        for engine in engines:
            engine.prepare()
        return [engine.service() for engine in engines]

    def make_database(self) -> None:
        if self.postgres:
            self.postgres.make_database()


def embedded_engines(folder: Folder, given: Mapping[str, str]) -> Engines:
    own_database = _is_given(given, "DATABASE_URL")
    own_redis = _is_given(given, "REDIS_URL")
    if own_database and own_redis:
        return Engines(None, None)
    identity = engine_identity()
    require_reach(identity, folder.path, "data folder")
    require_reach(identity, postgres_program("postgres").parent, "folder of the engines' programs")
    run = make_run_folder(identity, folder.run / "sockets")
    postgres = Postgres(folder.path / "postgres", run, folder.log("postgres"), identity)
    valkey = Valkey(folder.path / "valkey", run, folder.log("valkey"), identity)
    return Engines(None if own_database else postgres, None if own_redis else valkey)


def _is_given(given: Mapping[str, str], name: str) -> bool:
    return bool(given.get(name) or given.get(f"{name}_FILE"))


@dataclass(frozen=True)
class Desk:
    folder: Folder
    host: str
    port: int
    engines: Engines
    sandbox: Mapping[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        return self.host == "localhost" or ip_address(self.host).is_loopback

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """What the children get on top of `given`; what a person has set is never overruled."""
        ours = {
            "HOLDFAST_DATA": str(self.folder.path),
            **self.folder.secret_environment(given),
            **self.engines.environment,
        }
        if not given.get("HOLDFAST_BASE_URL"):
            ours["HOLDFAST_BASE_URL"] = self.url
        if "HOLDFAST_INSECURE_HTTP" not in given and self.is_loopback and self._speaks_http(given):
            ours["HOLDFAST_INSECURE_HTTP"] = "1"
        if self.sandbox:
            doors = [f"127.0.0.1:{port}" for name, port in self.sandbox.items() if name not in MAIL_PORTS]
            ours["HOLDFAST_ALLOWED_UPSTREAMS"] = ",".join(
                filter(None, [given.get("HOLDFAST_ALLOWED_UPSTREAMS", ""), *doors])
            )
            ours["HOLDFAST_SANDBOX_URLS"] = self._sandbox_logins()
            if self.sandbox.keys() >= MAIL_PORTS and not _is_given(given, "EMAIL_URL"):
                ours["EMAIL_URL"] = f"smtp://127.0.0.1:{self.sandbox['smtp']}"
                ours["HOLDFAST_DEMO_MAIL_URL"] = f"http://127.0.0.1:{self.sandbox['mail']}/"
        return ours

    def _sandbox_logins(self) -> str:
        """What the sandbox printed when it was ready: JSON of provider to base URL and credential."""
        log = self.folder.logs / "sandbox.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        said = [line.removeprefix(_SANDBOX_READY) for line in lines if line.startswith(_SANDBOX_READY)]
        return said[-1] if said else ""

    def _speaks_http(self, given: Mapping[str, str]) -> bool:
        return given.get("HOLDFAST_BASE_URL", self.url).startswith("http://")

    def stand_ins(self) -> Service:
        ports = [part for name, port in self.sandbox.items() for part in (f"--{name}-port", str(port))]
        data = str(self.folder.path / "sandbox")
        return Service(
            "sandbox",
            [sys.executable, "-m", "sandbox", "serve", "--data", data, "--host", "127.0.0.1", *ports, "--demo"],
            self.folder.log("sandbox"),
            cwd=ROOT,
            ready=lambda: all(_answers("127.0.0.1", port) for port in self.sandbox.values()),
        )

    def web(self) -> Service:
        return self._service(
            "web",
            [sys.executable, "-m", "gunicorn", *_GUNICORN, "--bind", self.url.removeprefix("http://")],
            ready=lambda: self.asks("/healthz") == http.client.OK,
        )

    def worker(self) -> Service:
        # Without its supervisor it must not finish long work first: tasks are delivered again, orphans are not wanted.
        return self._service("worker", [*_CELERY, *SYNC], death_signal=signal.SIGKILL)

    def actions(self) -> Service:
        return self._service("actions", [*_CELERY, *ACTIONS], death_signal=signal.SIGKILL)

    def beat(self) -> Service:
        return self._service("beat", [*_CELERY, *shlex.split("portal.beat:app beat --pidfile= --loglevel WARNING")])

    def prepare(self) -> Service:
        """Ends by itself; says on standard output what a person has to know."""
        demo = ["--demo", str(self.folder.path / "sandbox")] if self.sandbox else ["--pause-demo"]
        service = self._service(
            "prepare", [sys.executable, str(ROOT / "manage.py"), "prepare", *demo], start_within=300
        )
        password = {name: os.environ[name] for name in FIRST_PASSWORD if name in os.environ}
        return replace(service, env={**service.env, **password})

    def asks(self, path: str) -> int:
        """The status that the web process answers; 0 when it does not."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - read, not bound
        door = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            door.request("GET", path, headers={"Host": "localhost"})
            return door.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            door.close()

    def _service(
        self,
        name: str,
        command: list[str],
        *,
        ready: Callable[[], bool] = lambda: True,
        death_signal: signal.Signals = signal.SIGTERM,
        start_within: float = 60.0,
    ) -> Service:
        return Service(
            name,
            command,
            self.folder.log(name),
            self.environment(os.environ),
            desk_environment,
            ready,
            death_signal=death_signal,
            start_within=start_within,
            cwd=ROOT,
        )


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def default_folder() -> Path:
    return Path(os.environ.get("HOLDFAST_DATA") or ROOT / "var")
