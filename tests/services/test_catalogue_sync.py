"""The catalogue in the mirror: categories, products with their prices, plans."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers.errors import InvalidRequest, Unavailable
from providers.offers import Category, Cycle, Plan, Product, ProductPrice
from sandbox.server import Sandbox
from services import models
from services.catalogue import CatalogueSync, plain_text
from sync.ask import ask
from sync.engine.slices import run_slice
from sync.models import Kind, Run, Schedule
from tests.factories import make_account
from tests.sync.desk import connect

pytestmark = pytest.mark.django_db


class Catalog:
    """What a provider says, in memory. A category that is None refuses to tell its products."""

    def __init__(self, shelves: dict[str, tuple[Product, ...] | None], plans: tuple[Plan, ...] = ()) -> None:
        self.shelves, self.sold_plans, self.catalog = shelves, plans, self

    def can(self, capability: str) -> bool:
        return capability in ("catalog.categories", "catalog.products") or bool(self.sold_plans)

    def categories(self) -> tuple[Category, ...]:
        return tuple(Category(id=name, name=name.title()) for name in self.shelves)

    def products(self, category_id: str) -> tuple[Product, ...]:
        found = self.shelves[category_id]
        if found is None:
            raise InvalidRequest("The portal refused.", upstream_words="Category is hidden")
        return found

    def plans(self) -> tuple[Plan, ...]:
        return self.sold_plans


def product(key: str, price: str = "9.90", **said: object) -> Product:
    prices = (ProductPrice(cycle=Cycle.MONTHLY, code="m", price=Decimal(price), setup=Decimal(0)),)
    return Product(**{"id": key, "name": f"Product {key}", "prices": prices, "currency": "USD", **said})  # type: ignore[arg-type]


def told(account, shelves, plans=()):
    """Rows written, after one read of that catalogue."""
    declared, portal = CatalogueSync(), Catalog(shelves, plans)
    answer = declared.read(portal, lambda read: read())  # type: ignore[arg-type]  # what it asks of a provider, and no more
    return declared.write(account, answer)


def names(account):
    return set(models.Product.objects.filter(account=account).values_list("name", flat=True))


def test_products_stand_in_their_categories_with_their_prices():
    account = make_account()
    assert told(account, {"hosting": (product("1"), product("2"))}) == 5
    one = models.Product.objects.get(account=account, upstream_id="1")
    assert (str(one.category), one.is_plan, one.in_stock) == ("Hosting", False, None)
    price = one.prices.get()
    assert (price.code, price.cycle, price.price, price.currency) == ("m", "monthly", Decimal("9.90"), "USD")


def test_what_has_not_changed_is_not_written():
    account = make_account()
    shelves = {"hosting": (product("1"), product("2")), "mail": (product("3"),)}
    told(account, shelves)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert told(account, shelves) == 0
    assert not [query for query in asked.captured_queries if not query["sql"].startswith("SELECT")]
    assert len(asked) <= 6


def test_a_price_that_moves_is_told_with_what_it_was():
    account = make_account()
    told(account, {"hosting": (product("1"),)})
    assert told(account, {"hosting": (product("1", "12.50"),)}) == 1
    price = models.ProductPrice.objects.get(product__account=account)
    assert (price.price, price.previous["price"], price.previous["currency"]) == (Decimal("12.50"), "9.9", "USD")
    assert price.changed_at


def test_what_is_no_longer_sold_goes_with_its_prices_and_that_nothing_is_only_when_said_twice():
    account = make_account()
    told(account, {"hosting": (product("1"), product("2"))})
    told(account, {"hosting": (product("2"),)})
    assert names(account) == {"Product 2"}
    assert models.ProductPrice.objects.filter(product__account=account).count() == 1
    assert told(account, {}) == 0
    assert names(account) == {"Product 2"}
    Run.objects.create(account=account, kind=Kind.CATALOGUE, state="succeeded", seen=0, list_requests=1)
    told(account, {})
    assert names(account) == set()


def test_a_category_that_refuses_keeps_its_products_and_is_told():
    account = make_account()
    told(account, {"hosting": (product("1"),), "mail": (product("2"),)})
    portal, declared = Catalog({"hosting": (), "mail": None, "new": (product("3"),)}), CatalogueSync()
    answer = declared.read(portal, lambda read: read())  # type: ignore[arg-type]
    declared.write(account, answer)
    assert names(account) == {"Product 2", "Product 3"}
    assert list(declared.skipped(answer)) == [("mail", "Mail", "The portal refused. Category is hidden")]


def test_a_catalogue_of_which_nothing_can_be_read_is_no_answer():
    account = make_account()
    with pytest.raises(InvalidRequest):
        told(account, {"hosting": None, "mail": None})


def test_a_portal_that_goes_away_in_the_middle_changes_nothing():
    account, portal = make_account(), Catalog({"hosting": (product("1"),)})

    def cut(read):
        if not calls:
            calls.append(1)
            return read()
        raise Unavailable("The portal gives no answer.")

    calls: list[int] = []
    with pytest.raises(Unavailable):
        CatalogueSync().read(portal, cut)  # type: ignore[arg-type]
    assert names(account) == set()


def test_plans_stand_beside_products_of_the_same_id():
    account = make_account(currency="")
    plan = Plan(
        id="1", name="Small", cpus=2, memory_mb=4096, disk_gb=80, monthly_price=Decimal(20),
        hourly_price=Decimal("0.029762"), currency="USD",
    )  # fmt: skip
    told(account, {"hosting": (product("1"),)}, (plan,))
    found = models.Product.objects.get(account=account, is_plan=True)
    assert (found.name, found.category, found.description) == ("Small", None, "2 CPU, 4 GB memory, 80 GB disk")
    assert [(price.cycle, price.price) for price in found.prices.all()] == [
        ("monthly", Decimal(20)),
        ("hourly", Decimal("0.029762")),
    ]


def test_a_product_that_stands_twice_is_kept_once_and_unfit_values_break_nothing():
    account = make_account()
    prices = (ProductPrice(cycle=Cycle.MONTHLY, code="m", price=Decimal("1e30")),)
    hostile = product("2", name="N\x00o" + "o" * 400, prices=prices, currency="")
    told(account, {"hosting": (product("1"), hostile), "again": (product("1", "1.00"),)})
    assert models.Product.objects.filter(account=account).count() == 2
    assert models.Product.objects.get(account=account, upstream_id="1").prices.get().price == Decimal("9.90")
    odd = models.Product.objects.get(account=account, upstream_id="2")
    assert (odd.name[:2], odd.name[-1], odd.prices.get().price) == ("No", "…", None)
    assert odd.prices.get().currency == account.currency


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Disk:10GB<br />Mail:50<script>alert(1)</script>", "Disk:10GB\nMail:50alert(1)"),
        ("<p>One</p><p>Two &amp; &lt;b&gt;three&lt;/b&gt;</p>", "One\nTwo & <b>three</b>"),
        ("<img src=x onerror=alert(1)>", ""),
        ("a < b and c > d", "a < b and c > d"),
        ("  spaces   and\r\n\r\nlines ", "spaces and\nlines"),
    ],
)
def test_a_description_is_plain_text(markup, text):
    assert plain_text(markup) == text


def test_a_description_of_nested_tags_takes_no_time():
    assert len(plain_text("<" * 500_000 + "b>" * 10_000)) <= 60_000


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=7) as sandbox:
        yield sandbox


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["cloudviet", "dns_services", "vps_org"])
def test_the_catalogue_of_each_portal_is_mirrored_and_then_costs_no_write(box, key):
    portal = getattr(box, key)
    account = connect(portal, key)
    for state, written in (("succeeded", True), ("succeeded", False)):
        run = ask(account, [Kind.CATALOGUE], user=None)[0]
        run_slice(run.pk)
        run.refresh_from_db()
        assert (run.state, bool(run.written)) == (state, written), run.error
    kept = set(models.Product.objects.filter(account=account).values_list("upstream_id", flat=True))
    if key == "vps_org":
        assert kept == {plan["uuid"] for plan in portal.state.all("plans")}
    else:
        assert kept == {each["id"] for each in portal.state.all("products")}
        assert {each.name for each in account.product_categories.all()} == {
            each["name"] for each in portal.state.all("categories")
        }
    assert models.ProductPrice.objects.filter(product__account=account).exclude(price=None).count() >= len(kept)
    assert Schedule.objects.get(account=account, kind=Kind.CATALOGUE).supported


@pytest.mark.django_db(transaction=True)
def test_a_category_that_the_portal_does_not_find_makes_the_run_partial(box):
    portal = box.dns_services
    account = connect(portal, "Nordic DNS")
    run_slice(ask(account, [Kind.CATALOGUE], user=None)[0].pk)
    portal.faults.add("status", status=404, path="/category/10/product")
    portal.state.edit("products", "502")["name"] = "Web Nordic Plus"
    run = ask(account, [Kind.CATALOGUE], user=None)[0]
    run_slice(run.pk)
    run.refresh_from_db()
    assert (run.state, run.skipped, run.written) == ("partial", 1, 1)
    assert run.skipped_rows.get().name == "DNS hosting"
    assert names(account) == {"DNS Premium", "Web Nordic Plus"}
