"""SSL certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from providers.errors import MalformedResponse
from providers.fields import Fields
from providers.hostbill.answers import row_values
from providers.hostbill.parse.registrar import ROLES, contacts
from providers.hostbill.parse.row import Row, UnreadableRow
from providers.hostbill.parse.statuses import CERTIFICATE, status_of
from providers.offers import CertificatePrice, CertificateProduct, Option
from providers.registrant import Person
from providers.resources import Certificate, CertificateDetail, CertificateStatus, RoleContact
from providers.values import is_nothing

SOFTWARE = "GET /certificate/order/{product_id}/software"
MOST_YEARS = 10
OVERRULING = frozenset({CertificateStatus.EXPIRED, CertificateStatus.REVOKED})


def certificate(data: Any, zone: ZoneInfo) -> Certificate:
    """A row of `GET /certificate`."""
    row = Row(data, zone)
    return Certificate(**_shared(row), unreadable=row.unreadable)


def certificate_detail(data: Any, zone: ZoneInfo) -> CertificateDetail:
    """The `service` of `GET /certificate/{id}`."""
    row = Row(data, zone)
    organization = row.raw("organization")
    return CertificateDetail(
        **_shared(row),
        registered_on=row.date("registered_on", "date_created"),
        next_invoice_on=row.date("next_invoice_on", "next_invoice"),
        first_payment=row.money("first_payment", "firstpayment"),
        software=row.optional("software", "software"),
        contacts=_contacts(row, zone),
        organization=Row(organization, zone).word("name") if isinstance(organization, dict) else None,
        csr=row.text("csr"),
        unreadable=row.unreadable,
    )


def _contacts(row: Row, zone: ZoneInfo) -> tuple[RoleContact, ...] | None:
    """The people in it, as words; None where the answer names no contacts."""
    value = row.raw("contacts")
    if value is None or is_nothing(value):
        return None if value is None else ()
    try:
        told = contacts({"contacts": value}, zone)
    except UnreadableRow:
        row.mark("contacts")
        return None
    by_role = {role: getattr(told, role) for role in ROLES}
    return tuple(RoleContact(role=role, words=words) for role, one in by_role.items() if (words := _words(one)))


def _words(one: Person | None) -> str:
    if one is None:
        return ""
    extra = {name.lower(): text for name, text in one.extra.items()}
    prefix = extra.get("prefix", "").lstrip("+")
    phone = f"+{prefix} {one.phone}" if one.phone and prefix.isdigit() and not one.phone.startswith("+") else one.phone
    name = " ".join(part for part in (one.first_name, one.last_name) if part)
    return ", ".join(part for part in (name, one.company, one.email, phone) if part)


def certificate_product(data: Any, zone: ZoneInfo) -> CertificateProduct:
    """A row of `GET /certificate/order`. A period without a number of years is left out: no order could name it."""
    row = Row(data, zone)
    periods = [Row(one, zone) for one in row.items("periods") if isinstance(one, Mapping)]
    return CertificateProduct(
        id=row.identifier("id", "product_id"),
        name=row.needed("name", "name"),
        currency=row.currency(),
        periods=tuple(
            CertificatePrice(years=years, price=period.money("price"), renew=period.money("renew"))
            for period in periods
            if (years := period.number("years", "years", "period")) and 0 < years <= MOST_YEARS
        ),
    )


def software_of(data: Any) -> tuple[Option, ...]:
    """The `software` of `GET /certificate/order/{product_id}/software`: rows, or names keyed by id. One without an id is left out.

    Raises MalformedResponse.
    """
    value = data.get("software", data) if isinstance(data, Mapping) else data
    if isinstance(value, Mapping) and all(key.isdigit() and not isinstance(one, Mapping) for key, one in value.items()):
        value = [{"id": key, "name": name} for key, name in value.items()]
    rows, note = row_values(value, "software", operation=SOFTWARE)
    if note:
        raise MalformedResponse(note, operation=SOFTWARE)
    found: dict[str, Option] = {}
    for data_of_row in rows:
        row = Fields(data_of_row)
        key = row.id("id", "id", "software_id", "value")
        if key:
            found.setdefault(key, Option(id=key, name=row.line("name", "name", "title") or key))
    return tuple(found.values())


def _shared(row: Row) -> dict[str, Any]:
    word = row.told("status")
    authority = row.optional("certificate_status", "cert_status")
    status = status_of(word, CERTIFICATE, CertificateStatus.UNKNOWN)
    said = status_of(authority or "", CERTIFICATE, CertificateStatus.UNKNOWN)
    return {
        "id": row.identifier("id"),
        "domain": row.told("domain").lower(),
        "name": row.needed("name", "name"),
        # the service is still 'Active' at the portal when the authority has revoked the certificate
        "status": said if said in OVERRULING else status,
        "upstream_status": word,
        "certificate_status": authority,
        # before the authority has issued it, a certificate has no end
        "expires_on": row.date("expires_on", "cert_expires", zero_is_none=status is not CertificateStatus.ACTIVE),
        "next_due_on": row.date("next_due_on", "next_due"),
        "billing_cycle": row.optional("billing_cycle", "billingcycle"),
        "price": row.money("price", "total"),
        "currency": row.currency(),
        "email": row.optional("email", "cert_email"),
    }
