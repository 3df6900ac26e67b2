"""Many light HostBill portals in one process: domains and their details after a latency, next to no CPU of their own.

`python -m bench.portals --help`. It listens on a free port of this machine, prints it, and ends with its standard input. Account N
is at `/aN/api`. `GET /stats` tells how many requests there were, how many at once by account at most, and its CPU seconds.

The project's own sandbox behaves like the portals and so costs a millisecond and more a request; beside it a bench would measure
the sandbox.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from functools import cache
from typing import Any

PENDING = 20
"""Domains of each account that wait for their registry: those are what the desk watches closely."""


def row(account: int, number: int) -> dict[str, Any]:
    return {
        "id": str(number),
        "name": f"customer-{number:05d}-{account}.example",
        "expires": f"2027-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        "recurring_amount": "19.65",
        "date_created": "2019-04-05",
        "status": "Pending" if number <= PENDING else "Active",
        "period": "1",
        "autorenew": str(number % 2),
        "daytoexpire": "200",
    }


def details(account: int, number: int) -> dict[str, Any]:
    shared = row(account, number)
    return {
        **{name: value for name, value in shared.items() if name != "daytoexpire"},
        "firstpayment": "19.65",
        "next_due": shared["expires"],
        "next_invoice": "2027-01-01",
        "idprotection": "0",
        "nameservers": ["ns1.portal.example", "ns2.portal.example"],
    }


class Portals:
    def __init__(self, domains: int, latency: float) -> None:
        self.domains = domains
        self.latency = latency
        self.requests = 0
        self.under_way: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    def answer(self, path: str) -> bytes:
        parts = path.partition("?")[0].strip("/").split("/")
        if path == "/stats":
            return sent(self.stats())
        if len(parts) >= 3 and parts[0][:1] == "a" and parts[1:3] == ["api", "domain"]:
            account = int(parts[0][1:])
            if len(parts) == 3:
                return listed(account, self.domains)
            return sent({"details": details(account, int(parts[3]))})
        return sent({"error": ["Not found"]}, "404 Not Found")

    def stats(self) -> dict[str, Any]:
        return {
            "requests": self.requests,
            "at_once": max(self.most.values(), default=0),
            "cpu_seconds": round(time.process_time(), 2),
        }


@cache
def listed(account: int, count: int) -> bytes:
    return sent({"domains": [row(account, number) for number in range(1, count + 1)]})


def sent(value: Any, status: str = "200 OK") -> bytes:
    content = json.dumps(value).encode()
    return (
        f"HTTP/1.1 {status}\r\nServer: nginx\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    ).encode() + content


class Line(asyncio.Protocol):
    """One keep-alive connection; requests have no body, so that an empty line ends each."""

    def __init__(self, portals: Portals) -> None:
        self._portals = portals
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._waiting = (self._waiting + data).split(b"\r\n\r\n")
        for request in requests:
            self._take(request.split(b" ", 2)[1].decode())

    def _take(self, path: str) -> None:
        portals, account = self._portals, path.split("/", 2)[1]
        portals.requests += 1
        portals.under_way[account] += 1
        portals.most[account] = max(portals.most[account], portals.under_way[account])
        asyncio.get_running_loop().call_later(portals.latency, self._give, path, account)

    def _give(self, path: str, account: str) -> None:
        self._portals.under_way[account] -= 1
        if not self._transport.is_closing():
            self._transport.write(self._portals.answer(path))


async def serve(portals: Portals) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Line(portals), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.portals", description=__doc__)
    parser.add_argument("--domains", type=int, default=2000, help="of each account (%(default)s)")
    parser.add_argument("--latency-ms", type=float, default=20, help="before each answer (%(default)s)")
    options = parser.parse_args()
    asyncio.run(serve(Portals(options.domains, options.latency_ms / 1000)))


if __name__ == "__main__":
    main()
