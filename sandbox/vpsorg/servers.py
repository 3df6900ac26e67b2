"""Servers and the catalogue they are made from."""

import secrets
from typing import Any

from sandbox.messages import Request, Response, plain_json
from sandbox.names import is_name
from sandbox.routing import section
from sandbox.state import Record
from sandbox.vpsorg.domains import new_uuid
from sandbox.vpsorg.portal import VpsOrgPortal, invalid, refusal

POWER = {
    "start": (("stopped",), "starting", "running"),
    "stop": (("running",), "stopping", "stopped"),
    "hard_stop": (("running", "starting", "stopping"), "stopping", "stopped"),
    "restart": (("running",), "restarting", "running"),
}


def _named(portal: VpsOrgPortal, kind: str, key: Any) -> Record:
    return portal.state.get(kind, str(key)) or {}


def _system_of(portal: VpsOrgPortal, version: str) -> tuple[Record, Record]:
    for system in portal.state.all("systems"):
        for candidate in system["versions"]:
            if candidate["uuid"] == version:
                return system, candidate
    return {}, {}


def row(portal: VpsOrgPortal, one: Record) -> dict[str, Any]:
    system, version = _system_of(portal, one["os_version"])
    return {
        "uuid": one["uuid"],
        "hostname": one["hostname"],
        "status": one["status"],
        "ipv4_addresses": one["ipv4"],
        "ipv6_addresses": one["ipv6"],
        "deployed": one["deployed"],
        "created_at": one["created_at"],
        "location_name": _named(portal, "locations", one["location"]).get("name", ""),
        "plan_name": _named(portal, "plans", one["plan"]).get("name", ""),
        "os_name": f"{system.get('name', '')} {version.get('name', '')}".strip(),
    }


def full(portal: VpsOrgPortal, one: Record) -> dict[str, Any]:
    system, version = _system_of(portal, one["os_version"])
    plan = _named(portal, "plans", one["plan"])
    location = _named(portal, "locations", one["location"])
    names = ("uuid", "hostname", "status", "ipv4_addresses", "ipv6_addresses", "deployed", "created_at")
    flat = row(portal, one)
    return {
        **{name: flat[name] for name in names},
        "location": {"id": location.get("id"), "name": location.get("name")},
        "plan": {name: plan.get(name) for name in ("uuid", "name", "ram", "ram_unit", "cpu", "disk_space")},
        "operating_system": {"uuid": system.get("uuid"), "name": system.get("name")},
        "operating_system_version": version,
    }


def listed(portal: VpsOrgPortal, request: Request) -> Any:
    return portal.page(request, portal.state.all("servers"), lambda one: row(portal, one))


def detail(portal: VpsOrgPortal, request: Request) -> Any:
    return full(portal, portal.one("servers", request.params["uuid"]))


def create(portal: VpsOrgPortal, request: Request) -> Response:
    fields = request.data()
    hostname = str(fields.get("hostname") or "").lower()
    if not is_name(hostname):
        raise invalid(hostname="Enter a valid hostname.")
    plan = _named(portal, "plans", fields.get("plan"))
    location = _named(portal, "locations", fields.get("location"))
    system, _ = _system_of(portal, str(fields.get("os_version")))
    keys = fields.get("ssh_keys") or []
    known = isinstance(keys, list) and all(portal.state.get("ssh_keys", str(key)) for key in keys)
    for name, found in (("plan", plan), ("location", location), ("os_version", system), ("ssh_keys", known)):
        if not found:
            raise invalid(**{name: "Object does not exist."})
    portal.charge(plan["monthly_price"])
    server = add_server(
        portal,
        hostname,
        plan=plan["uuid"],
        location=str(location["id"]),
        os_version=str(fields["os_version"]),
        status="deploying",
        deployed=False,
        ssh_keys=[str(key) for key in keys],
    )
    portal.later(portal.settings["machine_seconds"], "server", server=server["uuid"], status="running")
    # the password is in this one answer and in no later one
    return plain_json({**full(portal, server), "password": secrets.token_urlsafe(12)}, 201)


def add_server(portal: VpsOrgPortal, hostname: str, **fields: Any) -> Record:
    number, key = new_uuid(portal, "servers")
    record: Record = {
        "id": number,
        "uuid": key,
        "hostname": hostname,
        "status": "running",
        "ipv4": [f"198.51.100.{number % 250 + 1}"],
        "ipv6": [f"2001:db8:51::{number:x}"],
        "deployed": True,
        "created_at": portal.clock.stamp(),
        "customer": "",
        **fields,
    }
    return portal.state.put("servers", key, record)


def delete(portal: VpsOrgPortal, request: Request) -> Response:
    portal.state.remove("servers", portal.one("servers", request.params["uuid"])["uuid"])
    return Response(204)


def power(portal: VpsOrgPortal, request: Request) -> Any:
    one = portal.one("servers", request.params["uuid"])
    action = request.text("action")
    if action not in POWER:
        raise invalid(action=f'"{action}" is not a valid choice.')
    allowed, passing, then = POWER[action]
    if one["status"] not in allowed:
        raise refusal(f"The server is {one['status']}.", 400)
    portal.state.edit("servers", one["uuid"])["status"] = passing
    portal.later(portal.settings["machine_seconds"], "server", server=one["uuid"], status=then)
    return {"uuid": one["uuid"], "status": one["status"], "message": f"Power action {action} started."}


def finish(portal: VpsOrgPortal, job: Record) -> None:
    if portal.state.get("servers", job["server"]) is not None:
        portal.state.edit("servers", job["server"]).update(status=job["status"], deployed=True)


JOBS = {"server": finish}


def backup(portal: VpsOrgPortal, request: Request) -> Response:
    one = portal.one("servers", request.params["uuid"])
    _keep_copy(portal, one, {"kind": "backup"})
    return plain_json({"uuid": one["uuid"], "message": "Backup started."}, 202)


def snapshot(portal: VpsOrgPortal, request: Request) -> Response:
    one = portal.one("servers", request.params["uuid"])
    label = request.text("label")
    _keep_copy(portal, one, {"kind": "snapshot", "label": label})
    return plain_json({"uuid": one["uuid"], "label": label, "message": "Snapshot started."}, 202)


def _keep_copy(portal: VpsOrgPortal, one: Record, copy: Record) -> None:
    """No operation shows these; the control endpoint does."""
    portal.state.edit("servers", one["uuid"]).setdefault("copies", []).append(
        {**copy, "created_at": portal.clock.stamp()}
    )


def resize(portal: VpsOrgPortal, request: Request) -> Any:
    """Restarts a running server."""
    one = portal.one("servers", request.params["uuid"])
    plan = _named(portal, "plans", request.text("plan"))
    if not plan:
        raise invalid(plan="Object does not exist.")
    if one["status"] not in ("running", "stopped"):
        raise refusal(f"The server is {one['status']}.", 400)
    before = one["status"]
    portal.state.edit("servers", one["uuid"]).update(plan=plan["uuid"], status="resizing")
    portal.later(portal.settings["machine_seconds"], "server", server=one["uuid"], status=before)
    return full(portal, one)


def plans(portal: VpsOrgPortal, request: Request) -> Any:
    return portal.page(request, portal.state.all("plans"))


def locations(portal: VpsOrgPortal, request: Request) -> Any:
    return portal.page(request, portal.state.all("locations"))


def systems(portal: VpsOrgPortal, request: Request) -> Any:
    return portal.page(request, portal.state.all("systems"))


def control_change(portal: VpsOrgPortal, request: Request) -> Any:
    """`{"status": "stopped"}`: any of a server's fields, by uuid or number."""
    key = request.params["id"]
    for one in portal.state.all("servers"):
        if key in (one["uuid"], str(one["id"]), one["hostname"]):
            server = portal.state.edit("servers", one["uuid"])
            server.update(request.known(server, "uuid"))
            return {"server": server}
    raise KeyError(key)


CONTROLS = {("POST", "/vms/{id}"): control_change}
ROUTES = section(
    "Servers",
    ("GET", "/servers/", listed),
    ("POST", "/servers/", create),
    ("GET", "/servers/{uuid}/", detail),
    ("DELETE", "/servers/{uuid}/", delete),
    ("POST", "/servers/{uuid}/power/", power),
    ("POST", "/servers/{uuid}/backup/", backup),
    ("POST", "/servers/{uuid}/snapshot/", snapshot),
    ("POST", "/servers/{uuid}/resize/", resize),
    ("GET", "/plans/", plans),
    ("GET", "/locations/", locations),
    ("GET", "/operating-systems/", systems),
    scope="servers",
)
