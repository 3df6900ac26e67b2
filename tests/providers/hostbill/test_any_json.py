"""Whatever JSON a portal answers, reading it ends in resources or in one of our own errors."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.errors import ProviderError
from providers.hostbill.auth import TokenPair
from providers.hostbill.billing import Billing
from providers.hostbill.capabilities import Capabilities, operations_of
from providers.hostbill.certificates import Certificates
from providers.hostbill.client import HostBillClient
from providers.hostbill.dns import Dns
from providers.hostbill.domains import Domains
from providers.hostbill.portal import Portal
from providers.hostbill.profile import ProfileFamily
from providers.hostbill.refusals import judge
from providers.hostbill.services import Services
from providers.hostbill.support import Support
from providers.transport import Answer
from tests.providers.hostbill.desk import connection

NAMES = [
    "id", "name", "domain", "status", "success", "error", "info", "domains", "details", "invoices", "invoice",
    "items", "tickets", "ticket", "replies", "ticket_number", "subject", "date", "body", "services", "service",
    "methods", "method", "route", "vms", "vm", "vmid", "ips", "ip", "memory", "disk", "cpu", "template",
    "sslservices", "organization", "cert_expires", "client", "contacts", "contact", "privileges", "zones",
    "service_id", "domain_id", "records", "type", "content", "ttl", "priority", "expires", "currency",
    "nameservers", "total", "qty", "amount", "payments", "fixed_fee", "departments", "acc_balance", "paths",
    "basePath", "0", "1", "47",
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(
        ["47", "0", "", "n/a", "Active", "0000-00-00", "2027-01-02 03:04:05", "19.65", "a.com", "@", "MX", "1.2.3.4"]
    ),
    st.text(max_size=12),
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False), TEXTS, TEXTS
)
KEYS = st.one_of(st.sampled_from(NAMES), st.sampled_from(NAMES), st.text(max_size=6))
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=6)),
    max_leaves=24,
)
ROWS = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=14)


class Saying:
    """A transport whose portal always answers the same, judged like any answer."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def read(self, _method: str, _path: str, *, operation: str, **_: Any) -> Answer:
        judge(self.data, 200, operation, changes=False)
        return Answer(200, {}, self.data)


def portal_saying(data: Any) -> Portal:
    about = connection("https://portal.example/api")
    client = HostBillClient(Saying(data))  # type: ignore[arg-type]  # as much of a transport as a read needs
    capabilities = Capabilities(about, None, "cloudviet")  # type: ignore[arg-type]  # its documents are known: nothing is sent
    return Portal(client=client, connection=about, zone=ZoneInfo("Europe/Copenhagen"), capabilities=capabilities)


READS: dict[str, Callable[[Portal], Any]] = {
    "domains.list": lambda portal: Domains(portal).list(),
    "domains.detail": lambda portal: Domains(portal).detail("47"),
    "dns.list": lambda portal: Dns(portal).list(),
    "dns.detail of a domain": lambda portal: Dns(portal).detail("domain:47"),
    "dns.detail of a service": lambda portal: Dns(portal).detail("service:1:47"),
    "billing.list": lambda portal: Billing(portal).list(),
    "billing.detail": lambda portal: Billing(portal).detail("47"),
    "billing.balances": lambda portal: Billing(portal).balances(),
    "billing.payment_methods": lambda portal: Billing(portal).payment_methods(),
    "support.list": lambda portal: Support(portal).list(),
    "support.detail": lambda portal: Support(portal).detail("47"),
    "support.departments": lambda portal: Support(portal).departments(),
    "services.list": lambda portal: Services(portal).list(),
    "services.detail": lambda portal: Services(portal).detail("47"),
    "services.list_machines": lambda portal: Services(portal).list_machines(),
    "services.machine": lambda portal: Services(portal).machine("1:47"),
    "certificates.list": lambda portal: Certificates(portal).list(),
    "certificates.detail": lambda portal: Certificates(portal).detail("47"),
    "profile.profile": lambda portal: ProfileFamily(portal).profile(),
    "profile.list_contacts": lambda portal: ProfileFamily(portal).list_contacts(),
    "profile.contact": lambda portal: ProfileFamily(portal).contact("47"),
}
WRAPPERS = {
    "domains.list": "domains",
    "domains.detail": "details",
    "dns.list": "zones",
    "billing.list": "invoices",
    "billing.detail": "invoice",
    "billing.balances": "details",
    "support.list": "tickets",
    "support.detail": "ticket",
    "services.list": "services",
    "services.detail": "service",
    "services.machine": "vm",
    "certificates.list": "sslservices",
    "certificates.detail": "service",
    "profile.profile": "client",
    "profile.list_contacts": "contacts",
    "profile.contact": "contact",
}


def try_reading(read: str, data: Any) -> None:
    with suppress(ProviderError):
        check_texts(READS[read](portal_saying(data)))


def check_texts(value: Any) -> None:
    """Nothing leaves an adapter that no database takes."""
    if isinstance(value, str):
        assert "\0" not in value
        value.encode("utf-8")
    elif isinstance(value, tuple):
        for part in value:
            check_texts(part)
    elif is_dataclass(value):
        for field in fields(value):
            check_texts(getattr(value, field.name))


SETTINGS = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.mark.parametrize("read", READS)
@SETTINGS
@given(data=JSON)
def test_any_answer(read, data):
    try_reading(read, data)


@pytest.mark.parametrize("read", WRAPPERS)
@SETTINGS
@given(row=ROWS)
def test_any_row_in_its_place(read, row):
    try_reading(read, {WRAPPERS[read]: row})
    try_reading(read, {WRAPPERS[read]: [row, {**row, "id": "47"}]})
    try_reading(read, {WRAPPERS[read]: {"47": row}})


@SETTINGS
@given(data=JSON)
def test_any_swagger_document_and_any_token_answer(data):
    assert operations_of(data) is None or operations_of(data)
    try:
        pair = TokenPair.read(data, "POST /login")
    except ProviderError:
        return
    assert pair.token
