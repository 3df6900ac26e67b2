"""What one portal can do: by its documents, by the Swagger document it publishes about itself, and by what it has refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from providers.contract import Connection
from providers.errors import ProviderError
from providers.hostbill.operations import COMMON, DOCUMENTED, NEEDS
from providers.transport import Credentials, Transport

DAY = 24 * 3600
HOUR = 3600
SWAGGER = "GET /?action=swagger&cmd=userapi"
PLACEHOLDER = re.compile(r"\{[^{}/]*\}|@\w+|:\w+")
MOST_PATHS = 2000

# the records of a domain at the registrar are enough to have zones, and so are DNS services
ALTERNATIVES: Mapping[str, str] = {
    "dns.list": "GET /domain/{id}/dns",
    "dns.detail": "GET /domain/{id}/dns",
    "dns.add": "POST /domain/{id}/dns",
    "dns.change": "PUT /domain/{id}/dns/{index}",
    "dns.remove": "DELETE /domain/{id}/dns/{index}",
    # a domain tells what its own period costs
    "domains.renewal_price": "GET /domain/{id}",
}


class Capabilities:
    """Asked lazily, so that building an adapter costs no call; what was learned is kept in the connection's memory for a day."""

    def __init__(self, connection: Connection, credentials: Credentials, preset: str) -> None:
        self._connection = connection
        self._credentials = credentials
        self._preset = preset
        self._offered: frozenset[str] | None = None
        self._refusals: frozenset[str] | None = None

    def all(self) -> frozenset[str]:
        """As `family.method`."""
        return frozenset(
            name
            for name, operation in NEEDS.items()
            if self.offers(operation) or (name in ALTERNATIVES and self.offers(ALTERNATIVES[name]))
        )

    def offers(self, operation: str) -> bool:
        """Whether the portal has a documented operation, such as `GET /service/{id}/vms`."""
        return general(operation) in self._operations() and operation not in self._refused()

    def refused(self, operation: str) -> None:
        """Keeps for a day that the portal refused a whole operation as one that it does not have."""
        known = self._refused() | {operation}
        self._refusals = known
        self._connection.memory.set("hostbill.refused", sorted(known), keep_seconds=DAY)

    def _refused(self) -> frozenset[str]:
        if self._refusals is None:
            self._refusals = text_set(self._connection.memory.get("hostbill.refused"))
        return self._refusals

    def _operations(self) -> frozenset[str]:
        if self._offered is None:
            offered = DOCUMENTED.get(self._preset, frozenset())
            if not offered.issuperset(NEEDS.values()):
                offered |= self._published() or COMMON
            self._offered = frozenset(general(operation) for operation in offered)
        return self._offered

    def _published(self) -> frozenset[str] | None:
        """The operations of the portal's Swagger document; None where it could not be read, which is kept for an hour."""
        kept = self._connection.memory.get("hostbill.operations")
        if kept is not None:
            return text_set(kept) or None
        found = read_swagger(self._connection, self._credentials)
        self._connection.memory.set("hostbill.operations", sorted(found or ()), keep_seconds=DAY if found else HOUR)
        return found


def read_swagger(connection: Connection, credentials: Credentials) -> frozenset[str] | None:
    """The operations that a portal publishes, `METHOD /path` with nameless placeholders; None where there is no such document.

    It lies beside the API, not under it, and is read without signing in.
    """
    root = connection.base_url.rstrip("/").removesuffix("/api")
    transport = Transport(replace(connection, base_url=root), credentials)
    try:
        params = {"action": "swagger", "cmd": "userapi"}
        data = transport.read("GET", "/", operation=SWAGGER, params=params, signed=False, retry=False).data
    except ProviderError:
        return None  # optional knowledge: the call is on record, and the common operations are assumed
    finally:
        transport.close()
    return operations_of(data)


def operations_of(document: Any) -> frozenset[str] | None:
    """The operations in a Swagger document; None where it names none that we know."""
    paths = document.get("paths") if isinstance(document, Mapping) else None
    if not isinstance(paths, Mapping):
        return None
    base = document.get("basePath")
    prefix = base.rstrip("/") if isinstance(base, str) else ""
    found: set[str] = set()
    for path, methods in list(paths.items())[:MOST_PATHS]:
        if not isinstance(methods, Mapping):
            continue
        path = path.removeprefix(prefix) if path.startswith(f"{prefix}/") else path
        found.update(general(f"{str(method).upper()} {path}") for method in methods)
    known = {general(operation) for operations in DOCUMENTED.values() for operation in operations}
    return frozenset(found) if found & known else None


def general(operation: str) -> str:
    """An operation without the names of its placeholders, which portals choose differently."""
    return PLACEHOLDER.sub("{}", operation.rstrip("/"))


def text_set(value: Any) -> frozenset[str]:
    return (
        frozenset(part for part in value if isinstance(part, str)) if isinstance(value, list | tuple) else frozenset()
    )
