"""SSL certificates. Documented by Cloudviet alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.hostbill.client.group import Group


class Certificates(Group):
    def list_certificates(self) -> Any:
        """`GET /certificate`: the account's certificate services. Reads. Cloudviet. Answers `{"sslservices": [...]}`."""
        return self._read("GET", "/certificate")

    def certificate_details(self, certificate_id: str) -> Any:
        """`GET /certificate/{id}`: one certificate with request, contacts and organisation. Reads. Cloudviet.

        Answers `{"service": {...}}`.
        """
        return self._read("GET", "/certificate/{id}", id=certificate_id)

    def download_certificate(self, certificate_id: str) -> bytes:
        """`GET /certificate/{id}/crt`: the X.509 certificate. Reads. Cloudviet; the shape is not documented, so that the body is
        answered as it came: PEM, or JSON that holds it."""
        return self._read_bytes("GET", "/certificate/{id}/crt", id=certificate_id)

    def available_certificates(self) -> Any:
        """`GET /certificate/order`: the certificate products on sale, prices per period of years. Reads. Cloudviet.

        Answers `{"products": [{"id", "name", "periods": [{"years", "price", "renew"}]}]}`.
        """
        return self._read("GET", "/certificate/order")

    def certificate_software(self, product_id: str) -> Any:
        """`GET /certificate/order/{product_id}/software`: server software ids that an order needs. Reads. Cloudviet.

        Answers `{"software": [{"id", "name"}]}`, ids as integers.
        """
        return self._read("GET", "/certificate/order/{product_id}/software", product_id=product_id)

    def order_certificate(self, fields: Mapping[str, Any]) -> Any:
        """`POST /certificate/order`: orders a certificate. Changes: money. Cloudviet.

        Fields: product_id, csr (the PEM request; the page wrongly says domain name), years (int), pay_method, approver_email,
        admin, tech, billing (contact ids), organization, software (id), data. Answers `{"order_num", "invoice_id", "total",
        "items": {...}}`.
        """
        return self._change("POST", "/certificate/order", body=fields)
