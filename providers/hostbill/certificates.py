"""Certificates of a HostBill portal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from providers import families
from providers.errors import InvalidRequest, MalformedResponse, NotFound
from providers.hostbill.answers import ENVELOPE, is_outcome, row_values
from providers.hostbill.orders import certificate_fields, order_of, payment_method_id, refusal
from providers.hostbill.parse.certificate import certificate, certificate_detail, certificate_product, software_of
from providers.hostbill.parse.row import UnreadableRow
from providers.hostbill.pem import certificates_in, is_request, json_in
from providers.hostbill.portal import Portal, for_account, page_of, thing_of
from providers.hostbill.refusals import judge
from providers.offers import CertificateOrder, CertificateProduct, Option
from providers.resources import Certificate, CertificateDetail, Download, Order, Page
from providers.values import is_nothing

NOT_ISSUED = re.compile(
    r"(?:not|isn['’]t|never)\s+(?:been\s+|yet\s+)*(?:issued|available|ready|generated|active|found)"
    r"|no certificate|still (?:pending|processing)|awaiting|in progress",
    re.IGNORECASE,
)
NOT_YET = "The authority has not issued this certificate yet."
PEM_TYPE = "application/x-pem-file"


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

    def download(self, certificate_id: str) -> Download:
        """`GET /certificate/{id}/crt`: what is handed on are the certificates read out of the answer, and nothing else of it."""
        operation = "GET /certificate/{id}/crt"
        try:
            body = self.portal.client.certificates.download_certificate(certificate_id)
            said = json_in(body)
            judge(said, 200, operation, changes=False)
        except InvalidRequest as error:
            if not NOT_ISSUED.search(error.upstream_words):
                raise
            words = error.upstream_words
            raise NotFound(NOT_YET, operation=operation, upstream_words=words, status=error.status) from None
        found = certificates_in(body)
        if found:
            return Download(content=found, name=f"certificate-{_file_name(certificate_id)}.pem", media_type=PEM_TYPE)
        if not body.strip() or _says_nothing(said):
            raise NotFound(NOT_YET, operation=operation)
        raise MalformedResponse("The portal’s answer holds no certificate that can be read.", operation=operation)

    def products(self) -> tuple[CertificateProduct, ...]:
        """`GET /certificate/order`; one that can't be read is left out, as no order could name it."""
        operation = "GET /certificate/order"
        data = self.portal.whole(operation, self.portal.client.certificates.available_certificates)
        rows, note = row_values(data, "products", "certificates", operation=operation)
        if note:
            raise MalformedResponse(note, operation=operation)
        found: dict[str, CertificateProduct] = {}
        for row in rows:
            with suppress(UnreadableRow):
                product = certificate_product(row, self.portal.zone)
                found.setdefault(product.id, product)
        return tuple(found.values())

    def software(self, product_id: str) -> tuple[Option, ...]:
        """`GET /certificate/order/{product_id}/software`."""
        return software_of(self.portal.client.certificates.certificate_software(product_id))

    def order(self, order: CertificateOrder, *, payment_method: str = "") -> Order:
        """Changes: `POST /certificate/order`."""
        operation = "POST /certificate/order"
        fields = certificate_fields(order)
        if not is_request(order.csr):
            raise refusal("csr", "This is no certificate request in PEM form.", operation=operation)
        method = payment_method_id(payment_method)
        body = fields if method is None else {**fields, "pay_method": method}
        data = self.portal.change(operation, lambda: self.portal.client.certificates.order_certificate(body))
        return order_of(self.portal, data)


def _says_nothing(said: Any) -> bool:
    """Whether an answer holds, beside its outcome, only empty fields."""
    if not isinstance(said, Mapping):
        return isinstance(said, list) and not said
    return all(is_nothing(value) for key, value in said.items() if key not in ENVELOPE or not is_outcome(value))


def _file_name(certificate_id: str) -> str:
    return re.sub(r"[^\w-]", "", certificate_id, flags=re.ASCII)[:40]
