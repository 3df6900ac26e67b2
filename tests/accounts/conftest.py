from collections.abc import Iterator

import pytest

from sandbox.server import Sandbox


@pytest.fixture(scope="module")
def portals() -> Iterator[Sandbox]:
    """The stand-in portals, over real HTTP."""
    with Sandbox(demo=False, seed=7) as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def _no_faults(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "portals" in request.fixturenames:
        for portal in request.getfixturevalue("portals"):
            portal.faults.clear()
