"""A virtual machine is the same in whatever dialect an installation writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from providers.hostbill.parse.machine import machine
from providers.resources import MachineStatus

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NAMES = {
    "id": ("id", "vmid", "vm_id"),
    "name": ("label", "name", "hostname"),
    "status": ("status", "state"),
    "memory": ("memory", "ram"),
    "cpus": ("cpu", "cores", "cpus"),
    "disk": ("disk", "disk_space"),
    "ips": ("ip", "ips", "ip_addresses"),
    "system": ("template", "template_name", "os"),
}
"""What installations call the fields (REFERENCE, "HostBill in general")."""

Spelling = Callable[[Any], Any]
NUMBERS: tuple[Spelling, ...] = (int, str, lambda value: f" {value} ", lambda value: f"{value}.0")
MEMORIES: tuple[Spelling, ...] = (int, str, lambda mb: f"{mb} MB", lambda mb: f"{mb}MiB", lambda mb: f"{mb * 1024} KB")
DISKS: tuple[Spelling, ...] = (int, str, lambda gb: f"{gb} GB", lambda gb: f"{gb}G", lambda gb: f"{gb * 1024} MB")
ADDRESSES: tuple[Spelling, ...] = (
    ", ".join,
    "\n".join,
    list,
    lambda ips: dict(enumerate(ips)),
    lambda ips: [{"ip": one} for one in ips],
    lambda ips: [{"address": one, "main": index == 0} for index, one in enumerate(ips)],
)


@st.composite
def written(draw: st.DrawFn, field: str, value: Any, spellings: tuple[Spelling, ...] = (str,)) -> tuple[str, Any]:
    return draw(st.sampled_from(NAMES[field])), draw(st.sampled_from(spellings))(value)


@st.composite
def machines(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a machine is, and a row that says so."""
    known = {
        "id": str(draw(st.integers(1, 10**9))),
        "name": draw(st.from_regex(r"[a-z]{1,8}(\.example\.net)?", fullmatch=True)),
        "memory_mb": draw(st.integers(64, 10**6)),
        "disk_gb": draw(st.integers(1, 10_000)),
        "cpus": draw(st.integers(1, 256)),
        "ips": tuple(str(one) for one in draw(st.lists(st.ip_addresses(), min_size=1, max_size=4, unique=True))),
    }
    row = dict(
        [
            draw(written("id", known["id"], (str, int))),
            draw(written("name", known["name"])),
            draw(written("status", "Running", (str, str.lower, str.upper))),
            draw(written("memory", known["memory_mb"], MEMORIES)),
            draw(written("disk", known["disk_gb"], DISKS)),
            draw(written("cpus", known["cpus"], NUMBERS)),
            draw(written("ips", known["ips"], ADDRESSES)),
            draw(written("system", "Debian 13")),
        ]
    )
    return known, row


@given(machines())
def test_a_machine_is_the_same_in_every_dialect(one):
    known, row = one
    read = machine(row, "320", ZONE)
    assert read.unreadable == ()
    assert (read.id, read.name, read.service_id) == (f"320:{known['id']}", known["name"], "320")
    assert (read.memory_mb, read.disk_gb, read.cpus) == (known["memory_mb"], known["disk_gb"], known["cpus"])
    assert (read.ips, read.status, read.system) == (known["ips"], MachineStatus.RUNNING, "Debian 13")


@given(st.sampled_from([0, -1, "a lot", "8", True, [1], "1e9", "99999999999 GB"]), st.sampled_from(NAMES["memory"]))
def test_a_memory_that_makes_no_sense_is_told_and_not_guessed(value, name):
    read = machine({"id": "1", name: value}, "320", ZONE)
    assert read.memory_mb is None or read.memory_mb >= 64
    if read.memory_mb is None:
        assert read.unreadable == ("memory_mb",)
