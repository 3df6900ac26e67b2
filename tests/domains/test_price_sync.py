"""Domain prices in the mirror."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from domains.models import TldPrice
from domains.sync import PriceSync
from providers.offers import TldPeriod, TldPrices
from providers.vpsorg.prices import AS_OF
from sandbox.server import Sandbox
from sync.ask import ask
from sync.due import kinds, lacks
from sync.engine.slices import run_slice
from sync.models import Kind, Run, Schedule
from tests.factories import make_account
from tests.sync.desk import connect

pytestmark = pytest.mark.django_db


def ending(tld: str, register: str | None = "12.99", *, years: int = 1, **said: Any) -> TldPrices:
    period = TldPeriod(
        years=years, register=Decimal(register) if register else None, renew=Decimal("13.99"), transfer=Decimal(0)
    )
    return TldPrices(**{"id": "7", "tld": tld, "periods": (period,), "currency": "USD", **said})


def told(account, *endings: TldPrices) -> int:
    return PriceSync().write(account, endings)


def row(account, tld: str = "com") -> TldPrice:
    return TldPrice.objects.get(account=account, tld=tld)


def test_a_price_list_is_kept_and_costs_no_write_while_it_says_the_same():
    account = make_account()
    listed = [ending("com"), ending("vn", listed_on=date(2026, 1, 16))]
    assert told(account, *listed) == 2
    with CaptureQueriesContext(connection) as asked:
        assert told(account, *listed) == 0
    assert len(asked) == 1
    assert (row(account).register, row(account).redemption, row(account).transfer) == (
        Decimal("12.99"),
        None,
        Decimal(0),
    )
    assert (row(account).changed_at, row(account).previous, row(account).upstream_id) == (None, {}, "7")
    assert row(account, "vn").listed_on == date(2026, 1, 16)


def test_a_thousand_prices_are_written_in_a_few_statements():
    account = make_account()
    endings = [ending(f"tld{number}") for number in range(1000)]
    with CaptureQueriesContext(connection) as asked:
        assert told(account, *endings) == 1000
    assert len(asked) <= 4


def test_a_price_that_moves_says_what_it_was_and_since_when():
    account = make_account()
    told(account, ending("com"), ending("net"))
    assert told(account, ending("com", "14.49"), ending("net")) == 1
    moved = row(account)
    assert moved.register == Decimal("14.49")
    assert (moved.previous["register"], moved.previous["renew"], moved.previous["currency"]) == (
        "12.99",
        "13.99",
        "USD",
    )
    assert moved.changed_at is not None
    assert row(account, "net").changed_at is None


def test_what_is_no_longer_on_the_list_goes_but_an_empty_list_counts_only_when_it_comes_twice():
    account, other = make_account(), make_account()
    told(account, ending("com"), ending("net"))
    told(other, ending("com"))
    told(account, ending("com"))
    assert told(account) == 0
    assert row(account)
    Run.objects.create(account=account, kind=Kind.PRICES, state="succeeded", seen=0, list_requests=1)
    assert told(account) == 1
    assert list(TldPrice.objects.values_list("account", flat=True)) == [other.pk]


def test_an_ending_that_stands_twice_at_different_prices_has_none():
    account = make_account()
    told(account, ending("com"), ending("com", "9.99"), ending("net"), ending("net"))
    assert (row(account).register, row(account).renew) == (None, None)
    assert row(account, "net").register == Decimal("12.99")


def test_prices_without_a_currency_are_in_the_accounts_and_unfit_amounts_are_not_taken():
    account = make_account(currency="VND")
    told(account, ending("com", currency=""), ending("x", "1e20"))
    assert row(account).currency == "VND"
    assert row(account, "x").register is None
    told(account, ending("com", "NaN", currency=""), ending("x", "5"))
    assert row(account).register == Decimal("12.99"), "what makes no sense overwrites nothing"
    assert row(account, "x").register == 5


def test_the_kinds_are_known_and_read_after_what_names_the_currency():
    order = kinds()
    assert order[0] is Kind.BALANCE
    assert order.index(Kind.DOMAINS) < order.index(Kind.CATALOGUE) < order.index(Kind.PRICES)
    offering = [make_account(capabilities=[name]) for name in ("catalog.products", "catalog.plans", "domains.prices")]
    assert [lacks(each, Kind.CATALOGUE) for each in offering] == [False, False, True]
    assert [lacks(each, Kind.PRICES) for each in offering] == [True, True, False]


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=7) as sandbox:
        yield sandbox


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["cloudviet", "dns_services", "vps_org"])
def test_the_prices_of_each_portal_are_mirrored_and_then_cost_no_write(box, key):
    portal = getattr(box, key)
    account = connect(portal, key)
    for written in (True, False):
        run = ask(account, [Kind.PRICES], user=None)[0]
        run_slice(run.pk)
        run.refresh_from_db()
        assert (run.state, bool(run.written)) == ("succeeded", written), run.error
    if key == "vps_org":
        assert row(account).listed_on == AS_OF
        assert run.requests == 0
    else:
        said = {each["tld"].lstrip("."): each for each in portal.state.all("tlds")}
        rows = TldPrice.objects.filter(account=account, years=1)
        assert {each.tld: each.renew for each in rows} == {tld: Decimal(each["renew"]) for tld, each in said.items()}
        assert TldPrice.objects.filter(account=account).count() == sum(len(each["years"]) for each in said.values())
    assert Schedule.objects.get(account=account, kind=Kind.PRICES).last_complete_at
