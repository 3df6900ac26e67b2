"""What one portal can do: by its documents, by the Swagger document it publishes about itself, and by what it has refused."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from providers.contract import Connection
from providers.errors import ProviderError
from providers.hostbill.operations import ALTERNATIVES, COMMON, DOCUMENTED, NEEDS
from providers.transport import Credentials, Limits, Transport

DAY = 24 * 3600
HOUR = 3600
SWAGGER = "GET /?action=swagger&cmd=userapi"
SWAGGER_LIMITS = Limits(connect=3.0, read=5.0, total=8.0)
"""Optional knowledge: whoever asks what the portal offers does not wait long for it."""
PLACEHOLDER = re.compile(r"\{[^{}/]*\}|@\w+|:\w+")
MOST_PATHS = 2000
MOST_METHODS = 20
EVERYWHERE = "GET /details"
"""Every portal has a client area: a document without it is about something else, and takes nothing away."""
PUBLISHED_KEY = "hostbill.operations"
REFUSED_KEY = "hostbill.refusals"


class Capabilities:
    """What is offered is what the portal publishes of itself, else what is documented of it, else what all portals have in common;
    less what it refused as unknown.

    `all` alone asks for the published document, at most once a day; `offers` goes by what is known, so that no change and no read
    ever waits for it. What was learned is kept in the connection's memory.
    """

    def __init__(self, connection: Connection, credentials: Credentials, preset: str) -> None:
        self._connection = connection
        self._credentials = credentials
        self._documented = DOCUMENTED.get(preset)
        self._offered: frozenset[str] | None = None
        self._refusals: dict[str, float] | None = None

    def all(self) -> frozenset[str]:
        """As `family.method`. May read the portal's Swagger document."""
        if self._kept() is None:
            self._ask()
        return frozenset(name for name in NEEDS if self._able(name))

    def _able(self, name: str) -> bool:
        return all(self.offers(one) for one in NEEDS[name]) or any(
            self.offers(one) for one in ALTERNATIVES.get(name, ())
        )

    def offers(self, operation: str) -> bool:
        """Whether the portal has a documented operation, such as `GET /service/{id}/vms`, as far as is known. Never waits."""
        return general(operation) in self._operations() and not self.was_refused(operation)

    def was_refused(self, operation: str) -> bool:
        """Whether the portal has refused a whole operation as one that it does not have, within a day."""
        if self._refusals is None:
            self._refusals = self._kept_refusals()
        return self._refusals.get(general(operation), 0) > time.time()

    def refused(self, operation: str) -> None:
        """Keeps for a day that the portal refused a whole operation as one that it does not have."""
        known = {
            **self._kept_refusals(),
            general(operation): time.time() + DAY,
        }  # another process may have learned some too
        self._refusals = known
        self._connection.memory.set(REFUSED_KEY, known, keep_seconds=DAY)

    def _kept_refusals(self) -> dict[str, float]:
        kept = self._connection.memory.get(REFUSED_KEY)
        now = time.time()
        items = kept.items() if isinstance(kept, Mapping) else ()
        return {str(key): float(until) for key, until in items if isinstance(until, int | float) and until > now}

    def _operations(self) -> frozenset[str]:
        if self._offered is None:
            known = text_set(self._kept()) or self._documented or COMMON
            self._offered = frozenset(general(operation) for operation in known)
        return self._offered

    def _kept(self) -> Any:
        """The published operations, an empty list where there is no such document, None where nobody has asked."""
        return self._connection.memory.get(PUBLISHED_KEY)

    def _ask(self) -> None:
        """Where a portal's documents are known, a missing Swagger document is asked for again in a day, else in an hour."""
        found = read_swagger(self._connection, self._credentials)
        keep = DAY if found or self._documented else HOUR
        self._connection.memory.set(PUBLISHED_KEY, sorted(found or ()), keep_seconds=keep)
        self._offered = None


def read_swagger(connection: Connection, credentials: Credentials) -> frozenset[str] | None:
    """The operations that a portal publishes, `METHOD /path` with nameless placeholders; None where there is no such document.

    It lies beside the API, not under it, and is read without signing in.
    """
    root = connection.base_url.rstrip("/").removesuffix("/api")
    transport = Transport(replace(connection, base_url=root), credentials, limits=SWAGGER_LIMITS)
    try:
        params = {"action": "swagger", "cmd": "userapi"}
        data = transport.read("GET", "/", operation=SWAGGER, params=params, signed=False, retry=False).data
    except ProviderError:
        return None  # optional knowledge: the call is on record, and the documents or the common operations are assumed
    finally:
        transport.close()
    return operations_of(data)


def operations_of(document: Any) -> frozenset[str] | None:
    """The documented operations that a Swagger document has; None where it is none of this API. What else it names is of no use,
    and hostile as any answer."""
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
        found.update(general(f"{str(method).upper()} {path}") for method in islice(methods, MOST_METHODS))
    return frozenset(found & DOCUMENTED_ANYWHERE) if EVERYWHERE in found else None


def general(operation: str) -> str:
    """An operation without the names of its placeholders, which portals choose differently."""
    return PLACEHOLDER.sub("{}", operation.rstrip("/"))


DOCUMENTED_ANYWHERE = frozenset(map(general, frozenset().union(*DOCUMENTED.values())))


def text_set(value: Any) -> frozenset[str]:
    return (
        frozenset(part for part in value if isinstance(part, str)) if isinstance(value, list | tuple) else frozenset()
    )
