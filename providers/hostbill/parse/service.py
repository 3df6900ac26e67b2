"""Services and what their modules can do."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from providers.hostbill.parse.row import Row
from providers.hostbill.parse.statuses import SERVICE, status_of
from providers.resources import Service, ServiceDetail, ServiceMethod, ServiceStatus


def service(data: Any, zone: ZoneInfo) -> Service:
    """A row of `GET /service`."""
    row = Row(data, zone)
    return Service(**_shared(row), unreadable=row.unreadable)


def service_detail(data: Any, methods: tuple[ServiceMethod, ...] | None, zone: ZoneInfo) -> ServiceDetail:
    """The `service` of `GET /service/{id}` with the methods that were read beside it."""
    row = Row(data, zone)
    return ServiceDetail(
        **_shared(row),
        registered_on=row.date("registered_on", "date_created"),
        next_invoice_on=row.date("next_invoice_on", "next_invoice"),
        first_payment=row.money("first_payment", "firstpayment"),
        username=row.optional("username", "username"),
        password=row.text("password"),
        methods=methods,
        unreadable=row.unreadable,
    )


def _shared(row: Row) -> dict[str, Any]:
    word = row.told("status")
    key = row.identifier("id")
    domain = row.optional("domain", "domain")
    return {
        "id": key,
        "name": row.needed("name", "name"),
        "status": status_of(word, SERVICE, ServiceStatus.UNKNOWN),
        "upstream_status": word,
        "domain": domain.lower() if domain else domain,
        "label": row.optional("label", "label"),
        "category": row.optional("category", "category"),
        "billing_cycle": row.optional("billing_cycle", "billingcycle"),
        "next_due_on": row.date("next_due_on", "next_due"),
        "price": row.money("price", "total"),
        "currency": row.currency(),
    }


def service_method(data: Any, zone: ZoneInfo) -> ServiceMethod:
    """A row of `GET /service/{id}/methods`."""
    row = Row(data, zone)
    return ServiceMethod(
        name=row.word("name"), method=row.needed("method", "method").upper(), route=row.needed("route", "route")
    )
