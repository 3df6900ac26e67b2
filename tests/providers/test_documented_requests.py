"""Each documented example request is what the client sends: method, path and body, over HTTP."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

from providers.hostbill.auth import Basic
from providers.hostbill.client import HostBillClient
from providers.transport import Transport
from providers.vpsorg.client import VpsOrgClient
from providers.vpsorg.token import ApiToken
from tests.providers.kit import Portal, connection, portal
from tests.providers.operations_table import client_methods
from tests.sandbox.documents import FILES, operations

PLACEHOLDER = re.compile(r"\{(\w+)\}")
RENAMED = {"department_id": "dept_id", "names": "ipaddress", "record_type": "type"}
"""Our parameters that read better than upstream's."""
WHOLE = ("fields", "record")
"""Parameters that are the body itself."""
EXAMPLES = [
    pytest.param(name, one, id=f"{name} {one['method']} {one['path']}") for name in FILES for one in operations(name)
]


@pytest.fixture(scope="module")
def server() -> Iterator[Portal]:
    with portal() as running:
        running.behave = lambda handler: handler.reply(body={"success": True})
        yield running


@pytest.fixture(scope="module")
def clients(server: Portal) -> Mapping[str, Any]:
    login = connection(server.url, auth="basic", credential={"username": "user@example.com", "password": "secret"})
    token = connection(server.url)
    hostbill = HostBillClient(Transport(login, Basic(login)))
    return {
        "cloudviet": hostbill,
        "dns-services": hostbill,
        "vps-org": VpsOrgClient(Transport(token, ApiToken(token))),
    }


@pytest.mark.parametrize(("name", "documented"), EXAMPLES)
def test_the_client_sends_the_documented_example(server, clients, name, documented):
    path = documented["path"].removeprefix("/api/v1")
    method = method_for(clients[name], name, f"{documented['method']} {path}")
    ids = {placeholder: f"{placeholder}-1" for placeholder in PLACEHOLDER.findall(path)}
    example = {key: typed(key, value, kind_of(documented, key)) for key, value in wished(documented).items()}
    server.seen.clear()
    method(*ids.values(), **arguments(method, len(ids), example))
    (seen,) = server.seen
    sent_path, _, query = seen.path.removeprefix("/api").partition("?")
    assert (seen.command, sent_path) == (documented["method"], PLACEHOLDER.sub(lambda match: ids[match[1]], path))
    assert dict(parse_qsl(query)) == ({} if documented["method"] != "GET" else as_text(example))
    body = json.loads(seen.sent, parse_float=Decimal) if seen.sent else {}
    assert body == ({} if documented["method"] == "GET" else example)
    signed = documented["auth_in_example"] not in (None, "", "none") if "auth_in_example" in documented else True
    if not signed and path in UNSIGNED:
        assert seen.headers["Authorization"] is None


UNSIGNED = {"/login", "/token", "/signup", "/passwordreset"}
"""REFERENCE: shown without credentials. The samples of addresses and reverse DNS lack them by oversight."""


def method_for(client: Any, name: str, operation: str) -> Any:
    group, _, method = client_methods(name)[PLACEHOLDER.sub("{}", operation)][0].partition(".")
    return getattr(getattr(client, group), method)


def wished(documented: Mapping[str, Any]) -> dict[str, Any]:
    """The example's parameters; where the page shows none, there are none to send."""
    example = documented.get("example_request")
    return dict(example) if isinstance(example, dict) else {}


def kind_of(documented: Mapping[str, Any], parameter: str) -> str:
    return next((str(one.get("type")) for one in documented["params"] if one["name"] == parameter), "")


def typed(name: str, value: Any, kind: str) -> Any:
    """The pages fill examples with `nameValue` whatever the type; such a value is read as one of its type."""
    if kind in ("boolean", "bool") and isinstance(value, str):
        return True  # "No error" is one of those
    if not isinstance(value, str) or not value.endswith("Value"):
        return value
    if kind in ("int", "integer"):
        return 7
    if kind in ("decimal", "number"):
        return "12.50"
    if kind in ("array", "string[]"):
        return {"5": "12"} if name == "resources" else ["a", "b"]
    return {"years": "7", "immediate": "true"}.get(name, value)


def arguments(method: Any, ids: int, example: Mapping[str, Any]) -> dict[str, Any]:
    """What the method is called with so that it says what the example says."""
    found: dict[str, Any] = {}
    left = dict(example)
    for parameter in list(inspect.signature(method).parameters.values())[ids:]:
        name = RENAMED.get(parameter.name, parameter.name)
        if parameter.name in WHOLE:
            found[parameter.name], left = example, {}
        elif name in left:
            found[parameter.name] = ours(left.pop(name), str(parameter.annotation))
    assert not left, f"the client has no parameter for {sorted(left)}"
    return found


def ours(value: Any, annotation: str) -> Any:
    """A documented value in the type of our parameter."""
    if "Decimal" in annotation:
        return Decimal(str(value))
    if "bool" in annotation and isinstance(value, str):
        return value == "true"
    return int(value) if annotation.startswith("int") and isinstance(value, str) else value


def as_text(example: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in example.items()}
