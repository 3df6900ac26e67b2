"""Services: what the account rents, with label, upgrade and cancellation."""

from decimal import Decimal
from typing import Any

from sandbox.hostbill import orders
from sandbox.hostbill.money import amount, number, text
from sandbox.hostbill.portal import HostBillPortal
from sandbox.messages import Request
from sandbox.routing import section
from sandbox.state import Record

BASE_METHODS = (
    ("Upgrade Request", "POST", "/service/@id/upgrade"),
    ("Upgrade Options", "GET", "/service/@id/upgrade"),
    ("Change service label", "POST", "/service/@id/label"),
    ("Service label", "GET", "/service/@id/label"),
    ("Cancel Service", "POST", "/service/@id/cancel"),
)
MACHINE_METHODS = (
    ("List Servers", "GET", "/service/@id/vms"),
    ("Get Server", "GET", "/service/@id/vms/@vmid"),
    *(
        (f"{verb.title()} Server", "POST", f"/service/@id/vms/@vmid/{verb}")
        for verb in ("stop", "start", "suspend", "unsuspend", "reboot", "resetpwd", "rebuild")
    ),
    ("List Templates", "GET", "/service/@id/vms/@vmid/rebuild"),
    ("List IP", "GET", "/service/@id/ip"),
    ("Get rDNS entries", "GET", "/service/@id/rdns"),
    ("Update rDNS", "POST", "/service/@id/rdns"),
)
ZONE_METHODS = (
    ("Add DNS Zone", "POST", "/service/@service_id/dns"),
    ("Get DNS details", "GET", "/service/@service_id/dns/@zone_id"),
    ("Remove DNS zone", "DELETE", "/service/@service_id/dns/@zone_id"),
    ("Add DNS Record", "POST", "/service/@service_id/dns/@zone_id/records"),
    ("Edit DNS Record", "PUT", "/service/@service_id/dns/@zone_id/records/@record_id"),
    ("Remove DNS Record", "DELETE", "/service/@service_id/dns/@zone_id/records/@record_id"),
)
BANDWIDTH = "1557"
BANDWIDTHS = {"9953": "100 GB", "10103": "500 GB", "10104": "1 TB"}
ADDRESSES = "1560"
MOST_ADDRESSES = 8
KINDS = {"dns": "dns", "vps": "machines"}
"""What the products of a category are, by the category's address; the others are hosting."""
CYCLES = {"m": "Monthly", "q": "Quarterly", "a": "Annually", "b": "Biennially", "t": "Triennially"}


def _service(portal: HostBillPortal, request: Request) -> Record:
    return portal.one("services", request.params["id"], "Service")


def listed(portal: HostBillPortal, _request: Request) -> Any:
    return {
        "services": [
            {
                "id": one["id"],
                "domain": one["domain"],
                "total": text(one["total"]),
                "status": one["status"],
                "billingcycle": one["billingcycle"],
                "next_due": one["next_due"],
                "category": one["category"],
                "category_url": one["category_url"],
                "name": one["name"],
            }
            for one in portal.state.all("services")
        ]
    }


def detail(portal: HostBillPortal, request: Request) -> Any:
    one = _service(portal, request)
    shown = {
        "id": one["id"],
        "date_created": one["date_created"],
        "domain": one["domain"],
        "firstpayment": text(one["total"]),
        "total": text(one["total"]),
        "billingcycle": one["billingcycle"],
        "next_due": one["next_due"],
        "next_invoice": one["next_invoice"],
        "status": one["status"],
        "label": one["label"],
        "username": one["username"],
        "password": one["password"],
        "name": one["name"],
    }
    return {"service": shown}


def methods(portal: HostBillPortal, request: Request) -> Any:
    one = _service(portal, request)
    rows = list(BASE_METHODS)
    if one["kind"] == "machines":
        rows.extend(MACHINE_METHODS)
    if one["kind"] == "dns":
        rows.extend(ZONE_METHODS)
    return {"methods": [{"name": name, "method": method, "route": route} for name, method, route in rows]}


def upgrade_options(portal: HostBillPortal, request: Request) -> Any:
    """A list as the page shows it, and a quantity, of which the page tells only how it is asked for."""
    one = _service(portal, request)
    taken = _taken(one)
    step = amount(one.get("base_total", one["total"])) / 10
    items = [
        {
            "id": key,
            "name": name,
            "price": number(step * place),
            "setup_price": 0,
            "selected": taken[BANDWIDTH] == key,
        }
        for place, (key, name) in enumerate(BANDWIDTHS.items())
    ]
    unit = {"id": "10200", "name": "IP", "price": number(step / 2), "setup_price": 0, "selected": False}
    addresses = {
        "id": int(ADDRESSES),
        "name": "Extra IP addresses",
        "type": "slider",
        "config": {"minvalue": 0, "maxvalue": MOST_ADDRESSES, "step": 1},
        "value": taken[ADDRESSES],
        "items": [unit],
    }
    bandwidth = {"id": int(BANDWIDTH), "name": "Bandwidth", "type": "select", "items": items}
    return {"resources": [bandwidth, addresses], "package": []}


def _taken(service: Record) -> dict[str, str]:
    """What the service has of each resource: the id of an item, or a quantity."""
    return {BANDWIDTH: next(iter(BANDWIDTHS)), ADDRESSES: "0", **service.get("resources", {})}


def _wanted(portal: HostBillPortal, request: Request) -> dict[str, str]:
    asked = request.data().get("resources") or {}
    wanted = {str(key): str(value) for key, value in asked.items()} if isinstance(asked, dict) else {}
    quantity = wanted.get(ADDRESSES, "0")
    known = set(wanted) <= {BANDWIDTH, ADDRESSES} and wanted.get(BANDWIDTH, next(iter(BANDWIDTHS))) in BANDWIDTHS
    if not wanted or not known or not quantity.isdecimal() or int(quantity) > MOST_ADDRESSES:
        raise portal.invalid("Upgrade option is invalid")
    return wanted


def _cost(service: Record, taken: dict[str, str]) -> Decimal:
    step = amount(service.get("base_total", service["total"])) / 10
    return amount(step * list(BANDWIDTHS).index(taken[BANDWIDTH]) + step / 2 * int(taken[ADDRESSES]))


def upgrade(portal: HostBillPortal, request: Request) -> Any:
    """Prices the upgrade; with `send` it becomes an order, which happens when its invoice is paid. No answer is documented."""
    one = _service(portal, request)
    wanted = _wanted(portal, request)
    before = _taken(one)
    charge = max(_cost(one, {**before, **wanted}) - _cost(one, before), Decimal(0))
    if str(request.data().get("send")).lower() not in ("1", "true"):
        return {"success": True, "charge": number(charge), "currency": portal.flavour.currency}
    line = {
        "type": "Upgrade",
        "item_id": one["id"],
        "description": f"Upgrade - {one['name']}",
        "amount": text(charge),
    }
    effect = {"effect": "upgrade", "service": one["id"], "resources": wanted, "charge": text(charge)}
    placed = orders.place(portal, [line], [effect])
    return {"success": True, **orders.confirmation(portal, placed, {"id": one["id"], "type": "Upgrade"})}


def cancel(portal: HostBillPortal, request: Request) -> Any:
    one = _service(portal, request)
    if one["status"] not in ("Active", "Suspended", "Pending"):
        raise portal.invalid("Service cannot be cancelled")
    if one.get("cancellation"):
        raise portal.invalid("Cancellation was already requested")
    service = portal.state.edit("services", one["id"])
    if request.text("immediate").lower() == "true":
        service["status"] = "Cancelled"
    service["cancellation"] = {"reason": request.text("reason"), "immediate": request.text("immediate")}
    portal.note(f"Cancellation of service #{one['id']} requested", request)
    return {"info": ["cancell_sent"]}


def label(portal: HostBillPortal, request: Request) -> Any:
    return {"label": _service(portal, request)["label"]}


def set_label(portal: HostBillPortal, request: Request) -> Any:
    one = _service(portal, request)
    portal.state.edit("services", one["id"])["label"] = request.text("label")
    return {"success": True, "info": ["label_updated"]}


def add_service(portal: HostBillPortal, name: str, **fields: Any) -> Record:
    """A service with what a new one has; `fields` override."""
    key = str(portal.state.next_id("services", 320))
    kind = KINDS.get(str(fields.get("category_url")), "hosting")
    record: Record = {
        "id": key,
        "name": name,
        "date_created": portal.clock.day(0),
        "domain": "",
        "total": "0.00",
        "billingcycle": "Monthly",
        "next_due": portal.clock.day(30),
        "next_invoice": portal.clock.day(16),
        "category": "Hosting",
        "category_url": "hosting",
        "status": "Pending",
        "label": "",
        "username": "",
        "password": "",
        "kind": kind,
        "dialect": "plain",
        "customer": "",
        **fields,
    }
    return portal.state.put("services", key, record)


def change_service(portal: HostBillPortal, request: Request) -> Any:
    """`{"status": "Suspended", "next_due": "2027-01-01"}`: any of a service's fields."""
    service = portal.state.edit("services", request.params["id"])
    service.update(request.known(service))
    return {"service": service}


COMMON = section(
    "Services",
    ("GET", "/service", listed),
    ("GET", "/service/{id}", detail),
    ("GET", "/service/{id}/methods", methods),
    ("GET", "/service/{id}/upgrade", upgrade_options),
    ("POST", "/service/{id}/upgrade", upgrade),
    ("POST", "/service/{id}/cancel", cancel),
    ("GET", "/service/{id}/label", label),
    ("POST", "/service/{id}/label", set_label),
)
CONTROLS = {("POST", "/services/{id}"): change_service}
