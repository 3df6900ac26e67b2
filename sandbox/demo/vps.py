"""The VPS.org account: catalogue, domains, servers, zones, keys."""

import random
import uuid
from datetime import timedelta

from sandbox.clock import stamp
from sandbox.demo.customers import CUSTOMERS, names_at
from sandbox.demo.records import address, token
from sandbox.demo.records import zone as zone_entries
from sandbox.vpsorg.account import add_key
from sandbox.vpsorg.domains import add_domain
from sandbox.vpsorg.portal import ACCOUNT, VpsOrgPortal
from sandbox.vpsorg.servers import add_server
from sandbox.vpsorg.zones import add_record, add_zone

TOKEN = "vps_sandbox_0a1b2c3d4e5f60718293a4b5c6d7e8f9"  # noqa: S105  opens nothing but this stand-in
READ_ONLY_TOKEN = "vps_sandbox_readonly_9f8e7d6c5b4a3029"  # noqa: S105
FIXED = {
    "phoviet-imports.com": -2,
    "anphatlogistics.com": 19,
    "songhong.app": 1,
    "kystvand.io": -20,
    "fjordbooking.io": 5,
    "mekongtextiles.io": 75,
    "havnebycykler.app": 28,
    "saigonbuild.dev": 12,
}
STATUSES = {"dalatorchids.io": "pending", "toldbodkaffe.app": "locked"}
EXTERNAL = ["ns1.cloudflare.example", "ns2.cloudflare.example"]
PLANS = (
    ("VPS S", 1, 1, 25, 5.0),
    ("VPS M", 2, 4, 80, 18.0),
    ("VPS L", 4, 8, 160, 36.0),
)
LOCATIONS = ((1, "Singapore", "Singapore", "SG"), (2, "Frankfurt", "Germany", "DE"), (3, "Copenhagen", "Denmark", "DK"))
SYSTEMS = (("Debian", ("12", "13")), ("Ubuntu", ("22.04", "24.04")), ("Rocky Linux", ("9",)))
# hostname, state, plan, location, customer
SERVERS = (
    ("api-01.anphat-api.io", "running", 1, "1", "An Phát Logistics"),
    ("app-01.havnebycykler.app", "running", 2, "3", "Havneby Cykler"),
    ("booking.fjordbooking.io", "running", 1, "2", "Fjordklinikken"),
    ("staging.saigonbuild.dev", "running", 0, "1", "Saigon Build JSC"),
)


def _uuid(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, " ".join(("vps.org sandbox", *parts))))


def account(portal: VpsOrgPortal) -> None:
    portal.state.put(
        "account",
        ACCOUNT,
        {
            "uuid": _uuid("account"),
            "email": "linh@haibenagency.example",
            "first_name": "Linh",
            "last_name": "Trần",
            "company": "Hai Bến Agency",
            "balance": 148.6,
        },
    )
    portal.state.put("tokens", TOKEN, {"token": TOKEN, "name": "Holdfast", "scopes": ["*:*"]})
    scopes = ["domains:read", "dns:read", "servers:read", "ssh_keys:read"]
    portal.state.put("tokens", READ_ONLY_TOKEN, {"token": READ_ONLY_TOKEN, "name": "Read only", "scopes": scopes})
    for name, cpu, ram, disk, price in PLANS:
        key = _uuid("plan", name)
        plan = {"uuid": key, "name": name, "cpu": cpu, "cpu_type_name": "AMD EPYC", "ram": ram, "ram_unit": "GB"}
        hourly = {"hourly_price": round(price / 720, 4)}
        portal.state.put("plans", key, {**plan, "disk_space": disk, "transfer": 4000, "monthly_price": price, **hourly})
    for number, name, country, code in LOCATIONS:
        location = {"id": number, "name": name, "country_name": country, "country_code": code, "is_active": True}
        portal.state.put("locations", str(number), location)
    for name, versions in SYSTEMS:
        key = _uuid("system", name)
        rows = [{"uuid": _uuid("system", name, version), "name": version} for version in versions]
        portal.state.put("systems", key, {"uuid": key, "name": name, "versions": rows})


def fill(portal: VpsOrgPortal, chance: random.Random) -> None:
    now = portal.clock.now().replace(hour=14, minute=15, second=0)
    for customer in CUSTOMERS:
        for name in names_at(customer, portal.key):
            left = FIXED.get(name, chance.randrange(33, 700))
            ends = now + timedelta(days=left)
            begun = ends.replace(year=now.year - chance.randrange(1, 5), day=min(ends.day, 28))
            add_domain(
                portal,
                name,
                status=STATUSES.get(name, "active"),
                registration_date=stamp(begun),
                expiration_date=stamp(ends),
                updated_at=stamp(now - timedelta(days=chance.randrange(1, 200))),
                auto_renew=name not in ("anphatlogistics.com", "phoviet-imports.com", "kystvand.io"),
                locked=chance.random() < 0.7,
                nameservers=list(EXTERNAL) if chance.random() < 0.3 else ["ns1.vps.org", "ns2.vps.org"],
                customer=customer.name,
            )
    _zones(portal, chance)
    for hostname, state, plan, location, owner in SERVERS:
        add_server(
            portal,
            hostname,
            status=state,
            plan=_uuid("plan", PLANS[plan][0]),
            location=location,
            os_version=_uuid("system", "Debian", "12"),
            created_at=stamp(now - timedelta(days=chance.randrange(40, 600))),
            ipv4=[address(hostname, chance)[0]],
            customer=owner,
        )
    for owner in ("linh", "mette"):
        add_key(
            portal,
            f"{owner}@haiben",
            f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{token(owner, 'key', length=43)} {owner}@haiben",
        )


def _zones(portal: VpsOrgPortal, chance: random.Random) -> None:
    for domain in portal.state.all("domains"):
        if domain["nameservers"] == EXTERNAL or domain["status"] == "pending":
            continue
        zone = add_zone(portal, domain["domain_name"])
        for entry in zone_entries(domain["domain_name"], chance, "vps.org"):
            fields = {
                "record_type": entry.type,
                "name": entry.name or "@",
                "value": entry.content,
                "ttl": entry.ttl,
                "priority": entry.priority if entry.type in ("MX", "SRV") else None,
            }
            add_record(portal, zone, fields)
