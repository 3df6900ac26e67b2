"""The client has one method for each documented operation, and it sends what the document says."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest

from providers.families import FAMILIES
from providers.families import methods as methods_of
from providers.hostbill.client import HostBillClient
from providers.hostbill.operations import ALTERNATIVES, CLOUDVIET_ONLY, COMMON, DNS_SERVICES_ONLY, DOCUMENTED, NEEDS
from providers.transport import Answer

UPSTREAM = Path(__file__).resolve().parents[2] / "upstream"
NOT_AT_HOSTBILL = {
    "catalog.locations", "catalog.plans", "catalog.systems", "domains.detach", "services.add_ssh_key", "services.back_up",
    "services.create_machine", "services.delete_machine", "services.power_off", "services.remove_ssh_key",
    "services.resize", "services.snapshot", "services.ssh_keys",
}  # fmt: skip
"""What only VPS.org does."""
NAMED = re.compile(r"^`([A-Z]+ /\S*)`")


def documented(portal: str) -> set[str]:
    operations = json.loads((UPSTREAM / f"{portal}.json").read_text(encoding="utf-8"))["operations"]
    return {f"{operation['method']} {operation['path']}" for operation in operations}


class Noting:
    """A transport that notes what it was asked to send."""

    def __init__(self) -> None:
        self.sent: list[tuple[bool, str, str, str]] = []

    def read(self, method: str, path: str, *, operation: str, **_: Any) -> Answer:
        self.sent.append((False, method, path, operation))
        return Answer(200, {}, {}, b"")

    def change(self, method: str, path: str, *, operation: str, **_: Any) -> Answer:
        self.sent.append((True, method, path, operation))
        return Answer(200, {}, {}, b"")


def methods() -> dict[str, tuple[Noting, Any]]:
    """Every method of the client by the operation that its docstring names."""
    found: dict[str, tuple[Noting, Any]] = {}
    noting = Noting()
    client = HostBillClient(noting)  # type: ignore[arg-type]  # notes instead of sending
    for group in vars(client).values():
        for name, method in inspect.getmembers(group, inspect.ismethod):
            if name.startswith("_"):
                continue
            match = NAMED.match(method.__doc__ or "")
            assert match, f"{name} does not say its operation"
            assert match[1] not in found, f"{match[1]} has two methods"
            found[match[1]] = (noting, method)
    return found


METHODS = methods()


def test_the_tables_are_what_the_documents_say():
    assert DOCUMENTED["cloudviet"] == documented("cloudviet")
    assert DOCUMENTED["dns-services"] == documented("dns_services")
    assert (len(COMMON), len(CLOUDVIET_ONLY), len(DNS_SERVICES_ONLY)) == (82, 27, 1)
    wanted = {operation for needs in (*NEEDS.values(), *ALTERNATIVES.values()) for operation in needs}
    assert wanted <= documented("cloudviet") | documented("dns_services")
    assert set(ALTERNATIVES) < set(NEEDS)
    assert set(NEEDS) == {f"{family}.{name}" for family in FAMILIES for name in methods_of(family)} - NOT_AT_HOSTBILL


def test_every_documented_operation_has_its_method_and_no_other_has():
    assert set(METHODS) == documented("cloudviet") | documented("dns_services")


def value_for(parameter: inspect.Parameter) -> Any:
    kind = str(parameter.annotation)
    if "Sequence" in kind:
        return []
    if "Mapping" in kind:
        return {}
    if "bool" in kind:
        return True
    if "int" in kind or "Decimal" in kind:
        return 7
    return f"the-{parameter.name.replace('_', '-')}"


@pytest.mark.parametrize("operation", sorted(METHODS))
def test_a_method_sends_its_own_operation_and_says_whether_it_changes(operation):
    noting, method = METHODS[operation]
    noting.sent.clear()
    needed = [
        parameter
        for parameter in inspect.signature(method).parameters.values()
        if parameter.default is inspect.Parameter.empty
    ]
    places = [value_for(one) for one in needed if one.kind is not inspect.Parameter.KEYWORD_ONLY]
    names = {one.name: value_for(one) for one in needed if one.kind is inspect.Parameter.KEYWORD_ONLY}
    method(*places, **names)
    ((changes, verb, path, told),) = noting.sent
    assert told == operation
    pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(operation))
    assert re.fullmatch(pattern, f"{verb} {path}")
    assert ("Changes" in method.__doc__) is changes
    assert ("Reads" in method.__doc__) is not changes
    assert any(portal in method.__doc__ for portal in ("Both portals", "Cloudviet", "DNS.services"))
