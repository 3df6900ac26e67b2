"""What can be changed behind a portal's back, and what it tells about itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from sandbox.faults import KINDS
from tests.sandbox.conftest import control


def test_the_page_for_people_lists_the_controls(sandbox):
    answer = requests.get(f"{sandbox.cloudviet.origin}/_sandbox/", headers={"Accept": "text/html"}, timeout=5)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "/_sandbox/tickets/{number}/reply" in answer.text
    assert "cloudviet-demo" not in answer.text


def test_the_staff_of_the_portal_can_be_made_to_reply(sandbox, cloudviet):
    number = cloudviet("GET", "/tickets").json()["tickets"][3]["ticket_number"]
    control(sandbox.cloudviet, f"/tickets/{number}/reply", {"name": "Lê Thu Hà", "body": "Xin chào"})
    thread = cloudviet("GET", f"/tickets/{number}").json()
    last = thread["replies"][-1]
    assert (last["name"], last["body"], last["type"]) == ("Lê Thu Hà", "Xin chào", "Admin")
    assert (thread["ticket"]["status"], thread["ticket"]["client_read"]) == ("Answered", "0")
    assert cloudviet("GET", "/tickets").json()["tickets"][0]["ticket_number"] == number


def test_a_domain_can_be_moved_by_name_and_removed_by_id(sandbox, cloudviet, vps_org):
    control(sandbox.cloudviet, "/domains/hoasenspa.vn", {"expires": "2030-01-31", "autorenew": "0"})
    row = next(one for one in cloudviet("GET", "/domain").json()["domains"] if one["name"] == "hoasenspa.vn")
    assert (row["expires"], row["autorenew"]) == ("2030-01-31", "0")
    control(sandbox.cloudviet, f"/domains/{row['id']}/remove")
    assert len(cloudviet("GET", "/domain").json()["domains"]) == 54
    control(sandbox.vps_org, "/domains/anphat.dev", {"expires": "2030-01-31"})
    found = vps_org("GET", "/domains/?search=anphat.dev").json()["results"]
    assert [one["expiration_date"][:10] for one in found] == ["2030-01-31"]


def test_machines_can_be_stopped_from_outside(sandbox, cloudviet, vps_org):
    machine = sandbox.cloudviet.state.all("machines")[0]
    control(sandbox.cloudviet, f"/vms/{machine['id']}", {"status": "stopped"})
    shown = cloudviet("GET", f"/service/{machine['service_id']}/vms/{machine['id']}").json()["vm"]
    assert shown["status"] == "stopped"
    server = vps_org("GET", "/servers/").json()["results"][0]
    control(sandbox.vps_org, f"/vms/{server['uuid']}", {"status": "stopped"})
    assert vps_org("GET", f"/servers/{server['uuid']}/").json()["status"] == "stopped"


def test_domains_can_be_added_by_the_hundred(sandbox, cloudviet, vps_org):
    assert len(control(sandbox.cloudviet, "/domains", {"count": 200})["added"]) == 200
    assert len(cloudviet("GET", "/domain").json()["domains"]) == 255
    control(sandbox.vps_org, "/domains", {"count": 85})
    assert vps_org("GET", "/domains/?page_size=100&page=2").json()["count"] == 105


def test_the_request_log_tells_method_path_status_and_fault(sandbox, cloudviet):
    sandbox.cloudviet.fail("status", status=503, remaining=1)
    cloudviet("GET", "/balance")
    cloudviet("POST", "/domain/lookup", {"name": "x.com"})
    entries = requests.get(f"{sandbox.cloudviet.origin}/_sandbox/requests", timeout=5).json()["requests"]
    assert [(entry["method"], entry["path"], entry["status"], entry["fault"]) for entry in entries] == [
        ("GET", "/api/balance", 503, "status"),
        ("POST", "/api/domain/lookup", 200, ""),
    ]
    assert [entry.path for entry in sandbox.requests] == ["/api/balance", "/api/domain/lookup"]


def test_what_does_not_exist_is_said(sandbox):
    for path, body, status in (
        ("/domains/nobody.example", {"expires": "2030-01-01"}, 404),
        ("/nothing", {}, 404),
        ("/settings", {"colour": "red"}, 400),
        ("/clock", {"fortnights": 2}, 400),
    ):
        answer = requests.post(f"{sandbox.cloudviet.origin}/_sandbox{path}", json=body, timeout=5)
        assert (answer.status_code, "error" in answer.json()) == (status, True)


def test_a_form_from_a_page_in_a_browser_is_refused(sandbox):
    answer = requests.post(f"{sandbox.cloudviet.origin}/_sandbox/faults", data={"faults": "x"}, timeout=5)
    assert answer.status_code == 415


def test_an_unknown_path_is_answered_as_each_portal_would(sandbox, cloudviet, dns_services, vps_org):
    assert cloudviet("GET", "/nothing/here").json() == {"error": ["invalid method"]}
    refused = dns_services("GET", "/certificate")
    assert (refused.status_code, refused.json()) == (200, {"error": ["invalid method"]})
    missing = vps_org("GET", "/nothing/")
    assert (missing.status_code, missing.json()) == (404, {"detail": "Not found."})
    assert requests.get(sandbox.cloudviet.origin + "/", timeout=5).status_code == 404


def test_a_body_that_is_no_json_is_refused(sandbox):
    login = requests.post(
        sandbox.cloudviet.base_url + "/login", data=b"{", headers={"Content-Type": "x/json"}, timeout=5
    )
    assert (login.status_code, list(login.json())) == (400, ["error"])


def test_the_documentation_names_every_setting_and_every_fault(reading):
    page = (Path(__file__).parent.parent.parent / "docs" / "sandbox.md").read_text(encoding="utf-8")
    settings = {name for portal in reading for name in portal.default_settings} - {"clock_offset"}
    assert [name for name in sorted(settings | set(KINDS)) if f"`{name}`" not in page] == []


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    one = browser.new_page()
    yield one
    one.close()


@pytest.mark.browser
def test_a_person_rehearses_an_outage_at_the_page(sandbox, vps_org, page):
    page.goto(f"{sandbox.vps_org.origin}/_sandbox/")
    page.get_by_role("button", name="Take the portal down").click()
    expect(page.get_by_role("cell", name="unavailable", exact=True)).to_be_visible()
    page.get_by_role("button", name="End all faults").click()
    expect(page.get_by_text("None: the portal is well.")).to_be_visible()
    page.get_by_label("Kind").select_option("unavailable")
    page.get_by_label("Only paths with").fill("/domains")
    page.get_by_label("How often").fill("1")
    page.get_by_role("button", name="Add the fault").click()
    expect(page.get_by_text("unavailable on /domains, 1 left")).to_be_visible()
    assert [vps_org("GET", "/domains/").status_code for _ in range(2)] == [503, 200]
    page.get_by_label("api_form").fill("documented")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_label("api_form")).to_have_value('"documented"')
    page.get_by_label("api_form").fill("nonsense")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("alert")).to_have_text("api_form is one of both, documented, present")
    page.get_by_role("button", name="End all faults").click()
    expect(page.get_by_text("None: the portal is well.")).to_be_visible()
    assert sandbox.vps_org.faults.listed() == []
