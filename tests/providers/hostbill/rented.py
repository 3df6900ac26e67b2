"""What the tests of services, machines, zones and certificates share: the demo's portals, fresh for each module."""

from __future__ import annotations

from typing import Any

from providers.hostbill import HostBillProvider
from sandbox.hostbill import orders
from sandbox.hostbill.portal import HostBillPortal
from sandbox.state import Record
from tests.providers.hostbill.desk import connection, spec


def desk(portal: HostBillPortal, **more: Any) -> Any:
    """An adapter for the demo account of a stand-in."""
    return HostBillProvider(connection(portal.base_url, credential=portal.credential, **more), spec(portal.key))


def service_of(portal: HostBillPortal, kind: str, dialect: str = "") -> Record:
    """The first running service of a kind, of a dialect where one is named."""
    return next(
        one
        for one in portal.state.all("services")
        if one["kind"] == kind and one["status"] == "Active" and dialect in ("", one["dialect"])
    )


def machine_of(portal: HostBillPortal, dialect: str) -> Record:
    """The first running machine of a service that speaks this dialect."""
    services = {one["id"] for one in portal.state.all("services") if one.get("dialect") == dialect}
    return next(
        one for one in portal.state.all("machines") if one["service_id"] in services and one["status"] == "running"
    )


def key_of(machine: Record) -> str:
    return f"{machine['service_id']}:{machine['id']}"


def settled(portal: HostBillPortal, invoice_id: str) -> None:
    """Pays an invoice as the portal's staff would."""
    orders.settle(portal, invoice_id)
