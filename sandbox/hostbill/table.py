"""Which operations each HostBill portal has, and who answers them."""

from collections.abc import Callable
from typing import Any

from sandbox.hostbill import (
    accounts,
    billing,
    cart,
    certificates,
    contacts,
    controls,
    domains,
    machines,
    orders,
    registrar,
    registrar_dns,
    services,
    support,
    zones,
)
from sandbox.hostbill.portal import HostBillPortal
from sandbox.messages import Request
from sandbox.routing import Route
from sandbox.state import Record

COMMON: list[Route[HostBillPortal]] = [
    *accounts.COMMON,
    *contacts.COMMON,
    *billing.COMMON,
    *support.COMMON,
    *domains.COMMON,
    *registrar.COMMON,
    *registrar_dns.COMMON,
    *services.COMMON,
    *cart.COMMON,
    *zones.COMMON,
]
ROUTES: dict[str, list[Route[HostBillPortal]]] = {
    "cloudviet": [
        *COMMON,
        *accounts.CLOUDVIET,
        *contacts.CLOUDVIET,
        *certificates.CLOUDVIET,
        *machines.CLOUDVIET,
    ],
    "dns-services": [*COMMON, *accounts.DNS_SERVICES],
}
JOBS: dict[str, Callable[[HostBillPortal, Record], None]] = {
    **orders.JOBS,
    **machines.JOBS,
    **certificates.JOBS,
}
CONTROLS: dict[tuple[str, str], Callable[[HostBillPortal, Request], Any]] = {
    **controls.CONTROLS,
    **support.CONTROLS,
    **services.CONTROLS,
    **machines.CONTROLS,
    **certificates.CONTROLS,
}
