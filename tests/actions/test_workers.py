"""Real workers at a stand-in portal over HTTP, killed at the worst moments: nothing is sent twice and nothing is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from actions.engine.sweeping import sweep
from actions.filing import file
from actions.models import Action, State
from actions.publishing import publish_look
from portal.runtime import process
from sandbox.server import Sandbox
from support.models import Ticket
from sync.models import Kind
from tests.accounts import people
from tests.actions.conftest import log_of
from tests.actions.desk import look, mirrored_account
from tests.conftest import ROOT, WORKER, url_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=3, data=None) as sandbox:
        yield sandbox


@pytest.fixture
def tickets(box) -> list[Ticket]:
    account = mirrored_account(box.cloudviet, Kind.TICKETS)
    return list(Ticket.objects.filter(resource__account=account, status="answered").select_related("resource__account"))


@contextmanager
def worker(tmp_path: Path, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of this test's own, which it may kill."""
    alive = tmp_path / f"{name}.log"
    service = process.Service(
        name=name,
        command=[sys.executable, "-m", *WORKER.split()],
        log=alive,
        env={"DATABASE_URL": url_of(connection.settings_dict["NAME"]), "HOLDFAST_LOG_LEVEL": "INFO"},
        inherits=process.desk_environment,
        ready=lambda: "ready" in alive.read_text(),
        cwd=ROOT,
    )
    child = process.start(service)
    try:
        yield child
    finally:
        process.stop(child, service)


def kill(child: subprocess.Popen[bytes]) -> None:
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    # As much later as its places at the portal are held.
    valkey = cache._cache.get_client()  # type: ignore[attr-defined]
    held = valkey.keys("*holdfast:limit*")
    if held:
        valkey.delete(*held)


def until(true: Callable[[], bool], seconds: float, what: str, meanwhile: Callable[[], None] = lambda: None) -> None:
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last, f"not within {seconds} s: {what}"
        meanwhile()
        time.sleep(0.05)


def sweep_meanwhile() -> None:
    time.sleep(0.7)
    minutes_later()
    sweep()


def in_thread(box: Sandbox, words: str) -> int:
    """How often these words reached the portal's threads, whatever was answered."""
    with box.cloudviet.lock:
        return sum(words in reply["body"] for one in box.cloudviet.state.all("tickets") for reply in one["replies"])


def dead_for_long() -> None:
    """As much later as leases are long; no worker lives."""
    Action.objects.filter(state=State.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))
    minutes_later()


def minutes_later() -> None:
    """What waits for its time has waited."""
    past = timezone.now() - timedelta(seconds=1)
    Action.objects.filter(state=State.QUEUED).update(filed_at=past - timedelta(minutes=1), next_attempt_at=None)
    Action.objects.filter(look_at__isnull=False).update(look_at=past)
    Action.objects.filter(absent_since__isnull=False).update(absent_since=past - timedelta(minutes=1))


def test_killed_between_claim_and_send_it_is_sent_by_the_next_worker(box, tickets, tmp_path):
    box.cloudviet.fail("latency", seconds=8, method="GET", path="/tickets/")
    with worker(tmp_path, "first") as first:
        action = file("ticket.reply", tickets[0].resource, {"body": "Claimed and killed"}, actor=people.bob()).action
        until(lambda: Action.objects.get().state == State.RUNNING, 20, "it was claimed")
        kill(first)
    action.refresh_from_db()
    assert (action.state, action.sent_at) == (State.RUNNING, None)
    assert in_thread(box, "Claimed and killed") == 0
    box.cloudviet.faults.clear()
    dead_for_long()
    sweep()
    minutes_later()
    with worker(tmp_path, "second"):
        sweep()
        until(lambda: Action.objects.get().state == State.SUCCEEDED, 20, "it was sent")
    action.refresh_from_db()
    assert (action.attempts, in_thread(box, "Claimed and killed")) == (2, 1)


@pytest.mark.parametrize("happened", [True, False])
def test_killed_while_the_answer_is_awaited_it_is_unknown_and_looking_tells(box, tickets, tmp_path, happened):
    box.cloudviet.fail("hang", seconds=60, method="POST", path="/tickets/", commit=happened)
    with worker(tmp_path, "first") as first:
        action = file("ticket.reply", tickets[0].resource, {"body": "Sent and killed"}, actor=people.bob()).action
        until(lambda: Action.objects.get().sent_at is not None, 20, "it was sent")
        if happened:
            until(lambda: in_thread(box, "Sent and killed") == 1, 10, "it reached the portal")
        else:
            time.sleep(1)
        kill(first)
    box.cloudviet.faults.clear()
    dead_for_long()
    sweep()
    action.refresh_from_db()
    assert action.state == State.UNKNOWN
    look(action)
    if happened:
        assert action.state == State.SUCCEEDED
    else:
        assert action.state == State.UNKNOWN
        look(action, later=timedelta(minutes=2))
        assert (action.state, action.error_code) == (State.FAILED, "not_happened")
    assert in_thread(box, "Sent and killed") == int(happened)
    assert "worker died" in " ".join(log_of(action))


def test_a_worker_that_is_asked_to_look_by_the_queue_does(box, tickets, tmp_path):
    box.cloudviet.fail("drop-after", method="POST", path="/tickets/", remaining=1)
    with worker(tmp_path, "only"):
        action = file("ticket.reply", tickets[0].resource, {"body": "Lost answer"}, actor=people.bob()).action
        until(lambda: Action.objects.get().state == State.UNKNOWN, 20, "its answer got lost")
        Action.objects.update(look_at=timezone.now())
        publish_look(action.pk)
        until(lambda: Action.objects.get().state == State.SUCCEEDED, 20, "it was found")
    assert in_thread(box, "Lost answer") == 1


def test_among_lost_answers_kills_and_a_flushed_queue_each_reply_stands_once_or_failed(box, tickets, tmp_path):
    dice = random.Random(11)
    box.cloudviet.fail("drop-after", method="POST", path="/tickets/", probability=0.25)
    box.cloudviet.fail("drop-before", method="POST", path="/tickets/", probability=0.15)
    box.cloudviet.fail("latency", seconds=0.3, path="/tickets/")
    bob = people.bob()
    filed: set[int] = set()
    for number in range(24):
        ticket = tickets[number % len(tickets)]
        body = {"body": f"Chaos reply number {number:02}."}
        clicks = dice.choice([1, 2])
        filed |= {
            file("ticket.reply", ticket.resource, body, actor=bob, key=f"chaos-{number}").action.pk
            for _ in range(clicks)
        }
    assert len(filed) == 24
    ended = Action.objects.filter(state__in=[State.SUCCEEDED, State.FAILED])
    for turn in range(5):
        dead_for_long()
        with worker(tmp_path, f"worker-{turn}") as child:
            sweep()
            before = ended.count()
            until(lambda: ended.count() >= min(24, before + 3), 20, "some ended", sweep_meanwhile)  # noqa: B023
            kill(child)
        cache._cache.get_client().flushdb()  # type: ignore[attr-defined]
    box.cloudviet.faults.clear()
    dead_for_long()
    with worker(tmp_path, "last"):
        until(lambda: ended.count() == 24, 40, "all ended", sweep_meanwhile)
    seen = {number: in_thread(box, f"Chaos reply number {number:02}.") for number in range(24)}
    for number in range(24):
        action = Action.objects.get(key=f"chaos-{number}")
        assert (action.state, seen[number]) in ((State.SUCCEEDED, 1), (State.FAILED, 0)), (number, log_of(action))
