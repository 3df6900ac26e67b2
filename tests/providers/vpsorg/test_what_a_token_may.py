"""What is offered goes by the token's scopes and by what was refused, and nothing is asked needlessly."""

from __future__ import annotations

import time
from typing import Any

import pytest

from providers.errors import NotSupported, PermissionDenied
from providers.vpsorg.learned import DAY, Known, Learned
from providers.vpsorg.operations import NEEDS, allowed
from sandbox.portal import Portal
from tests.providers.kit import Memory
from tests.providers.vpsorg.conftest import Answers, asked, at

READS = {name for name, need in NEEDS.items() if not need.changes}


def of(*scopes: str, changes: bool | None = None) -> set[str]:
    return {name for name, need in NEEDS.items() if need.scope in {"", *scopes} and changes in {None, need.changes}}


def token(stand_in: Portal, *scopes: str) -> str:
    name = f"vps_{len(stand_in.state.all('tokens'))}"
    with stand_in.lock:
        stand_in.state.put("tokens", name, {"token": name, "name": "test", "scopes": list(scopes)})
    return name


@pytest.mark.parametrize(
    ("scopes", "offered"),
    [
        (("*:*",), set(NEEDS)),
        (("servers:read",), of("servers", changes=False)),
        (("servers:*",), of("servers")),
        (("domains:*",), of("domains")),
        (("dns:*", "ssh_keys:*"), of("dns", "ssh_keys")),
        (("servers:read", "dns:*"), of("servers", changes=False) | of("dns")),
        (("*:read",), READS),
    ],
)
def test_scopes_say_what_is_offered_before_anything_is_refused(
    stand_in: Portal, scopes: tuple[str, ...], offered: set[str]
):
    provider = at(stand_in, token(stand_in, *scopes))
    assert provider.capabilities == offered
    assert provider.capabilities == offered
    assert [one.path for one in stand_in.log] == ["/api/v1/account/me/"]
    assert ("everything" in provider.notes[1]) is (scopes == ("*:*",))
    assert all(scope in provider.notes[1] for scope in scopes)


def test_with_servers_read_the_catalogue_is_read_and_nothing_is_changed(stand_in: Portal):
    provider = at(stand_in, token(stand_in, "servers:read"))
    assert provider.catalog.plans()
    assert provider.catalog.locations()
    assert provider.catalog.systems()
    machine = provider.services.list_machines().items[0]
    assert provider.capabilities  # its scopes are known from here on
    before = len(stand_in.log)
    for change in (
        lambda: provider.services.stop(machine.id),
        lambda: provider.services.delete_machine(machine.id),
        lambda: provider.domains.set_auto_renew("1", on=True),
    ):
        with pytest.raises(NotSupported, match="Nothing was sent"):
            change()
    assert len(stand_in.log) == before


def test_a_portal_that_does_not_tell_the_scopes_is_asked_once_a_day(server: Any, provider: Any):
    assert provider.capabilities == set(NEEDS)
    assert provider.capabilities == set(NEEDS)
    assert asked(server) == [("GET", "/account/me/", None)]
    assert provider.notes[1].startswith("The portal does not say what this token may do")


@pytest.mark.parametrize("trouble", [(500, {}), (401, {"detail": "no"}), (200, b"<html>")])
def test_trouble_with_the_scopes_takes_nothing_away_and_is_not_repeated(
    server: Any, answers: Answers, provider: Any, trouble: Any
):
    answers["/account/me/"] = trouble
    assert provider.capabilities == provider.capabilities == set(NEEDS)
    assert len(server.seen) == 1


def test_a_refused_write_closes_the_writing_of_its_scope_alone(answers: Answers, provider: Any):
    answers["POST /servers/s1/backup/"] = (403, {"detail": "no"})
    with pytest.raises(PermissionDenied):
        provider.services.back_up("s1")
    assert provider.capabilities == set(NEEDS) - {name for name in of("servers", changes=True) if NEEDS[name].scope}


def test_a_refused_catalogue_does_not_close_the_servers(answers: Answers, provider: Any):
    answers["/plans/"] = (403, {"detail": "no"})
    with pytest.raises(PermissionDenied):
        provider.catalog.plans()
    assert provider.capabilities == set(NEEDS) - {"catalog.plans"}


@pytest.mark.parametrize("refusal", [(405, {}), (501, {}), (404, {"detail": "Not found."})])
def test_an_operation_that_does_not_exist_is_not_asked_again(
    server: Any, answers: Answers, provider: Any, refusal: Any
):
    answers["/ssh-keys/"] = answers["/domains/search/"] = refusal
    for _ in range(2):
        with pytest.raises(NotSupported):
            provider.domains.lookup("x.com")
        with pytest.raises(NotSupported):
            provider.services.add_ssh_key("desk", "ssh-ed25519 AAAA")
    assert [path for _, path, _ in asked(server)] == ["/domains/search/", "/ssh-keys/"]
    assert not provider.can("domains.lookup")
    assert not provider.can("services.add_ssh_key")
    assert provider.can("services.ssh_keys")


def test_a_405_about_one_thing_is_about_all_and_a_404_is_not(answers: Answers, provider: Any):
    answers["POST /domains/u1/update_nameservers/"] = (405, {})
    with pytest.raises(NotSupported):
        provider.domains.set_nameservers("u1", ["ns1.x.example"])
    assert "POST /domains/{uuid}/update_nameservers/" in provider.notes[-1]
    answers["POST /domains/u2/update_nameservers/"] = {}
    with pytest.raises(NotSupported, match="Nothing was sent"):
        provider.domains.set_nameservers("u2", ["ns1.x.example"])
    with pytest.raises(Exception, match="no such thing"):
        provider.services.stop("s1")
    assert provider.can("services.stop")


def test_a_refusal_is_forgotten_after_a_day(monkeypatch: pytest.MonkeyPatch):
    memory = Memory()
    learned = Learned(memory)
    learned.refuse("dns")
    learned.refuse("GET /plans/")
    assert learned.now().refused == {"dns", "GET /plans/"}
    later = time.time() + DAY + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert learned.now().refused == frozenset()


@pytest.mark.parametrize("junk", [None, 5, "x", [], ["a"], {"dns": "soon"}, {"dns": None}, [[1]], {}])
def test_a_memory_of_another_shape_is_no_knowledge(junk: Any):
    memory = Memory()
    memory.kept = {"vpsorg.form": junk, "vpsorg.refused": junk, "vpsorg.scopes": junk}
    known = Learned(memory).now()
    assert (known.form, known.refused) == (None, frozenset())
    assert known.scopes <= {"a"}


def test_every_capability_of_the_adapter_has_its_need(provider: Any):
    assert all(allowed(need, Known()) for need in NEEDS.values())
    assert provider.capabilities == set(NEEDS)
