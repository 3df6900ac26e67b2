"""A world of domains whose days go by, and what is owed in it, reckoned apart from the engine.

Upstream is a real stand-in portal; the mirror is moved as a sync would move it, a few hours or days late. The reckoning knows
nothing of rows, claims or digests: it goes through the days and says which names each person must find in which day's mail.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import ProviderAccount, User
from domains.models import Domain
from sandbox.server import Sandbox
from sync.models import Resource
from tests.factories import make_domain

HOUR = 8
DISTANCES = (60, 30, 14, 7, 3, 1, 0, -1, -3)


@dataclass(slots=True)
class Held:
    """One domain: what the portal says, and what the mirror says of it."""

    name: str
    pk: int
    upstream: date
    mirror: date
    late: int = 0
    """Days until the mirror learns of upstream's day."""
    habit: str = "renewed"


@dataclass(slots=True)
class World:
    sandbox: Sandbox
    account: ProviderAccount
    chance: random.Random
    held: list[Held] = field(default_factory=list)
    moves: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def fill(self, today: date, count: int) -> None:
        records = {each["name"]: each for each in self.sandbox.cloudviet.state.all("domains")}
        for number, (name, record) in enumerate(sorted(records.items())[:count]):
            expires = today + timedelta(days=self.chance.randrange(-10, 365))
            habit = ("renewed", "renewed", "renewed", "late", "lost", "moved")[number % 6]
            domain = make_domain(name, account=self.account, upstream_id=str(record["id"]), expires_on=expires)
            self.held.append(Held(name, domain.pk, expires, expires, habit=habit))
            self._tell_portal(self.held[-1])

    def live_a_day(self, today: date) -> None:
        """What owners and portals do on this day, before anybody looks."""
        for each in self.held:
            self._decide(each, today)
            if each.upstream != each.mirror:
                each.late -= 1
                if each.late < 0:
                    self._tell_mirror(each)

    def _decide(self, each: Held, today: date) -> None:
        left = (each.upstream - today).days
        settled = each.upstream == each.mirror
        renewing = {"renewed": 10, "late": -2, "moved": 5}.get(each.habit)
        if renewing is not None and left == renewing and settled:
            self._move(each, each.upstream + timedelta(days=365), "renewed")
        elif each.habit == "moved" and left == 25 and settled:
            self._move(each, each.upstream - timedelta(days=9), "moved earlier")

    def _move(self, each: Held, day: date, how: str) -> None:
        each.upstream, each.late = day, self.chance.choice((0, 0, 1, 3))
        self.moves[how] += 1
        self._tell_portal(each)

    def _tell_portal(self, each: Held) -> None:
        portal = self.sandbox.cloudviet
        with portal.lock:
            for record in portal.state.all("domains"):
                if record["name"] == each.name:
                    kept = portal.state.edit("domains", str(record["id"]))
                    kept["expires"] = kept["next_due"] = each.upstream.isoformat()
                    kept["autorenew"], kept["status"] = "0", "Active"
            portal.state.flush()

    def _tell_mirror(self, each: Held) -> None:
        each.mirror = each.upstream
        Domain.objects.filter(pk=each.pk).update(expires_on=each.mirror, next_due_on=each.mirror)
        Resource.objects.filter(pk=each.pk).update(due_on=each.mirror)


@dataclass(slots=True)
class Reckoning:
    """Which names each person must find in which day's mail."""

    people: list[User]
    told: dict[tuple[int, str, date], int] = field(default_factory=dict)
    """The most urgent distance that was told, by person, name and due day."""
    expected: dict[tuple[str, date], set[str]] = field(default_factory=dict)
    """By address and day."""
    called_off: int = 0

    def look(self, world: World, now: datetime) -> None:
        """Beat ticks now: whose hour has come, and who had no mail today, gets what is owed."""
        stale = set()
        for person in self.people:
            today = now.astimezone(ZoneInfo(person.time_zone)).date()
            if now < instant(person, today) or (person.email, today) in self.expected:
                continue
            owed = set()
            for number, each in enumerate(world.held):
                crossed = [distance for distance in DISTANCES if (each.mirror - today).days <= distance]
                if not crossed or min(crossed) >= self.told.get((person.pk, each.name, each.mirror), 1000):
                    continue
                if each.upstream != each.mirror:
                    stale.add(number)
                else:
                    self.told[person.pk, each.name, each.mirror] = min(crossed)
                    owed.add(each.name)
            if owed:
                self.expected[person.email, today] = owed
        for number in stale:
            # The portal is asked before a mail leaves: it is called off, and the mirror learns the new day then and there.
            world.held[number].mirror = world.held[number].upstream
        self.called_off += len(stale)


def instant(person: User, day: date) -> datetime:
    local = datetime(day.year, day.month, day.day, HOUR, tzinfo=ZoneInfo(person.time_zone))
    return local.astimezone(UTC)
