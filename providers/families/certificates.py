"""Certificates."""

from __future__ import annotations

from providers.families.missing import missing
from providers.offers import CertificateOrder, CertificateProduct, Option
from providers.resources import Certificate, CertificateDetail, Download, Order, Page


class Certificates:
    def list(self, page: str | None = None) -> Page[Certificate]:
        """One page of the certificates."""
        raise missing("certificates.list")

    def detail(self, certificate_id: str) -> CertificateDetail:
        """One certificate with its request."""
        raise missing("certificates.detail")

    def download(self, certificate_id: str) -> Download:
        """The certificate as PEM. Raises NotFound while the authority has not issued it."""
        raise missing("certificates.download")

    def products(self) -> tuple[CertificateProduct, ...]:
        """What can be ordered, with prices."""
        raise missing("certificates.products")

    def software(self, product_id: str) -> tuple[Option, ...]:
        """The server software that an order of this product has to name; empty where it need not."""
        raise missing("certificates.software")

    def order(self, order: CertificateOrder, *, payment_method: str = "") -> Order:
        """Changes: orders a certificate, which makes an invoice."""
        raise missing("certificates.order")
