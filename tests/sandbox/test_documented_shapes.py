"""What the stand-ins answer has the keys and types of every example in the documents."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.sandbox.conftest import caller
from tests.sandbox.documents import differences, operations

CSR = "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----"
# where the wire differs from the page (see 'Seen on the wire')
KNOWN = {
    ("dns-services", "get_service_service_id_dns_zone_id"): [".records: an object instead of a list"],
    ("dns-services", "post_service_service_id_dns_zone_id_records"): [".info[]: a list instead of a text"],
}
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/signup"): {
        name: "x@example.com" if name == "email" else "x"
        for name in (
            "email password firstname lastname address1 city state postcode country phonenumber type".split()  # noqa: SIM905
        )
    },
    ("POST", "/passwordreset"): {"email": "x@example.com"},
    ("PUT", "/details"): {"city": "Huế"},
    ("POST", "/contact"): {"email": "new@example.com", "firstname": "New"},
    ("PUT", "/contact/{id}"): {"city": "Huế"},
    ("POST", "/invoice/{id}/credit"): {"amount": "1.00"},
    ("POST", "/tickets"): {"dept_id": 1, "subject": "Subject", "body": "Message"},
    ("POST", "/tickets/{number}"): {"body": "Reply"},
    ("PUT", "/domain/{id}/ns"): {"nameservers": ["ns1.example.com", "ns2.example.com"]},
    ("POST", "/domain/{id}/dns"): {"name": "test", "type": "A", "content": "192.0.2.1"},
    ("PUT", "/domain/{id}/dns/{index}"): {"content": "192.0.2.2", "type": "A"},
    ("POST", "/domain/lookup"): {"name": "free-name-here.com"},
    ("POST", "/domain/order"): {"name": "brand-new-name.com", "years": "1", "action": "register"},
    ("POST", "/certificate/order"): {
        "product_id": 25,
        "csr": CSR,
        "years": 1,
        "approver_email": "admin@example.com",
    },
    ("POST", "/service/{id}/cancel"): {"immediate": "false", "reason": "No longer needed"},
    ("POST", "/service/{id}/label"): {"label": "new"},
    ("POST", "/order/{product_id}"): {"domain": "x.example.com"},
    ("POST", "/order"): {"items": [{"type": "domain", "name": "another-new-name.com", "action": "register"}]},
    ("POST", "/quote"): {"items": [{"type": "product", "product_id": None}]},
    ("POST", "/service/{service_id}/dns"): {"name": "testzone.com"},
    ("POST", "/service/{service_id}/dns/{zone_id}/records"): {
        "name": "_sip._tcp",
        "type": "SRV",
        "priority": 10,
        "ttl": 3600,
        "content": [10, 5060, "vc01.example.com"],
    },
    ("PUT", "/service/{service_id}/dns/{zone_id}/records/{record_id}"): {"ttl": 600},
    ("POST", "/domains/"): {"domain_name": "brand-new-name.com"},
    ("PUT", "/domains/{domain_id}/"): {"auto_renew": False},
    ("POST", "/domains/{domain_id}/transfer/"): {"auth_code": "Xy9Kl2Mn#4pQ"},
}


def shown(portal: str) -> list[Any]:
    """The operations whose document shows an answer, without signing in, which has its own tests."""
    skipped = ("/login", "/token", "/revoke", "/logout")
    return [
        pytest.param(portal, one, id=f"{portal} {one['id']}")
        for one in operations(portal)
        if one.get("example_response") is not None and one["path"] not in skipped
    ]


@pytest.mark.parametrize(("portal", "operation"), [*shown("cloudviet"), *shown("dns-services"), *shown("vps-org")])
def test_an_answer_has_the_shape_of_the_documented_example(changing: Sandbox, portal, operation):
    answer = ask(changing, portal, operation)
    assert differences(operation["example_response"], answer) == KNOWN.get((portal, operation["id"]), [])


@pytest.fixture(scope="module")
def changing():
    """One for all: each operation is tried once, and what it changes disturbs no other."""
    with Sandbox(demo=True, seed=1) as sandbox:
        sandbox.cloudviet.state.edit("client", "1")["credit"] = "100000000.00"
        sandbox.vps_org.state.edit("account", "1")["balance"] = 1000.0
        yield sandbox


def ask(sandbox: Sandbox, key: str, operation: dict[str, Any]) -> Any:
    portal = next(one for one in sandbox if one.key == key)
    path = operation["path"]
    values = parameters(portal, operation)
    body = BODIES.get((operation["method"], path.removeprefix("/api/v1")))
    if path == "/quote":
        body = {"items": [{"type": "product", "product_id": portal.state.all("products")[0]["id"]}]}
    if operation["method"] != "GET" and body is None:
        body = {}
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", value)
    answer = caller(portal)(operation["method"], path.removeprefix("/api/v1"), body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def parameters(portal: Any, operation: dict[str, Any]) -> dict[str, str]:
    state = portal.state
    path = operation["path"]
    if portal.key == "vps-org":
        unlocked = next(one for one in state.all("domains") if not one["locked"])
        return {"domain_id": str(unlocked["id"])}
    if "{zone_id}" in path:
        zone = next(one for one in state.all("zones") if any(record["type"] == "A" for record in one["records"]))
        record = next(one for one in zone["records"] if one["type"] == "A")
        return {"service_id": zone["service_id"], "zone_id": zone["id"], "record_id": record["id"]}
    kinds = {
        "/contact": "contacts",
        "/invoice": "invoices",
        "/certificate": "certificates",
        "/service": "services",
        "/domain": "domains",
    }
    kind = next((kinds[head] for head in kinds if path.startswith(head)), "contacts")
    chosen = state.all(kind)[0]
    if path == "/domain/order/{id}/form":
        chosen = state.all("tlds")[0]
    if path == "/invoice/{id}/credit":
        own = portal.flavour.currency
        chosen = next(one for one in state.all(kind) if one["status"] == "Unpaid" and one["currency"] == own)
    if "/dns" in path and kind == "domains":
        chosen = next(one for one in state.all(kind) if len(one["records"]) > 3)
    return {
        "id": chosen["id"],
        "name": chosen.get("name", ""),
        "index": "1",
        "number": next(iter(state.all("tickets")))["number"],
        "service_id": next(one for one in state.all("services") if one["kind"] == "dns")["id"],
        "category_id": state.all("categories")[0]["id"],
        "product_id": state.all("certificate_products" if "certificate" in path else "products")[0]["id"],
    }
