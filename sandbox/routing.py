"""The table of a portal: which handler answers which documented operation."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sandbox.messages import Request

P = TypeVar("P")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Route(Generic[P]):
    method: str
    # as the documents write it, below the API's root
    path: str
    handler: Callable[[P, Request], Any]
    section: str
    # HostBill: answered without credentials. VPS.org: the scope that a token needs.
    public: bool = False
    scope: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(PLACEHOLDER.sub(r"(?P<\1>[^/]+)", self.path.rstrip("/")))

    @property
    def placeholders(self) -> list[str]:
        return PLACEHOLDER.findall(self.path)


class Router(Generic[P]):
    def __init__(self, routes: Iterable[Route[P]]) -> None:
        self.routes = list(routes)
        self._by_shape: dict[tuple[str, int], list[tuple[re.Pattern[str], Route[P]]]] = {}
        # fixed paths before those with placeholders: /tickets/new must not be read as a ticket's number
        for route in sorted(self.routes, key=lambda route: len(route.placeholders)):
            shape = (route.method, route.path.rstrip("/").count("/"))
            self._by_shape.setdefault(shape, []).append((route.pattern, route))

    def find(self, method: str, path: str) -> tuple[Route[P], dict[str, str]] | None:
        path = path.rstrip("/")
        for pattern, route in self._by_shape.get((method, path.count("/")), ()):
            match = pattern.fullmatch(path)
            if match:
                return route, match.groupdict()
        return None


def section(
    name: str, *rows: tuple[str, str, Callable[[P, Request], Any]], public: bool = False, scope: str = ""
) -> list[Route[P]]:
    """The routes of one chapter of the documents."""
    return [Route(method, path, handler, name, public, scope) for method, path, handler in rows]
