"""Services, machines and certificates as they come in reality: every dialect of machines, services that fail or have none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from providers.errors import NotFound, Unavailable
from providers.resources import CertificateStatus, MachineStatus
from providers.transport import Limits
from tests.providers.hostbill.desk import desk_for


def test_a_service_whose_methods_are_refused_is_read_all_the_same():
    with desk_for({"GET /service/5": {"service": {"id": "5", "name": "VPS", "status": "Active"}}}) as portal:
        assert portal.services.detail("5").methods is None


MACHINES = [
    (
        {
            "vms": {
                "9": {
                    "label": "web",
                    "status": "running",
                    "memory": "2048",
                    "cpus": "2",
                    "disk": "40",
                    "ip": "203.0.113.9",
                }
            }
        },
        "web",
    ),
    (
        {
            "vms": [
                {
                    "vmid": 9,
                    "hostname": "web",
                    "state": "Online",
                    "ram": 2048,
                    "cores": 2,
                    "disk_space": 40,
                    "ips": ["203.0.113.9"],
                }
            ]
        },
        "web",
    ),
    (
        [
            {
                "vm_id": "9",
                "name": "web",
                "status": "Up",
                "memory": "2 GB",
                "cpu": 2,
                "disk": "40GB",
                "ip_addresses": {"0": "203.0.113.9"},
            }
        ],
        "web",
    ),
    ({"vm": {"id": 9, "status": "ACTIVE", "ram": "2048 MB", "cpu": "2", "disk": 40, "ips": "203.0.113.9"}}, "9"),
]


@pytest.mark.parametrize(("answer", "name"), MACHINES)
def test_virtual_machines_are_read_in_every_dialect(answer, name):
    services = {"services": [{"id": "5", "name": "VPS", "status": "Active"}]}
    with desk_for({"GET /service": services, "GET /service/5/vms": answer}) as portal:
        page = portal.services.list_machines()
    (machine,) = page.items
    assert (machine.id, machine.name, machine.status, machine.service_id) == ("5:9", name, MachineStatus.RUNNING, "5")
    assert (machine.memory_mb, machine.cpus, machine.disk_gb, machine.ips) == (2048, 2, 40, ("203.0.113.9",))
    assert page.complete


def test_one_machine_and_its_password_stays_out_of_sight():
    answer = {
        "vm": {
            "vmid": 9,
            "label": "web",
            "status": "stopped",
            "password": "hunter22",
            "memory": "3",
            "created": "2026-01-02 10:00:00",
        }
    }
    with desk_for({"GET /service/5/vms/9": answer}) as portal:
        machine = portal.services.machine("5:9")
    assert (machine.id, machine.status, machine.password) == ("5:9", MachineStatus.STOPPED, "hunter22")
    assert machine.unreadable == ("memory_mb",)
    assert machine.created_at == datetime(2026, 1, 2, 3, 0, tzinfo=UTC)
    assert "hunter22" not in repr(machine)


def services_of(count: int, status: str = "Active") -> Any:
    return {
        "services": [{"id": str(number), "name": f"VPS {number}", "status": status} for number in range(1, count + 1)]
    }


def test_machines_come_in_pages_of_twenty_services():
    def say(_method, path, _body):
        if path == "/service":
            return services_of(45)
        return {"vms": [{"id": "1", "name": path, "status": "running"}]}

    with desk_for(say) as portal:
        first = portal.services.list_machines()
        second = portal.services.list_machines(first.next)
        third = portal.services.list_machines(second.next)
    assert [len(page.items) for page in (first, second, third)] == [20, 20, 5]
    assert (first.next, second.next, third.next) == ("20", "40", None)
    with desk_for({}) as portal, pytest.raises(NotFound):
        portal.services.machine("5")
    assert len({one.id for page in (first, second, third) for one in page.items}) == 45


def test_a_service_without_machines_is_asked_once_a_day():
    asked = []

    def say(_method, path, _body):
        asked.append(path)
        if path == "/service":
            return services_of(2)
        return {"error": ["invalid method"]} if path == "/service/1/vms" else {"vms": []}

    with desk_for(say) as portal:
        for _ in range(2):
            page = portal.services.list_machines()
            assert page.complete
    assert asked == ["/service", "/service/1/vms", "/service/2/vms", "/service", "/service/2/vms"]


def test_a_service_that_fails_makes_the_page_incomplete_and_names_itself():
    def say(_method, path, _body):
        if path == "/service":
            return services_of(2)
        return (
            {"error": ["Hypervisor timeout"]}
            if path == "/service/1/vms"
            else {"vms": [{"id": "1", "name": "web", "status": "on"}]}
        )

    with desk_for(say) as portal:
        page = portal.services.list_machines()
    assert len(page.items) == 1
    assert not page.complete
    assert "service 1 (VPS 1)" in page.note


def test_services_that_can_not_be_reached_are_not_waited_for_one_by_one():
    asked = []

    def say(_method, path, _body):
        if path == "/service":
            return services_of(9)
        asked.append(path)
        return (503, {"error": ["Hypervisor down"]}) if path != "/service/1/vms" else {"vms": []}

    with desk_for(say) as portal:
        portal._transport.limits = Limits(attempts=1)
        with pytest.raises(Unavailable):
            portal.services.list_machines()
    assert asked == ["/service/1/vms", "/service/2/vms", "/service/3/vms"]


def test_services_that_could_not_be_listed_whole_leave_the_machines_incomplete():
    with desk_for({"GET /service": {"services": [{"id": "3"}]}}) as portal:
        page = portal.services.list_machines()
    assert page.items == ()
    assert not page.complete


def test_services_that_ended_or_have_not_begun_are_not_asked():
    def say(_method, path, _body):
        assert path == "/service"
        return {
            "services": [
                {"id": str(index), "name": "VPS", "status": word}
                for index, word in enumerate(("Terminated", "Cancelled", "Pending", "Fraud"), start=1)
            ]
        }

    with desk_for(say) as portal:
        assert portal.services.list_machines().items == ()


def test_a_revoked_certificate_is_revoked_though_its_service_is_active():
    row = {
        "id": "1",
        "name": "SSL",
        "domain": "A.com",
        "status": "Active",
        "cert_status": "Revoked",
        "cert_expires": "2027-05-06 07:08:09",
    }
    with desk_for({"GET /certificate": {"sslservices": [row]}}) as portal:
        (certificate,) = portal.certificates.list().items
    assert certificate.status == CertificateStatus.REVOKED
    assert (certificate.upstream_status, certificate.domain, certificate.expires_on) == (
        "Active",
        "a.com",
        date(2027, 5, 6),
    )


def test_a_certificate_that_was_not_issued_has_no_end():
    row = {"id": "1", "name": "SSL", "domain": "a.com", "status": "Pending", "cert_expires": "0000-00-00 00:00:00"}
    with desk_for({"GET /certificate": {"sslservices": [row]}}) as portal:
        (certificate,) = portal.certificates.list().items
    assert (certificate.expires_on, certificate.unreadable) == (None, ())
