"""The dns-lexicon package, as it is, takes the sandbox for DNS.services: no class and no address of it is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from lexicon.client import Client
from lexicon.config import ConfigResolver

from sandbox.server import Sandbox
from tests.sandbox.front_door import front_door

Lexicon = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def zone(sandbox: Sandbox) -> str:
    return str(sandbox.dns_services.state.all("zones")[0]["name"])


@pytest.fixture(autouse=True)
def _front_door(sandbox: Sandbox, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with front_door("dns.services", sandbox.dns_services.port, tmp_path) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
            monkeypatch.delenv(name.lower(), raising=False)
        # it asks for the list of public suffixes too, is refused by the proxy, and uses the copy inside its package
        monkeypatch.setenv("TLDEXTRACT_CACHE_PATH", str(tmp_path / "suffixes"))
        yield


@pytest.fixture
def lexicon(sandbox: Sandbox, zone: str) -> Lexicon:
    settings = {
        "provider_name": "dnsservices",
        "domain": zone,
        "ttl": 1800,
        "dnsservices": {
            "auth_username": sandbox.dns_services.credential["username"],
            "auth_password": sandbox.dns_services.credential["password"],
        },
    }
    return lambda: Client(ConfigResolver().with_dict(settings))


RECORDS = [
    ("TXT", "_acme-challenge.lexicon", "challenge-Token_1", "challenge-Token_2"),
    ("A", "lexicon-a", "192.0.2.10", "192.0.2.11"),
    ("CNAME", "lexicon-c", "first.example.net", "second.example.net"),
]


@pytest.mark.parametrize(("kind", "name", "first", "second"), RECORDS)
def test_records_are_listed_created_updated_and_deleted(sandbox, lexicon, zone, kind, name, first, second):
    with lexicon() as records:
        before = records.list_records()
        assert records.create_record(kind, name, first)
        (made,) = records.list_records(kind, name)
        assert (made["name"], made["content"], str(made["ttl"])) == (f"{name}.{zone}", first, "1800")

        assert records.update_record(made["id"], kind, name, second)
        (changed,) = records.list_records(kind, name)
        assert (changed["id"], changed["content"]) == (made["id"], second)

        assert records.delete_record(changed["id"])
        assert records.list_records() == before
    sent = [entry.method for entry in sandbox.dns_services.log if entry.path.startswith("/api/service/")]
    assert [method for method in sent if method != "GET"] == ["POST", "PUT", "DELETE"]


@pytest.mark.parametrize(("kind", "name", "first", "_second"), RECORDS)
def test_creating_twice_makes_one_record_and_deleting_by_content_takes_it_away(lexicon, kind, name, first, _second):
    with lexicon() as records:
        records.create_record(kind, name, first)
        records.create_record(kind, name, first)
        assert len(records.list_records(kind, name, first)) == 1
        records.delete_record(None, kind, name, first)
        assert records.list_records(kind, name) == []


def test_what_lexicon_wrote_is_what_its_record_is_in_the_portal(sandbox, lexicon, zone):
    with lexicon() as records:
        for kind, name, content, _ in RECORDS:
            records.create_record(kind, name, content)
    kept = next(one for one in sandbox.dns_services.state.all("zones") if one["name"] == zone)["records"]
    written = {(one["type"], one["name"], one["content"]) for one in kept if "lexicon" in one["name"]}
    assert written == {(kind, name, content) for kind, name, content, _ in RECORDS}
