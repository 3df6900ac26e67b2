"""Cart: categories, products, orders of one or several things, quotes."""

from decimal import Decimal
from typing import Any

from sandbox.hostbill import certificates, domains, forms, orders, services
from sandbox.hostbill.money import amount, number, text
from sandbox.hostbill.portal import HostBillPortal
from sandbox.messages import Request
from sandbox.routing import section
from sandbox.state import Record

DISKS = {10330: "20 GB", 10331: "40 GB", 10332: "80 GB"}
Prepared = tuple[Record, Record, dict[str, Any]]


def categories(portal: HostBillPortal, _request: Request) -> Any:
    return {
        "categories": [
            {"id": one["id"], "name": one["name"], "description": "", "slug": one["slug"]}
            for one in portal.state.all("categories")
        ]
    }


def products(portal: HostBillPortal, request: Request) -> Any:
    category = portal.one("categories", request.params["category_id"], "Category")
    return {
        "products": [
            {
                "id": one["id"],
                "type": "1",
                "name": one["name"],
                "stock": False,
                "paytype": "Regular",
                "description": one["description"],
                "qty": "0",
                "tags": [],
                "periods": periods(one),
            }
            for one in portal.state.all("products")
            if one["category_id"] == category["id"]
        ]
    }


def periods(product: Record) -> list[dict[str, Any]]:
    return [
        {"title": code, "value": code, "price": number(price), "setup": 0, "selected": index == 0}
        for index, (code, price) in enumerate(product["prices"].items())
    ]


def product_form(portal: HostBillPortal, request: Request) -> Any:
    one = portal.one("products", request.params["product_id"], "Product")
    category = portal.state.get("categories", one["category_id"]) or {}
    cycle, price = next(iter(one["prices"].items()))
    config = {
        "product": [
            {
                "type": "select",
                "title": "pickcycle",
                "id": "cycle",
                "name": "cycle",
                "items": periods(one),
                "value": cycle,
                "price": number(price),
                "setup": 0,
            },
            {"type": "input", "title": "domain", "id": "domain", "name": "domain", "value": None},
        ],
        "forms": [forms.select("1618", "Disk Size", DISKS)],
        "addons": [_address_addon()],
        "subproducts": [],
    }
    shown = {
        "id": one["id"],
        "category_name": category.get("name", ""),
        "category_id": one["category_id"],
        "name": one["name"],
        "price": number(price),
        "recurring": cycle,
        "setup": 0,
        "config": config,
        "recurring_price": number(price),
        "prorata_date": None,
    }
    return {"product": shown}


def _address_addon() -> dict[str, Any]:
    items = [
        {"title": code, "value": code, "price": price, "setup": 0, "selected": code == "m"}
        for code, price in (("m", 5), ("q", 14), ("a", 50))
    ]
    return {
        "type": "subitem",
        "title": "Extra IP address",
        "id": "31",
        "value": None,
        "description": "One more IPv4 address",
        "config": [
            {"type": "checkbox", "title": "add", "name": "addon[31]", "checked": False},
            {"type": "select", "title": "billingcycle", "name": "addon_cycles[31]", "items": items},
        ],
        "price": 0,
        "recurring_price": 0,
        "setup": 0,
        "prorata_date": None,
    }


def order_product(portal: HostBillPortal, request: Request) -> Any:
    fields = {**request.data(), "product_id": request.params["product_id"]}
    domains.check_payment(portal, fields.get("pay_method"))
    line, effect, item = prepare_product(portal, fields)
    return orders.confirmation(portal, orders.place(portal, [line], [effect]), item)


def _price(portal: HostBillPortal, fields: dict[str, Any]) -> tuple[Record, str, Decimal]:
    product = portal.state.get("products", str(fields.get("product_id")))
    if product is None:
        raise portal.invalid("Product is invalid")
    cycle = str(fields.get("cycle") or next(iter(product["prices"])))
    if cycle not in product["prices"]:
        raise portal.invalid("Billing cycle is invalid")
    return product, cycle, amount(product["prices"][cycle])


def prepare_product(portal: HostBillPortal, fields: dict[str, Any]) -> Prepared:
    """(invoice line, effect, item of the answer); the pending service is made here."""
    product, cycle, price = _price(portal, fields)
    category = portal.state.get("categories", product["category_id"]) or {}
    domain = str(fields.get("domain") or "")
    service = services.add_service(
        portal,
        product["name"],
        domain=domain,
        total=text(price),
        billingcycle=services.CYCLES[cycle],
        category=category.get("name", ""),
        category_url=category.get("slug", ""),
    )
    line = {
        "type": "Hosting",
        "item_id": service["id"],
        "description": f"{product['name']} - {domain} ({services.CYCLES[cycle]})",
        "amount": text(price),
    }
    item = {"id": service["id"], "type": "Hosting", "name": domain, "product_id": product["id"]}
    return line, {"effect": "service", "service": service["id"]}, item


def prepare_domain(portal: HostBillPortal, fields: dict[str, Any]) -> Prepared:
    if str(fields.get("action")) != "renew":
        return domains.prepare_order(portal, fields)
    domain = portal.one("domains", str(fields.get("domain_id")), "Domain")
    tld = domains.tld_of(portal, domain["name"])
    years = domains.read_years(portal, fields.get("years"), tld)
    domains.check_renewable(portal, domain, years)
    item = {"id": domain["id"], "type": "Domain Renew", "name": domain["name"], "product_id": tld["id"] if tld else "0"}
    effect = {"effect": "renew", "domain": domain["id"], "years": years}
    return domains.renewal_line(portal, domain, years), effect, item


def prepare(portal: HostBillPortal, fields: Any) -> Prepared:
    if not isinstance(fields, dict):
        raise portal.invalid("Item is invalid")
    kind = fields.get("type")
    if kind == "product":
        return prepare_product(portal, fields)
    if kind == "domain":
        return prepare_domain(portal, fields)
    if kind == "certificate" and portal.key == "cloudviet":
        return certificates.prepare_order(portal, fields)
    raise portal.invalid("Item type is invalid")


def order_several(portal: HostBillPortal, request: Request) -> Any:
    fields = request.data()
    items = fields.get("items")
    if not isinstance(items, list) or not items:
        raise portal.invalid("Items are required")
    domains.check_payment(portal, fields.get("pay_method"))
    # everything is priced before anything is made, so that one bad item leaves no pending ones behind
    for item in items:
        _quote_item(portal, item, 0, strict=True)
        if item.get("type") == "domain" and str(item.get("action")) != "renew":
            domains.check_order(portal, item)
    prepared = [prepare(portal, item) for item in items]
    order = orders.place(portal, [line for line, _, _ in prepared], [effect for _, effect, _ in prepared])
    answer = orders.confirmation(portal, order, [item for _, _, item in prepared])
    number_ = answer.pop("order_num")
    return {"order_num_list": [number_] * len(prepared), **answer}


def quote(portal: HostBillPortal, request: Request) -> Any:
    items = request.data().get("items")
    if not isinstance(items, list) or not items:
        raise portal.invalid("Items are required")
    shown = [_quote_item(portal, item, index, strict=False) for index, item in enumerate(items)]
    subtotal = sum((price for _, price, _ in shown), Decimal(0))
    tax, rate = orders.tax_of(portal, subtotal)
    recurring: dict[str, Decimal] = {}
    for _, price, cycle in shown:
        if cycle:
            recurring[cycle] = recurring.get(cycle, Decimal(0)) + price
    summary = {
        "subtotal": number(subtotal),
        "total": number(subtotal + tax),
        "credit": 0,
        "discount": 0,
        "cost": number(subtotal),
        "recurring": [
            {"title": services.CYCLES[cycle], "price": number(price), "value": cycle}
            for cycle, price in recurring.items()
        ],
        "tax": [{"name": "VAT", "tax": number(tax), "value": number(rate)}],
    }
    return {"summary": summary, "items": [item for item, _, _ in shown]}


def _quote_item(portal: HostBillPortal, item: Any, index: int, *, strict: bool) -> tuple[dict[str, Any], Decimal, str]:
    """(what the quote shows, its price, its billing cycle); makes nothing."""
    shown: dict[str, Any] = {
        "product": None,
        "domains": {},
        "coupon": {},
        "index": index,
        "valid": True,
        "info": [],
        "error": [],
    }
    fields = item if isinstance(item, dict) else {}
    kind = fields.get("type")
    if kind == "domain":
        return _quote_domain(portal, fields, shown)
    if kind == "product":
        product, cycle, price = _price(portal, fields)
        category = portal.state.get("categories", product["category_id"]) or {}
        shown["product"] = {
            "id": int(product["id"]),
            "category_name": category.get("name", ""),
            "category_id": int(product["category_id"]),
            "name": product["name"],
            "domain": str(fields.get("domain") or ""),
        }
        return shown, price, cycle
    product_record = portal.state.get("certificate_products", str(fields.get("product_id")))
    if kind == "certificate" and product_record is not None:
        shown["product"] = {"id": int(product_record["id"]), "category_name": "SSL", "name": product_record["name"]}
        return shown, amount(product_record["price"]), "a"
    if strict:
        raise portal.invalid("Item is invalid")
    shown.update(valid=False, error=["Item is invalid"])
    return shown, Decimal(0), ""


def _quote_domain(
    portal: HostBillPortal, fields: dict[str, Any], shown: dict[str, Any]
) -> tuple[dict[str, Any], Decimal, str]:
    renewal = str(fields.get("action")) == "renew"
    held = portal.one("domains", str(fields.get("domain_id")), "Domain") if renewal else None
    name = held["name"] if held else str(fields.get("name") or "")
    tld = domains.tld_of(portal, name)
    if tld is None:
        raise portal.invalid("Domain name is invalid")
    years = domains.read_years(portal, fields.get("years"), tld)
    price = amount(tld["renew" if renewal else str(fields.get("action") or "register")]) * years
    shown["domains"] = {
        name: {
            "id": int(tld["id"]),
            "index": 0,
            "category_id": "6",
            "category_name": "Domains",
            "name": name,
            "tld": tld["tld"],
            "period": years,
            "price": text(price),
        }
    }
    return shown, price, "a"


COMMON = section(
    "Cart",
    ("GET", "/category", categories),
    ("GET", "/category/{category_id}/product", products),
    ("GET", "/order/{product_id}", product_form),
    ("POST", "/order/{product_id}", order_product),
    ("POST", "/order", order_several),
    ("POST", "/quote", quote),
)
