"""What the three stand-ins have in common: the pipeline of a request, faults, the log, work that falls due later."""

import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox import control
from sandbox.clock import Clock, stamp
from sandbox.faults import Fault, Faults, run
from sandbox.limits import Limits, check
from sandbox.messages import Refusal, Request, Response, UnreadableBody, html
from sandbox.state import Record, State

LOG_LENGTH = 2000
NOT_FOUND_PAGE = "<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>"


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    portal: str
    at: str
    method: str
    path: str
    query: dict[str, str]
    status: int
    # empty for calls that carry passwords or tokens
    body: str
    fault: str
    # orders the requests of all portals of a process
    tick: int


class Portal(ABC):
    key: str
    api_root: str
    default_settings: dict[str, Any]
    # paths below the API's root whose bodies hold secrets
    unlogged: frozenset[str] = frozenset()

    def __init__(self, state: State, zone: str, seed: int = 0) -> None:
        self.state = state
        self.clock = Clock(zone)
        self.lock = threading.RLock()
        self.faults = Faults(seed)
        self.limits = Limits()
        self.log: deque[LoggedRequest] = deque(maxlen=LOG_LENGTH)
        self.stopping = threading.Event()
        self.host = "127.0.0.1"
        self.port = 0
        if state.get("settings", "settings") is None:
            state.put("settings", "settings", dict(self.default_settings))
        self.clock.offset = timedelta(seconds=self.settings.get("clock_offset", 0))

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def base_url(self) -> str:
        return self.origin + self.api_root

    @property
    @abstractmethod
    def credential(self) -> dict[str, str]:
        """What Holdfast's `connect` reads: username and password, or a token."""

    @property
    @abstractmethod
    def auth(self) -> str:
        """The scheme that Holdfast should use: basic, jwt or bearer."""

    @abstractmethod
    def dispatch(self, request: Request) -> Response:
        """Answers a call below the API's root; runs under the lock."""

    @abstractmethod
    def run_job(self, job: Record) -> None:
        """Carries out a piece of work filed with `later`."""

    @abstractmethod
    def unreadable(self, error: UnreadableBody) -> Response:
        """The answer to a body that is not JSON."""

    @abstractmethod
    def broken(self, error: Exception) -> Response:
        """The answer when the sandbox itself has a bug."""

    def outside(self, _request: Request) -> Response:
        """Anything outside the API."""
        return html(NOT_FOUND_PAGE, 404)

    @property
    def settings(self) -> Record:
        # a folder of an older sandbox knows fewer settings
        return {**self.default_settings, **(self.state.get("settings", "settings") or {})}

    def set(self, **values: Any) -> None:
        """Changes portal settings; ValueError for one that does not exist."""
        unknown = sorted(set(values) - set(self.default_settings))
        if unknown:
            raise ValueError(f"no such setting: {', '.join(unknown)}")
        check(values)
        with self.lock:
            self.state.edit("settings", "settings").update(values)
            self.state.flush()

    def advance(self, **span: float) -> None:
        """Moves the portal's clock on: `advance(days=30)`; what falls due on the way happens at the next request."""
        self.clock.offset += timedelta(**span)
        with self.lock:
            self.state.edit("settings", "settings")["clock_offset"] = self.clock.offset.total_seconds()
            self.state.flush()

    def fail(self, kind: str, **options: Any) -> Fault:
        return self.faults.add(kind, **options)

    def later(self, seconds: float, action: str, **arguments: Any) -> None:
        """Files work for `run_job`; without a delay it is done at once."""
        job: Record = {"action": action, **arguments}
        if seconds <= 0:
            self.run_job(job)
            return
        key = str(self.state.next_id("jobs"))
        self.state.put("jobs", key, {**job, "id": key, "due": stamp(self.clock.now() + timedelta(seconds=seconds))})

    def run_due_jobs(self) -> None:
        jobs = self.state.all("jobs")
        if not jobs:
            return
        now = self.clock.now()
        for job in jobs:
            if datetime.fromisoformat(job["due"]) <= now:
                self.state.remove("jobs", job["id"])
                self.run_job(job)

    def answer(self, request: Request) -> Response:
        if request.path.startswith(control.ROOT):
            return control.answer(self, request)
        if not request.path.startswith(self.api_root + "/"):
            return self._guarded(request, self.outside)
        faults: list[Fault] = []
        with self.limits.admit(self.settings, self.stopping) as admitted:
            response = admitted.refusal
            if response is None:
                faults = self.faults.pick(request)
                response = run(faults, lambda: self._guarded(request, self._dispatch), self.stopping)
            response.headers = {**response.headers, **admitted.headers}
        self._record(request, response, faults)
        return response

    def _dispatch(self, request: Request) -> Response:
        self.run_due_jobs()
        return self.dispatch(request)

    def _guarded(self, request: Request, handler: Callable[[Request], Response]) -> Response:
        with self.lock:
            try:
                return handler(request)
            except Refusal as refusal:
                return refusal.response
            except UnreadableBody as error:
                return self.unreadable(error)
            except Exception as error:  # noqa: BLE001  a bug of the sandbox must be an answer, and it names itself
                return self.broken(error)
            finally:
                self.state.flush()

    def _record(self, request: Request, response: Response, faults: list[Fault]) -> None:
        path = request.path.removeprefix(self.api_root)
        secret = path in self.unlogged or request.method == "GET"
        self.log.append(
            LoggedRequest(
                portal=self.key,
                at=self.clock.stamp(),
                method=request.method,
                path=request.path,
                query=request.query,
                status=0 if response.drop else response.status,
                body="" if secret else request.body[:2000].decode("utf-8", "replace"),
                fault=" ".join(fault.kind for fault in faults),
                tick=time.monotonic_ns(),
            )
        )

    def logged(self, limit: int = 200) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in list(self.log)[-limit:]]

    # what the control endpoint can do; each portal adds its own in `commands`

    def commands(self) -> dict[tuple[str, str], Callable[[Request], Any]]:
        """(method, path below /_sandbox) -> what it does; a KeyError is answered as 404, a ValueError as 400."""
        return {}
