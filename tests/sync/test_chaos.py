"""Everything goes wrong at once for a while; then it is healed, and nothing may be wrong any more."""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts import gateway
from accounts.models import Customer, ProviderAccount
from sandbox.portal import Portal
from sandbox.server import Sandbox
from sync.ask import ask, can_be_asked
from sync.due import ensure_schedules
from sync.models import Change, Resource, Run, Schedule
from tests.sync.chaos.beats import beats
from tests.sync.chaos.mirror import differences, gaps, picture
from tests.sync.chaos.portals import Life, Weather
from tests.sync.chaos.settings import HOLDFAST_SYNC
from tests.sync.desk import FAST, until
from tests.workers import Workers, flush_valkey, workers

CREW = 2
EVERY = timedelta(seconds=2)
HEALED_WITHIN = 240.0
LATE_WORDS = 10.0


def connect(portal: Portal, provider: str, name: str) -> ProviderAccount:
    account = ProviderAccount(
        provider=provider,
        name=name,
        base_url=portal.base_url,
        rate_per_minute=FAST,
        concurrency=6,
        time_zone=portal.clock.zone.key,
    )
    gateway.put_credential(account, portal.auth, portal.credential, hint="test")
    account.save()
    ensure_schedules(account)
    return account


class Chaos:
    def __init__(self, desks: Sequence[tuple[Portal, ProviderAccount]], crew: Workers, seed: int) -> None:
        self.dice = random.Random(seed)
        self.desks = desks
        self.crew = crew
        self.weather = [Weather(portal, self.dice) for portal, _account in desks]
        self.lives = [Life(portal, self.dice) for portal, _account in desks]
        self.done: Counter[str] = Counter()

    def rages(self, seconds: float) -> None:
        weights = {"weather": 5, "life": 8, "press": 2, "sign in": 2, "flush": 1, "kill": 1}
        certain = ["kill", "flush"]  # however short it is
        began = killed_at = time.monotonic()
        self.weather_changes()
        while (raged := time.monotonic() - began) < seconds:
            time.sleep(0.15)
            deed = self.dice.choices(list(weights), weights=list(weights.values()))[0]
            if certain and raged > seconds / 3:
                deed = certain.pop()
            elif deed == "kill" and time.monotonic() - killed_at < 3:
                continue
            self.does(deed)
            killed_at = time.monotonic() if deed == "kill" else killed_at

    def does(self, deed: str) -> None:
        self.done[deed] += 1
        if deed == "weather":
            self.dice.choice(self.weather).change()
        elif deed == "life":
            self.dice.choice(self.lives).goes_on()
        elif deed == "press":
            ask(self.dice.choice(self.desks)[1], None, user=None, full=self.dice.random() < 0.3)
        elif deed == "sign in":
            self.let_in()
        elif deed == "flush":
            flush_valkey()
        else:
            self.crew.kill()
            self.crew.start()

    def weather_changes(self) -> None:
        for weather in self.weather:
            weather.change()

    def let_in(self) -> None:
        """A person types the credential of a locked account again."""
        for portal, account in self.desks:
            account.refresh_from_db()
            if account.state == ProviderAccount.State.REFUSED:
                gateway.put_credential(account, portal.auth, portal.credential, hint="test")
                account.save()
                self.done["let in"] += 1

    def heals(self) -> None:
        """The faults end; a person lets locked accounts in and asks for everything once."""
        for weather in self.weather:
            weather.clear()
        flush_valkey()  # with it go the places at the portals that killed workers still hold
        self.let_in()
        since = timezone.now()
        for _portal, account in self.desks:
            ask(account, None, user=None)
        last = time.monotonic() + HEALED_WITHIN
        # A refusal that the portal gave while it was ill may be written down after the person was here. Later ones lock for good.
        late_words = time.monotonic() + LATE_WORDS
        while left := self.unread(since):
            assert time.monotonic() < last, f"not within {HEALED_WITHIN} s read in full: {self.told_of(left)}"
            if time.monotonic() < late_words:
                self.let_in()
            time.sleep(0.2)

    def told_of(self, left: list[str]) -> list[str]:
        """What is known of each, for whom it may concern."""
        runs = Run.objects.order_by("-pk").values("account__name", "kind", "state", "error", "note", "finished_at")
        return [*left, *(str(run) for run in runs[:20])]

    def unread(self, since: Any) -> list[str]:
        """What was not read in full, and without complaint, since then; it is asked for again."""
        missing = []
        for _portal, account in self.desks:
            account.refresh_from_db()
            for schedule in Schedule.objects.filter(account=account):
                if not can_be_asked(account, schedule, [schedule.kind]):
                    continue
                runs = Run.objects.filter(account=account, kind=schedule.kind)
                if runs.filter(full=True, finished_at__gt=since, state="succeeded").exists():
                    continue
                missing.append(f"{account} {schedule.kind}")
                if not runs.filter(state__in=Run.UNDER_WAY).exists():
                    self.done["asked again"] += 1
                    ask(account, [schedule.kind], user=None)
        return missing


def rest(accounts: Sequence[ProviderAccount]) -> None:
    """Nothing is due any more, and what was begun is through."""
    Schedule.objects.filter(account__in=accounts).update(next_due_at=timezone.now() + timedelta(days=1), interval=None)
    until(lambda: not Run.objects.filter(state__in=Run.UNDER_WAY).exists(), 120, "all runs ended")


def mark_ours(dice: random.Random) -> None:
    customer = Customer.objects.create(name="Café Sông Hồng")
    keys = list(Resource.objects.values_list("pk", flat=True))
    for pk in dice.sample(keys, len(keys) // 3):
        Resource.objects.filter(pk=pk).update(customer=customer, tags=["kept", str(pk)], notes=f"note {pk}")


def lighten(portal: Portal, keep: int) -> None:
    """A short chaos has no time to read a whole agency's things twice."""
    with portal.lock:
        for kind in ("domains", "zones", "invoices", "tickets", "certificates"):
            for record in portal.state.all(kind)[keep:]:
                portal.state.remove(kind, str(record.get("number" if kind == "tickets" else "uuid") or record["id"]))
        portal.state.flush()


def endured(tmp_path: Path, settings: Any, seed: int, seconds: float, *, keep: int = 1000) -> None:
    """The whole story; its counts are printed."""
    settings.HOLDFAST_SYNC = HOLDFAST_SYNC  # for this process, which plays beat
    print(f"chaos: seed {seed}, {seconds:.0f} s (HOLDFAST_CHAOS_SEED repeats it)")
    with ExitStack() as stack:
        one = stack.enter_context(Sandbox(demo=True, seed=1))
        two = stack.enter_context(Sandbox(demo=True, seed=2))
        desks = [
            (one.cloudviet, connect(one.cloudviet, "cloudviet", "Cloudviet")),
            (one.dns_services, connect(one.dns_services, "dns-services", "DNS.services")),
            (one.vps_org, connect(one.vps_org, "vps-org", "VPS.org")),
            (two.dns_services, connect(two.dns_services, "hostbill", "Another portal")),
        ]
        for portal, _account in desks:
            lighten(portal, keep)
        accounts = [account for _portal, account in desks]
        crew = stack.enter_context(workers(tmp_path, CREW, settings="tests.sync.chaos.settings"))
        wrong = stack.enter_context(beats(2))
        chaos = Chaos(desks, crew, seed)
        began = time.monotonic()
        chaos.heals()
        rest(accounts)
        mark_ours(chaos.dice)
        before = picture()
        Change.objects.all().delete()
        print(f"  the mirror has {len(before)} things after {time.monotonic() - began:.1f} s")
        Schedule.objects.filter(account__in=accounts).update(interval=EVERY, next_due_at=timezone.now())
        chaos.rages(seconds)
        began = time.monotonic()
        chaos.heals()
        rest(accounts)
        print(f"  healed after {time.monotonic() - began:.1f} s")
        report(chaos)
        assert wrong == []
        assert crew.dead() == []
        judge(before, accounts)


def report(chaos: Chaos) -> None:
    hits: Counter[str] = sum((each.hits for each in chaos.weather), Counter())
    changed: Counter[str] = sum((each.done for each in chaos.lives), Counter())
    states = Counter(Run.objects.values_list("state", flat=True))
    told = Counter(field.partition(".")[0] for field in Change.objects.values_list("field", flat=True))
    for title, counts in (
        ("the desk", Counter({**chaos.done, "workers killed": chaos.crew.killed})),
        ("faults that hit", hits),
        ("real changes", changed),
        ("runs", states),
        ("changes told", told),
    ):
        print(f"  {title}: {json.dumps(dict(counts.most_common()))}")


def judge(before: dict[int, Any], accounts: Sequence[ProviderAccount]) -> None:
    now = picture()
    assert [found for account in accounts for found in differences(account)] == []
    lost = {pk: thing.identity for pk, thing in before.items() if pk not in now}
    assert lost == {}, "a row is never deleted"
    moved = [thing.identity for pk, thing in before.items() if now[pk].identity != thing.identity]
    assert moved == [], "a row stays the same thing"
    forgotten = [thing.identity for pk, thing in before.items() if now[pk].ours != thing.ours]
    assert forgotten == [], "customer, tags and notes are ours"
    assert list(gaps(before, now)) == []


@pytest.mark.django_db(transaction=True)
def test_a_short_chaos_leaves_the_mirror_equal_to_upstream(tmp_path, settings):
    endured(tmp_path, settings, seed_of(2026), 6, keep=10)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_long_chaos_leaves_the_mirror_equal_to_upstream(tmp_path, settings):
    endured(tmp_path, settings, seed_of(random.randrange(1_000_000)), 180)


def seed_of(otherwise: int) -> int:
    return int(os.environ.get("HOLDFAST_CHAOS_SEED") or otherwise)
