"""Each operation has a method that sends what its documents say, and the sandbox answers each."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from providers.errors import ProviderError
from providers.vpsorg.client import VpsOrgClient
from providers.vpsorg.client.group import Group
from sandbox.vpsorg.table import ROUTES
from tests.providers.vpsorg.conftest import Answers, asked

DOCUMENTED = json.loads((Path(__file__).parents[2] / "upstream" / "vps_org.json").read_text())["operations"]
EXAMPLE = {one["id"]: one for one in DOCUMENTED}
Call = Callable[[VpsOrgClient], Any]

# operation, how it is called, the path it goes to, the body it carries
CALLS: list[tuple[str, Call, str, Any]] = [
    ("GET /account/me/", lambda c: c.account.me(), "/account/me/", None),
    ("GET /domains/", lambda c: c.domains.list(), "/domains/", None),
    (
        "GET /domains/",
        lambda c: c.domains.list(page=2, page_size=50, status="active", search="x"),
        "/domains/?page=2&page_size=50&status=active&search=x",
        None,
    ),
    (
        "POST /domains/",
        lambda c: c.domains.register("mynewdomain.com", years=2, auto_renew=True, privacy_protection=True),
        "/domains/",
        EXAMPLE["post_domains"]["example_request"],
    ),
    ("GET /domains/{domain_id}/", lambda c: c.domains.get("101"), "/domains/101/", None),
    (
        "PUT /domains/{domain_id}/",
        lambda c: c.domains.update("101", auto_renew=False, nameservers=("ns1.cloudflare.com", "ns2.cloudflare.com")),
        "/domains/101/",
        EXAMPLE["put_domains_domain_id"]["example_request"],
    ),
    ("DELETE /domains/{domain_id}/", lambda c: c.domains.delete("101"), "/domains/101/", None),
    (
        "POST /domains/{domain_id}/transfer/",
        lambda c: c.domains.transfer("101", auth_code="Xy9Kl2Mn#4pQ", auto_renew=True),
        "/domains/101/transfer/",
        EXAMPLE["post_domains_domain_id_transfer"]["example_request"],
    ),
    ("POST /domains/search/", lambda c: c.domains.search("x.com"), "/domains/search/", {"domain": "x.com"}),
    (
        "POST /domains/{uuid}/update_nameservers/",
        lambda c: c.domains.update_nameservers("u1", ("ns1.x.net",)),
        "/domains/u1/update_nameservers/",
        {"nameservers": ["ns1.x.net"]},
    ),
    ("POST /domains/{uuid}/renew/", lambda c: c.domains.renew("u1", years=3), "/domains/u1/renew/", {"years": 3}),
    ("GET /servers/", lambda c: c.servers.list(page=1, page_size=100), "/servers/?page=1&page_size=100", None),
    (
        "POST /servers/",
        lambda c: c.servers.create(hostname="a.x.com", location=2, plan="p1", os_version="v1", ssh_keys=("k1",)),
        "/servers/",
        {"hostname": "a.x.com", "location": 2, "plan": "p1", "os_version": "v1", "ssh_keys": ["k1"]},
    ),
    ("GET /servers/{uuid}/", lambda c: c.servers.get("s1"), "/servers/s1/", None),
    ("DELETE /servers/{uuid}/", lambda c: c.servers.delete("s1"), "/servers/s1/", None),
    *(
        (
            "POST /servers/{uuid}/power/",
            lambda c, word=word: c.servers.power("s1", word),
            "/servers/s1/power/",
            {"action": word},
        )
        for word in ("start", "stop", "restart", "hard_stop")
    ),
    ("POST /servers/{uuid}/backup/", lambda c: c.servers.backup("s1"), "/servers/s1/backup/", None),
    (
        "POST /servers/{uuid}/snapshot/",
        lambda c: c.servers.snapshot("s1", label="before"),
        "/servers/s1/snapshot/",
        {"label": "before"},
    ),
    (
        "POST /servers/{uuid}/resize/",
        lambda c: c.servers.resize("s1", plan="p2"),
        "/servers/s1/resize/",
        {"plan": "p2"},
    ),
    ("GET /dns-zones/", lambda c: c.dns.list_zones(domain="x.com"), "/dns-zones/?domain=x.com", None),
    ("POST /dns-zones/", lambda c: c.dns.create_zone("x.com"), "/dns-zones/", {"domain": "x.com"}),
    ("GET /dns-zones/{uuid}/", lambda c: c.dns.get_zone("z1"), "/dns-zones/z1/", None),
    ("DELETE /dns-zones/{uuid}/", lambda c: c.dns.delete_zone("z1"), "/dns-zones/z1/", None),
    (
        "POST /dns-zones/{uuid}/records/",
        lambda c: c.dns.create_record("z1", {"record_type": "A", "name": "@", "value": "192.0.2.1", "ttl": 3600}),
        "/dns-zones/z1/records/",
        {"record_type": "A", "name": "@", "value": "192.0.2.1", "ttl": 3600},
    ),
    ("PATCH /dns-records/{uuid}/", lambda c: c.dns.update_record("r1", {"ttl": 60}), "/dns-records/r1/", {"ttl": 60}),
    ("DELETE /dns-records/{uuid}/", lambda c: c.dns.delete_record("r1"), "/dns-records/r1/", None),
    ("GET /plans/", lambda c: c.catalogue.plans(), "/plans/", None),
    ("GET /locations/", lambda c: c.catalogue.locations(), "/locations/", None),
    ("GET /operating-systems/", lambda c: c.catalogue.operating_systems(), "/operating-systems/", None),
    ("GET /ssh-keys/", lambda c: c.ssh_keys.list(), "/ssh-keys/", None),
    (
        "POST /ssh-keys/",
        lambda c: c.ssh_keys.create(name="desk", public_key="ssh-ed25519 AAAA"),
        "/ssh-keys/",
        {"name": "desk", "public_key": "ssh-ed25519 AAAA"},
    ),
    ("DELETE /ssh-keys/{uuid}/", lambda c: c.ssh_keys.delete("k1"), "/ssh-keys/k1/", None),
    ("GET /deploy-configs/", lambda c: c.deployments.list_configs(), "/deploy-configs/", None),
    (
        "POST /deploy-configs/",
        lambda c: c.deployments.create_config({"name": "web"}),
        "/deploy-configs/",
        {"name": "web"},
    ),
    ("GET /deploy-configs/{uuid}/", lambda c: c.deployments.get_config("d1"), "/deploy-configs/d1/", None),
    (
        "PUT /deploy-configs/{uuid}/",
        lambda c: c.deployments.update_config("d1", {"name": "api"}),
        "/deploy-configs/d1/",
        {"name": "api"},
    ),
    (
        "POST /deploy-configs/{uuid}/deploy/",
        lambda c: c.deployments.deploy("d1", git_commit="abc"),
        "/deploy-configs/d1/deploy/",
        {"git_commit": "abc"},
    ),
    ("GET /deploy-configs/{uuid}/env/", lambda c: c.deployments.environment("d1"), "/deploy-configs/d1/env/", None),
    (
        "POST /deploy-configs/{uuid}/env/",
        lambda c: c.deployments.set_environment("d1", {"A": "1"}),
        "/deploy-configs/d1/env/",
        {"vars": {"A": "1"}},
    ),
    (
        "DELETE /deploy-configs/{uuid}/env/{key}/",
        lambda c: c.deployments.remove_variable("d1", "A"),
        "/deploy-configs/d1/env/A/",
        None,
    ),
    ("GET /deployments/", lambda c: c.deployments.list(), "/deployments/", None),
    ("GET /deployments/{uuid}/", lambda c: c.deployments.get("e1"), "/deployments/e1/", None),
    ("POST /deployments/{uuid}/cancel/", lambda c: c.deployments.cancel("e1"), "/deployments/e1/cancel/", None),
    ("GET /deployments/{uuid}/logs/", lambda c: c.deployments.logs("e1"), "/deployments/e1/logs/", None),
]


@pytest.mark.parametrize(("operation", "call", "path", "body"), CALLS, ids=[f"{one[0]} {one[2]}" for one in CALLS])
def test_an_operation_sends_what_its_documents_say(
    server: Any, answers: Answers, provider: Any, operation: str, call: Call, path: str, body: Any
):
    answers[path.partition("?")[0]] = {"ok": True}
    assert call(provider.client) == {"ok": True}
    assert asked(server) == [(operation.partition(" ")[0], path, body)]
    assert server.seen[0].headers["Authorization"].startswith("Bearer ")


def test_the_sandbox_answers_each_operation_of_the_client_and_no_other():
    called = {operation.replace("{domain_id}", "{uuid}") for operation, *_ in CALLS}
    routed = {f"{route.method} {route.path}".replace("{domain_id}", "{uuid}") for route in ROUTES}
    assert called == routed
    assert {f"{one['method']} {one['path'].removeprefix('/api/v1')}" for one in DOCUMENTED} <= {one[0] for one in CALLS}


def test_each_method_says_its_operation_and_whether_it_changes():
    operations = {operation for operation, *_ in CALLS}
    told = set()
    for group in vars(VpsOrgClient(None)).values():  # type: ignore[arg-type]  # nothing is sent
        for name, method in inspect.getmembers(type(group), inspect.isfunction):
            if name.startswith("_") or name in vars(Group):
                continue
            words = inspect.getdoc(method) or ""
            source = inspect.getsource(method)
            verb, path = words.split()[:2]
            operation = f"{verb} {path.rstrip(':,.')}"
            assert operation in operations, words
            assert f'"{path.rstrip(":,.")}"' in source
            assert ("Changes" in words) == ("self._change(" in source), words
            told.add(operation)
    assert told == operations


def test_an_id_leads_to_no_other_path(server: Any, provider: Any):
    for call in (
        lambda: provider.client.servers.delete("../domains/1"),
        lambda: provider.client.domains.get("1/renew"),
    ):
        with pytest.raises(ProviderError):
            call()
    for one in server.seen:
        assert one.path.removeprefix("/api").count("/") == 3
