"""The two HostBill stand-ins with the demo data, fresh for each module that changes something in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from providers.hostbill import HostBillProvider
from sandbox.server import Sandbox
from tests.providers.hostbill.desk import connection, spec

Desk = Callable[..., HostBillProvider]


@pytest.fixture(scope="module")
def stand_ins() -> Iterator[dict[str, Any]]:
    with Sandbox(demo=True, seed=1) as running:
        yield {one.key: one for one in running}


@pytest.fixture
def cloudviet(stand_ins: dict[str, Any]) -> Any:
    return stand_ins["cloudviet"]


@pytest.fixture
def dns_services(stand_ins: dict[str, Any]) -> Any:
    return stand_ins["dns-services"]


@pytest.fixture
def at() -> Iterator[Desk]:
    """`at(portal, preset="", **connection)`: an adapter signed in at a stand-in."""
    made: list[HostBillProvider] = []

    def desk(portal: Any, preset: str = "", **more: Any) -> HostBillProvider:
        more = {"auth": portal.auth, "credential": portal.credential, **more}
        made.append(HostBillProvider(connection(portal.base_url, **more), spec(preset or portal.key)))
        return made[-1]

    yield desk
    for provider in made:
        provider.close()
