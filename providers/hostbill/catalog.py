"""What a HostBill portal sells: its catalogue, quotes and orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from providers import families
from providers.errors import InvalidRequest, MalformedResponse
from providers.hostbill.client.group import given
from providers.hostbill.discretion import keeping
from providers.hostbill.listed import readable
from providers.hostbill.orders import (
    check_whole,
    epp_codes,
    items_of,
    order_of,
    payment_method_id,
    product_fields,
    whole,
)
from providers.hostbill.parse.product import category, product, product_form
from providers.hostbill.parse.quote import quote, refusals
from providers.hostbill.parse.row import UnreadableRow
from providers.hostbill.portal import Portal, for_account, thing_of
from providers.offers import Category, Item, Product, ProductForm, ProductItem, Quote
from providers.resources import Order

ONE, SEVERAL = "POST /order/{product_id}", "POST /order"


@for_account
class Catalog(families.Catalog):
    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self._cart = portal.client.cart

    def categories(self) -> tuple[Category, ...]:
        """`GET /category`."""
        operation = "GET /category"
        data = self.portal.whole(operation, self._cart.list_categories)
        return readable(data, "categories", parse=lambda row: category(row, self.portal.zone), operation=operation)

    def products(self, category_id: str) -> tuple[Product, ...]:
        """`GET /category/{category_id}/product`."""
        operation = "GET /category/{category_id}/product"
        data = self.portal.whole(operation, lambda: self._cart.list_products(category_id))
        return readable(
            data, "products", parse=lambda row: product(row, category_id, self.portal.zone), operation=operation
        )

    def form(self, product_id: str) -> ProductForm:
        """`GET /order/{product_id}`."""
        operation = "GET /order/{product_id}"
        return thing_of(
            self.portal.whole(operation, lambda: self._cart.product_configuration(product_id)),
            "product",
            wanted=product_id,
            parse=lambda row: product_form(row, self.portal.zone),
            operation=operation,
        )

    def quote(self, items: Sequence[Item], *, payment_method: str = "") -> Quote:
        """`POST /quote`. Raises InvalidRequest where one of the items can't be had: what the others cost is no answer."""
        operation = "POST /quote"
        method, wanted = payment_method_id(payment_method), items_of(self.portal, items)
        with keeping(*epp_codes(items)):
            data = self.portal.whole(operation, lambda: self._cart.order_quote(wanted, pay_method=method))
            if refused := refusals(data):
                sentence = "The portal does not sell one of these things as it was asked for."
                raise InvalidRequest(
                    sentence,
                    operation=operation,
                    upstream_words="; ".join(filter(None, refused)),
                    fields={"items": [sentence]},
                )
        try:
            return quote(data, self.portal.zone)
        except UnreadableRow as error:
            raise MalformedResponse(f"The portal’s quote can’t be read: {error}.", operation=operation) from None

    def order(self, items: Sequence[Item], *, payment_method: str = "") -> Order:
        """Changes: `POST /order/{product_id}` for one product alone, else `POST /order`."""
        method = payment_method_id(payment_method)
        if len(items) == 1 and isinstance(items[0], ProductItem) and self.portal.capabilities.offers(ONE):
            return order_of(self.portal, self._order_product(items[0], method))
        wanted = items_of(self.portal, items)
        with keeping(*epp_codes(items)) as scrubber:
            data = self.portal.change(SEVERAL, lambda: self._cart.order_items(wanted, pay_method=method))
            check_whole(data, items, SEVERAL)
        return order_of(self.portal, data, scrubber)

    def _order_product(self, item: ProductItem, method: int | None) -> Any:
        whole("product_id", item.product_id, "No product of this portal has such an id.")
        fields = {**product_fields(item), **given(pay_method=method)}
        return self.portal.change(ONE, lambda: self._cart.order_product(item.product_id, fields))
