"""Virtual machines of the Cloudviet stand-in in its three dialects, switched over HTTP and read back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from providers.contract import pages
from providers.errors import InvalidRequest, NotFound, NotSupported
from providers.hostbill.parse.machine import new_password
from providers.resources import MachineStatus
from sandbox.hostbill.portal import HostBillPortal
from sandbox.server import Sandbox
from tests.providers.hostbill.rented import desk, key_of, machine_of, service_of

DIALECTS = ["plain", "numeric", "wordy"]
POWER = ["start", "stop", "suspend", "unsuspend", "reboot"]


@pytest.fixture(scope="module")
def portal() -> Iterator[HostBillPortal]:
    with Sandbox(demo=True, seed=4) as running:
        yield running.cloudviet


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_machine_goes_through_every_change_of_power(portal, dialect):
    machine = key_of(machine_of(portal, dialect))
    services = desk(portal).services
    for change, then in (
        ("reboot", MachineStatus.RUNNING),
        ("stop", MachineStatus.STOPPED),
        ("start", MachineStatus.RUNNING),
        ("suspend", MachineStatus.SUSPENDED),
        ("unsuspend", MachineStatus.RUNNING),
    ):
        getattr(services, change)(machine)
        assert services.machine(machine).status is then, change


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_change_of_power_takes_its_time(portal, dialect):
    machine = key_of(machine_of(portal, dialect))
    services = desk(portal).services
    portal.set(machine_seconds=30)
    try:
        services.reboot(machine)
        assert services.machine(machine).status is MachineStatus.BUSY
        portal.advance(seconds=31)
    finally:
        portal.set(machine_seconds=0)
    assert services.machine(machine).status is MachineStatus.RUNNING


def test_a_change_that_the_state_forbids_is_refused_in_the_portals_words(portal):
    services = desk(portal).services
    with pytest.raises(InvalidRequest) as caught:
        services.start(key_of(machine_of(portal, "plain")))
    assert caught.value.upstream_words == "Server is running"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_machine_is_rebuilt_from_one_of_its_templates(portal, dialect):
    machine = machine_of(portal, dialect)
    services = desk(portal).services
    templates = {one.name: one for one in services.templates(key_of(machine))}
    assert sorted(templates) == ["AlmaLinux 9", "Debian 12", "Ubuntu 24.04 LTS", "Windows Server 2022"]
    assert {one.group for one in templates.values()} == ({"Linux", "Windows"} if dialect == "wordy" else {""})
    services.rebuild(key_of(machine), templates["AlmaLinux 9"].id)
    assert portal.state.get("machines", machine["id"])["template"] == "13"
    if dialect == "numeric":
        assert services.machine(key_of(machine)).system == "AlmaLinux 9"
    for template in ("", "99"):
        with pytest.raises(InvalidRequest):
            services.rebuild(key_of(machine), template)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_new_password_is_a_secret_or_said_to_be_sent(portal, dialect):
    machine = machine_of(portal, dialect)
    secret = desk(portal).services.reset_password(key_of(machine))
    kept = portal.state.get("machines", machine["id"])["password"]
    assert kept not in f"{secret} {secret!r}"
    if dialect == "numeric":
        assert (secret.value, secret.words[:10]) == ("", "The portal")
    else:
        assert (secret.value, secret.words) == (kept, "")


def test_a_machine_has_to_be_there(portal):
    services = desk(portal).services
    service_id = machine_of(portal, "plain")["service_id"]
    for wrong in (f"{service_id}:999999", f"{key_of(machine_of(portal, 'wordy'))}0"):
        for ask in (services.machine, services.templates, services.reboot, services.reset_password):
            with pytest.raises(NotFound):
                ask(wrong)


@pytest.mark.parametrize("wrong", ["", "320", ":7", "320:"])
def test_an_id_of_another_form_is_not_found_and_nothing_is_sent(portal, wrong):
    calls: list[Any] = []
    services = desk(portal, calls=calls).services
    for change in POWER:
        with pytest.raises(NotFound):
            getattr(services, change)(wrong)
    with pytest.raises(NotFound):
        services.rebuild(wrong, "11")
    with pytest.raises(NotFound):
        services.templates(wrong)
    assert calls == []


def test_a_service_without_machines_is_refused_once_and_others_go_on(portal):
    calls: list[Any] = []
    services = desk(portal, calls=calls).services
    other = service_of(portal, "dns")["id"]
    for _ in range(2):
        with pytest.raises(NotSupported):
            services.stop(f"{other}:1")
    assert len(calls) == 1
    machine = key_of(machine_of(portal, "plain"))
    services.stop(machine)
    services.start(machine)


def test_what_a_portal_of_hostbill_does_not_document_is_not_offered(portal):
    provider = desk(portal)
    lacking = ("power_off", "back_up", "snapshot", "resize", "create_machine", "delete_machine", "ssh_keys")
    assert not {f"services.{one}" for one in lacking} & provider.capabilities
    with pytest.raises(NotSupported):
        provider.services.power_off("1:2")


def test_all_machines_are_listed_with_what_their_dialects_tell(portal):
    found = [one for page in pages(desk(portal).services.list_machines) for one in page.items]
    assert {one.id for one in found} == {key_of(one) for one in portal.state.all("machines")}
    assert all(one.ips and one.memory_mb and one.disk_gb and one.cpus and not one.unreadable for one in found)


@pytest.mark.parametrize(
    ("answer", "password"),
    [
        ({"success": True, "password": "a b"}, "a b"),
        ({"vm": {"rootpassword": "x1"}}, "x1"),
        ({"data": {"pass": 12345}}, "12345"),
        ({"password": "", "new_password": "x1"}, "x1"),
        ({"password": None}, ""),
        ({"password": {"a": "b"}}, ""),
        ({"password": True}, ""),
        ({"password": "x" * 200_000}, ""),
        ({"info": ["Your password is x1"]}, ""),
        (True, ""),
        ([], ""),
    ],
)
def test_a_new_password_is_found_where_portals_put_it(answer, password):
    assert new_password(answer) == password
