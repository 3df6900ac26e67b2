"""`python -m tests.providers.operations_table` writes docs/operations.md: every operation upstream has, and where it is here.

Nothing in it is typed by hand. Operations come from tests/upstream, client methods from their docstrings, handlers from the
sandbox's tables, and what the contract sends is measured (`operations_traced`).
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from providers.hostbill.client import HostBillClient
from providers.vpsorg.client import VpsOrgClient
from sandbox.hostbill import table as hostbill_table
from sandbox.routing import Route
from sandbox.vpsorg import table as vpsorg_table
from tests.providers.operations_traced import SPECS, Trace, trace
from tests.sandbox.documents import FOLDER, operations

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
_OPERATION = re.compile(r"`?((?:GET|POST|PUT|PATCH|DELETE) /[^\s`:;,]*)")
_PLACEHOLDER = re.compile(r"\{\w+\}")
_MOST_NAMED = 3
_TITLES = {
    "cloudviet": "Cloudviet",
    "dns-services": "DNS.services",
    "vps-org": "VPS.org, as documented",
    "vps-org-present": "VPS.org, as seen",
}


@dataclass(frozen=True)
class Row:
    portal: str
    operation: str
    client: str
    contract: str
    handler: str
    tested: bool

    @property
    def empty(self) -> list[str]:
        cells = {"client": self.client, "contract": self.contract, "sandbox": self.handler, "tested": self.tested}
        return [name for name, value in cells.items() if not value]

    def __str__(self) -> str:
        tested = "yes" if self.tested else ""
        return f"| `{self.operation}` | {self.client} | {self.contract} | {self.handler} | {tested} |"


def rows(traces: Mapping[str, Trace]) -> list[Row]:
    return [row for title in _TITLES for row in _rows_of(title, traces[title.removesuffix("-present")])]


def traced() -> dict[str, Trace]:
    """Starts sandboxes and calls everything: some twenty seconds."""
    return {portal: trace(portal) for portal in SPECS}


def _rows_of(title: str, measured: Trace) -> Iterator[Row]:
    portal = title.removesuffix("-present")
    clients, handlers = client_methods(portal), _handlers(portal)
    for operation in _operations(title):
        key = _plain(operation)
        sent = {name for one, names in measured.by_operation.items() if _plain(one) == key for name in names}
        yield Row(
            portal=title,
            operation=operation,
            client=", ".join(clients.get(key, ())),
            contract=_named(sent),
            handler=handlers.get(key, ""),
            tested=any(_plain(one) == key for one in measured.answered),
        )


def _operations(title: str) -> list[str]:
    if title == "vps-org-present":
        found: list[str] = json.loads((FOLDER / "vps_org_present.json").read_text(encoding="utf-8"))["operations"]
        return found
    return [f"{one['method']} {one['path'].removeprefix('/api/v1')}" for one in operations(title)]


def _plain(operation: str) -> str:
    """Without the names of placeholders, which differ between the page, the wire and us."""
    return _PLACEHOLDER.sub("{}", operation)


def client_methods(portal: str) -> dict[str, list[str]]:
    """The client's methods, as `group.method`, by the operation without placeholders' names that their docstrings begin with."""
    client: Any = (VpsOrgClient if portal == "vps-org" else HostBillClient)(None)  # type: ignore[arg-type]  # nothing is sent
    found: dict[str, list[str]] = {}
    for group, members in vars(client).items():
        for name, method in inspect.getmembers(members, inspect.ismethod):
            match = _OPERATION.match(inspect.getdoc(method) or "")
            if match and not name.startswith("_"):
                found.setdefault(_plain(match[1].rstrip(".")), []).append(f"{group}.{name}")
    return found


def _handlers(portal: str) -> dict[str, str]:
    routes: list[Route[Any]] = list(vpsorg_table.ROUTES if portal == "vps-org" else hostbill_table.ROUTES[portal])
    return {
        _plain(f"{one.method} {one.path}"): f"{one.handler.__module__.rpartition('.')[2]}.{one.handler.__name__}"
        for one in routes
    }


def _named(sent: set[str]) -> str:
    """The first few methods that send it, the most telling first: those that need it are in alphabetical order like all."""
    names = sorted(sent)
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def document(found: list[Row]) -> str:
    empty = sum(len(row.empty) for row in found)
    lines = [
        "# Every operation upstream has, and where it is here",
        "",
        "Written by `python -m tests.providers.operations_table`; a test says when it is out of date. Operations are those of",
        "`tests/upstream/`. Client methods are found by their docstrings, handlers in the sandbox's tables. What the contract",
        "sends is measured: each method of the adapter is called at the sandbox over HTTP, and what the transport sent is",
        "noted. *tested* says that this happened and was answered as it should be.",
        "",
        f"{len(found)} operations, {empty} empty {'cell' if empty == 1 else 'cells'}.",
    ]
    for portal, title in _TITLES.items():
        own = [row for row in found if row.portal == portal]
        lines += ["", f"## {title} ({len(own)})", ""]
        lines += ["| operation | client method | contract | sandbox handler | tested |", "|---|---|---|---|---|"]
        lines += [str(row) for row in own]
    return "\n".join([*lines, ""])


def main() -> int:
    traces = traced()
    found = rows(traces)
    DOCUMENT.write_text(document(found), encoding="utf-8")
    for row in found:
        if row.empty:
            print(f"{row.portal} {row.operation}: no {', '.join(row.empty)}")
    for portal, one in traces.items():
        for capability, reason in sorted(one.failed.items()):
            print(f"{portal} {capability} could not be called: {reason}")
    print(f"{len(found)} operations, {sum(len(row.empty) for row in found)} empty cells")
    return 0


if __name__ == "__main__":
    sys.exit(main())
