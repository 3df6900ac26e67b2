"""Certificates of a HostBill portal."""

from __future__ import annotations

from providers import families
from providers.hostbill.parse.certificate import certificate, certificate_detail
from providers.hostbill.portal import Portal, for_account, page_of, thing_of
from providers.resources import Certificate, CertificateDetail, Page


@for_account
class Certificates(families.Certificates):
    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def list(self, page: str | None = None) -> Page[Certificate]:
        """`GET /certificate`, whole."""
        operation = "GET /certificate"
        data = self.portal.whole(operation, self.portal.client.certificates.list_certificates)
        return page_of(
            data,
            "sslservices",
            "certificates",
            parse=lambda row: certificate(row, self.portal.zone),
            operation=operation,
        )

    def detail(self, certificate_id: str) -> CertificateDetail:
        """`GET /certificate/{id}`."""
        return thing_of(
            self.portal.client.certificates.certificate_details(certificate_id),
            "service",
            "certificate",
            wanted=certificate_id,
            parse=lambda row: certificate_detail(row, self.portal.zone),
            operation="GET /certificate/{id}",
        )
