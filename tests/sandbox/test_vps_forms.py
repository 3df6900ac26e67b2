"""The stand-in for VPS.org in either form of its API."""

import pytest

from sandbox.vpsorg.portal import DOCUMENTED
from sandbox.vpsorg.table import ROUTES
from tests.sandbox.conftest import control
from tests.sandbox.documents import differences, operations

PAGE_KEYS = set(operations("vps-org")[0]["example_response"]["results"][0])


def test_the_documented_form_has_the_operations_of_the_page_and_no_other(sandbox, vps_org):
    control(sandbox.vps_org, "/settings", {"api_form": "documented"})
    page = {(one["method"], one["path"].removeprefix("/api/v1")) for one in operations("vps-org")}
    assert page == DOCUMENTED
    for route in ROUTES:
        if route.method == "GET" and "{" not in route.path:
            assert vps_org("GET", route.path).status_code == (200 if (route.method, route.path) in page else 404)


def test_the_documented_form_lists_by_number_without_pages(sandbox, vps_org):
    control(sandbox.vps_org, "/settings", {"api_form": "documented"})
    answer = vps_org("GET", "/domains/?page=2&page_size=3").json()
    assert set(answer) == {"count", "results"}
    assert answer["count"] == len(answer["results"]) == 20
    row = answer["results"][0]
    assert set(row) - PAGE_KEYS == {"registrar", "days_until_expiration"}
    key = sandbox.vps_org.state.all("domains")[0]["uuid"]
    assert vps_org("GET", f"/domains/{row['id']}/").status_code == 200
    assert vps_org("GET", f"/domains/{key}/").status_code == 404


def test_the_present_form_lists_by_uuid_in_its_own_spelling(sandbox, vps_org):
    control(sandbox.vps_org, "/settings", {"api_form": "present"})
    answer = vps_org("GET", "/domains/?page_size=15").json()
    assert "?page_size=15&page=2" in answer["next"]
    row = answer["results"][0]
    assert {"uuid", "whois_privacy", "transfer_lock", "nameserver1", "nameserver4"} <= set(row)
    assert not {"id", "locked", "privacy_protection", "nameservers"} & set(row)
    number = sandbox.vps_org.state.all("domains")[0]["id"]
    assert vps_org("GET", f"/domains/{number}/").status_code == 404


def test_a_name_of_the_other_form_is_passed_over(sandbox, vps_org):
    control(sandbox.vps_org, "/settings", {"api_form": "present"})
    row = vps_org("GET", "/domains/").json()["results"][0]
    path, other = f"/domains/{row['uuid']}/", not row["transfer_lock"]
    assert vps_org("PUT", path, {"locked": other}).json()["transfer_lock"] is not other
    assert vps_org("PUT", path, {"transfer_lock": other}).json()["transfer_lock"] is other


@pytest.mark.parametrize("form", ["documented", "both"])
def test_the_examples_of_the_page_hold(sandbox, vps_org, form):
    control(sandbox.vps_org, "/settings", {"api_form": form})
    listed, registered, shown, put, _, _ = operations("vps-org")
    answer = vps_org("GET", "/domains/").json()
    assert differences(listed["example_response"], answer) == []
    path = f"/domains/{answer['results'][0]['id']}/"
    assert differences(shown["example_response"], vps_org("GET", path).json()) == []
    assert differences(put["example_response"], vps_org("PUT", path, put["example_request"]).json()) == []
    made = vps_org("POST", "/domains/", registered["example_request"])
    assert (made.status_code, differences(registered["example_response"], made.json())) == (201, [])


def test_a_domain_held_elsewhere_can_be_added_and_transferred_in_days(sandbox, vps_org):
    added = control(sandbox.vps_org, "/domains", {"name": "theirs.com", "elsewhere": True, "auth_code": "Xy9"})
    path = f"/domains/{added['uuid']}/"
    assert vps_org("GET", path).json()["registrar"] == "Another Registrar"
    assert vps_org("POST", f"{path}transfer/", {"auth_code": "no"}).status_code == 400
    assert vps_org("POST", f"{path}transfer/", {"auth_code": "Xy9"}).json()["transfer_status"] == "pending"
    assert vps_org("POST", f"{path}transfer/", {"auth_code": "Xy9"}).status_code == 400
    control(sandbox.vps_org, "/clock", {"days": 7})
    after = vps_org("GET", path).json()
    assert (after["status"], after["registrar"]) == ("active", "VPS.org")


def test_a_form_that_does_not_exist_is_refused(sandbox):
    with pytest.raises(ValueError, match="both, documented, present"):
        sandbox.vps_org.set(api_form="future")
    assert sandbox.vps_org.form == "both"
