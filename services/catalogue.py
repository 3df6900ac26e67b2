"""How a portal's catalogue becomes rows: its categories, products with their prices, and the plans of its machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from html import unescape
from typing import Any, Final

from django.utils.html import strip_tags

from accounts.models import ProviderAccount
from providers.contract import Provider
from providers.errors import InvalidRequest, MalformedResponse, NotFound, PermissionDenied, ProviderError
from providers.offers import Category, Cycle, Plan, Product, ProductPrice
from services import models
from sync.declare import AccountSync, Ask, family
from sync.models import Kind
from sync.sets import believed, replace_set

LONGEST_MARKUP: Final = 50_000
"""A description is cut to this before its tags are taken out: nested ones cost time."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category with what stands on it; plans have none. `products` is None where that could not be read, `trouble` says why."""

    category: Category | None
    products: tuple[Product, ...] | None
    trouble: ProviderError | None = None


class CatalogueSync(AccountSync):
    """A category that can't be read leaves its products as they are; the others are read all the same."""

    kind = Kind.CATALOGUE
    capability = ("catalog.products", "catalog.plans")
    interval = timedelta(hours=24)

    def read(self, provider: Provider, ask: Ask) -> tuple[Shelf, ...]:
        catalog = family(provider.catalog)
        shelves: list[Shelf] = []
        if provider.can("catalog.products") and provider.can("catalog.categories"):
            shelves += [_shelf(provider, category, ask) for category in ask(catalog.categories)]
        if provider.can("catalog.plans"):
            shelves.append(Shelf(None, tuple(map(product_of, ask(catalog.plans)))))
        troubles = [shelf.trouble for shelf in shelves if shelf.trouble]
        if troubles and len(troubles) == len(shelves):
            raise troubles[0]
        return tuple(shelves)

    def count(self, answer: tuple[Shelf, ...]) -> int:
        return sum(len(shelf.products or ()) for shelf in answer)

    def skipped(self, answer: tuple[Shelf, ...]) -> Iterator[tuple[str, str, str]]:
        for shelf in answer:
            if shelf.category is not None and shelf.trouble is not None:
                reason = f"{shelf.trouble.sentence} {shelf.trouble.upstream_words}".strip()
                yield shelf.category.id, shelf.category.name, reason

    def write(self, account: ProviderAccount, answer: tuple[Shelf, ...]) -> int:
        if not believed(account, self.kind, self.count(answer)):
            return 0
        unread = {shelf.category.id for shelf in answer if shelf.category and shelf.products is None}
        written = replace_set(
            models.ProductCategory.objects.filter(account=account),
            (category_columns(account, shelf.category) for shelf in answer if shelf.category),
            key=("upstream_id",),
        )
        categories = dict(account.product_categories.values_list("upstream_id", "pk"))
        kept = {categories[upstream_id] for upstream_id in unread}
        sold = list(_sold(answer))
        written += replace_set(
            models.Product.objects.filter(account=account),
            (product_columns(account, shelf, product, categories) for shelf, product in sold),
            key=("is_plan", "upstream_id"),
            keep=lambda row: row.category_id in kept,
        )
        products = {(plan, key): pk for plan, key, pk in account.products.values_list("is_plan", "upstream_id", "pk")}
        written += replace_set(
            models.ProductPrice.objects.filter(product__account=account).select_related("product"),
            _prices(account, sold, products),
            key=("product_id", "code"),
            prices=("price", "setup", "currency"),
            keep=lambda row: row.product.category_id in kept,
        )
        return written


def product_of(plan: Plan) -> Product:
    """A plan as one buys it: by the month, by the hour."""
    prices = (
        ProductPrice(cycle=Cycle.MONTHLY, code=Cycle.MONTHLY.value, price=plan.monthly_price),
        ProductPrice(cycle=Cycle.HOURLY, code=Cycle.HOURLY.value, price=plan.hourly_price),
    )
    return Product(
        id=plan.id,
        name=plan.name,
        description=_size(plan),
        prices=tuple(each for each in prices if each.price is not None),
        currency=plan.currency,
    )


def plain_text(markup: str) -> str:
    """What a hostile description says, without its tags; block ends become line ends. It is escaped again wherever it is shown."""
    cut = markup[:LONGEST_MARKUP].replace("<br", "\n<br").replace("</p", "\n</p").replace("</li", "\n</li")
    lines = (" ".join(line.split()) for line in unescape(strip_tags(cut)).splitlines())
    return "\n".join(line for line in lines if line)


def category_columns(account: ProviderAccount, category: Category) -> dict[str, Any]:
    return {
        "account_id": account.pk,
        "upstream_id": category.id,
        "name": category.name,
        "description": plain_text(category.description),
    }


def product_columns(
    account: ProviderAccount, shelf: Shelf, product: Product, categories: dict[str, int]
) -> dict[str, Any]:
    return {
        "account_id": account.pk,
        "category_id": categories.get(shelf.category.id) if shelf.category else None,
        "is_plan": shelf.category is None,
        "upstream_id": product.id,
        "name": product.name,
        "description": plain_text(product.description),
        "in_stock": product.in_stock,
    }


def _shelf(provider: Provider, category: Category, ask: Ask) -> Shelf:
    try:
        return Shelf(category, ask(partial(family(provider.catalog).products, category.id)))
    except (InvalidRequest, MalformedResponse, NotFound, PermissionDenied) as trouble:
        return Shelf(category, None, trouble)


def _sold(answer: Iterable[Shelf]) -> Iterator[tuple[Shelf, Product]]:
    """Each product once, where the portal lists it first."""
    met: set[tuple[bool, str]] = set()
    for shelf in answer:
        for product in shelf.products or ():
            place = (shelf.category is None, product.id)
            if place not in met:
                met.add(place)
                yield shelf, product


def _prices(
    account: ProviderAccount, sold: Iterable[tuple[Shelf, Product]], products: dict[tuple[bool, str], int]
) -> Iterator[dict[str, Any]]:
    for shelf, product in sold:
        known = products.get((shelf.category is None, product.id))
        if known is None:
            continue  # its row was not usable
        for position, price in enumerate(product.prices):
            yield {
                "product_id": known,
                "code": price.code,
                "cycle": price.cycle.value,
                "position": position,
                "price": price.price,
                "setup": price.setup,
                "currency": product.currency or account.currency,
            }


def _size(plan: Plan) -> str:
    parts = (
        (plan.cpus, f"{plan.cpus} CPU {plan.cpu_type}".strip()),
        (plan.memory_mb, f"{_gigabytes(plan.memory_mb or 0)} memory"),
        (plan.disk_gb, f"{plan.disk_gb} GB disk"),
        (plan.transfer_gb, f"{plan.transfer_gb} GB transfer"),
    )
    return ", ".join(words for amount, words in parts if amount is not None)


def _gigabytes(megabytes: int) -> str:
    return f"{megabytes // 1024} GB" if megabytes % 1024 == 0 else f"{megabytes} MB"
