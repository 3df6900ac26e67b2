"""Every documented operation has a handler, and nothing else is on offer."""

from typing import Any

import pytest
import requests

from sandbox.hostbill import table as hostbill
from sandbox.routing import Route
from sandbox.server import Sandbox
from sandbox.vpsorg import table as vpsorg
from tests.sandbox.documents import operations

TABLES: dict[str, list[Route[Any]]] = {
    "cloudviet": list(hostbill.ROUTES["cloudviet"]),
    "dns-services": list(hostbill.ROUTES["dns-services"]),
    "vps-org": list(vpsorg.ROUTES),
}
# operations of the documents that no handler answers yet; shrink it, never grow it
UNANSWERED: set[tuple[str, str]] = set()


def documented(portal: str) -> set[tuple[str, str]]:
    return {(one["method"], one["path"].removeprefix("/api/v1")) for one in operations(portal)}


@pytest.mark.parametrize("portal", TABLES)
def test_every_documented_operation_has_a_handler(portal):
    answered = {(route.method, route.path) for route in TABLES[portal]}
    assert documented(portal) - answered == UNANSWERED


@pytest.mark.parametrize("portal", ["cloudviet", "dns-services"])
def test_a_hostbill_stand_in_offers_nothing_that_is_not_documented(portal):
    assert {(route.method, route.path) for route in TABLES[portal]} == documented(portal)


@pytest.mark.parametrize("portal", TABLES)
def test_no_operation_stands_twice_in_a_table(portal):
    pairs = [(route.method, route.path) for route in TABLES[portal]]
    assert len(pairs) == len(set(pairs))


def test_the_swagger_document_names_exactly_the_modules_that_are_on(reading: Sandbox):
    answer = requests.get(f"{reading.dns_services.origin}/?action=swagger&cmd=userapi", timeout=5).json()
    offered = {(method.upper(), path) for path, methods in answer["paths"].items() for method in methods}
    assert answer["swagger"] == "2.0"
    assert offered == documented("dns-services")


def test_a_module_that_is_switched_off_is_no_method_and_not_in_the_document(sandbox, cloudviet):
    sandbox.cloudviet.set(modules_off=["SSL Certificates"])
    answer = requests.get(f"{sandbox.cloudviet.origin}/?action=swagger&cmd=userapi", timeout=5).json()
    assert not [path for path in answer["paths"] if path.startswith("/certificate")]
    assert cloudviet("GET", "/certificate").json() == {"error": ["invalid method"]}
