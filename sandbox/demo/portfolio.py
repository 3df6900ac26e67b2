"""The domains of the two HostBill accounts and their zones."""

import random
from datetime import date, timedelta
from typing import Any

from sandbox.clock import NEVER_DAY, add_years
from sandbox.demo.customers import CUSTOMERS, Customer, names_at
from sandbox.demo.records import zone as zone_entries
from sandbox.hostbill.domains import add_domain, tld_of
from sandbox.hostbill.portal import HostBillPortal
from sandbox.hostbill.zones import add_record, add_zone
from sandbox.names import to_ascii
from sandbox.state import Record

# days until the expiry; None: the portal does not know
FIXED: dict[str, int | None] = {
    "songhongcoffee.vn": 3,
    "caphesonghong.com": 1,
    "hoasenspa.vn": 27,
    "lotusdental.vn": 34,
    "mekongtextiles.com.vn": 45,
    "dalat-orchids.vn": None,
    "phovietwholesale.com": None,
    "saigonbuild.com": 63,
    "tranphugarden.vn": 66,
    "tranphunursery.vn": -41,
    "anphat-tracking.com": -9,
    "hoasengifts.vn": -3,
    "nordlysbageri.dk": 6,
    "nordlyskager.dk": 1,
    "kystvand.dk": 27,
    "rentkystvand.dk": None,
    "havnebycykler.dk": 38,
    "havneby-cykler.com": 41,
    "sondergaardarkitekter.dk": 44,
    "toldbod.dk": 52,
    "fjordklinikken.dk": 58,
    "fjordfysio.dk": -12,
    "havnebybikes.com": -1,
}
SOON = (2, 4, 5, 7, 9, 12, 14, 16, 18, 21, 24, 29, 31, 36, 40, 47, 55, 61, 70, 74, 79, 83, 88)
STATUSES = {
    "phovietwholesale.com": "Pending",
    "rentkystvand.dk": "Pending Transfer",
    "havneby-cykler.com": "Pending Transfer",
    "tranphunursery.vn": "Expired",
    "mekongfabrics.com.vn": "Cancelled",
    "toldbodkaffe.eu": "Transferred Out",
}
AUTORENEW_OFF = frozenset(
    {"lotusdental.vn", "anphat-tracking.com", "saigonscaffold.vn", "hoasengifts.vn", "caphesonghong.com"}
    | {
        "fjordfysio.dk",
        "nordlyssurdej.dk",
        "kystvand-drift.dk",
        "toldbodkaffe.eu",
        "havnebybikes.com",
        "sondergaardbyg.dk",
    }
)
ELSEWHERE = ["aida.ns.cloudflare.example", "rob.ns.cloudflare.example"]
# share of a portal's domains whose zone is held by its DNS service instead of the registrar
IN_SERVICE = {"cloudviet": 0.25, "dns-services": 0.7}


def fill(portal: HostBillPortal, chance: random.Random) -> None:
    names = [(customer, name) for customer in CUSTOMERS for name in names_at(customer, portal.key)]
    free = [name for _, name in names if name not in FIXED]
    near = chance.sample(SOON, len(SOON) // 2)
    far = [chance.randrange(91, 731) for _ in range(len(free) - len(near))]
    days = [*near, *far]
    chance.shuffle(days)
    left: dict[str, int | None] = {**dict(zip(free, days, strict=True)), **FIXED}
    for customer, name in names:
        _add(portal, chance, customer, name, left[name])


def _add(portal: HostBillPortal, chance: random.Random, customer: Customer, name: str, left: int | None) -> None:
    expires = NEVER_DAY if left is None else portal.clock.day(left)
    status = STATUSES.get(name, "Active")
    elsewhere = chance.random() < 0.12
    fields: dict[str, Any] = {
        "expires": expires,
        "next_due": expires,
        "status": status,
        "date_created": _created(portal, chance, left),
        "next_invoice": portal.clock.day(left - 30) if left is not None else NEVER_DAY,
        "autorenew": "0" if name in AUTORENEW_OFF else "1",
        "idprotection": "0" if name.endswith((".vn", ".dk")) else "1",
        "locked": chance.random() < 0.8,
        "customer": customer.name,
        "contacts": {role: _contact(customer) for role in ("registrant", "admin", "tech", "billing")},
    }
    if elsewhere:
        fields["nameservers"] = list(ELSEWHERE)
    domain = add_domain(portal, name, **fields)
    tld = tld_of(portal, name)
    if tld:
        domain["firstpayment"] = tld["register"]
    if not elsewhere and status in ("Active", "Expired"):
        domain["records"] = _registrar_records(name, chance, portal)


def _created(portal: HostBillPortal, chance: random.Random, left: int | None) -> str:
    """Some whole years before the expiry, and never in the future."""
    anniversary = portal.clock.today() + timedelta(days=left if left is not None else 200)
    years = chance.randrange(1, 9)
    created = date.fromisoformat(add_years(anniversary.isoformat(), -years))
    while created >= portal.clock.today():
        created = date.fromisoformat(add_years(created.isoformat(), -1))
    return created.isoformat()


def _contact(customer: Customer) -> Record:
    first, _, last = customer.contact.partition(" ")
    return {
        "firstname": first,
        "lastname": last,
        "companyname": customer.name,
        "email": customer.email,
        "city": customer.city,
        "country": customer.country,
    }


def _registrar_records(name: str, chance: random.Random, portal: HostBillPortal) -> list[Record]:
    provider = portal.flavour.nameservers[0].partition(".")[2]
    return [
        {
            "name": entry.name or "@",
            "type": entry.type,
            "content": entry.content if entry.type != "SRV" else f"{entry.content}",
            "priority": entry.priority,
        }
        for entry in zone_entries(name, chance, provider)
    ]


def zones(portal: HostBillPortal, chance: random.Random) -> None:
    """Moves the zones of some domains from the registrar into the account's DNS services."""
    services = [one["id"] for one in portal.state.all("services") if one["kind"] == "dns"]
    own = list(portal.flavour.nameservers)
    candidates = [one for one in portal.state.all("domains") if one["nameservers"] == own and one["status"] == "Active"]
    provider = own[0].partition(".")[2]
    kept_at_registrar = {to_ascii(name) for name in ("hoasenspa.vn", "nordlysbageri.dk", "songhongcoffee.vn")}
    chosen = [one for one in candidates if one["name"] not in kept_at_registrar]
    count = int(len(candidates) * IN_SERVICE[portal.key])
    first = [one for one in chosen if one["name"] in ("havnebycykler.dk", "kystvand.dk", "lotusdental.vn")]
    rest = [one for one in chosen if one not in first]
    for number, domain in enumerate([*first, *chance.sample(rest, count - len(first))]):
        zone = add_zone(portal, domain["name"], services[number % len(services)])
        zone["customer"] = domain["customer"]
        for entry in zone_entries(domain["name"], chance, provider):
            add_record(portal, zone, entry.name, entry.type, entry.content, entry.ttl, entry.priority)
        portal.state.edit("domains", domain["id"])["records"] = []
