"""Faults that can be ordered, and what a client sees of them."""

import time
from typing import Any

import pytest
import requests

from tests.sandbox.conftest import control


def domain_count(answer: requests.Response) -> int:
    return len(answer.json()["domains"])


def test_a_status_can_be_ordered_a_number_of_times(sandbox, cloudviet):
    control(sandbox.cloudviet, "/faults", {"faults": [{"kind": "status", "status": 500, "remaining": 2}]})
    assert [cloudviet("GET", "/balance").status_code for _ in range(3)] == [500, 500, 200]


@pytest.mark.parametrize(
    ("kind", "status"),
    [("bad-gateway", 502), ("unavailable", 503), ("rate-limited", 429), ("expired-token", 401), ("html", 200)],
)
def test_a_fault_answers_instead_of_the_handler(sandbox, cloudviet, kind, status):
    sandbox.cloudviet.fail(kind)
    answer = cloudviet("POST", "/tickets", {"dept_id": 1, "subject": "s", "body": "b"})
    assert answer.status_code == status
    assert len(sandbox.cloudviet.state.all("tickets")) == 24
    assert ("Retry-After" in answer.headers) == (status in (429, 503))


def test_a_fault_hits_only_what_its_method_and_path_say(sandbox, cloudviet):
    sandbox.cloudviet.fail("status", method="GET", path="/domain$")
    assert cloudviet("GET", "/domain").status_code == 500
    assert cloudviet("GET", "/domain/1200").ok
    assert cloudviet("POST", "/domain/lookup", {"name": "free-name.com"}).ok


def test_a_connection_can_break_before_or_after_the_change_is_made(sandbox, cloudviet):
    body = {"dept_id": 1, "subject": "s", "body": "b"}
    for kind, count in (("drop-before", 24), ("drop-after", 25)):
        sandbox.cloudviet.faults.clear()
        sandbox.cloudviet.fail(kind)
        with pytest.raises(requests.ConnectionError):
            cloudviet("POST", "/tickets", body)
        assert len(sandbox.cloudviet.state.all("tickets")) == count


def test_an_error_can_hide_a_change_that_was_made(sandbox, cloudviet):
    sandbox.cloudviet.fail("status", status=500, commit=True)
    assert cloudviet("POST", "/tickets", {"dept_id": 1, "subject": "s", "body": "b"}).status_code == 500
    assert len(sandbox.cloudviet.state.all("tickets")) == 25


def test_a_hanging_portal_answers_nothing_and_ends_with_the_sandbox(sandbox):
    sandbox.cloudviet.fail("hang")
    with pytest.raises(requests.Timeout):
        requests.get(sandbox.cloudviet.base_url + "/balance", timeout=0.2)


def test_latency_with_jitter_differs_from_answer_to_answer(sandbox, cloudviet):
    sandbox.cloudviet.fail("latency", seconds=0.02, jitter=0.2)
    took = [cloudviet("GET", "/domain").elapsed.total_seconds() for _ in range(6)]
    assert min(took) >= 0.02
    assert max(took) - min(took) > 0.01


def test_latency_adds_up_with_another_fault(sandbox, cloudviet):
    sandbox.cloudviet.fail("latency", seconds=0.2)
    sandbox.cloudviet.fail("empty")
    begun = time.monotonic()
    assert cloudviet("GET", "/domain").content == b""
    assert time.monotonic() - begun >= 0.2


def test_an_answer_can_break_off_in_the_middle(sandbox, cloudviet):
    sandbox.cloudviet.fail("truncated")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        cloudviet("GET", "/domain")


def test_json_can_be_cut_although_the_length_is_right(sandbox, cloudviet):
    sandbox.cloudviet.fail("broken-json")
    answer = cloudviet("GET", "/domain")
    assert answer.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_types_can_be_wrong(sandbox, cloudviet):
    sandbox.cloudviet.fail("wrong-types")
    assert cloudviet("GET", "/domain").json() == {"domains": 55}


def test_a_list_can_be_partial_or_hold_an_id_twice(sandbox, cloudviet, vps_org):
    sandbox.cloudviet.fail("partial-list", keep=0.5, remaining=1)
    sandbox.cloudviet.fail("duplicate-ids", remaining=1)
    assert domain_count(cloudviet("GET", "/domain")) == 27
    ids = [row["id"] for row in cloudviet("GET", "/domain").json()["domains"]]
    assert (len(ids), len(set(ids))) == (55, 54)
    sandbox.vps_org.fail("duplicate-ids")
    rows = vps_org("GET", "/domains/").json()["results"]
    assert rows[0]["uuid"] == rows[1]["uuid"]


def test_the_next_page_can_lead_elsewhere(sandbox, vps_org):
    sandbox.vps_org.fail("foreign-next", location="https://elsewhere.example/page")
    assert vps_org("GET", "/domains/?page_size=5").json()["next"] == "https://elsewhere.example/page"


def test_a_body_can_be_huge(sandbox):
    sandbox.cloudviet.fail("huge", megabytes=50)
    with requests.get(sandbox.cloudviet.base_url + "/domain", stream=True, timeout=5) as answer:
        assert answer.headers["Content-Length"] == str(50 * 1024 * 1024)
        assert len(next(answer.iter_content(1024 * 1024))) == 1024 * 1024


def test_a_redirect_leads_to_another_host(sandbox):
    sandbox.cloudviet.fail("redirect", location="https://elsewhere.example/api")
    answer = requests.get(sandbox.cloudviet.base_url + "/domain", timeout=5, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://elsewhere.example/api")


def test_the_dice_of_a_probability_are_seeded(sandbox, cloudviet):
    sandbox.cloudviet.fail("status", probability=0.5)
    codes = [cloudviet("GET", "/balance").status_code for _ in range(40)]
    assert 10 < codes.count(500) < 30


def test_an_unknown_fault_is_refused_with_the_list_of_those_that_exist(sandbox):
    wrong: list[Any] = [[{"kind": "explode"}], [{"kind": "status", "colour": "red"}], "all", [{}]]
    for faults in wrong:
        answer = requests.post(f"{sandbox.cloudviet.origin}/_sandbox/faults", json={"faults": faults}, timeout=5)
        assert answer.status_code == 400
        assert answer.json()["error"]
