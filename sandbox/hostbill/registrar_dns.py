"""Domains: the records kept at the registrar. They have no ids of their own: a record is addressed by its place in the list,
so that deleting one renumbers those behind it. A TTL can't be set here.
"""

from typing import Any

from sandbox.hostbill.portal import HostBillPortal
from sandbox.messages import Request
from sandbox.routing import section
from sandbox.state import Record

TYPES = ["A", "AAAA", "CNAME", "MX", "TXT", "SRV", "CAA", "NS", "URL", "FRAME", "MXE"]
UPDATED = {"info": ["DNS Management updated successfully"]}
FAILED = "An error occurred while editing the DNS record"


def listed(portal: HostBillPortal, request: Request) -> Any:
    domain = portal.one("domains", request.params["id"], "Domain")
    return {
        "records": [
            {
                "id": index,
                "name": record["name"],
                "ttl": 0,
                "priority": record["priority"],
                "type": record["type"],
                "content": record["content"],
            }
            for index, record in enumerate(domain["records"], start=1)
        ]
    }


def types(portal: HostBillPortal, request: Request) -> Any:
    portal.one("domains", request.params["id"], "Domain")
    return {"types": TYPES}


def _read(portal: HostBillPortal, request: Request, before: Record) -> Record:
    fields = {**before, **{name: value for name, value in request.data().items() if value is not None}}
    record = {
        "name": str(fields.get("name", "")).strip(),
        "type": str(fields.get("type", "")).upper(),
        "content": str(fields.get("content", "")).strip(),
        "priority": int(fields["priority"]) if str(fields.get("priority", "")).isdigit() else 0,
    }
    if record["type"] not in TYPES or not record["content"]:
        raise portal.invalid(FAILED)
    return record


def _place(portal: HostBillPortal, request: Request, domain: Record) -> int:
    index = request.params["index"]
    if not index.isdigit() or not 1 <= int(index) <= len(domain["records"]):
        raise portal.invalid(FAILED)
    return int(index) - 1


def create(portal: HostBillPortal, request: Request) -> Any:
    portal.one("domains", request.params["id"], "Domain")
    record = _read(portal, request, {})
    portal.state.edit("domains", request.params["id"])["records"].append(record)
    return UPDATED


def change(portal: HostBillPortal, request: Request) -> Any:
    domain = portal.one("domains", request.params["id"], "Domain")
    place = _place(portal, request, domain)
    record = _read(portal, request, domain["records"][place])
    portal.state.edit("domains", domain["id"])["records"][place] = record
    return UPDATED


def delete(portal: HostBillPortal, request: Request) -> Any:
    domain = portal.one("domains", request.params["id"], "Domain")
    place = _place(portal, request, domain)
    portal.state.edit("domains", domain["id"])["records"].pop(place)
    return UPDATED


COMMON = section(
    "Domains",
    ("GET", "/domain/{id}/dns", listed),
    ("POST", "/domain/{id}/dns", create),
    ("PUT", "/domain/{id}/dns/{index}", change),
    ("DELETE", "/domain/{id}/dns/{index}", delete),
    ("GET", "/domain/{id}/dns/types", types),
)
