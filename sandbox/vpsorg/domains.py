"""Domains of VPS.org, with both spellings: the documentation page's and the public client's."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.clock import add_years, stamp
from sandbox.messages import Request, Response, plain_json
from sandbox.names import is_name, to_ascii
from sandbox.routing import section
from sandbox.state import Record
from sandbox.vpsorg.portal import VpsOrgPortal, invalid

PRICES = {
    ".com": 12.99,
    ".net": 14.99,
    ".org": 13.99,
    ".io": 39.99,
    ".dev": 14.99,
    ".app": 14.99,
    ".co": 24.99,
}
REGISTRAR = "VPS.org"
OWN_NAMESERVERS = ["ns1.vps.org", "ns2.vps.org"]
TRANSFER_STEPS = [
    "Check email for transfer authorization request",
    "Approve transfer with current registrar",
    "Wait for transfer to complete (5-7 days)",
    "Domain will be automatically renewed for 1 year upon completion",
]


def price_of(name: str) -> float | None:
    return PRICES.get("." + name.rpartition(".")[2])


def days_left(portal: VpsOrgPortal, record: Record) -> int:
    return (datetime.fromisoformat(record["expiration_date"]) - portal.clock.now()).days


def status_of(portal: VpsOrgPortal, record: Record) -> str:
    expired = record["status"] == "active" and datetime.fromisoformat(record["expiration_date"]) < portal.clock.now()
    return "expired" if expired else str(record["status"])


def row(portal: VpsOrgPortal, record: Record) -> dict[str, Any]:
    servers = record["nameservers"]
    fields = {
        "id": record["id"],
        "uuid": record["uuid"],
        "domain_name": record["domain_name"],
        "status": status_of(portal, record),
        "registration_date": record["registration_date"],
        "expiration_date": record["expiration_date"],
        "auto_renew": record["auto_renew"],
        "locked": record["locked"],
        "transfer_lock": record["locked"],
        "nameservers": servers,
        **{f"nameserver{index + 1}": servers[index] if index < len(servers) else "" for index in range(4)},
        "privacy_protection": record["privacy_protection"],
        "whois_privacy": record["privacy_protection"],
        "dns_managed_by": "vps.org" if servers == OWN_NAMESERVERS else "external",
        "registrar": record.get("registrar", REGISTRAR),
        "days_until_expiration": days_left(portal, record),
    }
    return portal.in_form(fields)


def listed(portal: VpsOrgPortal, request: Request) -> Any:
    status, search = request.query.get("status"), request.query.get("search", "").lower()
    found = [
        one
        for one in portal.state.all("domains")
        if (not status or status_of(portal, one) == status) and search in one["domain_name"]
    ]
    return portal.page(request, found, lambda one: row(portal, one))


def detail(portal: VpsOrgPortal, request: Request) -> Any:
    one = portal.one("domains", request.params["domain_id"])
    zones = [zone for zone in portal.state.all("zones") if zone["domain"] == one["domain_name"]]
    contact = "Privacy Protected" if one["privacy_protection"] else portal.account["company"]
    return {
        **row(portal, one),
        "whois_info": {
            "registrant": contact,
            "admin_contact": contact,
            "tech_contact": contact,
            "created_date": one["registration_date"][:10],
            "updated_date": one["updated_at"][:10],
        },
        "dns_records_count": sum(len(zone["records"]) for zone in zones),
    }


def read_name(value: Any) -> str:
    name = to_ascii(str(value or ""))
    if not is_name(name) or price_of(name) is None:
        raise invalid(domain_name="Enter a valid domain name.")
    return name


def is_taken(portal: VpsOrgPortal, name: str) -> bool:
    held = any(one["domain_name"] == name for one in portal.state.all("domains"))
    return held or name.startswith("taken") or len(name.partition(".")[0]) < 4


def search(portal: VpsOrgPortal, request: Request) -> Any:
    """A read in spite of its verb. The answer's shape is ours: no public source shows it."""
    name = to_ascii(request.text("domain"))
    price = price_of(name)
    if not is_name(name) or price is None:
        raise invalid(domain="Enter a valid domain name.")
    return {"domain": name, "available": not is_taken(portal, name), "price": price, "currency": "USD"}


def read_years(value: Any, default: int = 1) -> int:
    years = default if value is None else value
    if not isinstance(years, int) or isinstance(years, bool) or not 1 <= years <= 10:
        raise invalid(years="Ensure this value is between 1 and 10.")
    return years


def read_nameservers(value: Any, fewest: int) -> list[str]:
    names = [to_ascii(str(name)) for name in value] if isinstance(value, list) else []
    if not fewest <= len(names) <= 4 or not all(is_name(name) for name in names):
        raise invalid(nameservers=f"Between {fewest} and 4 valid nameservers are required.")
    return names


def register(portal: VpsOrgPortal, request: Request) -> Response:
    fields = request.data()
    name = read_name(fields.get("domain_name"))
    if is_taken(portal, name):
        raise invalid(domain_name="This domain is already registered.")
    years = read_years(fields.get("years"))
    servers = fields.get("nameservers")
    nameservers = OWN_NAMESERVERS if servers is None else read_nameservers(servers, 2)
    cost = round((price_of(name) or 0.0) * years, 2)
    portal.charge(cost)
    record = add_domain(
        portal,
        name,
        status="pending",
        expiration_date=later_by(portal.clock.stamp(), years),
        auto_renew=bool(fields.get("auto_renew", True)),
        privacy_protection=bool(fields.get("privacy_protection", True)),
        nameservers=list(nameservers),
    )
    portal.later(portal.settings["registration_seconds"], "activate", domain=record["uuid"])
    note = {"total_cost": cost, "message": "Domain registration initiated. Processing may take 5-10 minutes."}
    return plain_json({**row(portal, record), **note}, 201)


def later_by(moment: str, years: int) -> str:
    return add_years(moment[:10], years) + moment[10:]


def activate(portal: VpsOrgPortal, job: Record) -> None:
    record = portal.state.get("domains", job["domain"])
    if record is not None and record["status"] == "pending":
        portal.state.edit("domains", job["domain"])["status"] = "active"


SPELLINGS = {"whois_privacy": "privacy_protection", "transfer_lock": "locked"}


def change(portal: VpsOrgPortal, request: Request) -> Any:
    """As Django REST framework does it, names that the form does not have are passed over without a word."""
    one = portal.one("domains", request.params["domain_id"])
    changed: Record = {}
    for told, value in portal.in_form(request.data()).items():
        name = SPELLINGS.get(told, told)
        if name in ("auto_renew", "privacy_protection", "locked"):
            if not isinstance(value, bool):
                raise invalid(**{told: "Must be a valid boolean."})
            changed[name] = value
        elif name == "nameservers":
            changed[name] = read_nameservers(value, 2)
    record = portal.state.edit("domains", one["uuid"])
    record.update(changed, updated_at=portal.clock.stamp())
    shown = row(portal, record)
    left_out = ("registration_date", "expiration_date", "dns_managed_by", "registrar", "days_until_expiration")
    message = "Domain settings updated successfully. Nameserver changes may take up to 24 hours to propagate."
    return {**{name: shown[name] for name in shown if name not in left_out}, "message": message}


def set_nameservers(portal: VpsOrgPortal, request: Request) -> Any:
    one = portal.one("domains", request.params["domain_id"])
    servers = read_nameservers(request.data().get("nameservers"), 1)
    record = portal.state.edit("domains", one["uuid"])
    record.update(nameservers=servers, updated_at=portal.clock.stamp())
    return row(portal, record)


def renew(portal: VpsOrgPortal, request: Request) -> Any:
    """Charged and done at once, unlike at the HostBill portals."""
    one = portal.one("domains", request.params["domain_id"])
    years = read_years(request.data().get("years"))
    if days_left(portal, one) + 365 * years > 3660:
        raise invalid(years="A domain can be registered for ten years at most.")
    cost = round((price_of(one["domain_name"]) or 0.0) * years, 2)
    portal.charge(cost)
    record = portal.state.edit("domains", one["uuid"])
    record.update(
        expiration_date=later_by(record["expiration_date"], years), status="active", updated_at=portal.clock.stamp()
    )
    return {**row(portal, record), "total_cost": cost, "message": "Domain renewed successfully."}


def remove(portal: VpsOrgPortal, request: Request) -> Response:
    portal.state.remove("domains", portal.one("domains", request.params["domain_id"])["uuid"])
    return Response(204)


def transfer(portal: VpsOrgPortal, request: Request) -> Any:
    """Pending for `transfer_days`, then the domain is here and has one more year."""
    one = portal.one("domains", request.params["domain_id"])
    code = request.text("auth_code")
    if not code:
        raise invalid(auth_code="This field is required.")
    if one.get("auth_code", code) != code:
        raise invalid(auth_code="Invalid authorization code.")
    if one["locked"]:
        raise invalid(non_field_errors="The domain is locked.")
    if one.get("transfer_status") == "pending":
        raise invalid(non_field_errors="A transfer of this domain is under way.")
    portal.charge(price_of(one["domain_name"]) or 0.0)
    now, days = portal.clock.now(), portal.settings["transfer_days"]
    renewing = bool(request.data().get("auto_renew", True))
    portal.state.edit("domains", one["uuid"]).update(status="pending", transfer_status="pending", auto_renew=renewing)
    portal.later(days * 24 * 3600, "transferred", domain=one["uuid"])
    answer = {
        "id": one["id"],
        "uuid": one["uuid"],
        "domain_name": one["domain_name"],
        "transfer_status": "pending",
        "transfer_initiated_at": stamp(now),
        "estimated_completion": stamp(now + timedelta(days=7)),
        "message": "Domain transfer initiated. You should receive a confirmation email from your current registrar.",
        "next_steps": TRANSFER_STEPS,
    }
    return portal.in_form(answer)


def transferred(portal: VpsOrgPortal, job: Record) -> None:
    if portal.state.get("domains", job["domain"]) is None:
        return
    record = portal.state.edit("domains", job["domain"])
    record.update(
        status="active",
        transfer_status="completed",
        registrar=REGISTRAR,
        expiration_date=later_by(record["expiration_date"], 1),
    )


JOBS = {"activate": activate, "transferred": transferred}


def new_uuid(portal: VpsOrgPortal, kind: str) -> tuple[int, str]:
    """(integer id, uuid): the same ones for the same sequence of events, so that a seeded demo repeats itself."""
    number = portal.state.next_id(kind, 101)
    return number, str(uuid.uuid5(uuid.NAMESPACE_URL, f"vps.org sandbox {kind} {number}"))


def add_domain(portal: VpsOrgPortal, name: str, **fields: Any) -> Record:
    number, key = new_uuid(portal, "domains")
    now = portal.clock.stamp()
    record: Record = {
        "id": number,
        "uuid": key,
        "domain_name": name,
        "status": "active",
        "registration_date": now,
        "expiration_date": later_by(now, 1),
        "updated_at": now,
        "auto_renew": True,
        "locked": True,
        "nameservers": list(OWN_NAMESERVERS),
        "privacy_protection": True,
        "customer": "",
        **fields,
    }
    return portal.state.put("domains", key, record)


def find(portal: VpsOrgPortal, key: str) -> Record:
    """By integer id, uuid or name; KeyError when there is none."""
    for record in portal.state.all("domains"):
        if key in (str(record["id"]), record["uuid"], record["domain_name"]):
            return portal.state.edit("domains", record["uuid"])
    raise KeyError(key)


def control_change(portal: VpsOrgPortal, request: Request) -> Any:
    """`{"expires": "2027-01-01", "status": "active", "autorenew": false}`: any of a domain's fields, by id, uuid or name."""
    record = find(portal, request.params["id"])
    fields = request.data()
    if "expires" in fields:
        day = datetime.fromisoformat(str(fields.pop("expires"))).replace(hour=12, tzinfo=UTC)
        fields["expiration_date"] = stamp(day)
    if "autorenew" in fields:
        fields["auto_renew"] = str(fields.pop("autorenew")).lower() in ("1", "true")
    record.update({name: value for name, value in fields.items() if name in record and name not in ("id", "uuid")})
    return {"domain": record}


def control_remove(portal: VpsOrgPortal, request: Request) -> Any:
    """The domain vanishes from the account."""
    record = find(portal, request.params["id"])
    portal.state.remove("domains", record["uuid"])
    return {"removed": record["domain_name"]}


def control_add(portal: VpsOrgPortal, request: Request) -> Any:
    """`{"count": 500}` makes that many more domains, `{"name": "x.com"}` one; `"elsewhere": true, "auth_code": "Xy9"` makes it one
    that the list shows though another registrar has it: it can be transferred."""
    fields = request.data()
    if fields.get("name"):
        more: Record = {}
        if fields.get("elsewhere"):
            more = {
                "locked": False,
                "registrar": "Another Registrar",
                "nameservers": ["ns1.example.net", "ns2.example.net"],
            }
            more |= {"auth_code": str(fields["auth_code"])} if fields.get("auth_code") else {}
        record = add_domain(portal, to_ascii(str(fields["name"])), **more)
        return {"added": [record["id"]], "uuid": record["uuid"]}
    return {"added": many_domains(portal, int(fields.get("count", 1)))}


def many_domains(portal: VpsOrgPortal, count: int) -> list[int]:
    made = []
    for _ in range(count):
        number = portal.state.next_id("bulk")
        moment = stamp(portal.clock.now() + timedelta(days=number % 730 + 1))
        ending = list(PRICES)[number % len(PRICES)]
        made.append(int(add_domain(portal, f"bench-{number:06d}{ending}", expiration_date=moment)["id"]))
    return made


CONTROLS = {
    ("POST", "/domains"): control_add,
    ("POST", "/domains/{id}"): control_change,
    ("POST", "/domains/{id}/remove"): control_remove,
}
ROUTES = section(
    "Domains",
    ("GET", "/domains/", listed),
    ("POST", "/domains/", register),
    ("POST", "/domains/search/", search),
    ("GET", "/domains/{domain_id}/", detail),
    ("PUT", "/domains/{domain_id}/", change),
    ("DELETE", "/domains/{domain_id}/", remove),
    ("POST", "/domains/{domain_id}/transfer/", transfer),
    ("POST", "/domains/{domain_id}/update_nameservers/", set_nameservers),
    ("POST", "/domains/{domain_id}/renew/", renew),
    scope="domains",
)
