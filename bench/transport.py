"""What the transport costs: the same GETs through it and through a bare requests.Session, in turns, against the same server.

The server is a process of its own, so that CPU is the client's alone. The order of the two changes from round to round; what is
printed are medians. Ratios are the transport's cost by the bare session's: 1.00 is free, 1.20 is the aim.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from portal.runtime import engines
from providers.contract import Connection, Limiter
from providers.limits import LocalLimiter, ValkeyLimiter, valkey_client
from providers.transport import Transport

TOKEN = "vps_bench"
AIM = 1.2
OWN = "own"
_PLENTY = 60_000_000
_PATH = "/domain"


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one request, in microseconds: of the clock (all threads together) and of this process' CPU."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Bearer:
    """A signature that costs nothing, as the bare session's is."""

    def headers(self, transport: Transport) -> dict[str, str]:
        return {"Authorization": f"Bearer {TOKEN}"}

    def renew(self, transport: Transport, rejected: Mapping[str, str]) -> bool:
        return False


class NoTokens:
    """A bearer token needs no store."""

    def load(self) -> None:
        return None

    def save(self, tokens: Any) -> None:
        raise NotImplementedError

    @contextmanager
    def lock(self, *, timeout: float) -> Iterator[None]:
        yield


class NoMemory:
    def get(self, key: str) -> None:
        return None

    def set(self, key: str, value: Any, *, keep_seconds: int) -> None:
        raise NotImplementedError


def ours(base_url: str, limiter: Limiter) -> Callable[[], Any]:
    """One GET through the transport, as the adapters send it."""
    connection = Connection(
        account_name="bench",
        base_url=base_url,
        auth="bearer",
        credential={"token": TOKEN},
        time_zone="UTC",
        tokens=NoTokens(),
        memory=NoMemory(),
        limiter=limiter,
        allowed_upstreams=("127.0.0.1",),
        on_call=lambda _record: None,
    )
    transport = Transport(connection, Bearer())
    return lambda: transport.read("GET", _PATH, operation="GET /domain", params={"page": 1}).data


def bare(base_url: str, concurrency: int, *, trust_env: bool) -> Callable[[], Any]:
    """The same GET by requests alone, its body parsed."""
    session = requests.Session()
    session.trust_env = trust_env
    session.mount("http://", HTTPAdapter(pool_maxsize=concurrency))
    session.headers["Authorization"] = f"Bearer {TOKEN}"
    return lambda: session.get(base_url + _PATH, params={"page": 1}, timeout=(5, 20)).json()


def measured(get: Callable[[], Any], count: int, concurrency: int) -> Cost:
    """`count` GETs, in `concurrency` threads."""
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(count // concurrency):
                get()
        except BaseException as error:  # told by the caller: a bench that failed has no figures
            failed.append(error)
            raise

    threads = [threading.Thread(target=work) for _ in range(concurrency)]
    wall, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if failed:
        raise SystemExit("the bench's own requests failed")
    done = count // concurrency * concurrency
    return Cost(wall / done * 1e6, cpu / done * 1e6)


@contextmanager
def echo(rows: int) -> Iterator[str]:
    """The base URL of a server in a process of its own."""
    command = [sys.executable, "-m", "bench.echo", str(rows)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/api"
        finally:
            process.stdin.close()


@contextmanager
def limiter(options: argparse.Namespace) -> Iterator[Limiter]:
    """With so much room that nobody waits: what is measured is asking."""
    room = {"rate_per_minute": _PLENTY, "concurrency": options.concurrency}
    if not options.valkey:
        yield LocalLimiter(**room)
        return
    with ExitStack() as started:
        url = started.enter_context(engines.throw_away())[1] if options.valkey == OWN else options.valkey
        yield ValkeyLimiter(valkey_client(url), f"bench-{uuid.uuid4().hex}", **room)


def run(options: argparse.Namespace) -> dict[str, Cost]:
    """The medians by client."""
    found: dict[str, list[Cost]] = {"requests.Session": [], "Transport": []}
    with echo(options.rows) as base_url, limiter(options) as limit:
        clients = {
            "requests.Session": bare(base_url, options.concurrency, trust_env=not options.lean),
            "Transport": ours(base_url, limit),
        }
        for get in clients.values():
            measured(get, max(options.concurrency, options.requests // 10), options.concurrency)
        for number in range(options.rounds):
            for name in sorted(clients, reverse=number % 2 == 1):
                found[name].append(measured(clients[name], options.requests, options.concurrency))
    return {
        name: Cost(statistics.median(one.wall for one in costs), statistics.median(one.cpu for one in costs))
        for name, costs in found.items()
    }


def told(costs: Mapping[str, Cost]) -> Iterator[str]:
    for name, cost in costs.items():
        yield f"{name:17} {1e6 / cost.wall:7.0f} requests/s   {cost.cpu:7.0f} µs CPU/request"
    ratio = compared(costs)
    yield f"ratio             wall {ratio.wall:.2f}   CPU {ratio.cpu:.2f}   (aim: {AIM} or less)"


def compared(costs: Mapping[str, Cost]) -> Cost:
    mine, theirs = costs["Transport"], costs["requests.Session"]
    return Cost(mine.wall / theirs.wall, mine.cpu / theirs.cpu)


def read(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.transport", description=__doc__)
    parser.add_argument("--requests", type=int, default=2000, help="GETs a round and client (default 2000)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds whose median counts (default 7)")
    parser.add_argument("--concurrency", type=int, default=4, help="threads that share one client (default 4)")
    parser.add_argument("--rows", type=int, default=25, help="domains in each answer (default 25, about 4 kB)")
    parser.add_argument(
        "--valkey",
        metavar="URL",
        nargs="?",
        const=OWN,
        help="limit through Valkey, as the desk does, instead of in the process; without a URL one is started for the bench",
    )
    parser.add_argument(
        "--lean", action="store_true", help="a baseline that looks for no proxy and no netrc (trust_env=False), as ours"
    )
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    for line in told(run(read(arguments))):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
