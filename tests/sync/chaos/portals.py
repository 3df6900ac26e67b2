"""What happens at the portals: faults of every kind, and real changes of what they hold."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from sandbox.faults import KINDS
from sandbox.hostbill.portal import HostBillPortal
from sandbox.hostbill.support import add_reply
from sandbox.portal import Portal
from sandbox.state import Record

OPTIONS: dict[str, dict[str, Any]] = {
    "latency": {"seconds": 0.2},
    "hang": {"seconds": 2.0},
    "huge": {"megabytes": 20},
    "rate-limited": {"retry_after": 1},
    "unavailable": {"retry_after": 1},
}
AT_ONCE = 3
ACTORS = 6
"""Things of one kind and portal that anything happens to: so few that no real change looks like a mass change."""


class Weather:
    """The faults of one portal, changed from time to time; every kind has its turn."""

    def __init__(self, portal: Portal, dice: random.Random) -> None:
        self._portal = portal
        self._dice = dice
        self._turn: list[str] = []
        self.hits: Counter[str] = Counter()

    def change(self) -> None:
        self.clear()
        for _ in range(self._dice.randint(1, AT_ONCE)):
            if not self._turn:
                self._turn = self._dice.sample(sorted(KINDS), len(KINDS))
            kind = self._turn.pop()
            self._portal.fail(kind, probability=self._dice.choice([0.05, 0.2, 0.6]), **OPTIONS.get(kind, {}))

    def clear(self) -> None:
        for fault in self._portal.faults.listed():
            self.hits[fault["kind"]] += fault["hits"]
        self._portal.faults.clear()


class Life:
    """What people and registries really change at one portal, behind the desk's back."""

    def __init__(self, portal: Portal, dice: random.Random) -> None:
        self.portal = portal
        self.dice = dice
        self.done: Counter[str] = Counter()
        self._away: list[Record] = []
        self._actors: dict[str, list[str]] = {}
        hostbill = [self._ticket, self._reply, self._pay, self._label]
        self._deeds: list[Callable[[], None]] = [
            self._renew,
            self._auto_renew,
            self._nameservers,
            self._record,
            self._new_record,
            self._lose_record,
            self._vanish,
            self._return,
            *(hostbill if isinstance(portal, HostBillPortal) else [self._power]),
        ]

    def goes_on(self) -> None:
        deed = self.dice.choice(self._deeds)
        with self.portal.lock, suppress(IndexError):  # nothing there to do it to
            deed()
            self.portal.state.flush()
            self.done[deed.__name__.strip("_")] += 1

    def _one(self, kind: str, where: Callable[[Record], bool] = lambda _record: True) -> Record:
        state = self.portal.state
        if kind not in self._actors:
            keys = [str(one.get("number" if kind == "tickets" else "uuid") or one["id"]) for one in state.all(kind)]
            self._actors[kind] = self.dice.sample(keys, min(ACTORS, len(keys)))
        there = [key for key in self._actors[kind] if (one := state.get(kind, key)) is not None and where(one)]
        if not there:
            raise IndexError(kind)
        return state.edit(kind, self.dice.choice(there))

    def _renew(self) -> None:
        domain = self._one("domains", lambda one: "0000" not in str(one.get("expires") or one.get("expiration_date")))
        name = "expires" if "expires" in domain else "expiration_date"
        day = date.fromisoformat(domain[name][:10])
        if day > date(2034, 1, 1):
            return
        domain[name] = f"{day + timedelta(days=365)}{domain[name][10:]}"
        if "next_due" in domain:
            domain["next_due"] = domain[name]

    def _auto_renew(self) -> None:
        domain = self._one("domains")
        if "autorenew" in domain:
            domain["autorenew"] = "0" if domain["autorenew"] == "1" else "1"
        else:
            domain["auto_renew"] = not domain["auto_renew"]

    def _nameservers(self) -> None:
        self._one("domains")["nameservers"] = [
            f"ns{self.dice.randint(1, 9)}.elsewhere.example",
            "ns0.elsewhere.example",
        ]

    def _record(self) -> None:
        address = self._address()
        address["content" if "content" in address else "value"] = self._ip()

    def _new_record(self) -> None:
        zone = self._one("zones")
        number = self.dice.randint(100_000, 999_999)
        shape = {**zone["records"][-1], "name": f"new-{number}", "ttl": 600, "priority": 0}
        if "uuid" in shape:
            shape |= {"uuid": f"00000000-0000-4000-8000-000000{number}", "record_type": "A", "value": self._ip()}
        else:
            shape |= {"id": str(number), "type": "A", "content": self._ip(), "quoted": False}
        zone["records"].append(shape)

    def _lose_record(self) -> None:
        zone = self._one("zones", lambda one: len(one["records"]) > 3)
        zone["records"].pop()

    def _address(self) -> Record:
        zone = self._one("zones")
        found: list[Record] = [one for one in zone["records"] if one.get("type", one.get("record_type")) == "A"]
        return self.dice.choice(found)

    def _ip(self) -> str:
        return f"203.0.113.{self.dice.randint(1, 254)}"

    def _vanish(self) -> None:
        if len(self._away) >= 2:
            raise IndexError("enough are away")
        domain = self._one("domains")
        self._away.append(domain)
        self.portal.state.remove("domains", str(domain.get("uuid") or domain["id"]))

    def _return(self) -> None:
        domain = self._away.pop(0)
        self.portal.state.put("domains", str(domain.get("uuid") or domain["id"]), domain)

    def _ticket(self) -> None:
        assert isinstance(self.portal, HostBillPortal)
        number = str(900_000 + self.done["ticket"])
        now = self.portal.clock.stamp()
        shape = {**self._one("tickets"), "number": number, "subject": f"Question {number}", "replies": []}
        self.portal.state.put("tickets", number, {**shape, "status": "Open", "date": now, "changed": now})

    def _reply(self) -> None:
        assert isinstance(self.portal, HostBillPortal)
        number = str(self._one("tickets")["number"])
        add_reply(self.portal, number, "Sofie Lund", f"Answer {self.dice.random()}", "Admin")

    def _pay(self) -> None:
        invoice = self._one("invoices", lambda one: one["status"] == "Unpaid")
        invoice.update(status="Paid", datepaid=self.portal.clock.stamp())

    def _label(self) -> None:
        self._one("services")["label"] = f"label {self.dice.randint(1, 1000)}"

    def _power(self) -> None:
        server = self._one("servers")
        server["status"] = "stopped" if server["status"] == "running" else "running"
