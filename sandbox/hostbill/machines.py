"""Services: virtual servers, their addresses and reverse DNS.

The documents show no answer here and installations differ, so each service speaks one of three dialects (`dialect` of the service):
field names, the case of states, addresses as text, list or object, the list bare, keyed or under a key.
"""

import secrets
from collections.abc import Callable
from typing import Any

from sandbox.hostbill.portal import HostBillPortal
from sandbox.messages import Request
from sandbox.routing import section
from sandbox.state import Record

TEMPLATES = {
    "11": "Ubuntu 24.04 LTS",
    "12": "Debian 12",
    "13": "AlmaLinux 9",
    "14": "Windows Server 2022",
}
DONE = {"status": True}


def plain(one: Record) -> dict[str, Any]:
    return {
        "id": one["id"],
        "label": one["name"],
        "status": one["status"],
        "memory": str(one["memory"]),
        "cpus": str(one["cores"]),
        "disk": str(one["disk"]),
        "ip": one["ips"][0] if one["ips"] else "",
        "template_id": one["template"],
        "created": one["created"],
    }


def numeric(one: Record) -> dict[str, Any]:
    states = {"running": "online", "stopped": "offline"}
    return {
        "vmid": int(one["id"]),
        "hostname": one["name"],
        "state": states.get(one["status"], one["status"]),
        "ram": one["memory"],
        "cores": one["cores"],
        "disk_space": one["disk"],
        "ips": list(one["ips"]),
        "template": TEMPLATES.get(one["template"], one["template"]),
    }


def wordy(one: Record) -> dict[str, Any]:
    return {
        "vm_id": one["id"],
        "name": one["name"],
        "status": one["status"].title(),
        "memory": f"{one['memory']} MB",
        "cpu": str(one["cores"]),
        "disk": f"{one['disk']} GB",
        "ip_addresses": {str(index): ip for index, ip in enumerate(one["ips"])},
        "template_id": one["template"],
    }


DIALECTS: dict[str, Callable[[Record], dict[str, Any]]] = {"plain": plain, "numeric": numeric, "wordy": wordy}


def _service(portal: HostBillPortal, request: Request) -> Record:
    service = portal.one("services", request.params["id"], "Service")
    if service["kind"] != "machines":
        raise portal.refuse("invalid method")
    return service


def _machines(portal: HostBillPortal, service: Record) -> list[Record]:
    return [one for one in portal.state.all("machines") if one["service_id"] == service["id"]]


def _machine(portal: HostBillPortal, request: Request) -> Record:
    service = _service(portal, request)
    machine = portal.one("machines", request.params["vmid"], "Server")
    if machine["service_id"] != service["id"]:
        raise portal.refuse("Server not found")
    return machine


def listed(portal: HostBillPortal, request: Request) -> Any:
    service = _service(portal, request)
    rows = [DIALECTS[service["dialect"]](one) for one in _machines(portal, service)]
    if service["dialect"] == "plain":
        return {"vms": {row["id"]: row for row in rows} or []}
    return {"vms": rows} if service["dialect"] == "numeric" else rows


def detail(portal: HostBillPortal, request: Request) -> Any:
    machine = _machine(portal, request)
    dialect = _service(portal, request)["dialect"]
    shown = DIALECTS[dialect](machine)
    return shown if dialect == "wordy" else {"vm": shown}


def _power(verb: str, allowed: tuple[str, ...], passing: str, then: str) -> Callable[[HostBillPortal, Request], Any]:
    def handler(portal: HostBillPortal, request: Request) -> Any:
        machine = _machine(portal, request)
        if machine["status"] not in allowed:
            raise portal.invalid(f"Server is {machine['status']}")
        portal.state.edit("machines", machine["id"])["status"] = passing
        portal.note(f"Server {machine['name']}: {verb}", request)
        portal.later(portal.settings["machine_seconds"], "machine", machine=machine["id"], status=then)
        return DONE

    handler.__name__ = f"{verb}_server"
    return handler


def finish(portal: HostBillPortal, job: Record) -> None:
    if portal.state.get("machines", job["machine"]) is not None:
        portal.state.edit("machines", job["machine"])["status"] = job["status"]


JOBS = {"machine": finish}


def reset_password(portal: HostBillPortal, request: Request) -> Any:
    """Shown in two ways; the third dialect mails it."""
    machine = _machine(portal, request)
    password = secrets.token_urlsafe(12)
    portal.state.edit("machines", machine["id"])["password"] = password
    portal.note(f"Server {machine['name']}: password reset", request)
    shown = {"plain": {"success": True, "password": password}, "wordy": {"vm": {"rootpassword": password}}}
    return shown.get(_service(portal, request)["dialect"], {"status": True, "info": ["password_sent"]})


def templates(portal: HostBillPortal, request: Request) -> Any:
    """A list of rows, names keyed by id, or groups of rows."""
    _machine(portal, request)
    rows = [{"id": key, "name": name} for key, name in TEMPLATES.items()]
    dialect = _service(portal, request)["dialect"]
    if dialect == "numeric":
        return {"templates": dict(TEMPLATES)}
    if dialect == "wordy":
        return {"os": {"Linux": rows[:3], "Windows": rows[3:]}}
    return {"templates": rows}


def rebuild(portal: HostBillPortal, request: Request) -> Any:
    machine = _machine(portal, request)
    template = request.text("template")
    if template not in TEMPLATES:
        raise portal.invalid("Template is invalid")
    portal.state.edit("machines", machine["id"]).update(template=template, status="rebuilding")
    portal.later(portal.settings["machine_seconds"], "machine", machine=machine["id"], status="running")
    return DONE


def _addresses(portal: HostBillPortal, service: Record) -> list[str]:
    return [ip for one in _machines(portal, service) for ip in one["ips"]]


def addresses(portal: HostBillPortal, request: Request) -> Any:
    """A list of texts under a key or bare, or of rows."""
    service = _service(portal, request)
    own = _addresses(portal, service)
    if service["dialect"] == "numeric":
        return {"ips": [{"ip": ip, "type": "ipv6" if ":" in ip else "ipv4"} for ip in own]}
    return own if service["dialect"] == "wordy" else {"list": own}


def reverse_names(portal: HostBillPortal, request: Request) -> Any:
    """An object of names by address, under the key that a change takes or bare, or a list of rows."""
    service = _service(portal, request)
    kept = service.get("rdns") or {}
    names = {ip: kept.get(ip, "") for ip in _addresses(portal, service)}
    if service["dialect"] == "numeric":
        return {"rdns": [{"ipaddress": ip, "hostname": name} for ip, name in names.items()]}
    return names if service["dialect"] == "wordy" else {"ipaddress": names}


def set_reverse_names(portal: HostBillPortal, request: Request) -> Any:
    service = _service(portal, request)
    wanted = request.data().get("ipaddress")
    own = set(_addresses(portal, service))
    if not isinstance(wanted, dict) or not wanted or not set(wanted) <= own:
        raise portal.invalid("IP address is invalid")
    edited = portal.state.edit("services", service["id"])
    edited["rdns"] = {**(edited.get("rdns") or {}), **wanted}
    return {"success": True, "info": ["rdns_updated"]}


def add_machine(portal: HostBillPortal, service: Record, name: str, **fields: Any) -> Record:
    key = str(portal.state.next_id("machines", 2100))
    record: Record = {
        "id": key,
        "service_id": service["id"],
        "name": name,
        "status": "running",
        "memory": 2048,
        "cores": 1,
        "disk": 40,
        "ips": [],
        "template": "12",
        "created": portal.clock.day(0),
        **fields,
    }
    return portal.state.put("machines", key, record)


def change_machine(portal: HostBillPortal, request: Request) -> Any:
    """`{"status": "stopped"}`: any of a virtual server's fields."""
    machine = portal.state.edit("machines", request.params["id"])
    machine.update(request.known(machine))
    return {"vm": machine}


CLOUDVIET = section(
    "Services",
    ("GET", "/service/{id}/vms", listed),
    ("GET", "/service/{id}/vms/{vmid}", detail),
    ("POST", "/service/{id}/vms/{vmid}/stop", _power("stop", ("running",), "stopping", "stopped")),
    ("POST", "/service/{id}/vms/{vmid}/start", _power("start", ("stopped",), "starting", "running")),
    ("POST", "/service/{id}/vms/{vmid}/suspend", _power("suspend", ("running", "stopped"), "suspended", "suspended")),
    ("POST", "/service/{id}/vms/{vmid}/unsuspend", _power("unsuspend", ("suspended",), "starting", "running")),
    ("POST", "/service/{id}/vms/{vmid}/reboot", _power("reboot", ("running",), "rebooting", "running")),
    ("POST", "/service/{id}/vms/{vmid}/resetpwd", reset_password),
    ("POST", "/service/{id}/vms/{vmid}/rebuild", rebuild),
    ("GET", "/service/{id}/vms/{vmid}/rebuild", templates),
    ("GET", "/service/{id}/ip", addresses),
    ("GET", "/service/{id}/rdns", reverse_names),
    ("POST", "/service/{id}/rdns", set_reverse_names),
)
CONTROLS = {("POST", "/vms/{id}"): change_machine}
