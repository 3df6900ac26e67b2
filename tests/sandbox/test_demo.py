"""The demo looks like an agency, repeats itself for a seed, and survives a restart."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import requests
from cryptography import x509

from sandbox import server
from sandbox.demo.customers import CUSTOMERS
from sandbox.server import Sandbox
from tests.sandbox.conftest import caller, control

ROOT = Path(__file__).parent.parent.parent


def test_the_demo_has_what_an_agency_has(reading: Sandbox):
    cloudviet, dns_services, vps_org = (portal.state for portal in reading)
    assert [len(state.all("domains")) for state in (cloudviet, dns_services, vps_org)] == [55, 45, 20]
    assert len(cloudviet.all("invoices")) + len(dns_services.all("invoices")) == 60
    assert len(cloudviet.all("tickets")) + len(dns_services.all("tickets")) == 40
    assert len(cloudviet.all("services")) + len(dns_services.all("services")) == 25
    assert len(cloudviet.all("machines")) + len(vps_org.all("servers")) == 12
    assert len(cloudviet.all("certificates")) == 14
    assert len(CUSTOMERS) == 15


def test_the_demo_has_every_kind_of_trouble(reading: Sandbox):
    hostbill = [reading.cloudviet, reading.dns_services]
    domains = [row for portal in hostbill for row in caller(portal)("GET", "/domain").json()["domains"]]
    invoices = [row for portal in hostbill for row in caller(portal)("GET", "/invoice").json()["invoices"]]
    tickets = [row for portal in hostbill for row in caller(portal)("GET", "/tickets").json()["tickets"]]
    left = [int(row["daytoexpire"]) for row in domains if row["expires"] != "0000-00-00"]
    assert min(left) < -30
    assert {1, 3, 6} <= set(left)
    assert max(left) > 365
    assert sum(row["expires"] == "0000-00-00" for row in domains) == 3
    assert sum(row["name"].startswith("xn--") for row in domains) >= 6
    assert {row["status"] for row in domains} >= {"Active", "Expired", "Pending Transfer", "Cancelled"}
    assert {row["currency"] for row in invoices} == {"VND", "DKK", "USD"}
    assert {row["status"] for row in invoices} == {"Paid", "Unpaid", "Cancelled", "Refunded"}
    overdue = [row for row in invoices if row["status"] == "Unpaid" and row["duedate"] < reading.cloudviet.clock.day(0)]
    assert overdue
    assert {row["status"] for row in tickets} == {"Open", "Answered", "Client-Reply", "In-Progress", "Closed"}


def test_no_thread_has_a_placeholder_left_or_a_message_from_the_future(reading: Sandbox):
    for portal in (reading.cloudviet, reading.dns_services):
        now = portal.clock.stamp()
        for ticket in portal.state.all("tickets"):
            messages = [ticket, *ticket["replies"]]
            assert len(messages) <= 8
            assert all("$" not in message["body"].replace("$ ", "") for message in messages)
            assert all(message["date"] <= now for message in messages)


def test_every_domain_belongs_to_a_customer_in_the_file(tmp_path):
    with Sandbox(demo=True, seed=3, data=tmp_path) as sandbox:
        rows = json.loads((tmp_path / "customers.json").read_text(encoding="utf-8"))
        named = [name for row in rows for name in row["domains"]]
        held = [one.get("name") or one["domain_name"] for portal in sandbox for one in portal.state.all("domains")]
    assert sorted(named) == sorted(held)
    assert len(rows) == 15


def test_the_same_seed_gives_the_same_account():
    def picture(seed: int) -> str:
        server._PICTURES.clear()
        sandbox = Sandbox(demo=True, seed=seed)
        zones = [zone for portal in sandbox for zone in portal.state.all("zones")]
        contents = [[one.get("content") or one["value"] for one in zone["records"]] for zone in zones]
        return json.dumps(
            [contents, *(portal.state.all("domains") for portal in (sandbox.cloudviet, sandbox.dns_services))]
        )

    assert picture(1) == picture(1)
    assert picture(1) != picture(2)


def test_certificates_can_be_read_and_end_when_the_portal_says(reading: Sandbox):
    call = caller(reading.cloudviet)
    rows = call("GET", "/certificate").json()["sslservices"]
    assert {row["status"] for row in rows} == {"Active", "Pending", "Expired", "Cancelled"}
    issued = next(row for row in rows if row["domain"] == "phovietshop.vn")
    certificate = x509.load_pem_x509_certificate(call("GET", f"/certificate/{issued['id']}/crt").json()["crt"].encode())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["phovietshop.vn", "www.phovietshop.vn"]
    local = certificate.not_valid_after_utc.astimezone(reading.cloudviet.clock.zone)
    assert local.strftime("%Y-%m-%d %H:%M:%S") == issued["cert_expires"]
    pending = next(row for row in rows if row["status"] == "Pending")
    assert "error" in call("GET", f"/certificate/{pending['id']}/crt").json()


def test_an_attachment_comes_with_its_name(reading: Sandbox):
    call = caller(reading.cloudviet)
    ticket = next(one for one in reading.cloudviet.state.all("tickets") if one.get("attachments"))
    shown = call("GET", f"/tickets/{ticket['number']}").json()["ticket"]["attachments"][0]
    answer = call("GET", f"/ticket/attachment/{shown['id']}")
    assert "mail.log" in answer.headers["Content-Disposition"]
    assert b"5.7.26" in answer.content


def test_times_are_local_to_each_portal(reading: Sandbox):
    kept = reading.cloudviet.state.all("tickets")[0]
    shown = caller(reading.cloudviet)("GET", f"/tickets/{kept['number']}").json()["ticket"]["date"]
    hours = (int(shown[11:13]) - int(kept["date"][11:13])) % 24
    assert hours == 7


def test_an_empty_account_answers_every_list():
    with Sandbox(demo=False) as sandbox:
        for portal in (sandbox.cloudviet, sandbox.dns_services):
            call = caller(portal)
            for path in (
                "/domain",
                "/invoice",
                "/tickets",
                "/service",
                "/dns",
                "/contact",
                "/domain/order",
                "/balance",
            ):
                assert call("GET", path).ok
        assert caller(sandbox.vps_org)("GET", "/domains/").json()["results"] == []


def test_what_was_changed_is_still_so_after_a_restart(tmp_path):
    with Sandbox(demo=True, data=tmp_path) as first:
        control(first.cloudviet, "/domains/hoasenspa.vn", {"expires": "2031-05-05"})
        number = first.dns_services.state.all("tickets")[0]["number"]
        caller(first.dns_services)("POST", f"/tickets/{number}", {"body": "Still here"})
        pair = requests.post(
            first.dns_services.base_url + "/login", json=first.dns_services.credential, timeout=5
        ).json()
        order = [one["id"] for portal in first for one in portal.state.all("domains")]
    with Sandbox(demo=True, seed=9, data=tmp_path) as second:
        domains = caller(second.cloudviet)("GET", "/domain").json()["domains"]
        assert [one["id"] for portal in second for one in portal.state.all("domains")] == order
        assert next(one["expires"] for one in domains if one["name"] == "hoasenspa.vn") == "2031-05-05"
        thread = caller(second.dns_services)("GET", f"/tickets/{number}").json()
        assert thread["replies"][-1]["body"] == "Still here"
        headers = {"Authorization": f"Bearer {pair['token']}"}
        assert requests.get(second.dns_services.base_url + "/balance", headers=headers, timeout=5).ok


def test_the_process_says_when_it_is_ready_and_survives_its_own_death(tmp_path):
    command = [sys.executable, "-m", "sandbox", "serve", "--data", str(tmp_path)]
    ports = ["--cloudviet-port", "0", "--dns-services-port", "0", "--vps-org-port", "0", "--demo"]

    def start() -> tuple[subprocess.Popen[str], dict[str, dict[str, str]]]:
        child = subprocess.Popen([*command, *ports], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert child.stdout is not None
        prefix, _, said = child.stdout.readline().partition(": ")
        assert prefix == "sandbox ready"
        return child, json.loads(said)

    child, said = start()
    door = said["cloudviet"]
    answer = requests.post(
        door["base_url"] + "/tickets",
        json={"dept_id": 1, "subject": "Written before the end", "body": "b"},
        auth=(door["username"], door["password"]),
        timeout=5,
    )
    os.kill(child.pid, signal.SIGKILL)
    child.wait(5)
    child, said = start()
    door = said["cloudviet"]
    path = f"/tickets/{answer.json()['ticket']}"
    thread = requests.get(door["base_url"] + path, auth=(door["username"], door["password"]), timeout=5).json()
    assert thread["ticket"]["subject"] == "Written before the end"
    child.send_signal(signal.SIGTERM)
    assert child.wait(5) == 0


def test_a_taken_port_is_said_in_one_sentence(tmp_path):
    with Sandbox(demo=False) as running:
        ports = ["--cloudviet-port", str(running.cloudviet.port), "--dns-services-port", "0", "--vps-org-port", "0"]
        command = [sys.executable, "-m", "sandbox", "serve", "--data", str(tmp_path), "--empty", *ports]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=10, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("sandbox: can't start: ")
    assert done.stderr.count("\n") == 1
