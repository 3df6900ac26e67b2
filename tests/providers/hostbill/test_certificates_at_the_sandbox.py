"""Certificates of the Cloudviet stand-in: ordered, paid, issued and fetched over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from providers.errors import InvalidRequest, NotFound, NotSupported
from providers.offers import CertificateOrder
from providers.resources import CertificateStatus
from sandbox.hostbill.portal import HostBillPortal
from sandbox.server import Sandbox
from tests.providers.hostbill.rented import desk, settled


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=6) as running:
        yield running


@pytest.fixture
def portal(sandbox: Sandbox) -> HostBillPortal:
    return sandbox.cloudviet


@pytest.fixture(scope="module")
def csr() -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example.vn")])
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(name)
        .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    )
    return request.public_bytes(serialization.Encoding.PEM).decode()


def test_what_is_sold_has_prices_and_asks_for_software(portal):
    certificates = desk(portal).certificates
    sold = {one.name: one for one in certificates.products()}
    assert set(sold) == {"PositiveSSL", "InstantSSL", "EV SSL"}
    product = sold["PositiveSSL"]
    assert [(one.years, one.price, one.renew) for one in product.periods] == [
        (1, Decimal(390000), Decimal(390000)),
        (2, Decimal(780000), Decimal(780000)),
    ]
    software = certificates.software(product.id)
    assert [(one.id, one.name) for one in software][:2] == [
        ("0", "AOL"),
        ("1", "Apache-SSL (Ben-SSL, not Stronghold)"),
    ]
    with pytest.raises(NotFound):
        certificates.software("999")


def test_an_ordered_certificate_is_issued_once_its_invoice_is_paid(portal, csr):
    certificates = desk(portal).certificates
    order = certificates.order(
        CertificateOrder(product_id="25", csr=csr, years=2, approver_email="admin@shop.example.vn", software_id="3"),
        payment_method="1",
    )
    invoice = portal.state.get("invoices", order.invoice_id)
    assert (order.total, len(order.items)) == (Decimal(invoice["total"]), 1)
    made = order.items[0].id
    detail = certificates.detail(made)
    assert (detail.status, detail.domain, detail.csr) == (CertificateStatus.PENDING, "shop.example.vn", csr.strip())
    with pytest.raises(NotFound) as caught:
        certificates.download(made)
    assert caught.value.sentence == "The authority has not issued this certificate yet."
    assert caught.value.account == "Cloudviet (agency)"

    settled(portal, invoice["id"])
    assert certificates.detail(made).status is CertificateStatus.ACTIVE
    download = certificates.download(made)
    read = x509.load_pem_x509_certificate(download.content)
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName)[0] == "shop.example.vn"
    assert (download.name, download.media_type) == (f"certificate-{made}.pem", "application/x-pem-file")
    assert certificates.detail(made).expires_on is not None


def test_every_issued_certificate_can_be_fetched_and_no_other(portal):
    certificates = desk(portal).certificates
    for one in portal.state.all("certificates"):
        if one["crt"]:
            assert certificates.download(one["id"]).content.startswith(b"-----BEGIN CERTIFICATE-----")
        else:
            with pytest.raises(NotFound):
                certificates.download(one["id"])
    with pytest.raises(NotFound):
        certificates.download("999999")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"csr": "example.com"}, "csr"),
        ({"csr": "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----"}, "csr"),
        ({"csr": ""}, "csr"),
        ({"product_id": "gold"}, "product_id"),
        ({"software_id": "nginx"}, "software_id"),
        ({"years": 0}, "years"),
    ],
)
def test_an_order_that_makes_no_sense_is_not_sent(portal, csr, changes, field):
    calls: list[Any] = []
    said = {"product_id": "25", "csr": csr, "approver_email": "admin@shop.example.vn", **changes}
    with pytest.raises(InvalidRequest) as caught:
        desk(portal, calls=calls).certificates.order(CertificateOrder(**said))
    assert list(caught.value.fields) == [field]
    assert calls == []


def test_what_only_the_portal_knows_to_be_wrong_it_refuses_itself(portal, csr):
    certificates = desk(portal).certificates
    before = len(portal.state.all("invoices"))
    for said in ({"approver_email": "nobody"}, {"product_id": "999"}, {"years": 9}, {"software_id": "77"}):
        order = {"product_id": "25", "csr": csr, "approver_email": "admin@shop.example.vn", **said}
        with pytest.raises(InvalidRequest):
            certificates.order(CertificateOrder(**order))
    assert len(portal.state.all("invoices")) == before


def test_dns_services_sells_no_certificates_by_its_api(sandbox, csr):
    provider = desk(sandbox.dns_services)
    assert not any(one.startswith("certificates.") for one in provider.capabilities)
    with pytest.raises(NotSupported) as caught:
        provider.certificates.order(CertificateOrder(product_id="25", csr=csr))
    assert caught.value.sentence.endswith("Nothing was sent.")
