"""Records: at the registrar by their place in the list, in zones by id, at VPS.org by uuid."""

import pytest

from sandbox.hostbill.portal import HostBillPortal
from sandbox.state import Record

FAILED = {"success": False, "error": ["An error occurred while editing the DNS record"]}


@pytest.fixture
def at_registrar(sandbox):
    domains = sandbox.cloudviet.state.all("domains")
    return next(one for one in domains if len(one["records"]) > 5)


def zone_with_records(portal: HostBillPortal) -> Record:
    return next(one for one in portal.state.all("zones") if len(one["records"]) > 8)


def test_deleting_a_registrar_record_renumbers_those_behind_it(cloudviet, at_registrar):
    path = f"/domain/{at_registrar['id']}/dns"
    before = cloudviet("GET", path).json()["records"]
    assert [row["id"] for row in before] == list(range(1, len(before) + 1))
    cloudviet("DELETE", f"{path}/2")
    after = cloudviet("GET", path).json()["records"]
    assert [row["id"] for row in after] == list(range(1, len(before)))
    assert after[1]["content"] == before[2]["content"]


def test_a_registrar_record_is_added_and_changed_without_a_ttl_of_its_own(cloudviet, at_registrar):
    path = f"/domain/{at_registrar['id']}/dns"
    body = {"name": "new", "type": "MX", "priority": "15", "content": "mx.example.com", "ttl": 600}
    assert cloudviet("POST", path, body).json() == {"info": ["DNS Management updated successfully"]}
    last = cloudviet("GET", path).json()["records"][-1]
    assert (last["name"], last["type"], last["priority"], last["ttl"]) == ("new", "MX", 15, 0)
    cloudviet("PUT", f"{path}/{last['id']}", {"content": "mx2.example.com"})
    assert cloudviet("GET", path).json()["records"][-1]["content"] == "mx2.example.com"


def test_a_registrar_record_that_is_not_there_is_refused(cloudviet, at_registrar):
    path = f"/domain/{at_registrar['id']}/dns"
    for index in ("0", "999", "x"):
        assert cloudviet("DELETE", f"{path}/{index}").json() == FAILED
    assert cloudviet("POST", path, {"type": "NOPE", "content": "x"}).json() == FAILED


def test_a_zone_at_dns_services_is_as_seen_on_the_wire(sandbox, dns_services):
    kept = zone_with_records(sandbox.dns_services)
    zone = dns_services("GET", f"/service/{kept['service_id']}/dns/{kept['id']}").json()
    records = zone["records"]
    assert list(records) == [str(place) for place in range(len(records))]
    for row in records.values():
        assert row["name"] == kept["name"] or row["name"].endswith("." + kept["name"])
        assert row["prio"] == row["priority"]
        assert all(isinstance(row[key], str) for key in ("id", "domain_id", "ttl", "prio", "change_date"))
    soa = next(row for row in records.values() if row["type"] == "SOA")
    assert len(soa["content"]) == 7
    assert all(isinstance(part, str) for part in soa["content"])
    texts = [row["content"] for row in records.values() if row["type"] == "TXT"]
    assert {text.startswith('"') for text in texts} == {True, False}


def test_a_zone_at_cloudviet_is_as_on_the_page(sandbox, cloudviet):
    kept = zone_with_records(sandbox.cloudviet)
    zone = cloudviet("GET", f"/service/{kept['service_id']}/dns/{kept['id']}").json()
    assert isinstance(zone["records"], list)
    assert isinstance(zone["service_id"], int)
    assert {type(row["ttl"]) for row in zone["records"]} == {int}


def test_a_created_record_has_no_id_until_the_zone_is_read_again(sandbox, dns_services):
    kept = zone_with_records(sandbox.dns_services)
    path = f"/service/{kept['service_id']}/dns/{kept['id']}"
    body = {"name": "hello", "type": "TXT", "content": "some text", "ttl": 300}
    made = dns_services("POST", f"{path}/records", body).json()
    assert made["success"] is True
    assert made["info"] == [["dnsnewrecordadded", "TXT"]]
    assert "id" not in made["record"]
    rows = dns_services("GET", path).json()["records"].values()
    row = next(row for row in rows if row["name"] == f"hello.{kept['name']}")
    changed = dns_services("PUT", f"{path}/records/{row['id']}", {**body, "content": "other text"}).json()
    assert (changed["success"], changed["info"]) == (True, ["dnsrecordupdated"])
    assert dns_services("DELETE", f"{path}/records/{row['id']}").json() == {"success": True}
    ids = {one["id"] for one in dns_services("GET", path).json()["records"].values()}
    assert row["id"] not in ids


def test_a_change_that_fails_is_http_200_and_says_no_more_than_that(sandbox, dns_services):
    kept = zone_with_records(sandbox.dns_services)
    path = f"/service/{kept['service_id']}/dns/{kept['id']}/records"
    apex = next(row for row in kept["records"] if row["type"] == "A" and row["name"] == "")
    for method, url, body in (
        ("PUT", f"{path}/1", {"content": "192.0.2.1"}),
        ("DELETE", f"{path}/1", None),
        ("POST", path, {"name": "x", "type": "NOPE", "content": "y"}),
        ("POST", path, {"name": "", "type": "CNAME", "content": "elsewhere.example"}),
        ("POST", path, {"name": "@", "type": "A", "content": apex["content"]}),
        ("POST", path, {"name": "x", "type": "A", "content": "192.0.2.1", "ttl": "-5"}),
    ):
        answer = dns_services(method, url, body)
        assert (answer.status_code, answer.json()) == (200, FAILED)


def test_names_are_written_relative_or_in_full(sandbox, cloudviet):
    kept = zone_with_records(sandbox.cloudviet)
    path = f"/service/{kept['service_id']}/dns/{kept['id']}"
    for name, address in (("one", "192.0.2.1"), (f"two.{kept['name']}.", "192.0.2.2"), (kept["name"], "192.0.2.3")):
        cloudviet("POST", f"{path}/records", {"name": name, "type": "A", "content": address})
    rows = {row["content"]: row["name"] for row in cloudviet("GET", path).json()["records"]}
    assert [rows[f"192.0.2.{number}"] for number in (1, 2, 3)] == ["one", "two", "@"]


def test_a_zone_is_made_and_deleted(sandbox, dns_services):
    service = next(one for one in sandbox.dns_services.state.all("services") if one["kind"] == "dns")
    made = dns_services("POST", f"/service/{service['id']}/dns", {"name": "Testzone.com"}).json()
    assert made == {"info": ["Domain zone testzone.com was created successfully."]}
    assert "error" in dns_services("POST", f"/service/{service['id']}/dns", {"name": "testzone.com"}).json()
    zone = next(one for one in dns_services("GET", "/dns").json()["zones"] if one["name"] == "testzone.com")
    assert dns_services("DELETE", f"/service/{service['id']}/dns/{zone['domain_id']}").json() == {
        "info": ["Domain zone testzone.com was deleted successfully."]
    }
    assert "error" in dns_services("GET", f"/service/{service['id']}/dns/{zone['domain_id']}").json()


def test_listing_the_zones_of_a_service_is_an_invalid_method_as_on_the_page(dns_services):
    assert dns_services("GET", "/service/320/dns").json() == {"error": ["invalid method"]}


def test_vps_org_records_are_made_patched_and_deleted(vps_org):
    zone = vps_org("GET", "/dns-zones/?domain=anphat.dev").json()["results"]
    made = zone[0] if zone else vps_org("POST", "/dns-zones/", {"domain": "anphat.dev"}).json()
    path = f"/dns-zones/{made['uuid']}/"
    body = {"record_type": "A", "name": "one", "value": "192.0.2.1", "ttl": 600}
    record = vps_org("POST", f"{path}records/", body)
    assert record.status_code == 201
    uuid = record.json()["uuid"]
    assert vps_org("PATCH", f"/dns-records/{uuid}/", {"value": "192.0.2.2"}).json()["ttl"] == 600
    assert vps_org("DELETE", f"/dns-records/{uuid}/").status_code == 204
    assert vps_org("DELETE", f"/dns-records/{uuid}/").json() == {"detail": "Not found."}
    refused = vps_org("POST", f"{path}records/", {"record_type": "MX", "name": "@", "value": "mx.example.com"})
    assert (refused.status_code, list(refused.json())) == (400, ["priority"])
