"""Services: what the account rents, with label, upgrade and cancellation."""

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
    one = _service(portal, request)
    step = amount(one["total"]) / 10
    items = [
        {"id": str(9953 + index), "name": name, "price": number(step * index), "setup_price": 0, "selected": index == 0}
        for index, name in enumerate(("100 GB", "500 GB", "1 TB"))
    ]
    return {"resources": [{"id": 1557, "name": "Bandwidth", "type": "select", "items": items}], "package": []}


def upgrade(portal: HostBillPortal, request: Request) -> Any:
    """Prices the upgrade; with `send` it becomes an order. No answer is documented."""
    one = _service(portal, request)
    fields = request.data()
    resources = fields.get("resources") or {}
    chosen = list(resources.values()) if isinstance(resources, dict) else list(resources)
    step = amount(one["total"]) / 10
    try:
        places = [int(str(choice)) - 9953 for choice in chosen]
    except ValueError as error:
        raise portal.invalid("Upgrade option is invalid") from error
    if not places or any(place not in (0, 1, 2) for place in places):
        raise portal.invalid("Upgrade option is invalid")
    charge = amount(sum(step * place for place in places))
    if str(fields.get("send")).lower() not in ("1", "true"):
        return {"success": True, "charge": number(charge), "currency": portal.flavour.currency}
    line = {
        "type": "Upgrade",
        "item_id": one["id"],
        "description": f"Upgrade - {one['name']}",
        "amount": text(charge),
    }
    placed = orders.place(portal, [line], [])
    return {"success": True, **orders.confirmation(portal, placed, {"id": one["id"], "type": "Upgrade"})}


def cancel(portal: HostBillPortal, request: Request) -> Any:
    one = _service(portal, request)
    if one["status"] not in ("Active", "Suspended", "Pending"):
        raise portal.invalid("Service cannot be cancelled")
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
        "kind": "hosting",
        "customer": "",
        **fields,
    }
    return portal.state.put("services", key, record)


def change_service(portal: HostBillPortal, request: Request) -> Any:
    """`{"status": "Suspended", "next_due": "2027-01-01"}`: any of a service's fields."""
    service = portal.state.edit("services", request.params["id"])
    service.update({name: value for name, value in request.data().items() if name in service and name != "id"})
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
