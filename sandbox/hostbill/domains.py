"""Domains: the list, one domain, the price table, look-up, ordering and renewing."""

from datetime import date
from typing import Any

from sandbox.clock import NEVER_DAY
from sandbox.hostbill import forms, orders
from sandbox.hostbill.accounts import person
from sandbox.hostbill.money import amount, text
from sandbox.hostbill.portal import HostBillPortal
from sandbox.messages import Request
from sandbox.names import is_name, to_ascii
from sandbox.routing import section
from sandbox.state import Record

LONGEST_YEARS = 10
LONGEST_AHEAD_DAYS = 3660
# days after the expiry: at first the usual price, then the redemption price, then nothing can be done
GRACE_DAYS = 30
REDEMPTION_DAYS = 60
ROLES = ("registrant", "admin", "tech", "billing")
FORM = "1755"
FORM_ITEMS = {10952: "Company", 10953: "Person"}


def days_left(portal: HostBillPortal, record: Record) -> int:
    if record["expires"] == NEVER_DAY:
        return 0
    return (date.fromisoformat(record["expires"]) - portal.clock.today()).days


def status_of(portal: HostBillPortal, record: Record) -> str:
    """An active domain whose day has passed reads as expired, without anybody touching it."""
    if record["status"] == "Active" and record["expires"] != NEVER_DAY and days_left(portal, record) < 0:
        return "Expired"
    return str(record["status"])


def listed(portal: HostBillPortal, _request: Request) -> Any:
    return {
        "domains": [
            {
                "id": one["id"],
                "name": one["name"],
                "expires": one["expires"],
                "recurring_amount": text(one["recurring_amount"]),
                "date_created": one["date_created"],
                "status": status_of(portal, one),
                "period": one["period"],
                "autorenew": one["autorenew"],
                "daytoexpire": str(days_left(portal, one)),
            }
            for one in portal.state.all("domains")
        ]
    }


def details_of(portal: HostBillPortal, record: Record) -> dict[str, Any]:
    return {
        "id": record["id"],
        "name": record["name"],
        "date_created": record["date_created"],
        "firstpayment": text(record["firstpayment"]),
        "recurring_amount": text(record["recurring_amount"]),
        "period": record["period"],
        "expires": record["expires"],
        "status": status_of(portal, record),
        "next_due": record["next_due"],
        "next_invoice": record["next_invoice"],
        "idprotection": record["idprotection"],
        "nameservers": record["nameservers"],
        "autorenew": record["autorenew"],
    }


def detail(portal: HostBillPortal, request: Request) -> Any:
    return {"details": details_of(portal, portal.one("domains", request.params["id"], "Domain"))}


def by_name(portal: HostBillPortal, request: Request) -> Any:
    name = to_ascii(request.params["name"])
    found = [details_of(portal, one) for one in portal.state.all("domains") if one["name"] == name]
    if not found:
        raise portal.refuse("Domain not found")
    return {"details": found}


def lookup(portal: HostBillPortal, request: Request) -> Any:
    name = to_ascii(request.text("name"))
    tld = tld_of(portal, name)
    if not is_name(name) or tld is None:
        raise portal.invalid("Domain name is invalid")
    return {"available": not is_taken(portal, name), "name": name, "premium": False, "periods": _periods(tld)}


def is_taken(portal: HostBillPortal, name: str) -> bool:
    """Taken: what the portal holds, and names that begin with 'taken' or are too short to be free."""
    label = name.partition(".")[0]
    return (
        label.startswith("taken") or len(label) < 4 or any(one["name"] == name for one in portal.state.all("domains"))
    )


def tld_of(portal: HostBillPortal, name: str) -> Record | None:
    """The longest ending on sale that fits: .com.vn before .vn."""
    fitting = [one for one in portal.state.all("tlds") if name.endswith(one["tld"])]
    return max(fitting, key=lambda one: len(one["tld"]), default=None)


def _periods(tld: Record) -> list[dict[str, str]]:
    return [
        {
            "id": tld["id"],
            "period": str(years),
            "register": text(amount(tld["register"]) * years),
            "transfer": text(amount(tld["transfer"]) * years),
            "renew": text(amount(tld["renew"]) * years),
            "redemption": text(amount(tld["redemption"]) * years),
        }
        for years in tld["years"]
    ]


def price_table(portal: HostBillPortal, _request: Request) -> Any:
    tlds = []
    for one in portal.state.all("tlds"):
        periods = [{key: value for key, value in period.items() if key != "id"} for period in _periods(one)]
        tlds.append({"id": one["id"], "tld": one["tld"], "periods": periods})
    return {"tlds": tlds}


def order_form(portal: HostBillPortal, request: Request) -> Any:
    tld = portal.one("tlds", request.params["id"], "TLD")
    asked_by = f"Asked by the registry of {tld['tld']}"
    required = tld["tld"].endswith((".vn", ".dk"))
    form = forms.select(FORM, "Registrant type", FORM_ITEMS, description=asked_by, required=required)
    return {"forms": [form]}


def read_years(portal: HostBillPortal, value: Any, tld: Record | None) -> int:
    try:
        years = int(str(value if value not in (None, "") else 1))
    except ValueError as error:
        raise portal.invalid("Period is invalid") from error
    allowed = tld["years"] if tld else range(1, LONGEST_YEARS + 1)
    if years not in allowed:
        raise portal.invalid("Period is invalid")
    return years


def check_payment(portal: HostBillPortal, value: Any) -> None:
    if value in (None, "") and portal.settings["insists_on_payment_method"]:
        raise portal.invalid("Payment method is required")
    if value not in (None, "") and portal.state.get("payments", str(value)) is None:
        raise portal.invalid("Payment method is invalid")


def renewal_line(portal: HostBillPortal, domain: Record, years: int) -> Record:
    tld = tld_of(portal, domain["name"])
    price = amount(domain["recurring_amount"])
    if tld:
        price = amount(tld["redemption" if days_left(portal, domain) < -GRACE_DAYS else "renew"])
    period = f"{domain['expires']} + {years} year{'s' if years > 1 else ''}"
    return {
        "type": "Domain Renew",
        "item_id": domain["id"],
        "description": f"Domain renewal - {domain['name']} ({period})",
        "amount": text(price * years),
    }


def check_renewable(portal: HostBillPortal, domain: Record, years: int) -> None:
    if domain["status"] not in ("Active", "Expired"):
        raise portal.invalid(f"Domain is {domain['status']} and cannot be renewed")
    left = days_left(portal, domain)
    if left < -REDEMPTION_DAYS:
        raise portal.invalid("Domain is past its redemption period")
    window = portal.settings["renewal_window_days"]
    if window and left > window:
        raise portal.invalid(f"Domain cannot be renewed yet: it expires in {left} days")
    if left + 365 * years > LONGEST_AHEAD_DAYS:
        raise portal.invalid("Domain cannot be registered for more than ten years")


def renew(portal: HostBillPortal, request: Request) -> Any:
    """An order with an invoice; the expiry moves when that is paid. A second call makes a second order, as upstream."""
    domain = portal.one("domains", request.params["id"], "Domain")
    fields = request.data()
    tld = tld_of(portal, domain["name"])
    years = read_years(portal, fields.get("years"), tld)
    check_payment(portal, fields.get("pay_method"))
    check_renewable(portal, domain, years)
    effect = {"effect": "renew", "domain": domain["id"], "years": years}
    order = orders.place(portal, [renewal_line(portal, domain, years)], [effect])
    portal.note(f"Renewal of {domain['name']} ordered", request)
    item = {
        "id": domain["id"],
        "type": "Domain Renew",
        "name": domain["name"],
        "product_id": tld["id"] if tld else "0",
    }
    return orders.confirmation(portal, order, item)


def order(portal: HostBillPortal, request: Request) -> Any:
    fields = request.data()
    check_payment(portal, fields.get("pay_method"))
    line, effect, item = prepare_order(portal, fields)
    placed = orders.place(portal, [line], [effect])
    portal.note(f"{item['type']} of {item['name']} ordered", request)
    return orders.confirmation(portal, placed, item)


def prepare_order(portal: HostBillPortal, fields: dict[str, Any]) -> tuple[Record, Record, dict[str, Any]]:
    """(invoice line, effect, item of the answer) of a registration or transfer; the pending domain is made here."""
    name, tld, action, years = check_order(portal, fields)
    domain = add_domain(
        portal,
        name,
        years=years,
        nameservers=[to_ascii(str(one)) for one in fields.get("nameservers") or ()] or None,
        status="Pending Registration" if action == "register" else "Pending Transfer",
        contacts={
            role: person(portal.one("contacts", str(fields[role]), "Contact")) for role in ROLES if fields.get(role)
        },
    )
    kind = f"Domain {action.title()}"
    line = {
        "type": kind,
        "item_id": domain["id"],
        "description": f"Domain {action} - {name} ({years} year{'s' if years > 1 else ''})",
        "amount": text(amount(tld[action]) * years),
    }
    effect = {"effect": action, "domain": domain["id"], "years": years}
    return line, effect, {"id": domain["id"], "type": kind, "name": name, "product_id": tld["id"]}


def check_order(portal: HostBillPortal, fields: dict[str, Any]) -> tuple[str, Record, str, int]:
    """(name, ending, action, years) of a registration or transfer that can be ordered; makes nothing."""
    name = to_ascii(str(fields.get("name") or ""))
    tld = tld_of(portal, name)
    if not is_name(name) or tld is None or str(fields.get("tld_id") or tld["id"]) != tld["id"]:
        raise portal.invalid("Domain name is invalid")
    action = str(fields.get("action") or "register").lower()
    if action not in ("register", "transfer"):
        raise portal.invalid("Action is invalid")
    nameservers = fields.get("nameservers") or []
    if nameservers and not (isinstance(nameservers, list) and 2 <= len(nameservers) <= 4):
        raise portal.invalid("Nameservers are invalid")
    if not all(is_name(to_ascii(str(one))) for one in nameservers):
        raise portal.invalid("Nameservers are invalid")
    if any(fields.get(role) and portal.state.get("contacts", str(fields[role])) is None for role in ROLES):
        raise portal.invalid("Contact is invalid")
    _check_form(portal, fields.get("data"))
    if action == "register" and is_taken(portal, name):
        raise portal.invalid("Domain is not available")
    if action == "transfer" and not str(fields.get("epp") or "").strip():
        raise portal.invalid("EPP code is required")
    return name, tld, action, read_years(portal, fields.get("years"), tld)


def _check_form(portal: HostBillPortal, data: Any) -> None:
    """`{form id: {item id: 1}}` of the one form that endings have here."""
    if data in (None, "", [], {}):
        return
    chosen = data.get(FORM) if isinstance(data, dict) and set(data) == {FORM} else None
    if not isinstance(chosen, dict) or len(chosen) != 1 or not set(chosen) <= {str(key) for key in FORM_ITEMS}:
        raise portal.invalid("Additional data is invalid")


def add_domain(portal: HostBillPortal, name: str, **fields: Any) -> Record:
    """A domain with what a new one has; `fields` override."""
    key = str(portal.state.next_id("domains", 1200))
    tld = tld_of(portal, name)
    years = int(fields.pop("years", 1))
    price = amount(tld["renew"]) * years if tld else amount(0)
    nameservers = fields.pop("nameservers", None) or list(portal.flavour.nameservers)
    record: Record = {
        "id": key,
        "name": name,
        "date_created": portal.clock.day(0),
        "firstpayment": text(price),
        "recurring_amount": text(price),
        "period": str(years),
        "expires": NEVER_DAY,
        "next_due": NEVER_DAY,
        "next_invoice": NEVER_DAY,
        "status": "Active",
        "idprotection": "0",
        "nameservers": nameservers,
        "autorenew": "1",
        "locked": True,
        "records": [],
        "hosts": [],
        "emforwarding": [],
        "forwarding": {},
        "dnssec": [],
        "contacts": {},
        "customer": "",
        **fields,
    }
    return portal.state.put("domains", key, record)


COMMON = section(
    "Domains",
    ("GET", "/domain", listed),
    ("GET", "/domain/{id}", detail),
    ("GET", "/domain/name/{name}", by_name),
    ("POST", "/domain/lookup", lookup),
    ("GET", "/domain/order", price_table),
    ("GET", "/domain/order/{id}/form", order_form),
    ("POST", "/domain/order", order),
    ("POST", "/domain/{id}/renew", renew),
)
