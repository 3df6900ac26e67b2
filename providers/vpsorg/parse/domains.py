"""Domains, and what their orders answer."""

from __future__ import annotations

from typing import Any

from providers.fields import Fields
from providers.resources import Domain, DomainDetail, DomainStatus
from providers.values import Unreadable, to_hosts
from providers.vpsorg.lists import BadRowError, Form
from providers.vpsorg.parse.row import fields_of, id_of, word
from providers.vpsorg.prices import CURRENCY, price_of

DOMAIN_NAMES = ("domain_name", "name", "domain")

_DOMAIN_STATUS = {
    "active": DomainStatus.ACTIVE,
    "pending": DomainStatus.PENDING,
    "processing": DomainStatus.PENDING,
    "pending_transfer": DomainStatus.PENDING_TRANSFER,
    "transferring": DomainStatus.PENDING_TRANSFER,
    "locked": DomainStatus.LOCKED,
    "expired": DomainStatus.EXPIRED,
    "redemption": DomainStatus.REDEMPTION,
    "redemption_period": DomainStatus.REDEMPTION,
    "suspended": DomainStatus.SUSPENDED,
    "cancelled": DomainStatus.CANCELLED,
    "canceled": DomainStatus.CANCELLED,
    "transferred": DomainStatus.TRANSFERRED_AWAY,
    "transferred_away": DomainStatus.TRANSFERRED_AWAY,
}


def domain(row: Any, form: Form) -> Domain:
    """A domain of the list. Raises BadRowError."""
    return Domain(**_domain_values(fields_of(row), form))


def domain_detail(row: Any, form: Form) -> DomainDetail:
    """A domain in full. Raises BadRowError."""
    fields = fields_of(row)
    values = _domain_values(fields, form)
    registrar = fields.line("registrar")
    return DomainDetail(**{**values, "registrar": registrar, "unreadable": fields.unreadable})


def _domain_values(fields: Fields, form: Form) -> dict[str, Any]:
    upstream_id = id_of(fields, form)
    name = fields.host("name", *DOMAIN_NAMES)
    if name is None:
        raise BadRowError("it has no readable name")
    raw_status = fields.line("upstream_status", "status") or ""
    price = price_of(name)
    values = {
        "id": upstream_id,
        "name": name,
        "status": _DOMAIN_STATUS.get(word(raw_status), DomainStatus.UNKNOWN),
        "upstream_status": raw_status,
        "registered_on": fields.date("registered_on", "registration_date", "registered_at"),
        "expires_on": fields.date("expires_on", "expiration_date", "expires_at"),
        "auto_renew": fields.flag("auto_renew"),
        "renewal_price": price.renew if price else None,
        "renewal_currency": CURRENCY if price else "",
        "nameservers": _nameservers(fields),
        "locked": fields.flag("locked", "locked", "transfer_lock"),
        "privacy": fields.flag("privacy", "privacy_protection", "whois_privacy"),
        "dns_managed_by": fields.line("dns_managed_by"),
    }
    return {**values, "unreadable": fields.unreadable}


def _nameservers(fields: Fields) -> tuple[str, ...] | None:
    """The documented list, or `nameserver1` to `nameserver4`, of which the unset ones are empty or absent."""
    numbered = [f"nameserver{number}" for number in range(1, 5)]
    try:
        listed = to_hosts(fields.raw("nameservers"))
        if not listed and fields.says(*numbered):
            return to_hosts([fields.raw(name) for name in numbered])
    except Unreadable:
        fields.mark("nameservers")
        return None
    return listed
