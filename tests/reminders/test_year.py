"""Days go by over a hundred and more domains that are renewed, moved and lost, at a desk that is down now and then: each owed mail
comes once, over real SMTP and after a real question to a stand-in portal. What is owed is reckoned apart, in year.py.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine

from reminders.models import Digest, Reminder, State
from sandbox.mail import MailCatcher
from sandbox.server import Sandbox
from tests.accounts import people
from tests.reminders.desk import names, received, tick
from tests.reminders.year import Reckoning, World

pytestmark = pytest.mark.django_db

BEGIN = date(2027, 1, 1)
LOOKS = ((0, 20), (1, 5), (6, 5), (7, 5), (13, 0), (21, 0))
"""Hours and minutes, UTC: shortly after eight in both zones in summer and winter, and in between."""


def live(days: int, mails: MailCatcher, *, seed: int) -> None:
    chance = random.Random(seed)
    alice, bob = people.alice(), people.bob()
    for person, zone in ((alice, "Europe/Copenhagen"), (bob, "Asia/Ho_Chi_Minh")):
        person.time_zone = zone
        person.save()
    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC), tick=False) as clock, Sandbox(domains=80) as sandbox:
        account = people.account_at(sandbox.cloudviet, "Cloudviet")
        account.rate_per_minute = 100_000
        account.save()
        world = World(sandbox, account, chance)
        world.fill(BEGIN, 120)
        reckoning = Reckoning([alice, bob])
        came: list[tuple[str, date, list[str]]] = []
        down = downtimes(days, chance)
        for number in range(days):
            today = BEGIN + timedelta(days=number)
            for hour, minute in LOOKS:
                now = datetime(today.year, today.month, today.day, hour, minute, tzinfo=UTC)
                clock.move_to(now)
                if (hour, minute) == LOOKS[0]:
                    world.live_a_day(today)
                if any(begin <= now < end for begin, end in down):
                    continue
                reckoning.look(world, now)
                came += read(mails, tick, {alice.email: alice.time_zone, bob.email: bob.time_zone}, now)
    compare(reckoning, came)
    tell(world, reckoning, came, down, seed)


def downtimes(days: int, chance: random.Random) -> list[tuple[datetime, datetime]]:
    """Some hours up to some days, about once a fortnight."""
    found = []
    for _time in range(max(1, days // 14)):
        begin = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(24, days * 24))
        found.append((begin, begin + timedelta(hours=chance.choice((3, 8, 20, 50, 100)))))
    return sorted(found)


def read(mails: MailCatcher, act, zones: dict[str, str], now: datetime) -> list[tuple[str, date, list[str]]]:
    """What arrived by doing this: address, the day there, the names in it. The catcher is emptied: it keeps the latest only."""
    act()
    found = received(mails)
    with mails.lock:
        for mail in found:
            mails.state.remove("mails", str(mail["id"]))
    return [
        (mail["to"][0], now.astimezone(ZoneInfo(zones[mail["to"][0]])).date(), names(mail["text"])) for mail in found
    ]


def compare(reckoning: Reckoning, came: list[tuple[str, date, list[str]]]) -> None:
    twice = [key for key, count in Counter((address, day) for address, day, _names in came).items() if count > 1]
    assert twice == [], "two mails to one person on one day"
    got = {(address, day): listed for address, day, listed in came}
    assert all(len(listed) == len(set(listed)) for listed in got.values()), "a name twice in one mail"
    missing = {
        key: owed - set(got.get(key, [])) for key, owed in reckoning.expected.items() if owed - set(got.get(key, []))
    }
    extra = {
        key: set(listed) - reckoning.expected.get(key, set())
        for key, listed in got.items()
        if set(listed) - reckoning.expected.get(key, set())
    }
    assert (missing, extra) == ({}, {})
    assert not Reminder.objects.filter(state__in=[State.CLAIMED, State.FAILED]).exists()


def tell(world: World, reckoning: Reckoning, came: list[tuple[str, date, list[str]]], down, seed: int) -> None:
    states = Counter(Reminder.objects.values_list("state", flat=True))
    lines = sum(len(listed) for _address, _day, listed in came)
    owed = sum(len(listed) for listed in reckoning.expected.values())
    days = sorted({day for _address, day, _listed in came})
    print(
        f"\nseed {seed}: {len(world.held)} domains, {dict(world.moves)}, down {len(down)} times; mails owed "
        f"{len(reckoning.expected)}, came {len(came)}; lines owed {owed}, came {lines}, missing 0, twice 0; called off after "
        f"asking upstream {reckoning.called_off}; reminders {dict(states)}; digests sent "
        f"{Digest.objects.filter(state=State.SENT).count()}; longest silence "
        f"{max((after - before).days for before, after in pairwise(days))} days"
    )


def test_thirty_days_bring_each_owed_mail_once(mails):
    live(30, mails, seed=7)


@pytest.mark.long
def test_a_year_brings_each_owed_mail_once(mails):
    live(365, mails, seed=2027)
