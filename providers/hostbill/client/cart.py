"""Cart: what can be ordered and what it would cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from providers.hostbill.client.group import Group, given


class Cart(Group):
    def list_categories(self) -> Any:
        """`GET /category`: the product categories. Reads. Both portals. Answers `{"categories": [...]}`."""
        return self._read("GET", "/category")

    def list_products(self, category_id: str) -> Any:
        """`GET /category/{category_id}/product`: the products of a category. Reads. Both portals.

        Answers `{"products": [{"id", "name", "periods": [{"value", "price", "setup"}]}]}`; period codes m, q, a, b, t.
        """
        return self._read("GET", "/category/{category_id}/product", category_id=category_id)

    def product_configuration(self, product_id: str) -> Any:
        """`GET /order/{product_id}`: a product with its forms, add-ons and sub-products. Reads. Both portals.

        Answers `{"product": {...}}`.
        """
        return self._read("GET", "/order/{product_id}", product_id=product_id)

    def order_quote(
        self, items: Sequence[Mapping[str, Any]], *, pay_method: int | None = None, output: str | None = None
    ) -> Any:
        """`POST /quote`: what `items` would cost, once and recurring, without ordering. Reads. Both portals.

        `items` as in `POST /order`; `output` (short, config or full) is DNS.services only.
        Answers `{"summary": {...}, "items": [...]}`, money as numbers in the account's currency.
        """
        body = given(pay_method=pay_method, output=output, items=list(items))
        return self._read("POST", "/quote", body=body)

    def order_product(self, product_id: str, fields: Mapping[str, Any]) -> Any:
        """`POST /order/{product_id}`: orders one product. Changes: money. Both portals.

        Fields: domain, cycle (period code), pay_method (int), custom ({form id: {item id: quantity}}), promocode; aff_id at
        DNS.services alone. Answers `{"order_num", "invoice_id", "total", "items": {...}}`.
        """
        return self._change("POST", "/order/{product_id}", body=fields, product_id=product_id)

    def order_items(
        self,
        items: Sequence[Mapping[str, Any]],
        *,
        pay_method: int | None = None,
        ignore_errors: bool | None = None,
        aff_id: int | None = None,
    ) -> Any:
        """`POST /order`: orders several things at once. Changes: money. Both portals.

        Each item has a `type` (product, domain; certificate at Cloudviet) and the parameters of the single order of that type; a
        renewal is `{"type": "domain", "domain_id", "action": "renew", "years"}`. `ignore_errors` and `aff_id` are DNS.services
        only. Answers `{"order_num_list", "invoice_id", "total", "items": [...]}`.
        """
        body = given(pay_method=pay_method, ignore_errors=ignore_errors, items=list(items), aff_id=aff_id)
        return self._change("POST", "/order", body=body)
