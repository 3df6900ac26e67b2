"""Who may call: Basic, token pairs, the limit on logins, API tokens and their scopes."""

import base64
import json
import time
from typing import Any

import requests

from sandbox.hostbill.portal import HostBillPortal
from sandbox.server import Sandbox
from sandbox.vpsorg.portal import VpsOrgPortal
from tests.sandbox.conftest import control


def login(portal: HostBillPortal) -> requests.Response:
    return requests.post(portal.base_url + "/login", json=portal.credential, timeout=5)


def ask(portal: HostBillPortal, token: str) -> requests.Response:
    return requests.get(portal.base_url + "/balance", headers={"Authorization": f"Bearer {token}"}, timeout=5)


def payload(token: str) -> Any:
    middle = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))


def test_a_wrong_password_is_refused_by_both_hostbill_portals(reading: Sandbox):
    for portal in (reading.cloudviet, reading.dns_services):
        answer = requests.get(portal.base_url + "/domain", auth=(portal.credential["username"], "wrong"), timeout=5)
        assert answer.status_code == 401
        assert answer.json()["error"]


def test_a_call_without_credentials_is_refused(reading: Sandbox):
    for portal, path in (
        (reading.cloudviet, "/domain"),
        (reading.dns_services, "/domain"),
        (reading.vps_org, "/domains/"),
    ):
        assert requests.get(portal.base_url + path, timeout=5).status_code == 401


def test_a_login_gives_a_pair_of_three_part_tokens_with_an_expiry(sandbox: Sandbox):
    pair = login(sandbox.dns_services).json()
    assert set(pair) == {"token", "refresh"}
    assert 800 < payload(pair["token"])["exp"] - time.time() < 901
    assert ask(sandbox.dns_services, pair["token"]).json()["success"] is True


def test_a_login_takes_a_form_as_well(sandbox: Sandbox):
    answer = requests.post(sandbox.dns_services.base_url + "/login", data=sandbox.dns_services.credential, timeout=5)
    assert "token" in answer.json()


def test_a_refresh_token_is_used_up_by_its_first_use(sandbox: Sandbox):
    portal = sandbox.dns_services
    pair = login(portal).json()
    body = {"refresh_token": pair["refresh"]}
    second = requests.post(portal.base_url + "/token", json=body, timeout=5).json()
    assert ask(portal, second["token"]).ok
    again = requests.post(portal.base_url + "/token", json=body, timeout=5)
    assert again.status_code == 401
    assert again.json() == {"error": ["Invalid refresh token"]}


def test_an_access_token_is_no_refresh_token_and_the_other_way_round(sandbox: Sandbox):
    portal = sandbox.dns_services
    pair = login(portal).json()
    assert (
        requests.post(portal.base_url + "/token", json={"refresh_token": pair["token"]}, timeout=5).status_code == 401
    )
    assert ask(portal, pair["refresh"]).status_code == 401


def test_an_access_token_runs_out(sandbox: Sandbox):
    portal = sandbox.dns_services
    token = login(portal).json()["token"]
    portal.advance(seconds=901)
    assert ask(portal, token).status_code == 401


def test_the_control_can_end_all_access_tokens_while_refresh_tokens_live(sandbox: Sandbox):
    portal = sandbox.dns_services
    pair = login(portal).json()
    assert control(portal, "/tokens/expire") == {"expired": 1}
    assert ask(portal, pair["token"]).status_code == 401
    assert (
        "token" in requests.post(portal.base_url + "/token", json={"refresh_token": pair["refresh"]}, timeout=5).json()
    )


def test_logging_out_ends_the_token_in_use(sandbox: Sandbox):
    portal = sandbox.dns_services
    token = login(portal).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.post(portal.base_url + "/logout", headers=headers, timeout=5).json() == {"status": True}
    assert ask(portal, token).status_code == 401


def test_revoking_ends_both_tokens_by_either_way(sandbox: Sandbox):
    portal = sandbox.dns_services
    first, second = login(portal).json(), login(portal).json()
    by_refresh = requests.post(portal.base_url + "/revoke", json={"refresh_token": first["refresh"]}, timeout=5)
    headers = {"Authorization": f"Bearer {second['token']}"}
    by_access = requests.post(portal.base_url + "/revoke", headers=headers, timeout=5)
    assert by_refresh.json() == by_access.json() == {"status": True}
    for pair in (first, second):
        assert ask(portal, pair["token"]).status_code == 401
        body = {"refresh_token": pair["refresh"]}
        assert requests.post(portal.base_url + "/token", json=body, timeout=5).status_code == 401


def test_dns_services_limits_logins_and_says_how_it_stands(sandbox: Sandbox):
    portal = sandbox.dns_services
    first = login(portal)
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("25", "24")
    answers = [login(portal) for _ in range(25)]
    assert [answer.status_code for answer in answers] == [200] * 24 + [429]
    assert 0 < int(answers[-1].headers["X-RateLimit-Reset"]) <= 240


def test_cloudviet_gives_tokens_too_and_does_not_limit_logins(sandbox: Sandbox):
    answers = [login(sandbox.cloudviet) for _ in range(30)]
    assert all(answer.ok for answer in answers)
    assert "X-RateLimit-Limit" not in answers[0].headers
    assert ask(sandbox.cloudviet, answers[-1].json()["token"]).ok


def test_an_invented_token_is_refused(sandbox: Sandbox):
    head, body, _ = login(sandbox.dns_services).json()["token"].split(".")
    for token in (f"{head}.{body}.AAAA", "a.b.c", "nonsense", f"{head}.{body}.Ä"):
        answer = requests.get(
            sandbox.dns_services.base_url + "/balance",
            headers={"Authorization": f"Bearer {token}".encode()},
            timeout=5,
        )
        assert answer.status_code == 401


def test_a_vps_org_token_does_what_its_scopes_allow(sandbox: Sandbox):
    portal: VpsOrgPortal = sandbox.vps_org
    control(portal, "/tokens", {"token": "vps_reader", "scopes": ["domains:read"]})
    headers = {"Authorization": "Bearer vps_reader"}
    uuid = portal.state.all("domains")[0]["uuid"]
    assert requests.get(portal.base_url + "/domains/", headers=headers, timeout=5).ok
    refused = requests.put(f"{portal.base_url}/domains/{uuid}/", json={}, headers=headers, timeout=5)
    assert (refused.status_code, list(refused.json())) == (403, ["detail"])
    assert requests.get(portal.base_url + "/servers/", headers=headers, timeout=5).status_code == 403
    assert requests.get(portal.base_url + "/account/me/", headers=headers, timeout=5).json()["permissions"] == [
        "domains:read"
    ]


def test_passwords_and_tokens_stay_out_of_the_request_log(sandbox: Sandbox):
    login(sandbox.dns_services)
    assert [(entry.path, entry.body) for entry in sandbox.requests] == [("/api/login", "")]
