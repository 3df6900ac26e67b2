"""DNS zones and records of VPS.org."""

from typing import Any

from sandbox.messages import Request, Response, plain_json
from sandbox.names import is_name, to_ascii
from sandbox.routing import section
from sandbox.state import Record
from sandbox.vpsorg.domains import new_uuid
from sandbox.vpsorg.portal import VpsOrgPortal, invalid, not_found

TYPES = ("A", "AAAA", "CNAME", "MX", "TXT", "NS", "SRV", "CAA")


def head(zone: Record) -> dict[str, Any]:
    return {
        "uuid": zone["uuid"],
        "domain": zone["domain"],
        "record_count": len(zone["records"]),
        "created_at": zone["created_at"],
    }


def listed(portal: VpsOrgPortal, request: Request) -> Any:
    wanted = request.query.get("domain")
    zones = [zone for zone in portal.state.all("zones") if not wanted or zone["domain"] == wanted]
    return portal.page(request, zones, head)


def detail(portal: VpsOrgPortal, request: Request) -> Any:
    zone = portal.one("zones", request.params["uuid"])
    return {**head(zone), "records": zone["records"]}


def create(portal: VpsOrgPortal, request: Request) -> Response:
    name = to_ascii(request.text("domain"))
    if not is_name(name):
        raise invalid(domain="Enter a valid domain name.")
    if any(zone["domain"] == name for zone in portal.state.all("zones")):
        raise invalid(domain="A zone for this domain already exists.")
    zone = add_zone(portal, name)
    return plain_json({**head(zone), "records": zone["records"]}, 201)


def add_zone(portal: VpsOrgPortal, domain: str) -> Record:
    _, key = new_uuid(portal, "zones")
    zone: Record = {"uuid": key, "domain": domain, "created_at": portal.clock.stamp(), "records": []}
    for server in ("ns1.vps.org", "ns2.vps.org"):
        add_record(portal, zone, {"record_type": "NS", "name": "@", "value": server, "ttl": 86400, "priority": None})
    return portal.state.put("zones", key, zone)


def add_record(portal: VpsOrgPortal, zone: Record, fields: Record) -> Record:
    """Appends to a zone that the caller has open for editing."""
    _, key = new_uuid(portal, "records")
    record = {"uuid": key, **fields}
    zone["records"].append(record)
    return record


def delete(portal: VpsOrgPortal, request: Request) -> Response:
    portal.state.remove("zones", portal.one("zones", request.params["uuid"])["uuid"])
    return Response(204)


def read_record(fields: dict[str, Any], before: Record) -> Record:
    """The record that the fields make of the one before; 400 names what is wrong."""
    kind = str(fields.get("record_type", before.get("record_type", ""))).upper()
    name = str(fields.get("name", before.get("name", ""))).strip()
    value = str(fields.get("value", before.get("value", ""))).strip()
    ttl = fields.get("ttl", before.get("ttl", 3600))
    priority = fields.get("priority", before.get("priority"))
    if kind not in TYPES:
        raise invalid(record_type=f'"{kind}" is not a valid choice.')
    if not name or not value:
        raise invalid(**{"name" if not name else "value": "This field may not be blank."})
    if not isinstance(ttl, int) or not 60 <= ttl <= 2147483647:
        raise invalid(ttl="Ensure this value is greater than or equal to 60.")
    if kind in ("MX", "SRV") and not isinstance(priority, int):
        raise invalid(priority="This field is required for MX and SRV records.")
    return {"record_type": kind, "name": name, "value": value, "ttl": ttl, "priority": priority}


def create_record(portal: VpsOrgPortal, request: Request) -> Response:
    zone = portal.one("zones", request.params["uuid"])
    fields = read_record(request.data(), {})
    record = add_record(portal, portal.state.edit("zones", zone["uuid"]), fields)
    return plain_json(record, 201)


def _find(portal: VpsOrgPortal, key: str) -> tuple[Record, Record]:
    for zone in portal.state.all("zones"):
        for record in zone["records"]:
            if record["uuid"] == key:
                return zone, record
    raise not_found()


def change_record(portal: VpsOrgPortal, request: Request) -> Any:
    zone, record = _find(portal, request.params["uuid"])
    fields = read_record(request.data(), record)
    portal.state.edit("zones", zone["uuid"])
    record.update(fields)
    return record


def delete_record(portal: VpsOrgPortal, request: Request) -> Response:
    zone, record = _find(portal, request.params["uuid"])
    portal.state.edit("zones", zone["uuid"])["records"].remove(record)
    return Response(204)


ROUTES = section(
    "DNS",
    ("GET", "/dns-zones/", listed),
    ("POST", "/dns-zones/", create),
    ("GET", "/dns-zones/{uuid}/", detail),
    ("DELETE", "/dns-zones/{uuid}/", delete),
    ("POST", "/dns-zones/{uuid}/records/", create_record),
    ("PATCH", "/dns-records/{uuid}/", change_record),
    ("DELETE", "/dns-records/{uuid}/", delete_record),
    scope="dns",
)
