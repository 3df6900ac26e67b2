"""A portal that does next to nothing: it answers every request with the same JSON, so that a bench measures its client.

`python -m bench.echo ROWS` listens on a free port of this machine, prints it, and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import sys


def body(rows: int) -> bytes:
    """A list of domains as portals send it."""
    return json.dumps(
        {
            "success": True,
            "domains": [
                {
                    "id": str(1000 + number),
                    "name": f"customer-{number}.example",
                    "expires": "2027-03-01",
                    "recurring_amount": "19.65",
                    "total": 19.65,
                    "status": "Active",
                    "autorenew": number % 2,
                }
                for number in range(rows)
            ],
        }
    ).encode()


class Echo(asyncio.Protocol):
    """One keep-alive connection; requests have no body, so that an empty line ends each."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._waiting = (self._waiting + data).split(b"\r\n\r\n")
        self._transport.write(self._answer * len(requests))


async def serve(rows: int) -> None:
    content = body(rows)
    head = (
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 18:00:00 GMT\r\nContent-Type: application/json\r\n"
        "X-RateLimit-Limit: 100000\r\nX-RateLimit-Remaining: 99999\r\nX-RateLimit-Reset: 60\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Echo(head.encode() + content), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
