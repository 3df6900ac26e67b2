"""What can be ordered: products, quotes, orders of several things; and what a machine can be made of."""

from __future__ import annotations

from collections.abc import Sequence

from providers.families.missing import missing
from providers.offers import Category, Item, Location, Plan, Product, ProductForm, Quote, System
from providers.resources import Order


class Catalog:
    def categories(self) -> tuple[Category, ...]:
        """The categories of products."""
        raise missing("catalog.categories")

    def products(self, category_id: str) -> tuple[Product, ...]:
        """The products of a category with their prices."""
        raise missing("catalog.products")

    def form(self, product_id: str) -> ProductForm:
        """What an order of this product can or must say."""
        raise missing("catalog.form")

    def quote(self, items: Sequence[Item], *, payment_method: str = "") -> Quote:
        """What these items would cost, now and later. Nothing is ordered."""
        raise missing("catalog.quote")

    def order(self, items: Sequence[Item], *, payment_method: str = "") -> Order:
        """Changes: orders all of it at once, on one invoice. Raises InvalidRequest, with nothing ordered, when one can't be."""
        raise missing("catalog.order")

    def plans(self) -> tuple[Plan, ...]:
        """The sizes that a machine can have."""
        raise missing("catalog.plans")

    def locations(self) -> tuple[Location, ...]:
        """Where a machine can stand."""
        raise missing("catalog.locations")

    def systems(self) -> tuple[System, ...]:
        """What a machine can run."""
        raise missing("catalog.systems")
