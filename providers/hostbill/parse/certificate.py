"""SSL certificates."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from providers.hostbill.parse.row import Row
from providers.hostbill.parse.statuses import CERTIFICATE, status_of
from providers.resources import Certificate, CertificateDetail, CertificateStatus

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
        organization=Row(organization, zone).word("name") if isinstance(organization, dict) else None,
        csr=row.text("csr"),
        unreadable=row.unreadable,
    )


def _shared(row: Row) -> dict[str, Any]:
    word = row.word("status")
    authority = row.optional("certificate_status", "cert_status")
    status = status_of(word, CERTIFICATE, CertificateStatus.UNKNOWN)
    said = status_of(authority or "", CERTIFICATE, CertificateStatus.UNKNOWN)
    return {
        "id": row.identifier("id"),
        "domain": row.word("domain").lower(),
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
