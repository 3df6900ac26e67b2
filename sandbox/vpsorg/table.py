"""Which operations VPS.org has, and who answers them."""

from collections.abc import Callable
from typing import Any

from sandbox.messages import Request
from sandbox.routing import Route
from sandbox.state import Record
from sandbox.vpsorg import account, deployments, domains, servers, zones
from sandbox.vpsorg.portal import VpsOrgPortal

ROUTES: list[Route[VpsOrgPortal]] = [
    *account.ROUTES,
    *domains.ROUTES,
    *servers.ROUTES,
    *zones.ROUTES,
    *deployments.ROUTES,
]
JOBS: dict[str, Callable[[VpsOrgPortal, Record], None]] = {**domains.JOBS, **servers.JOBS, **deployments.JOBS}
CONTROLS: dict[tuple[str, str], Callable[[VpsOrgPortal, Request], Any]] = {
    **account.CONTROLS,
    **domains.CONTROLS,
    **servers.CONTROLS,
}
