"""A stand-in that answers what it is told, and the sandbox in either form of the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from providers.presets import VPS_ORG
from providers.vpsorg.adapter import VpsOrgProvider
from sandbox.portal import Portal as SandboxPortal
from sandbox.server import Sandbox
from tests.providers.kit import Handler, Portal, connection, portal


class Answers(dict[str, Any]):
    """What is answered by `METHOD /path` or by `/path`: JSON, or (status, JSON or bytes); else a 404 in the words of the API."""

    def __call__(self, handler: Handler) -> None:
        path = handler.path.removeprefix("/api").partition("?")[0]
        answer = self.get(f"{handler.command} {path}", self.get(path, (404, {"detail": "Not found."})))
        handler.reply(*(answer if isinstance(answer, tuple) else (200, json.dumps(answer))))


@pytest.fixture(scope="module")
def server() -> Iterator[Portal]:
    with portal() as running:
        yield running


@pytest.fixture
def answers(server: Portal) -> Answers:
    server.seen.clear()
    server.behave = found = Answers()
    return found


@pytest.fixture
def provider(server: Portal, answers: Answers) -> Iterator[Any]:  # noqa: ARG001  the server needs something to say
    one = VpsOrgProvider(connection(server.url), VPS_ORG)
    yield one
    one.close()


@pytest.fixture
def stand_in() -> Iterator[SandboxPortal]:
    """The sandbox's VPS.org, in both forms unless it is set otherwise."""
    with Sandbox(demo=True, seed=1) as running:
        yield running.vps_org


def at(stand_in: SandboxPortal, token: str = "") -> Any:
    credential = {"token": token} if token else stand_in.credential
    return VpsOrgProvider(connection(stand_in.base_url, credential=credential), VPS_ORG)


def asked(server: Portal) -> list[tuple[str, str, Any]]:
    """Method, path and JSON of what was sent."""
    return [(one.command, one.path.removeprefix("/api"), json.loads(one.sent or "null")) for one in server.seen]
