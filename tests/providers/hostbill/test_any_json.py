"""Whatever JSON a portal answers, every method of the adapter ends in resources or in one of our own errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from providers.errors import ProviderError
from providers.families import changes, offered_by
from providers.hostbill import HostBillProvider
from providers.hostbill.auth import TokenPair
from providers.hostbill.billing import Billing
from providers.hostbill.capabilities import Capabilities, operations_of
from providers.hostbill.catalog import Catalog
from providers.hostbill.certificates import Certificates
from providers.hostbill.client import HostBillClient
from providers.hostbill.dns import Dns
from providers.hostbill.domains import Domains
from providers.hostbill.operations import CLOUDVIET_ONLY, COMMON, DNS_SERVICES_ONLY
from providers.hostbill.portal import Portal
from providers.hostbill.profile import ProfileFamily
from providers.hostbill.refusals import judge
from providers.hostbill.services import Services
from providers.hostbill.support import Support
from providers.transport import Answer
from tests.providers.hostbill.desk import connection, spec
from tests.providers.hostbill.every_method import ASKS_FIRST, CALLS, FIRST, MORE, WRAPPERS

NAMES = [
    "id", "name", "domain", "status", "success", "error", "info", "domains", "details", "invoices", "invoice",
    "items", "tickets", "ticket", "replies", "ticket_number", "subject", "date", "body", "services", "service",
    "methods", "method", "route", "vms", "vm", "vmid", "ips", "ip", "memory", "disk", "cpu", "template",
    "sslservices", "organization", "cert_expires", "client", "contacts", "contact", "privileges", "zones",
    "service_id", "domain_id", "records", "type", "content", "ttl", "priority", "expires", "currency",
    "nameservers", "total", "qty", "amount", "payments", "fixed_fee", "departments", "acc_balance", "paths",
    "basePath", "0", "1", "47", "tlds", "tld", "periods", "period", "register", "renew", "available", "forms", "title",
    "config", "reglock", "epp_code", "registrant", "admin", "firstname", "from", "to", "flags", "alg", "key", "digest",
    "pubkey", "custom", "price", "summary", "resources", "order_num", "invoice_id", "product", "products", "categories",
    "software", "notifications", "logs", "crt", "password", "templates", "label", "service_ids", "types", "ptr",
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
    """A transport whose portal always answers the same, judged like any answer; but for the questions in `FIRST`."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def read(self, _method: str, _path: str, *, operation: str, **_: Any) -> Answer:
        return self._answer(operation, changing=False)

    def change(self, _method: str, _path: str, *, operation: str, **_: Any) -> Answer:
        return self._answer(operation, changing=True)

    def _answer(self, operation: str, *, changing: bool) -> Answer:
        judge(self.data, 200, operation, changes=changing)
        return Answer(200, {}, self.data, json.dumps(self.data, default=str).encode())


class SayingFirst(Saying):
    def read(self, _method: str, _path: str, *, operation: str, **_: Any) -> Answer:
        if operation in FIRST:
            return Answer(200, {}, FIRST[operation])
        return super().read(_method, _path, operation=operation)


class Everything(Capabilities):
    """A portal that has all that any portal documents."""

    def offers(self, operation: str) -> bool:
        return operation in COMMON | CLOUDVIET_ONLY | DNS_SERVICES_ONLY


def portal_saying(data: Any, transport: type[Saying] = Saying) -> Any:
    """The families of an adapter, on a transport of this process."""
    about = connection("https://portal.example/api")
    portal = Portal(
        client=HostBillClient(transport(data)),  # type: ignore[arg-type]  # as much of a transport as the client needs
        connection=about,
        zone=ZoneInfo("Europe/Copenhagen"),
        capabilities=Everything(about, None, "cloudviet"),  # type: ignore[arg-type]  # nothing is asked
    )
    return SimpleNamespace(
        domains=Domains(portal),
        dns=Dns(portal),
        billing=Billing(portal),
        support=Support(portal),
        services=Services(portal),
        certificates=Certificates(portal),
        catalog=Catalog(portal),
        profile=ProfileFamily(portal),
    )


EVERY: dict[str, Callable[[Any], Any]] = {**CALLS, **MORE}


def try_it(name: str, data: Any) -> None:
    capability = name.partition(" ")[0]
    for transport in (Saying, SayingFirst) if capability in ASKS_FIRST else (Saying,):
        error = error_of(name, portal_saying(data, transport))
        if error is None:
            continue
        check_texts(error.sentence)
        assert error.sentence.endswith("."), error.sentence
        assert not (changes(capability) and error.retry_change), "whoever sends it again may order twice"


def error_of(name: str, at: Any) -> ProviderError | None:
    try:
        check_texts(EVERY[name](at))
    except ProviderError as error:
        return error
    return None


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


SETTINGS = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    # not shrunk: to make one failure smaller takes up to five minutes and a gigabyte, and there are two hundred tests here
    phases=(Phase.explicit, Phase.generate),
)


def test_every_method_that_the_adapter_offers_is_tried_here():
    provider = HostBillProvider(connection("https://portal.example/api"), spec())
    try:
        assert offered_by(provider) == CALLS.keys()
    finally:
        provider.close()
    assert {name.partition(" ")[0] for name in MORE} | WRAPPERS.keys() <= CALLS.keys()


@pytest.mark.parametrize("name", EVERY)
@SETTINGS
@given(data=JSON)
def test_any_answer(name, data):
    try_it(name, data)


@pytest.mark.parametrize("name", WRAPPERS)
@SETTINGS
@given(row=ROWS)
def test_any_row_in_its_place(name, row):
    try_it(name, {WRAPPERS[name]: row})
    try_it(name, {WRAPPERS[name]: [row, {**row, "id": "47"}]})
    try_it(name, {WRAPPERS[name]: {"47": row}})


@SETTINGS
@given(data=JSON)
def test_any_swagger_document_and_any_token_answer(data):
    assert operations_of(data) is None or operations_of(data)
    try:
        pair = TokenPair.read(data, "POST /login")
    except ProviderError:
        return
    assert pair.token
