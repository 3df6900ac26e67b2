"""Deployments, as one public client uses them. A configuration keeps whatever it is given: its fields are documented nowhere."""

from typing import Any

from sandbox.messages import Request, Response, plain_json
from sandbox.routing import section
from sandbox.state import Record
from sandbox.vpsorg.domains import new_uuid
from sandbox.vpsorg.portal import VpsOrgPortal, invalid, not_found, refusal

OWN = ("uuid", "created_at", "env")


def configs(portal: VpsOrgPortal, request: Request) -> Any:
    return portal.page(request, portal.state.all("deploy_configs"), _shown)


def _shown(config: Record) -> dict[str, Any]:
    return {name: value for name, value in config.items() if name != "env"}


def _told(request: Request) -> dict[str, Any]:
    fields = {name: value for name, value in request.data().items() if name not in OWN}
    if not str(fields.get("name") or "").strip():
        raise invalid(name="This field is required.")
    return fields


def create_config(portal: VpsOrgPortal, request: Request) -> Response:
    fields = _told(request)
    _, key = new_uuid(portal, "deploy_configs")
    config: Record = {"uuid": key, **fields, "created_at": portal.clock.stamp(), "env": {}}
    return plain_json(_shown(portal.state.put("deploy_configs", key, config)), 201)


def config(portal: VpsOrgPortal, request: Request) -> Any:
    return _shown(portal.one("deploy_configs", request.params["uuid"]))


def change_config(portal: VpsOrgPortal, request: Request) -> Any:
    """Replaces what the configuration was given; its variables stay."""
    before = portal.one("deploy_configs", request.params["uuid"])
    kept = {name: before[name] for name in OWN}
    return _shown(portal.state.put("deploy_configs", before["uuid"], {**_told(request), **kept}))


def env(portal: VpsOrgPortal, request: Request) -> Any:
    return {"vars": portal.one("deploy_configs", request.params["uuid"])["env"]}


def set_env(portal: VpsOrgPortal, request: Request) -> Any:
    one = portal.one("deploy_configs", request.params["uuid"])
    told = request.data().get("vars")
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise invalid(vars="Expected a dictionary of texts.")
    portal.state.edit("deploy_configs", one["uuid"])["env"].update(told)
    return {"vars": one["env"]}


def remove_variable(portal: VpsOrgPortal, request: Request) -> Response:
    one = portal.one("deploy_configs", request.params["uuid"])
    if request.params["key"] not in one["env"]:
        raise not_found()
    portal.state.edit("deploy_configs", one["uuid"])["env"].pop(request.params["key"])
    return Response(204)


def deploy(portal: VpsOrgPortal, request: Request) -> Response:
    one = portal.one("deploy_configs", request.params["uuid"])
    _, key = new_uuid(portal, "deployments")
    now = portal.clock.stamp()
    record: Record = {
        "uuid": key,
        "deploy_config": one["uuid"],
        "git_commit": request.text("git_commit"),
        "status": "running",
        "created_at": now,
        "lines": [f"{now} started"],
    }
    portal.state.put("deployments", key, record)
    portal.later(portal.settings["machine_seconds"], "deployment", deployment=key)
    return plain_json(_without_lines(record), 201)


def finish(portal: VpsOrgPortal, job: Record) -> None:
    record = portal.state.get("deployments", job["deployment"])
    if record is not None and record["status"] == "running":
        _end(portal, record, "completed")


def _end(portal: VpsOrgPortal, record: Record, status: str) -> None:
    record = portal.state.edit("deployments", record["uuid"])
    record["status"] = status
    record["lines"].append(f"{portal.clock.stamp()} {status}")


def _without_lines(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "lines"}


def deployments(portal: VpsOrgPortal, request: Request) -> Any:
    return portal.page(request, portal.state.all("deployments"), _without_lines)


def deployment(portal: VpsOrgPortal, request: Request) -> Any:
    return _without_lines(portal.one("deployments", request.params["uuid"]))


def cancel(portal: VpsOrgPortal, request: Request) -> Any:
    one = portal.one("deployments", request.params["uuid"])
    if one["status"] not in ("pending", "running"):
        raise refusal(f"The deployment is {one['status']}.", 400)
    _end(portal, one, "cancelled")
    return _without_lines(one)


def logs(portal: VpsOrgPortal, request: Request) -> Any:
    return {"logs": portal.one("deployments", request.params["uuid"])["lines"]}


JOBS = {"deployment": finish}
ROUTES = section(
    "Deployments",
    ("GET", "/deploy-configs/", configs),
    ("POST", "/deploy-configs/", create_config),
    ("GET", "/deploy-configs/{uuid}/", config),
    ("PUT", "/deploy-configs/{uuid}/", change_config),
    ("POST", "/deploy-configs/{uuid}/deploy/", deploy),
    ("GET", "/deploy-configs/{uuid}/env/", env),
    ("POST", "/deploy-configs/{uuid}/env/", set_env),
    ("DELETE", "/deploy-configs/{uuid}/env/{key}/", remove_variable),
    ("GET", "/deployments/", deployments),
    ("GET", "/deployments/{uuid}/", deployment),
    ("POST", "/deployments/{uuid}/cancel/", cancel),
    ("GET", "/deployments/{uuid}/logs/", logs),
    scope="deployments",
)
