"""Certificates as a portal may send them, what it sells, and what it says when there is nothing to send."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import InvalidRequest, MalformedResponse, NotFound, OutcomeUnknown, PermissionDenied
from providers.hostbill.pem import certificates_in, is_request
from providers.offers import CertificateOrder, CertificatePrice, CertificateProduct, Option
from providers.resources import RoleContact
from tests.providers.hostbill.desk import desk_for
from tests.providers.kit import within
from tests.sandbox.documents import operations

KEY = ec.generate_private_key(ec.SECP256R1())
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def made(name: str) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder().subject_name(named(name)).issuer_name(named("Test CA")).public_key(KEY.public_key())
    )
    lasting = builder.not_valid_before(now).not_valid_after(now + timedelta(days=90))
    return lasting.serial_number(x509.random_serial_number()).sign(KEY, hashes.SHA256())


LEAF, CHAIN = made("shop.example.vn"), made("Test CA")
PEM = LEAF.public_bytes(serialization.Encoding.PEM)
CA = CHAIN.public_bytes(serialization.Encoding.PEM)
DER = LEAF.public_bytes(serialization.Encoding.DER)
CSR = (
    x509.CertificateSigningRequestBuilder()
    .subject_name(named("shop.example.vn"))
    .sign(KEY, hashes.SHA256())
    .public_bytes(serialization.Encoding.PEM)
    .decode()
)


def example(operation: str) -> Any:
    return next(one for one in operations("cloudviet") if f"{one['method']} {one['path']}" == operation)[
        "example_response"
    ]


def answering(answer: Any) -> Any:
    return desk_for({"GET /certificate/300/crt": answer})


def text(pem: bytes) -> str:
    return pem.decode()


# --- downloads ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "content"),
    [
        ((200, PEM), PEM),
        ((200, b"\n" + PEM.replace(b"\n", b"\r\n")), PEM),
        ((200, PEM + CA), PEM + CA),
        ((200, DER), PEM),
        ({"crt": text(PEM)}, PEM),
        ({"success": True, "certificate": text(PEM).replace("\n", "\r\n")}, PEM),
        ({"crt": text(PEM).replace("\n", "\\n")}, PEM),
        ({"crt": text(PEM), "ca": text(CA), "again": text(PEM)}, PEM + CA),
        ({"data": {"x509": [text(PEM), text(CA)]}}, PEM + CA),
        ({"crt": base64.b64encode(DER).decode()}, PEM),
        ((200, json.dumps(text(PEM)).encode()), PEM),
        ((200, b"Bag Attributes\n  friendlyName: x\n" + PEM), PEM),
        ((200, PEM.replace(b"BEGIN CERT", b"BEGIN X509 CERT").replace(b"END CERT", b"END X509 CERT")), PEM),
        ({"key": PRIVATE, "crt": text(PEM), "csr": CSR}, PEM),
        ((200, PRIVATE.encode() + PEM), PEM),
    ],
)
def test_a_certificate_is_read_in_every_form_and_nothing_else_of_the_answer_goes_on(answer, content):
    with answering(answer) as provider:
        download = provider.certificates.download("300")
    assert (download.content, download.name) == (content, "certificate-300.pem")
    assert "BEGIN" not in repr(download)


@pytest.mark.parametrize(
    "answer",
    [
        {"crt": ""},
        {"success": True, "crt": None},
        {"success": True},
        {},
        [],
        {"success": False, "error": ["Certificate is not issued yet"]},
        {"error": "Your certificate has not been issued"},
        {"error": ["No certificate available"]},
        {"error": ["Certificate not found"]},
        (200, b""),
        (200, b"  \n"),
        (404, {"error": ["Certificate not found"]}),
    ],
)
def test_what_is_not_issued_yet_is_not_found(answer):
    with answering(answer) as provider, pytest.raises(NotFound) as caught:
        provider.certificates.download("300")
    assert caught.value.operation == "GET /certificate/{id}/crt"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"error": ["Something else is wrong"]}, InvalidRequest),
        ({"error": ["Access denied"]}, PermissionDenied),
        ({"crt": "soon"}, MalformedResponse),
        ((200, b"<html>Sign in</html>"), MalformedResponse),
        ((200, PEM[:-100]), MalformedResponse),
        ((404, b""), MalformedResponse),
        ({"crt": text(PEM)[:300]}, MalformedResponse),
        ({"crt": text(PEM).replace("M", "N")}, MalformedResponse),
        ({"crt": CSR}, MalformedResponse),
        ({"key": PRIVATE}, MalformedResponse),
        ([[[[[[[[text(PEM)]]]]]]]], MalformedResponse),
    ],
)
def test_what_can_not_be_read_as_a_certificate_is_told(answer, error):
    with answering(answer) as provider, pytest.raises(error) as caught:
        provider.certificates.download("300")
    assert "BEGIN" not in str(caught.value)
    assert caught.value.account == "Cloudviet (agency)"


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_are_too_strange_to_hold_no_certificate(body):
    assert certificates_in(body) == b""


@given(st.integers(0, len(PEM) - 1), st.binary(min_size=1, max_size=3))
def test_a_damaged_certificate_is_a_certificate_or_nothing(place, noise):
    found = certificates_in(PEM[:place] + noise + PEM[place + len(noise) :])
    assert found == b"" or x509.load_pem_x509_certificate(found)


def test_a_flood_of_certificates_ends():
    many = b"".join(made(f"host-{number}.example").public_bytes(serialization.Encoding.PEM) for number in range(30))
    assert certificates_in(many).count(b"BEGIN") == 20


@pytest.mark.parametrize(
    "body", [b"A" * 200 + b" " * 60_000 + b"!", b"-----BEGIN CERTIFICATE-----" * 20_000, b"[" * 60_000]
)
def test_a_body_made_to_be_slow_is_read_fast(body):
    with within(2):
        assert certificates_in(body) == b""
        assert certificates_in(json.dumps({"crt": body.decode()}).encode()) == b""


# --- what is sold ---------------------------------------------------------------------------------------------------------

INSTANT = CertificateProduct(
    id="25",
    name="InstantSSL",
    periods=(
        CertificatePrice(years=1, price=Decimal("27.85"), renew=Decimal("27.85")),
        CertificatePrice(years=2, price=Decimal("48.75"), renew=Decimal("48.75")),
    ),
)


def test_the_documented_products_are_read():
    with desk_for({"GET /certificate/order": example("GET /certificate/order")}) as provider:
        assert provider.certificates.products() == (INSTANT,)


@pytest.mark.parametrize(
    ("answer", "products"),
    [
        ([{"id": 25, "name": "A", "periods": {"1": {"period": "1", "price": "9.00"}}}], 1),
        ({"products": {"25": {"name": "A", "periods": []}}}, 1),
        ({"products": [{"id": 1, "name": "A"}, {"name": "B"}, {"id": 2}, 7, {"id": 1, "name": "again"}]}, 1),
        ({"products": []}, 0),
    ],
)
def test_products_are_read_in_several_shapes(answer, products):
    with desk_for({"GET /certificate/order": answer}) as provider:
        assert len(provider.certificates.products()) == products


def test_a_period_without_years_or_price_is_not_made_up():
    periods = [{"years": 1, "price": "soon"}, {"years": 0, "price": 1}, {"price": 1}, {"years": 2}, "x", {"years": 99}]
    answer = {"products": [{"id": 1, "name": "A", "periods": periods}]}
    with desk_for({"GET /certificate/order": answer}) as provider:
        (product,) = provider.certificates.products()
    assert product.periods == (CertificatePrice(years=1, price=None), CertificatePrice(years=2, price=None))


@pytest.mark.parametrize(
    ("answer", "software"),
    [
        (
            example("GET /certificate/order/{product_id}/software"),
            (Option(id="0", name="AOL"), Option(id="1", name="Apache-SSL (Ben-SSL, not Stronghold)")),
        ),
        ({"software": {"0": "AOL", "3": "nginx"}}, (Option(id="0", name="AOL"), Option(id="3", name="nginx"))),
        ({"software": {"0": {"id": 3, "name": "nginx"}}}, (Option(id="3", name="nginx"),)),
        ([{"id": "3"}, {"name": "no id"}, None, {"id": 3, "name": "again"}], (Option(id="3", name="3"),)),
        ({"software": []}, ()),
    ],
)
def test_server_software_is_read_in_several_shapes(answer, software):
    with desk_for({"GET /certificate/order/25/software": answer}) as provider:
        assert provider.certificates.software("25") == software


@pytest.mark.parametrize("answer", [None, 7, "nginx", {"software": None}, {"software": "nginx"}, {"products": None}])
def test_nothing_is_no_list(answer):
    desk = {"GET /certificate/order": answer, "GET /certificate/order/25/software": answer}
    with desk_for(desk) as provider:
        for ask in (provider.certificates.products, lambda: provider.certificates.software("25")):
            with pytest.raises(MalformedResponse):
                ask()


# --- orders ---------------------------------------------------------------------------------------------------------------

ORDER = CertificateOrder(
    product_id="25",
    csr=f"\n{CSR}\n",
    years=2,
    approver_email="admin@shop.example.vn",
    software_id="3",
    contacts={"admin": "49", "tech": ""},
    organization={"name": "Shop"},
    extra={"phone": "+84"},
)


def test_an_order_is_sent_as_the_page_has_it_and_its_answer_read():
    sent: list[Any] = []

    def say(method: str, path: str, body: bytes) -> Any:
        sent.append((f"{method} {path}", json.loads(body)))
        return example("POST /certificate/order")

    with desk_for(say) as provider:
        order = provider.certificates.order(ORDER, payment_method="4")
    assert (order.number, order.invoice_id, order.total) == ("873340994", "308978", Decimal("27.85"))
    assert [(one.id, one.type, one.name, one.product_id) for one in order.items] == [("10", "Hosting", "test.com", "3")]
    body = {
        "product_id": 25,
        "csr": CSR.strip(),
        "years": 2,
        "pay_method": 4,
        "approver_email": "admin@shop.example.vn",
        "admin": 49,
        "software": 3,
        "organization": {"name": "Shop"},
        "data": {"phone": "+84"},
    }
    assert sent == [("POST /certificate/order", body)]


@pytest.mark.parametrize("answer", [None, {}, [], ""])
def test_an_order_without_an_answer_is_doubtful(answer):
    with desk_for({"POST /certificate/order": answer}) as provider, pytest.raises(OutcomeUnknown):
        provider.certificates.order(ORDER)


@pytest.mark.parametrize("wrong", ["", "example.com", text(PEM), PRIVATE, CSR[:200], "ü", CSR.replace("M", "N")])
def test_what_is_no_certificate_request(wrong):
    assert is_request(CSR)
    assert not is_request(wrong)


# --- the people in it ----------------------------------------------------------------------------------------------------------


def detail_with(**said: Any) -> Any:
    example_detail = example("GET /certificate/{id}")["service"]
    with desk_for({"GET /certificate/300": {"service": {**example_detail, **said}}}) as portal:
        return portal.certificates.detail("300")


@pytest.mark.parametrize(
    ("contacts", "words"),
    [
        ({}, ()),
        ([], ()),
        ("", ()),
        ({"tech": {"firstname": "Bo", "companyname": "Ropes", "phonenumber": "+45.1"}}, ("tech: Bo, Ropes, +45.1",)),
        ({"admin": {"FName": "Bo", "Phone": 7, "PreFix": "x"}, "billing": []}, ("admin: Bo, 7",)),
        ({"admin": {"FName": "n/a", "LName": "n/a"}}, ()),
    ],
)
def test_the_people_in_a_certificate_are_told_in_words(contacts, words):
    detail = detail_with(contacts=contacts)
    assert tuple(f"{one.role}: {one.words}" for one in detail.contacts) == words
    assert detail.unreadable == ()


def test_people_who_can_not_be_read_are_unreadable_and_the_rest_is_told():
    detail = detail_with(contacts="Mary and Sue")
    assert (detail.contacts, detail.unreadable, detail.software) == (None, ("contacts",), "1")
    assert detail_with(contacts=None).contacts is None


def test_a_contact_is_an_item_of_its_own():
    [one] = detail_with().contacts
    assert one == RoleContact(role="admin", words="Mary Sue, mary@example.com, +1 24123223")
