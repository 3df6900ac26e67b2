"""Virtual servers: three dialects at Cloudviet, one at VPS.org."""

import pytest

from sandbox.hostbill.portal import HostBillPortal
from sandbox.state import Record


def machine_named(portal: HostBillPortal, name: str) -> Record:
    return next(one for one in portal.state.all("machines") if one["name"] == name)


def path_of(machine: Record) -> str:
    return f"/service/{machine['service_id']}/vms/{machine['id']}"


def test_services_list_their_machines_in_three_dialects(sandbox, cloudviet):
    shapes = {}
    for service in sandbox.cloudviet.state.all("services"):
        if service["kind"] == "machines":
            shapes[service["dialect"]] = cloudviet("GET", f"/service/{service['id']}/vms").json()
    assert isinstance(shapes["plain"]["vms"], dict)
    assert isinstance(shapes["numeric"]["vms"], list)
    assert isinstance(shapes["wordy"], list)
    assert {"vmid", "state", "ram", "ips"} <= set(shapes["numeric"]["vms"][0])
    assert isinstance(shapes["wordy"][0]["ip_addresses"], dict)


@pytest.mark.parametrize(
    ("name", "verb", "status"),
    [
        ("web-01.hcm", "reboot", "running"),
        ("web-01.hcm", "stop", "stopped"),
        ("web-02.hcm", "start", "running"),
        ("web-01.hcm", "suspend", "suspended"),
        ("shop-01.hcm", "unsuspend", "running"),
    ],
)
def test_a_power_change_leads_to_its_state(sandbox, cloudviet, name, verb, status):
    machine = machine_named(sandbox.cloudviet, name)
    assert cloudviet("POST", f"{path_of(machine)}/{verb}", {}).json() == {"status": True}
    assert machine["status"] == status


def test_a_power_change_takes_its_time_where_the_portal_is_set_so(sandbox, cloudviet):
    sandbox.cloudviet.set(machine_seconds=30)
    machine = machine_named(sandbox.cloudviet, "web-01.hcm")
    cloudviet("POST", f"{path_of(machine)}/reboot", {})
    assert cloudviet("GET", path_of(machine)).json()["vm"]["status"] == "rebooting"
    sandbox.cloudviet.advance(seconds=31)
    assert cloudviet("GET", path_of(machine)).json()["vm"]["status"] == "running"


def test_a_stopped_machine_is_not_rebooted(sandbox, cloudviet):
    machine = machine_named(sandbox.cloudviet, "web-02.hcm")
    answer = cloudviet("POST", f"{path_of(machine)}/reboot", {})
    assert (answer.status_code, answer.json()) == (200, {"success": False, "error": ["Server is stopped"]})


def test_a_machine_is_rebuilt_from_a_template_on_offer(sandbox, cloudviet):
    shapes = {}
    for name in ("web-01.hcm", "web-03.hcm", "erp-01.hcm"):
        machine = machine_named(sandbox.cloudviet, name)
        answer = cloudviet("GET", f"{path_of(machine)}/rebuild").json()
        shapes[name] = type(next(iter(answer.values())))
        assert "Debian 12" in str(answer)
        assert cloudviet("POST", f"{path_of(machine)}/rebuild", {"template": "12"}).json() == {"status": True}
        assert "error" in cloudviet("POST", f"{path_of(machine)}/rebuild", {"template": "99"}).json()
    assert list(shapes.values()) == [list, dict, dict]


def test_a_new_password_is_shown_in_two_dialects_and_mailed_in_the_third(sandbox, cloudviet):
    kept = []
    for name in ("web-01.hcm", "erp-01.hcm", "web-03.hcm"):
        machine = machine_named(sandbox.cloudviet, name)
        answer = cloudviet("POST", f"{path_of(machine)}/resetpwd", {}).text
        kept.append(machine["password"] in answer)
    assert kept == [True, True, False]


def test_addresses_have_reverse_names(sandbox, cloudviet):
    for name in ("web-01.hcm", "web-03.hcm", "erp-01.hcm"):
        machine = machine_named(sandbox.cloudviet, name)
        service = machine["service_id"]
        assert machine["ips"][0] in cloudviet("GET", f"/service/{service}/ip").text
        body = {"ipaddress": {machine["ips"][0]: "mail.example.vn"}}
        assert cloudviet("POST", f"/service/{service}/rdns", body).json()["success"] is True
        assert "mail.example.vn" in cloudviet("GET", f"/service/{service}/rdns").text
        assert "error" in cloudviet("POST", f"/service/{service}/rdns", {"ipaddress": {"192.0.2.1": "x.vn"}}).json()


def test_a_service_without_machines_has_none_and_its_methods_say_so(sandbox, cloudviet):
    service = next(one for one in sandbox.cloudviet.state.all("services") if one["kind"] == "hosting")
    assert "error" in cloudviet("GET", f"/service/{service['id']}/vms").json()
    routes = [row["route"] for row in cloudviet("GET", f"/service/{service['id']}/methods").json()["methods"]]
    assert "/service/@id/vms" not in routes


def test_vps_org_shows_a_new_servers_password_once(vps_org):
    plan = vps_org("GET", "/plans/").json()["results"][0]["uuid"]
    version = vps_org("GET", "/operating-systems/").json()["results"][0]["versions"][0]["uuid"]
    body = {"hostname": "new.example.com", "plan": plan, "location": 1, "os_version": version}
    made = vps_org("POST", "/servers/", body)
    assert (made.status_code, len(made.json()["password"]) > 8) == (201, True)
    path = f"/servers/{made.json()['uuid']}/"
    assert "password" not in vps_org("GET", path).json()
    assert vps_org("POST", f"{path}power/", {"action": "hard_stop"}).ok
    assert vps_org("GET", path).json()["status"] == "stopped"
    assert vps_org("POST", f"{path}power/", {"action": "explode"}).status_code == 400
    assert vps_org("DELETE", path).status_code == 204


def test_vps_org_lists_in_pages(sandbox, vps_org):
    first = vps_org("GET", "/domains/?page_size=8").json()
    assert (first["count"], len(first["results"]), first["previous"]) == (20, 8, None)
    second = vps_org("GET", first["next"].removeprefix(sandbox.vps_org.base_url)).json()
    assert not {row["uuid"] for row in first["results"]} & {row["uuid"] for row in second["results"]}
    assert vps_org("GET", "/domains/?page=99").status_code == 404
    expired = vps_org("GET", "/domains/?status=expired").json()["results"]
    assert {row["domain_name"] for row in expired} == {"phoviet-imports.com", "kystvand.io"}
