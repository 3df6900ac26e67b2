"""DNS: zones held by a DNS service. Kept with relative names ('' is the apex); shown as each portal shows them."""

from typing import Any

from sandbox.hostbill.portal import HostBillPortal
from sandbox.messages import Request
from sandbox.names import is_name, to_ascii
from sandbox.routing import section
from sandbox.state import Record

TYPES = frozenset({"A", "AAAA", "CNAME", "MX", "TXT", "SRV", "CAA", "NS", "SOA", "PTR", "ALIAS", "TLSA", "DS"})
FAILED = "An error occurred while editing the DNS record"
LONGEST_TTL = 2147483647


def overview(portal: HostBillPortal, _request: Request) -> Any:
    zones = portal.state.all("zones")
    ended = ("Cancelled", "Terminated")
    places = {one["id"] for one in portal.state.all("services") if one["kind"] == "dns" and one["status"] not in ended}
    return {
        "service_ids": sorted(places | {one["service_id"] for one in zones}, key=int),
        "zones": [{"domain_id": one["id"], "name": one["name"], "service_id": one["service_id"]} for one in zones],
    }


def of_service(portal: HostBillPortal, _request: Request) -> Any:
    """Both documents show just this answer."""
    return portal.error("invalid method", 200)


def zone_of(portal: HostBillPortal, request: Request) -> Record:
    zone = portal.one("zones", request.params["zone_id"], "Zone")
    if zone["service_id"] != request.params["service_id"]:
        raise portal.refuse("Zone not found")
    return zone


def detail(portal: HostBillPortal, request: Request) -> Any:
    zone = zone_of(portal, request)
    if portal.flavour.terse_zones:
        rows = {str(index): _terse(zone, record) for index, record in enumerate(zone["records"])}
        # PHP writes an empty array as a list whatever its keys would have been
        return {"service_id": int(zone["service_id"]), "name": zone["name"], "records": rows or []}
    rows_list = [_documented(record) for record in zone["records"]]
    return {"service_id": int(zone["service_id"]), "name": zone["name"], "records": rows_list}


def _full_name(zone: Record, record: Record) -> str:
    return f"{record['name']}.{zone['name']}" if record["name"] else str(zone["name"])


def _terse(zone: Record, record: Record) -> dict[str, Any]:
    """As seen on the wire at DNS.services: every value text, names in full, two spellings of the priority."""
    return {
        "id": record["id"],
        "domain_id": zone["id"],
        "name": _full_name(zone, record),
        "type": record["type"],
        "ttl": str(record["ttl"]),
        "prio": str(record["priority"]),
        "priority": str(record["priority"]),
        "content": _shown_content(record),
        "change_date": str(record["changed"]),
    }


def _shown_content(record: Record) -> Any:
    content: str = record["content"]
    if record["type"] in ("SOA", "SRV"):
        return content.split()
    if record["type"] == "TXT" and record["quoted"]:
        return f'"{content}"'
    return content


def _documented(record: Record) -> dict[str, Any]:
    """As on the page: ids text, numbers numbers, names relative."""
    content = f'"{record["content"]}"' if record["type"] == "TXT" and record["quoted"] else record["content"]
    return {
        "id": record["id"],
        "name": record["name"] or "@",
        "ttl": record["ttl"],
        "priority": record["priority"],
        "content": content,
        "type": record["type"],
    }


def create_zone(portal: HostBillPortal, request: Request) -> Any:
    service = portal.one("services", request.params["service_id"], "Service")
    if service["kind"] != "dns":
        raise portal.refuse("invalid method")
    name = to_ascii(request.text("name"))
    if not is_name(name):
        raise portal.invalid("Zone name is invalid")
    if any(one["name"] == name for one in portal.state.all("zones")):
        raise portal.invalid(f"Domain zone {name} already exists.")
    add_zone(portal, name, service["id"])
    return {"info": [f"Domain zone {name} was created successfully."]}


def add_zone(portal: HostBillPortal, name: str, service_id: str) -> Record:
    """A zone with its SOA and NS."""
    key = str(portal.state.next_id("zones", 600))
    zone: Record = {"id": key, "name": name, "service_id": service_id, "records": [], "customer": ""}
    primary = portal.flavour.nameservers[0]
    serial = portal.clock.now().strftime("%Y%m%d01")
    add_record(portal, zone, "", "SOA", f"{primary} hostmaster.{name} {serial} 10800 3600 604800 3600", 86400)
    for server in portal.flavour.nameservers:
        add_record(portal, zone, "", "NS", server, 86400)
    return portal.state.put("zones", key, zone)


def add_record(
    portal: HostBillPortal, zone: Record, name: str, kind: str, content: str, ttl: int = 3600, priority: int = 0
) -> Record:
    """Appends to a zone record that the caller has open for editing."""
    number = portal.state.next_id("records", 9100)
    record = {
        "id": str(number),
        "name": name,
        "type": kind,
        "content": content.removeprefix('"').removesuffix('"') if kind == "TXT" else content,
        "ttl": ttl,
        "priority": priority,
        # quotes are held by some TXT records and not by others, as seen on the wire
        "quoted": kind == "TXT" and (content.startswith('"') or number % 2 == 0),
        "changed": int(portal.clock.now().timestamp()),
    }
    zone["records"].append(record)
    return record


def delete_zone(portal: HostBillPortal, request: Request) -> Any:
    zone = zone_of(portal, request)
    portal.state.remove("zones", zone["id"])
    return {"info": [f"Domain zone {zone['name']} was deleted successfully."]}


def _read(portal: HostBillPortal, request: Request, zone: Record, before: Record) -> Record:
    """The fields of the body over those of the record before; refused as the wire refuses: without a reason."""
    fields = request.data()
    kind = str(fields.get("type") or before.get("type", "")).upper()
    ttl: Any = fields.get("ttl", before.get("ttl", 3600))
    priority: Any = fields.get("priority", fields.get("prio", before.get("priority"))) or 0
    content = fields.get("content", before.get("content", ""))
    if isinstance(content, list):
        content = " ".join(str(part) for part in content)
    name = str(fields.get("name", before.get("name", ""))).strip()
    numbers_fit = str(ttl).isdigit() and int(ttl) <= LONGEST_TTL and str(priority).isdigit()
    if kind not in TYPES or not str(content).strip() or not numbers_fit:
        raise portal.invalid(FAILED)
    return {
        "name": relative(name, zone["name"]),
        "type": kind,
        "content": str(content).strip(),
        "ttl": int(ttl),
        "priority": int(priority),
    }


def relative(name: str, zone: str) -> str:
    name = name.rstrip(".").lower()
    if name in ("@", zone):
        return ""
    return name.removesuffix(f".{zone}")


def create(portal: HostBillPortal, request: Request) -> Any:
    zone = zone_of(portal, request)
    read = _read(portal, request, zone, {})
    if read["type"] == "SOA" or _clashes(zone, read, None):
        raise portal.invalid(FAILED)
    zone = portal.state.edit("zones", zone["id"])
    record = add_record(portal, zone, read["name"], read["type"], read["content"], read["ttl"], read["priority"])
    shown = _echo(zone, record, request.data().get("content"))
    if portal.flavour.terse_zones:
        return {"success": True, "record": shown, "info": [["dnsnewrecordadded", record["type"]]]}
    return {"record": shown, "info": ["dnsnewrecordadded", record["type"]]}


def _clashes(zone: Record, read: Record, own_id: str | None) -> bool:
    """A CNAME stands alone at its name, and no record stands twice."""
    others = [one for one in zone["records"] if one["name"] == read["name"] and one["id"] != own_id]
    if read["type"] == "CNAME" or any(one["type"] == "CNAME" for one in others):
        return bool(others)
    content = read["content"].removeprefix('"').removesuffix('"') if read["type"] == "TXT" else read["content"]
    return any((one["type"], one["content"]) == (read["type"], content) for one in others)


def _echo(zone: Record, record: Record, sent: Any) -> dict[str, Any]:
    """A created record as the answer repeats it: without its id, a list of SRV as it was sent."""
    return {
        "name": _full_name(zone, record),
        "type": record["type"],
        "ttl": str(record["ttl"]),
        "priority": str(record["priority"]),
        "content": sent if isinstance(sent, list) else record["content"],
    }


def _find(portal: HostBillPortal, zone: Record, record_id: str) -> Record:
    for record in zone["records"]:
        if record["id"] == record_id:
            found: Record = record
            return found
    raise portal.invalid(FAILED)


def change(portal: HostBillPortal, request: Request) -> Any:
    zone = zone_of(portal, request)
    record = _find(portal, zone, request.params["record_id"])
    read = _read(portal, request, zone, record)
    if _clashes(zone, read, record["id"]):
        raise portal.invalid(FAILED)
    portal.state.edit("zones", zone["id"])
    if read["type"] == "TXT":
        record["quoted"] = read["content"].startswith('"') or (record["type"] == "TXT" and record["quoted"])
        read["content"] = read["content"].removeprefix('"').removesuffix('"')
    record.update(read, changed=int(portal.clock.now().timestamp()))
    info = "dnsrecordupdated" if portal.flavour.terse_zones else "The record was updated successfully."
    shown = {
        "id": record["id"],
        "type": record["type"],
        "ttl": str(record["ttl"]),
        "name": record["name"],
        "priority": record["priority"],
        "content": record["content"],
    }
    if portal.flavour.terse_zones:
        return {"success": True, "record": shown, "info": [info]}
    return {"record": shown, "info": [info]}


def delete(portal: HostBillPortal, request: Request) -> Any:
    zone = zone_of(portal, request)
    record = _find(portal, zone, request.params["record_id"])
    if record["type"] == "SOA":
        raise portal.invalid(FAILED)
    portal.state.edit("zones", zone["id"])["records"].remove(record)
    return {"success": True}


COMMON = section(
    "DNS",
    ("GET", "/dns", overview),
    ("POST", "/service/{service_id}/dns", create_zone),
    ("GET", "/service/{service_id}/dns", of_service),
    ("GET", "/service/{service_id}/dns/{zone_id}", detail),
    ("DELETE", "/service/{service_id}/dns/{zone_id}", delete_zone),
    ("POST", "/service/{service_id}/dns/{zone_id}/records", create),
    ("PUT", "/service/{service_id}/dns/{zone_id}/records/{record_id}", change),
    ("DELETE", "/service/{service_id}/dns/{zone_id}/records/{record_id}", delete),
)
