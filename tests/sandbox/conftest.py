"""The stand-ins on free ports: one for tests that only read, a fresh one for each test that changes something."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from sandbox.hostbill.portal import HostBillPortal
from sandbox.portal import Portal
from sandbox.server import Sandbox

Call = Callable[..., requests.Response]


@pytest.fixture(scope="session")
def reading() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=1) as fresh:
        yield fresh


def caller(portal: Portal) -> Call:
    """`call("GET", "/domain")` with the portal's credential: Basic for HostBill, the token for VPS.org."""
    session = requests.Session()
    session.trust_env = False
    if isinstance(portal, HostBillPortal):
        session.auth = (portal.credential["username"], portal.credential["password"])
    else:
        session.headers["Authorization"] = f"Bearer {portal.credential['token']}"

    def call(method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        return session.request(method, portal.base_url + path, json=body, timeout=10, **options)

    return call


def control(portal: Portal, path: str, body: Any = None, method: str = "POST") -> Any:
    answer = requests.request(method, f"{portal.origin}/_sandbox{path}", json=body or {}, timeout=10)
    assert answer.ok, answer.text
    return answer.json()


@pytest.fixture
def cloudviet(sandbox: Sandbox) -> Call:
    return caller(sandbox.cloudviet)


@pytest.fixture
def dns_services(sandbox: Sandbox) -> Call:
    return caller(sandbox.dns_services)


@pytest.fixture
def vps_org(sandbox: Sandbox) -> Call:
    return caller(sandbox.vps_org)
