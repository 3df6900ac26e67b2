"""Clientarea: the sub-contacts of the account and what they may do."""

from typing import Any

from sandbox.clock import NEVER_STAMP
from sandbox.hostbill.accounts import EDITABLE, person
from sandbox.hostbill.portal import HostBillPortal
from sandbox.messages import Request
from sandbox.routing import section
from sandbox.state import Record

PRIVILEGES: dict[str, list[str]] = {
    "billing": ["emails", "payinvoice", "orders", "balance", "addfunds", "creditcard"],
    "support": ["newticket", "tickets", "closeticket", "emails"],
    "misc": ["editmain", "emails", "editipaccess", "manageprofiles", "affiliates"],
}
SERVICE_PRIVILEGES = ["basic", "billing", "cancelation", "upgrade", "notify", "logindetails"]
DOMAIN_PRIVILEGES = ["basic", "renew", "notify", "contactinfo", "nameservers"]


def listed(portal: HostBillPortal, _request: Request) -> Any:
    return {"contacts": [_row(portal, record) for record in portal.state.all("contacts")]}


def _row(portal: HostBillPortal, record: Record) -> dict[str, Any]:
    return {
        "email": record["email"],
        "id": record["id"],
        "firstname": record["firstname"],
        "lastname": record["lastname"],
        "companyname": record.get("companyname", ""),
        "company": "1" if record.get("companyname") else "0",
        "lastlogin": portal.clock.local(record["lastlogin"]) if record.get("lastlogin") else NEVER_STAMP,
    }


def detail(portal: HostBillPortal, request: Request) -> Any:
    record = portal.one("contacts", request.params["id"], "Contact")
    shown = {"type": record.get("type") or "Private", "privileges": record.get("privileges") or []}
    return {"contact": {**person(record), **shown}}


def privileges(portal: HostBillPortal, _request: Request) -> Any:
    services: dict[str, Any] = {"full": 1}
    services.update({one["id"]: SERVICE_PRIVILEGES for one in portal.state.all("services")})
    domains: dict[str, Any] = {"full": 1}
    domains.update({one["id"]: DOMAIN_PRIVILEGES for one in portal.state.all("domains")})
    return {"privileges": {**PRIVILEGES, "services": services, "domains": domains}}


def create(portal: HostBillPortal, request: Request) -> Any:
    fields = request.data()
    if "@" not in str(fields.get("email") or ""):
        return portal.error("Email address is invalid", 200)
    key = str(portal.state.next_id("contacts", 60))
    record: Record = {name: fields.get(name, "") for name in EDITABLE}
    record.update(id=key, privileges=fields.get("privileges") or [], password=fields.get("password") or "")
    portal.state.put("contacts", key, record)
    return {"contact_id": key, "info": ["profile_added"]}


def change(portal: HostBillPortal, request: Request) -> Any:
    fields = request.data()
    portal.one("contacts", request.params["id"], "Contact")
    changed = {name: fields[name] for name in (*EDITABLE, "privileges") if name in fields}
    portal.state.edit("contacts", request.params["id"]).update(changed)
    return {"info": ["profile_updated"]}


COMMON = section(
    "Clientarea",
    ("GET", "/contact", listed),
    ("GET", "/contact/privileges", privileges),
    ("GET", "/contact/{id}", detail),
)
CLOUDVIET = section("Clientarea", ("POST", "/contact", create), ("PUT", "/contact/{id}", change))
