"""The page's example answers, through the contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from providers.errors import InvalidRequest, NotFound, OutcomeUnknown, PaymentRequired
from providers.offers import DomainOrder
from providers.resources import Order, OrderedItem
from providers.vpsorg.prices import AS_OF
from tests.providers.vpsorg.conftest import Answers, asked
from tests.providers.vpsorg.test_client import EXAMPLE

LISTED = {"count": 1, "results": [EXAMPLE["get_domains"]["example_response"]["results"][0]]}


def test_a_registration_is_sent_and_read_as_documented(server: Any, answers: Answers, provider: Any):
    answers["POST /domains/"] = (201, EXAMPLE["post_domains"]["example_response"])
    order = provider.domains.register(DomainOrder(name="MyNewDomain.com", years=2, auto_renew=True, privacy=True))
    assert asked(server) == [("POST", "/domains/", EXAMPLE["post_domains"]["example_request"])]
    assert order == Order(
        total=Decimal("24.98"),
        currency="USD",
        settled=True,
        expires_on=date(2028, 1, 16),
        items=(OrderedItem(id="103", type="registration", name="mynewdomain.com"),),
        words="Domain registration initiated. Processing may take 5-10 minutes.",
    )


def test_what_is_left_open_is_not_sent(server: Any, answers: Answers, provider: Any):
    answers["POST /domains/"] = (201, {"message": "begun"})
    assert provider.domains.register(DomainOrder(name="bücher.com")) == Order(settled=True, words="begun")
    provider.domains.register(DomainOrder(name="a.com", nameservers=("NS1.x.net.", "ns2.x.net")))
    assert [body for *_, body in asked(server)] == [
        {"domain_name": "xn--bcher-kva.com", "years": 1},
        {"domain_name": "a.com", "years": 1, "nameservers": ["ns1.x.net", "ns2.x.net"]},
    ]


def test_a_transfer_is_sent_and_read_as_documented(server: Any, answers: Answers, provider: Any):
    answers["/domains/"] = LISTED
    answers["/domains/101/transfer/"] = EXAMPLE["post_domains_domain_id_transfer"]["example_response"]
    order = provider.domains.transfer(DomainOrder(name="example.com", epp_code=" Xy9Kl2Mn#4pQ ", auto_renew=True))
    assert asked(server) == [
        ("GET", "/domains/?page=1&page_size=100&search=example.com", None),
        ("POST", "/domains/101/transfer/", EXAMPLE["post_domains_domain_id_transfer"]["example_request"]),
    ]
    assert (order.settled, order.expires_on) == (True, None)
    assert order.items == (OrderedItem(id="101", type="transfer", name="example.com"),)
    assert "Approve transfer with current registrar" in order.words
    assert order.words.endswith("It should be complete by 2026-01-23.")


@pytest.mark.parametrize(
    ("change", "body"),
    [
        (lambda domains: domains.set_lock("101", on=True), {"locked": True}),
        (lambda domains: domains.set_privacy("101", on=True), {"privacy_protection": True}),
        (lambda domains: domains.set_auto_renew("101", on=False), {"auto_renew": False}),
        (
            lambda domains: domains.set_nameservers("101", ["ns1.cloudflare.com", "ns2.cloudflare.com"]),
            {"nameservers": ["ns1.cloudflare.com", "ns2.cloudflare.com"]},
        ),
    ],
)
def test_settings_are_put_under_the_documented_names(
    server: Any, answers: Answers, provider: Any, change: Any, body: Any
):
    answers["PUT /domains/101/"] = EXAMPLE["put_domains_domain_id"]["example_response"]
    change(provider.domains)
    assert asked(server) == [("PUT", "/domains/101/", body)]


def test_an_answer_that_shows_the_old_setting_leaves_the_outcome_open(answers: Answers, provider: Any):
    answers["PUT /domains/101/"] = EXAMPLE["put_domains_domain_id"]["example_response"]
    with pytest.raises(OutcomeUnknown) as caught:
        provider.domains.set_lock("101", on=False)
    assert (caught.value.operation, caught.value.account) == ("PUT /domains/{domain_id}/", "Acme")


def test_a_domain_is_taken_out_with_204(server: Any, answers: Answers, provider: Any):
    answers["DELETE /domains/101/"] = (204, b"")
    provider.domains.detach("101")
    assert asked(server) == [("DELETE", "/domains/101/", None)]
    with pytest.raises(NotFound):
        provider.domains.detach("102")


def test_the_detail_tells_name_servers_lock_and_renewal(answers: Answers, provider: Any):
    answers["/domains/101/"] = EXAMPLE["get_domains_domain_id"]["example_response"]
    assert provider.domains.nameservers("101") == ("ns1.vps.org", "ns2.vps.org")
    assert provider.domains.lock("101") is True
    assert provider.domains.auto_renew("101") is True


def test_prices_are_the_dated_list(server: Any, provider: Any):
    prices = {one.tld: one for one in provider.domains.prices()}
    assert set(prices) == {"com", "net", "org", "io", "dev", "app", "co"}
    (year,) = prices["io"].periods
    assert (year.years, year.register, year.transfer, year.renew) == (1, *[Decimal("39.99")] * 3)
    assert (prices["io"].currency, prices["io"].listed_on) == ("USD", AS_OF)
    assert server.seen == []


@pytest.mark.parametrize("operation", ["register", "transfer"])
def test_a_balance_that_does_not_cover_is_payment_required(answers: Answers, provider: Any, operation: str):
    refused = (402, {"detail": "Insufficient account balance."})
    answers["POST /domains/"] = answers["/domains/101/transfer/"] = refused
    answers["GET /domains/"] = LISTED
    with pytest.raises(PaymentRequired) as caught:
        getattr(provider.domains, operation)(DomainOrder(name="example.com", epp_code="abcdef"))
    assert caught.value.upstream_words == "Insufficient account balance."


def test_the_code_of_a_transfer_is_in_no_error(answers: Answers, provider: Any):
    answers["GET /domains/"] = LISTED
    answers["/domains/101/transfer/"] = (400, {"auth_code": ["S3cr3tC0de is wrong"]})
    with pytest.raises(InvalidRequest) as caught:
        provider.domains.transfer(DomainOrder(name="example.com", epp_code="S3cr3tC0de"))
    assert caught.value.fields == {"auth_code": ["••• is wrong"]}
    assert "S3cr3t" not in f"{caught.value} {caught.value.upstream_words}"


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (DomainOrder(name="no name"), "name"),
        (DomainOrder(name="localhost"), "name"),
        (DomainOrder(name="a.com", years=11), "years"),
        (DomainOrder(name="a.com", nameservers=("ns1.x.net",)), "nameservers"),
        (DomainOrder(name="a.com", nameservers=("ns1.x.net", "ns1.x.net")), "nameservers"),
        (DomainOrder(name="a.com", contacts={"registrant": "1"}), "contacts"),
        (DomainOrder(name="a.com", extra={"vat": "1"}), "extra"),
    ],
)
def test_a_registration_that_the_portal_has_no_place_for_is_not_sent(
    server: Any, provider: Any, order: DomainOrder, field: str
):
    with pytest.raises(InvalidRequest) as caught:
        provider.domains.register(order)
    assert list(caught.value.fields) == [field]
    assert server.seen == []


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (DomainOrder(name="example.com"), "epp_code"),
        (DomainOrder(name="example.com", epp_code="x", years=2), "years"),
        (DomainOrder(name="example.com", epp_code="x", privacy=True), "privacy"),
        (DomainOrder(name="elsewhere.com", epp_code="x"), "name"),
    ],
)
def test_a_transfer_that_can_not_be_begun_sends_no_change(
    server: Any, answers: Answers, provider: Any, order: DomainOrder, field: str
):
    answers["GET /domains/"] = LISTED
    with pytest.raises(InvalidRequest) as caught:
        provider.domains.transfer(order)
    assert list(caught.value.fields) == [field]
    assert not [method for method, *_ in asked(server) if method != "GET"]
