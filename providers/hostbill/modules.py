"""What one service's module can do: modules differ, and `GET /service/{id}/methods` tells each one's routes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from providers.hostbill.capabilities import general
from providers.hostbill.operations import NEEDS
from providers.resources import ServiceMethod

OF_ONE_SERVICE = re.compile(r"[A-Z]+ /service/\{\}/.+")
NEEDED = {name: frozenset(general(operation) for operation in operations) for name, operations in NEEDS.items()}
ROUTES: Mapping[str, frozenset[str]] = {
    name: needed for name, needed in NEEDED.items() if all(OF_ONE_SERVICE.fullmatch(one) for one in needed)
}
"""The routes that a capability needs, for those that a service may have or lack."""


def offered_by_module(methods: Iterable[ServiceMethod] | None) -> frozenset[str] | None:
    """The capabilities for which a service has every route, such as `services.reboot`; None where its routes are not known."""
    if methods is None:
        return None
    listed = {general(f"{one.method} {_below_service(one.route)}") for one in methods}
    return frozenset(capability for capability, needed in ROUTES.items() if needed <= listed)


def _below_service(route: str) -> str:
    """A route may be written with what stands before it in the portal's addresses."""
    place = route.find("/service/")
    return route[place:] if place > 0 else route
