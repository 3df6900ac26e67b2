"""What a portal offers: by its documents, its own Swagger document, and what it has refused; and who waits to learn it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from providers.contract import CallRecord
from providers.errors import NotSupported, OutcomeUnknown, ProviderError
from providers.hostbill.capabilities import DAY, HOUR, PUBLISHED_KEY, general
from providers.hostbill.operations import DOCUMENTED, NEEDS
from tests.providers.hostbill.desk import desk_for
from tests.providers.kit import Memory

NOW = time.time()
ON: dict[str, Any] = {"/api/details": {"get": {}}}


def swagger(*operations: str) -> dict[str, Any]:
    """A Swagger document of these operations and the client area."""
    paths: dict[str, Any] = {"/details": {"get": {}}}
    for operation in operations:
        verb, _, path = operation.partition(" ")
        paths.setdefault(path, {})[verb.lower()] = {}
    return {"swagger": "2.0", "basePath": "/api", "paths": paths}


@pytest.mark.parametrize("key", ["cloudviet", "dns-services"])
def test_a_documented_portal_offers_all_that_its_documents_name(stand_ins, at, key):
    offered = at(stand_ins[key]).capabilities
    assert offered >= {
        "domains.list",
        "billing.apply_credit",
        "support.attachment",
        "catalog.quote",
        "profile.affiliate",
    }
    only_cloudviet = {"profile.sign_up", "profile.update", "profile.notifications", "certificates.list"}
    assert (offered & only_cloudviet) == (only_cloudviet if key == "cloudviet" else set())
    assert ("profile.log" in offered) == (key == "dns-services")


@pytest.mark.parametrize("key", ["cloudviet", "dns-services"])
def test_an_unknown_portal_tells_what_it_can_by_its_swagger_document(stand_ins, at, key):
    calls: list[CallRecord] = []
    documented = at(stand_ins[key]).capabilities
    provider = at(stand_ins[key], "hostbill", calls=calls)
    assert provider.capabilities == documented
    assert provider.capabilities == documented
    assert len(calls) == 1


@pytest.mark.parametrize(
    "document",
    [
        (200, b"<html>Welcome</html>"),
        (404, {}),
        {"swagger": "2.0"},
        {"paths": {"/pets": {"get": {}}}},
        [],
        {"paths": 7},
    ],
)
@pytest.mark.parametrize(("preset", "keep"), [("hostbill", HOUR), ("cloudviet", DAY)])
def test_without_a_swagger_document_the_documents_or_the_common_operations_are_assumed(document, preset, keep):
    memory = Memory()
    with desk_for({"GET /": document}, preset=preset, memory=memory) as provider:
        offered = provider.capabilities
        if preset == "hostbill":
            with pytest.raises(NotSupported):
                provider.require("certificates.list")
    assert "domains.list" in offered
    assert ("certificates.list" in offered) == (preset == "cloudviet")
    assert memory.get(PUBLISHED_KEY) == []
    assert memory.seconds[PUBLISHED_KEY] == keep


def test_a_swagger_document_may_write_paths_in_its_own_way():
    paths = {
        **ON,
        "/api/domain/@id": {"get": {}},
        "/api/contact/{contactId}": {"get": {}},
        "/api/domain/": {"GET": {}},
        "/x": 7,
    }
    document = {"swagger": "2.0", "basePath": "/api/", "paths": paths}
    with desk_for({"GET /": document}, preset="hostbill") as provider:
        told = {"domains.list", "domains.detail", "domains.renewal_price", "profile.profile", "profile.contact"}
        assert provider.capabilities == told


@pytest.mark.parametrize("preset", ["cloudviet", "dns-services", "hostbill"])
def test_the_swagger_document_narrows_and_widens_what_the_documents_say(preset):
    document = swagger("GET /invoice", "GET /certificate", "GET /logs")
    with desk_for({"GET /": document}, preset=preset) as provider:
        assert provider.capabilities == {"profile.profile", "billing.list", "certificates.list", "profile.log"}


def test_a_portal_with_modules_off_offers_less(cloudviet, at):
    cloudviet.set(modules_off=["DNS", "Domains"])
    try:
        offered = [at(cloudviet, preset).capabilities for preset in ("hostbill", "cloudviet")]
    finally:
        cloudviet.set(modules_off=[])
    assert offered[0] == offered[1]
    assert "billing.list" in offered[0]
    assert not {"domains.list", "domains.detail", "dns.list", "dns.detail"} & offered[0]


def test_no_change_and_no_read_waits_for_the_swagger_document():
    asked: list[str] = []

    def say(method: str, path: str, _body: bytes) -> Any:
        asked.append(f"{method} {path}")
        return {"info": ["reply_added"], "services": []}

    for preset in ("cloudviet", "hostbill"):
        with desk_for(say, preset=preset) as provider:
            provider.support.reply("9", "Hello")
            provider.services.list()
    assert asked == ["POST /tickets/9", "GET /service"] * 2


def test_what_the_swagger_document_lacks_is_not_sent():
    asked: list[str] = []

    def say(method: str, path: str, _body: bytes) -> Any:
        asked.append(f"{method} {path}")
        return swagger("GET /tickets") if path == "/" else {"info": ["reply_added"]}

    with desk_for(say) as provider:
        assert not provider.can("support.reply")
        with pytest.raises(NotSupported):
            provider.support.reply("9", "Hello")
    assert asked == ["GET /"]


def test_what_a_portal_refuses_as_a_whole_is_asked_once_a_day(cloudviet, at):
    memory = Memory()
    calls: list[CallRecord] = []
    provider = at(cloudviet, memory=memory, calls=calls)
    assert provider.can("billing.list")
    cloudviet.set(modules_off=["Billing"])
    before = len(calls)
    try:
        for one in (provider, provider, at(cloudviet, memory=memory, calls=calls)):
            with pytest.raises(NotSupported):
                one.billing.list()
    finally:
        cloudviet.set(modules_off=[])
    assert len(calls) == before + 1
    assert not provider.can("billing.list")
    assert not at(cloudviet, memory=memory).can("billing.list")


def test_a_refusal_holds_for_its_day_whatever_is_refused_after_it(monkeypatch):
    memory = Memory()
    monkeypatch.setattr("time.time", lambda: NOW)
    with desk_for({"GET /": swagger("GET /invoice", "GET /balance", "GET /service")}, memory=memory) as provider:
        assert {"billing.list", "billing.balances"} <= provider.capabilities
        with pytest.raises(NotSupported):
            provider.billing.list()
        monkeypatch.setattr("time.time", lambda: NOW + DAY - 60)
        with pytest.raises(NotSupported):
            provider.billing.balances()
    with desk_for({}, memory=memory) as provider:
        assert not provider.can("billing.list")
        monkeypatch.setattr("time.time", lambda: NOW + DAY + 120)
        assert provider.can("billing.list")
        assert not provider.can("billing.balances")


def test_every_capability_has_what_it_needs_at_a_portal_that_has_everything():
    everything = DOCUMENTED["cloudviet"] | DOCUMENTED["dns-services"]
    with desk_for({"GET /": swagger(*everything)}) as provider:
        assert provider.capabilities <= set(NEEDS)
        assert {general(one) for needs in NEEDS.values() for one in needs} <= {general(one) for one in everything}


def test_a_memory_that_holds_nonsense_is_no_knowledge():
    memory = Memory()
    nonsense: Any
    for nonsense in ("x", 7, {"a": []}, [[]], [None]):
        memory.kept = {"hostbill.refusals": nonsense, PUBLISHED_KEY: nonsense}
        with desk_for({}, memory=memory) as provider:
            assert provider.can("billing.list")
    assert json.dumps(memory.kept)


def test_words_about_one_thing_are_no_refusal_of_the_operation():
    answers = {"GET /": swagger("POST /tickets/{number}"), "POST /tickets/9": {"error": ["Ticket is locked"]}}
    with desk_for(answers) as provider:
        with pytest.raises(ProviderError) as caught:
            provider.support.reply("9", "Hello")
        assert not isinstance(caught.value, NotSupported | OutcomeUnknown)
        assert provider.can("support.reply")


def test_what_a_document_names_beside_the_documented_operations_is_not_kept():
    hostile: dict[str, Any] = {f"/\0{number}" + "x" * 500: {"get": {}, "\ud800": {}} for number in range(1_000)}
    paths = {
        "/details": {"get": {}, **{f"verb{number}": {} for number in range(9_000)}},
        "/domain": {"get": {}},
        **hostile,
    }
    memory = Memory()
    with desk_for(lambda *_: {"paths": paths}, preset="hostbill", memory=memory) as provider:
        assert provider.capabilities == {"profile.profile", "domains.list"}
    assert memory.kept[PUBLISHED_KEY] == ["GET /details", "GET /domain"]
