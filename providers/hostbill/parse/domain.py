"""Domains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from providers.hostbill.parse.row import Row, UnreadableRow
from providers.hostbill.parse.statuses import DOMAIN, status_of
from providers.resources import Domain, DomainDetail, DomainStatus
from providers.values import Unreadable, to_host, to_hosts, to_list

NAMESERVER_KEYS = ("hostname", "host", "name", "nameserver", "ns")


def domain(data: Any, zone: ZoneInfo) -> Domain:
    """A row of `GET /domain`."""
    row = Row(data, zone)
    return Domain(**_shared(row), unreadable=row.unreadable)


def domain_detail(data: Any, zone: ZoneInfo) -> DomainDetail:
    """The `details` of `GET /domain/{id}`."""
    row = Row(data, zone)
    return DomainDetail(
        **_shared(row),
        next_due_on=row.date("next_due_on", "next_due"),
        next_invoice_on=row.date("next_invoice_on", "next_invoice"),
        first_payment=row.money("first_payment", "firstpayment"),
        registrar=row.optional("registrar", "registrar"),
        unreadable=row.unreadable,
    )


def _shared(row: Row) -> dict[str, Any]:
    word = row.told("status")
    return {
        "id": row.identifier("id", "domain_id"),
        "name": dns_name(row.needed("name", "name", "domain")),
        "status": status_of(word, DOMAIN, DomainStatus.UNKNOWN),
        "upstream_status": word,
        "registered_on": row.date("registered_on", "date_created"),
        "expires_on": row.date("expires_on", "expires"),
        "auto_renew": row.flag("auto_renew", "autorenew"),
        "period_years": row.number("period_years", "period"),
        "renewal_price": row.money("renewal_price", "recurring_amount"),
        "nameservers": row.read("nameservers", ("nameservers",), nameservers),
        "locked": row.flag("locked", "reglock"),
        "privacy": row.flag("privacy", "idprotection"),
    }


def dns_name(text: str) -> str:
    """A name as DNS has it. Raises UnreadableRow where it can't be one."""
    try:
        name = to_host(text)
    except Unreadable:
        name = None
    if name is None or "." not in name:
        raise UnreadableRow("its name is no domain name")
    return name


def nameservers(value: Any) -> tuple[str, ...] | None:
    """Name servers from a list, an object, a text with commas or blanks, or a list of objects, in their order; None where nothing
    was said. Raises Unreadable."""
    if isinstance(value, list | Mapping):
        value = [_host_in(entry) for entry in to_list(value)]
    return to_hosts(value)


def _host_in(entry: Any) -> Any:
    if isinstance(entry, Mapping):
        return next((entry[key] for key in NAMESERVER_KEYS if key in entry), entry)
    return entry
