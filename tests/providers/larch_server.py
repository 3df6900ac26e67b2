"""A stand-in for the imaginary registrar of docs/providers.md, over real HTTP."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "larch-t0ken-of-alice"
PAGE = 2


def first_domains() -> dict[str, dict[str, Any]]:
    rows = [
        {"id": 31, "domain": "Larch-One.example", "state": "ok", "expires": "2027-03-01", "auto": "yes"},
        {"id": 32, "domain": "bücher.example", "state": "locked", "expires": "2026-12-24", "auto": 0},
        {"id": 33, "domain": "larch-three.example", "state": "parked", "expires": "0000-00-00", "auto": None},
        {"id": 34, "domain": "larch-four.example", "state": "lapsed", "expires": "2026-01-05", "auto": "no"},
        {"id": 35, "domain": "larch-five.example", "state": "ok", "expires": "2028-06-30", "auto": True},
    ]
    shared = {"registered": "2019-03-01", "ns": ["NS1.larch.example.", "ns2.larch.example"]}
    return {str(row["id"]): {**shared, **row} for row in rows}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: Registrar

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._reply(401, {"error": "bad token"})
            return
        self._reply(*self.server.asked(self.command, parts.path.removeprefix("/v1"), query, json.loads(body or b"{}")))

    do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the names that http.server looks for

    def _reply(self, status: int, answer: Any) -> None:
        raw = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


class Registrar(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.domains = first_domains()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def asked(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
        if (method, path) == ("GET", "/me"):
            return 200, {"id": 7, "email": "alice@agency.example", "name": "Alice Ash"}
        if (method, path) == ("GET", "/domains"):
            return 200, self._page(int(query.get("cursor", 0)))
        match = re.fullmatch(r"/domains/(\d+)(/\w+)?", path)
        row = self.domains.get(match[1]) if match else None
        if match is None or row is None:
            return 404, {"error": "no such domain"}
        return self._of(row, f"{method} {match[2] or ''}", query, body)

    def _page(self, start: int) -> dict[str, Any]:
        rows = list(self.domains.values())
        following = start + PAGE
        return {"domains": rows[start:following], "cursor": following if following < len(rows) else None}

    def _of(self, row: dict[str, Any], asked: str, query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
        if asked == "GET ":
            return 200, row
        if asked == "GET /price":
            return 200, {"price": f"{14 * int(query['years'])}.00", "currency": "EUR"}
        if asked == "PUT /nameservers":
            row["ns"] = body["nameservers"]
            return 200, row
        if asked == "POST /renew":
            year = int(row["expires"][:4]) + body["years"]
            row["expires"] = f"{year}{row['expires'][4:]}"
            return 200, {"order": 501, "expires": row["expires"]}
        return 404, {"error": "no such operation"}


@contextmanager
def registrar() -> Iterator[Registrar]:
    server = Registrar()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(2)
