"""Every documented example of a read that the mirror uses, served over HTTP as the page shows it, read field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from providers.resources import (
    Balance,
    Certificate,
    CertificateDetail,
    CertificateStatus,
    Contact,
    ContactDetail,
    Domain,
    DomainDetail,
    DomainStatus,
    Invoice,
    InvoiceDetail,
    InvoiceLine,
    InvoiceStatus,
    PaymentMethod,
    Profile,
    Record,
    RoleContact,
    Service,
    ServiceDetail,
    ServiceMethod,
    ServiceStatus,
    Ticket,
    TicketDetail,
    TicketReply,
    TicketStatus,
    Zone,
)
from tests.providers.hostbill.desk import desk_for

UPSTREAM = Path(__file__).resolve().parents[2] / "upstream"
IDS = {
    "GET /domain/{id}": "47",
    "GET /domain/{id}/dns": "47",
    "GET /invoice/{id}": "308976",
    "GET /tickets/{number}": "736633",
    "GET /service/{id}": "301",
    "GET /service/{id}/methods": "301",
    "GET /certificate/{id}": "300",
    "GET /contact/{id}": "49",
}


def examples(portal: str) -> dict[str, Any]:
    """The examples of a document at the paths where a client asks for them."""
    operations = json.loads((UPSTREAM / f"{portal}.json").read_text(encoding="utf-8"))["operations"]
    found = {}
    for operation in operations:
        name = f"{operation['method']} {operation['path']}"
        if name in IDS:
            name = f"{operation['method']} " + operation["path"].replace("{id}", IDS[name]).replace(
                "{number}", IDS[name]
            )
        name = name.replace("{service_id}", "10").replace("{zone_id}", "60")
        found[name] = operation["example_response"]
    return found


@pytest.fixture(scope="module", params=["cloudviet", "dns_services"])
def portal(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Both documents, read in the time zone of Ho Chi Minh City (UTC+7)."""
    with desk_for(examples(request.param), preset=request.param.replace("_", "-")) as provider:
        yield provider


def whole(page: Any) -> Any:
    assert page.complete
    assert page.bad == ()
    assert page.next is None
    return page.items


def test_domains(portal):
    assert whole(portal.domains.list()) == (
        Domain(
            id="47",
            name="testname.com",
            status=DomainStatus.ACTIVE,
            upstream_status="Active",
            registered_on=date(2016, 12, 30),
            expires_on=date(2017, 12, 30),
            auto_renew=True,
            period_years=1,
            renewal_price=Decimal("15.00"),
        ),
    )


def test_a_domain_in_detail(portal):
    assert portal.domains.detail("47") == DomainDetail(
        id="47",
        name="testname.com",
        status=DomainStatus.ACTIVE,
        upstream_status="Active",
        registered_on=date(2016, 12, 30),
        expires_on=date(2017, 12, 30),
        auto_renew=True,
        period_years=1,
        renewal_price=Decimal("15.00"),
        nameservers=("ns1.example.com", "ns2.example.com", "ns3.example.com", "ns4.example.com"),
        privacy=False,
        next_due_on=date(2017, 12, 30),
        next_invoice_on=date(2017, 11, 30),
        first_payment=Decimal("10.00"),
    )


def test_zones_of_dns_services_and_of_the_registrar(portal):
    assert whole(portal.dns.list()) == (
        Zone(id="service:10:60", name="booble.com", service_id="10"),
        Zone(id="service:20:61", name="bgg12ooble.com", service_id="20"),
        Zone(id="domain:47", name="testname.com", domain_id="47"),
    )


def test_the_records_of_a_dns_service(portal):
    detail = portal.dns.detail("service:10:60")
    assert (detail.name, detail.service_id, detail.hosted, detail.unreadable) == ("booble.com", "10", True, ())
    assert detail.records == (
        Record(id="10", name="qwerty", type="A", content="127.0.0.1", ttl=1800),
        Record(id="11", name="qwerty", type="NS", content="ns1.qwerty.com.", ttl=1800),
    )


def test_the_records_at_the_registrar(portal):
    detail = portal.dns.detail("domain:47")
    assert (detail.name, detail.domain_id, detail.hosted) == ("testname.com", "47", True)
    assert detail.records == (Record(id="1", name="test", type="A", content="100.100.10.1", ttl=None),)


def test_invoices(portal):
    assert whole(portal.billing.list()) == (
        Invoice(
            id="308976",
            number="2016/12/1",
            status=InvoiceStatus.PAID,
            upstream_status="Paid",
            issued_on=date(2016, 12, 30),
            due_on=date(2017, 1, 6),
            paid_at=datetime(2016, 12, 30, 5, 40, 47, tzinfo=UTC),
            total=Decimal("19.65"),
            currency="USD",
        ),
    )


def test_an_invoice_in_detail(portal):
    assert portal.billing.detail("308976") == InvoiceDetail(
        id="308976",
        number="2016/12/1",
        status=InvoiceStatus.PAID,
        upstream_status="Paid",
        issued_on=date(2016, 12, 30),
        due_on=date(2017, 1, 6),
        paid_at=datetime(2016, 12, 30, 5, 40, 47, tzinfo=UTC),
        total=Decimal("19.65"),
        currency="USD",
        subtotal=Decimal("16.24"),
        tax=Decimal("3.41"),
        tax_rate=Decimal(21),
        credit=Decimal(0),
        notes="",
        lines=(
            InvoiceLine(
                id="12305",
                description="Example Service",
                amount=Decimal("15.00"),
                quantity=Decimal("1.00"),
                taxed=True,
                type="Other",
            ),
            InvoiceLine(
                id="12309",
                description="PayPal Payment Fee",
                amount=Decimal("1.24"),
                quantity=Decimal("1.00"),
                taxed=True,
                type="Other",
                item_id="-2",
            ),
        ),
    )


def test_the_balance_names_its_currency(portal):
    assert portal.billing.balances() == (Balance(currency="USD", owed=Decimal("123456.55"), credit=Decimal("0.00")),)


def test_ways_to_pay_with_the_fees_that_are_told(portal):
    # the two examples come from different portals: only what /payment offers is offered
    assert portal.billing.payment_methods() == (
        PaymentMethod(id="10", name="BankTransfer"),
        PaymentMethod(id="9", name="PayPal"),
    )


def test_tickets(portal):
    assert whole(portal.support.list()) == (
        Ticket(
            id="736633",
            number="736633",
            subject="Lore Ipsum",
            status=TicketStatus.OPEN,
            upstream_status="Open",
            department="Billing",
            opened_at=datetime(2016, 12, 30, 5, 48, 13, tzinfo=UTC),
            read_by_us=True,
        ),
    )


def test_a_ticket_with_its_thread(portal):
    assert portal.support.detail("736633") == TicketDetail(
        id="736633",
        number="736633",
        subject="Lore Ipsum",
        status=TicketStatus.ANSWERED,
        upstream_status="Answered",
        department="Billing",
        opened_at=datetime(2016, 12, 30, 5, 48, 13, tzinfo=UTC),
        read_by_us=True,
        author="Joe Doe",
        email="api@example.com",
        replies=(
            TicketReply(
                id="opening",
                author="Joe Doe",
                body="Donec sollicitudin molestie malesuada. \r\nSed porttitor lectus nibh. Vivamus magna justo, \r\n"
                "lacinia eget consectetur sed, convallis at tellus.",
                sent_at=datetime(2016, 12, 30, 5, 48, 13, tzinfo=UTC),
                by_staff=False,
            ),
            TicketReply(
                id="929",
                author="Suppport Staff",
                body="Vestibulum ac diam sit amet quam \r\nvehicula elementum sed sit amet dui. \r\nPraesent sapien massa"
                "\r\n\r\n-- Maecenas efficitur elit est --",
                sent_at=datetime(2016, 12, 30, 5, 51, 4, tzinfo=UTC),
                by_staff=True,
            ),
        ),
    )


def test_services(portal):
    assert whole(portal.services.list()) == (
        Service(
            id="301",
            name="Starter Hosting",
            status=ServiceStatus.PENDING,
            upstream_status="Pending",
            domain="examplename.com",
            category="Hosting",
            billing_cycle="Monthly",
            next_due_on=date(2017, 12, 30),
            price=Decimal("9.99"),
        ),
    )


def test_a_service_in_detail_with_what_its_module_can_do(portal):
    detail = portal.services.detail("301")
    assert detail == ServiceDetail(
        id="301",
        name="Starter Hosting",
        status=ServiceStatus.ACTIVE,
        upstream_status="Active",
        domain="examplename.com",
        label="",
        billing_cycle="Monthly",
        next_due_on=date(2017, 12, 30),
        price=Decimal("9.99"),
        registered_on=date(2016, 12, 30),
        next_invoice_on=date(2017, 1, 27),
        first_payment=Decimal("9.99"),
        username="examplen",
        password="pdtzc",
        methods=(
            ServiceMethod(name="Upgrade Request", method="POST", route="/service/@id/upgrade"),
            ServiceMethod(name="Upgrade Options", method="GET", route="/service/@id/upgrade"),
            ServiceMethod(name="Change service label", method="POST", route="/service/@id/label"),
            ServiceMethod(name="Service label", method="GET", route="/service/@id/label"),
            ServiceMethod(name="Cancel Service", method="POST", route="/service/@id/cancel"),
        ),
        offers=frozenset(
            f"services.{one}" for one in ("upgrade", "upgrade_quote", "upgrade_options", "label", "set_label", "cancel")
        ),
    )
    assert "pdtzc" not in repr(detail)


def test_whose_login_it_is(portal):
    assert portal.test() == Profile(
        id="26",
        email="api@example.com",
        name="Joe Doe",
        country="US",
        first_name="Joe",
        last_name="Doe",
        address=("Pretty View Lane", "3294"),
        city="Santa Rosa",
        state="California",
        postcode="95401",
        phone="+1.24123123",
    )


def test_contacts(portal):
    assert whole(portal.profile.list_contacts()) == (
        Contact(id="49", first_name="Mary", last_name="Sue", email="mary@example.com", is_company=False),
    )
    assert portal.profile.contact("49") == ContactDetail(
        id="49",
        first_name="Mary",
        last_name="Sue",
        email="mary@example.com",
        is_company=False,
        address=("Pretty View Lane", "3194"),
        city="Santa Rosa",
        state="California",
        postcode="95401",
        country="US",
        phone="+1.24123123",
        privileges=("support.newticket", "support.tickets"),
    )


def test_certificates_of_cloudviet():
    with desk_for(examples("cloudviet")) as portal:
        assert whole(portal.certificates.list()) == (
            Certificate(
                id="300",
                domain="examplename.com",
                name="Comodo InstantSSL",
                status=CertificateStatus.PENDING,
                upstream_status="Pending",
                certificate_status="",
                expires_on=date(2017, 12, 30),
                next_due_on=date(2017, 12, 30),
                billing_cycle="Annually",
                price=Decimal("27.85"),
                email="admin@example.com",
            ),
        )
        assert portal.certificates.detail("300") == CertificateDetail(
            id="300",
            domain="examplename.com",
            name="Comodo InstantSSL",
            status=CertificateStatus.PENDING,
            upstream_status="Pending",
            certificate_status="",
            expires_on=date(2017, 12, 30),
            next_due_on=date(2017, 12, 30),
            billing_cycle="Annually",
            price=Decimal("27.85"),
            email="admin@example.com",
            registered_on=date(2016, 12, 30),
            next_invoice_on=date(2017, 10, 31),
            first_payment=Decimal("27.85"),
            organization="My Org name",
            software="1",
            contacts=(RoleContact(role="admin", words="Mary Sue, mary@example.com, +1 24123223"),),
            csr="-----BEGIN CERTIFICATE REQUEST----- ...",
        )


def test_fees_are_merged_into_the_ways_to_pay():
    fees = examples("cloudviet")["GET /payment/fees"]
    with desk_for({"GET /payment": {"payments": {"2": "Card", "7": "Cash"}}, "GET /payment/fees": fees}) as portal:
        assert portal.billing.payment_methods() == (
            PaymentMethod(id="2", name="Card", fixed_fee=Decimal("0.5"), percent_fee=Decimal("2.9")),
            PaymentMethod(id="7", name="Cash"),
        )
