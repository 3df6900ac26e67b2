"""What the tests of changes share: a provider for each stand-in, and each change with how often it happened upstream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from providers.hostbill import HostBillProvider
from providers.presets import VPS_ORG
from providers.resources import Record, RecordDraft, ZoneDetail
from providers.vpsorg.adapter import VpsOrgProvider
from sandbox.portal import Portal
from sandbox.server import Sandbox
from tests.providers.hostbill.desk import connection, spec

LONG = 3600
TEXT = RecordDraft(name="holdfast", type="TXT", content="v=1; put here by us")


def provider_for(portal: Portal, **more: Any) -> Any:
    """An adapter that speaks to the stand-in as people connect it."""
    more.setdefault("auth", portal.auth)
    made = connection(portal.base_url, credential=portal.credential, **more)
    if portal.key == "vps-org":
        return VpsOrgProvider(made, VPS_ORG)
    return HostBillProvider(made, spec(portal.key))


@dataclass(frozen=True)
class Deed:
    """A change. `aim` finds a thing for it and answers what sends it; `times` counts how often it is in the stand-in's state."""

    portal: str
    method: str
    path: str
    aim: Callable[[Any, Portal], Callable[[], Any]]
    times: Callable[[Portal], int]

    def __str__(self) -> str:
        return f"{self.portal} {self.method} {self.path}"


def domain_named(portal: Portal, name: str) -> dict[str, Any]:
    key = "domain_name" if portal.key == "vps-org" else "name"
    return next(one for one in portal.state.all("domains") if one[key] == name)


def zone_ids(provider: Any, kind: str) -> list[str]:
    return [zone.id for zone in provider.dns.list().items if zone.id.startswith(kind)]


def a_zone(provider: Any, kind: str) -> ZoneDetail:
    """The first zone of a kind that holds an A record at `www` or below it."""
    zones: Iterator[ZoneDetail] = (provider.dns.detail(zone_id) for zone_id in zone_ids(provider, kind))
    return next(zone for zone in zones if any(record.type == "A" and record.name != "@" for record in zone.records))


def an_address(zone: ZoneDetail) -> Record:
    return next(record for record in zone.records if record.type == "A" and record.name != "@")


def moved(record: Record) -> RecordDraft:
    return RecordDraft(name=record.name, type="A", content="192.0.2.99", ttl=record.ttl)


# --- what there is upstream -----------------------------------------------------------------------------------------------------


def _rows(portal: Portal) -> list[dict[str, Any]]:
    """All records of all zones, wherever they are kept."""
    holders = [*portal.state.all("zones"), *(portal.state.all("domains") if portal.key != "vps-org" else [])]
    return [row for holder in holders for row in holder["records"]]


def _added(portal: Portal) -> int:
    return sum(row["name"].startswith("holdfast") for row in _rows(portal))


def _moved(portal: Portal) -> int:
    return sum("192.0.2.99" in (row.get("content"), row.get("value")) for row in _rows(portal))


def _counter(count: Callable[[Portal], int]) -> Callable[[Portal], int]:
    """How far `count` has moved since it was first asked of a portal."""
    first: WeakKeyDictionary[Portal, int] = WeakKeyDictionary()

    def moved_by(portal: Portal) -> int:
        now = count(portal)
        return abs(now - first.setdefault(portal, now))

    return moved_by


def _orders(portal: Portal) -> int:
    return len(portal.state.all("orders"))


def _charges(portal: Portal) -> int:
    return round(float(portal.state.all("account")[0]["balance"]) / 12.99)


def _replies(portal: Portal) -> int:
    return sum(len(ticket["replies"]) for ticket in portal.state.all("tickets"))


def _credits(portal: Portal) -> int:
    return sum(1 for invoice in portal.state.all("invoices") if invoice["credit"] not in ("0", "0.00", "0.0", 0))


def _restarts(portal: Portal) -> int:
    kind = "servers" if portal.key == "vps-org" else "machines"
    return sum(one["status"] in ("rebooting", "restarting") for one in portal.state.all(kind))


# --- the changes ----------------------------------------------------------------------------------------------------------------


def _renew(name: str) -> Callable[[Any, Portal], Callable[[], Any]]:
    def aim(provider: Any, portal: Portal) -> Callable[[], Any]:
        one = domain_named(portal, name)
        key = one["uuid"] if portal.key == "vps-org" else one["id"]
        return lambda: provider.domains.renew(key, 1)

    return aim


def _credit(provider: Any, portal: Portal) -> Callable[[], Any]:
    portal.state.edit("client", "1")["credit"] = "9000000.00"
    open_invoices = (one for one in portal.state.all("invoices") if one["status"] == "Unpaid")
    invoice = next(one for one in open_invoices if one["currency"] == portal.flavour.currency)  # type: ignore[attr-defined]
    return lambda: provider.billing.apply_credit(invoice["id"])


def _reply(provider: Any, portal: Portal) -> Callable[[], Any]:
    number = portal.state.all("tickets")[0]["number"]
    return lambda: provider.support.reply(number, "Thank you, that helped.\n\nAlice")


def _reboot(provider: Any, portal: Portal) -> Callable[[], Any]:
    portal.set(machine_seconds=LONG)
    machine = next(one for one in all_machines(provider) if one.status == "running")
    return lambda: provider.services.reboot(machine.id)


def all_machines(provider: Any) -> list[Any]:
    return list(provider.services.list_machines().items)


def _add(kind: str) -> Callable[[Any, Portal], Callable[[], Any]]:
    def aim(provider: Any, _portal: Portal) -> Callable[[], Any]:
        zone = a_zone(provider, kind)
        return lambda: provider.dns.add(zone.id, TEXT)

    return aim


def _change(kind: str) -> Callable[[Any, Portal], Callable[[], Any]]:
    def aim(provider: Any, _portal: Portal) -> Callable[[], Any]:
        zone = a_zone(provider, kind)
        record = an_address(zone)
        return lambda: provider.dns.change(zone.id, record, moved(record))

    return aim


def _remove(kind: str) -> Callable[[Any, Portal], Callable[[], Any]]:
    def aim(provider: Any, _portal: Portal) -> Callable[[], Any]:
        zone = a_zone(provider, kind)
        return lambda: provider.dns.remove(zone.id, an_address(zone))

    return aim


def _row_count(portal: Portal) -> int:
    return len(_rows(portal))


def deeds() -> list[Deed]:
    """Every change of every stand-in."""
    found = []
    for key, renewable in (("cloudviet", "hoasenspa.vn"), ("dns-services", "kystvand.dk")):
        found += [
            Deed(key, "POST", "/domain/[^/]+/renew", _renew(renewable), _counter(_orders)),
            Deed(key, "POST", "/invoice/[^/]+/credit", _credit, _counter(_credits)),
            Deed(key, "POST", "/tickets/[^/]+", _reply, _counter(_replies)),
        ]
        for kind, path in (("domain:", "/domain/[^/]+/dns"), ("service:", "/service/[^/]+/dns/[^/]+/records")):
            found += [
                Deed(key, "POST", path, _add(kind), _counter(_added)),
                Deed(key, "PUT", path, _change(kind), _counter(_moved)),
                Deed(key, "DELETE", path, _remove(kind), _counter(_row_count)),
            ]
    found += [
        Deed("cloudviet", "POST", "/service/[^/]+/vms/[^/]+/reboot", _reboot, _counter(_restarts)),
        Deed("vps-org", "POST", "/domains/[^/]+/renew/", _renew("anphatlogistics.com"), _counter(_charges)),
        Deed("vps-org", "POST", "/dns-zones/[^/]+/records/", _add(""), _counter(_added)),
        Deed("vps-org", "PATCH", "/dns-records/[^/]+/", _change(""), _counter(_moved)),
        Deed("vps-org", "DELETE", "/dns-records/[^/]+/", _remove(""), _counter(_row_count)),
        Deed("vps-org", "POST", "/servers/[^/]+/power/", _reboot, _counter(_restarts)),
    ]
    return found


def portal_of(sandbox: Sandbox, deed: Deed) -> Portal:
    return next(one for one in sandbox if one.key == deed.portal)


def sent(portal: Portal, method: str) -> int:
    """How many requests of that method came in, sign-in left aside."""
    return sum(entry.method == method and not entry.path.endswith(("/login", "/token")) for entry in portal.log)
