"""Whatever a portal answers: a result or one of our errors, never anything else, and never the credential."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from providers.contract import pages
from providers.errors import InvalidRequest, MalformedResponse, OutcomeUnknown, ProviderError
from providers.offers import DomainOrder, MachineOrder
from providers.resources import Order
from providers.vpsorg.lists import BadRowError
from providers.vpsorg.parse import catalogue, orders
from tests.providers.kit import TOKEN
from tests.providers.vpsorg.conftest import Answers

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
KEYS = [
    "uuid",
    "id",
    "name",
    "domain",
    "domain_name",
    "status",
    "available",
    "is_available",
    "price",
    "currency",
    "results",
    "next",
    "count",
    "versions",
    "message",
    "next_steps",
    "estimated_completion",
    "total_cost",
    "expiration_date",
    "ram",
    "ram_unit",
    "cpu",
    "disk_space",
    "transfer",
    "monthly_price",
    "fingerprint",
    "created_at",
    "locked",
    "auto_renew",
    "privacy_protection",
    "nameservers",
]
NEAR = st.dictionaries(
    st.sampled_from(KEYS), JSON | st.lists(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5), max_size=2)
)
ANYTHING = JSON | NEAR | st.lists(NEAR, max_size=3)

MACHINE = MachineOrder(hostname="a.example.com", plan_id="p", location_id="1", system_version_id="v")
ORDER = DomainOrder(name="x.com", epp_code="abcdef")
ASKS: list[Callable[[Any], Any]] = [
    lambda one: list(pages(one.domains.list)),
    lambda one: one.domains.detail("u1"),
    lambda one: one.domains.named("x.com"),
    lambda one: one.domains.lookup("x.com"),
    lambda one: one.domains.lock("u1"),
    lambda one: one.domains.nameservers("u1"),
    lambda one: one.domains.auto_renew("u1"),
    lambda one: one.catalog.plans(),
    lambda one: one.catalog.locations(),
    lambda one: one.catalog.systems(),
    lambda one: one.services.ssh_keys(),
    lambda one: one.services.machine("u1"),
    lambda one: list(pages(one.services.list_machines)),
    lambda one: one.dns.detail("u1"),
    lambda one: one.test(),
]
CHANGES: list[Callable[[Any], Any]] = [
    lambda one: one.domains.register(ORDER),
    lambda one: one.domains.transfer(ORDER),
    lambda one: one.domains.renew("u1", 1),
    lambda one: one.domains.set_lock("u1", on=True),
    lambda one: one.domains.set_privacy("1", on=True),
    lambda one: one.domains.set_nameservers("u1", ["ns1.x.net", "ns2.x.net"]),
    lambda one: one.domains.detach("u1"),
    lambda one: one.dns.create_zone("x.com"),
    lambda one: one.services.create_machine(MACHINE),
    lambda one: one.services.add_ssh_key("desk", "ssh-ed25519 AAAA"),
    lambda one: one.services.resize("u1", "p"),
    lambda one: one.services.stop("u1"),
]
HASTE = settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # over HTTP, making a failure smaller would take minutes
)


def check(error: ProviderError) -> None:
    assert error.operation
    assert error.account == "Acme"
    assert TOKEN not in f"{error} {error.upstream_words}"


@pytest.mark.parametrize("ask", ASKS, ids=range(len(ASKS)))
def test_a_read_answers_or_raises_one_of_our_errors(server: Any, provider: Any, ask: Any):
    @HASTE
    @given(ANYTHING)
    def tried(data: Any) -> None:
        provider._api._connection.memory.kept.clear()
        server.behave = lambda handler: handler.reply(200, json.dumps(data))
        try:
            ask(provider)
        except ProviderError as error:
            check(error)

    tried()


@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
def test_a_change_that_was_taken_is_done_or_open_but_never_undone(server: Any, provider: Any, change: Any):
    """Once upstream said 200 or 201, no error may say that nothing happened."""

    @HASTE
    @given(ANYTHING, st.sampled_from([200, 201]))
    def tried(data: Any, status: int) -> None:
        provider._api._connection.memory.kept.clear()
        server.seen.clear()
        server.behave = lambda handler: handler.reply(status, json.dumps(data))
        try:
            change(provider)
        except OutcomeUnknown:
            assert server.seen[-1].command != "GET"
        except (InvalidRequest, MalformedResponse):
            assert all(one.command == "GET" for one in server.seen)  # what it read first made no sense

    tried()


@given(ANYTHING)
def test_no_answer_to_an_order_breaks_its_reading(data: Any):
    for read in (orders.renewal, orders.registration, orders.transfer):
        assert isinstance(read(data), Order)
    orders.still_says(data, ("locked", "transfer_lock"), wanted=True)
    with suppress(MalformedResponse):
        orders.availability("x.com", data)
    for row in (catalogue.plan, catalogue.location, catalogue.system, catalogue.ssh_key):
        with suppress(BadRowError):
            row(data)


@pytest.mark.parametrize(
    ("answer", "available", "price"),
    [
        ({"domain": "x.com", "available": True, "price": "12.99"}, True, "12.99"),
        ({"domain": "X.com.", "is_available": "0"}, False, None),
        ({"status": "taken"}, False, None),
        (
            {"results": [{"domain": "y.com", "available": False}, {"domain_name": "x.com", "status": "Available"}]},
            True,
            None,
        ),
        ([{"name": "x.com", "available": 1, "registration_price": 9}], True, "9"),
        ({"domain": {"name": "x.com", "available": False, "message": "Taken since 1999"}}, False, None),
    ],
)
def test_whether_a_name_is_free_is_found_where_it_is_said(answer: Any, available: bool, price: str | None):
    found = orders.availability("x.com", answer)
    assert found.available is available
    assert [str(one.register) for one in found.periods] == ([price] if price else [])


@pytest.mark.parametrize(
    "answer", [{}, [], None, {"available": "perhaps"}, {"domain": "y.com", "available": True}, "free"]
)
def test_what_does_not_say_whether_a_name_is_free_is_no_answer(answer: Any):
    with pytest.raises(MalformedResponse):
        orders.availability("x.com", answer)


def test_a_list_without_an_end_is_given_up(server: Any, provider: Any):
    def more(handler: Any) -> None:
        number = int(handler.path.partition("?page=")[2].partition("&")[0])
        handler.reply(200, {"count": 1, "next": f"http://x/?page={number + 1}", "results": [{"uuid": "p"}]})

    server.behave = more
    with pytest.raises(MalformedResponse, match="no end"):
        provider.catalog.plans()
    assert len(server.seen) == 100


def test_a_taken_order_without_an_id_is_open(answers: Answers, provider: Any):
    answers["POST /servers/"] = (201, {"hostname": "a.example.com", "password": "s3cr3t-pw"})
    with pytest.raises(OutcomeUnknown) as caught:
        provider.services.create_machine(MACHINE)
    assert "s3cr3t-pw" not in f"{caught.value!r} {caught.value} {caught.value.upstream_words}"
