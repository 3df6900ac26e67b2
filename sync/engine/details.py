"""The details stage: reads the run's queue with a few threads at once and writes what differs, a batch at a time."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from providers.errors import AuthenticationFailed, OutcomeUnknown, ProviderError, RateLimited, Unavailable
from sync.declare import ResourceSync
from sync.engine.aside import heard, put_aside
from sync.engine.calls import Answer, Unasked
from sync.engine.clean import Unfit
from sync.engine.compare import Said, said_by
from sync.engine.hold import hold
from sync.engine.rows import Entry, write_batch
from sync.engine.work import Paused, SliceOver, Work
from sync.models import Resource

DRAIN_SECONDS = 15.0
"""How long a slice that ends waits for reads under way; what comes later is read again by the next one."""


class BrokenOff(Exception):
    """So many details in a row failed that asking on would only be a burden."""

    def __init__(self, error: Exception, count: int, *, gave: bool) -> None:
        super().__init__(str(error))
        self.error = error
        self.count = count
        self.gave = gave
        """Whether the portal gave others shortly before."""


class Arrival(NamedTuple):
    """What came for a place of the queue; `said` is None when nothing can be kept of it. `began` is when it was asked."""

    place: int
    said: Said | None
    began: datetime


@dataclass(slots=True)
class Reading:
    """The queue under way: what is still to be asked, what came back, what is committed."""

    work: Work[ResourceSync[Any, Any]]
    upstream: dict[int, tuple[str, str]]
    """Upstream id and name of each resource in the queue."""
    todo: deque[int]
    """Places in the queue that were not asked for yet."""
    done: set[int] = field(default_factory=set)
    """Places behind the committed position that are committed too."""
    arrived: list[Arrival] = field(default_factory=list)
    flushed_at: float = field(default_factory=time.monotonic)
    resume_at: float = 0.0
    unreachable: int = 0
    refused: int = 0
    stop: Exception | None = None
    heard: bool = False
    """Whether any read came back in this slice."""
    gave: bool = False
    """Whether one came back with a detail."""

    @property
    def may_end(self) -> bool:
        """A slice that makes way before it heard anything would be all that a slow portal ever gets."""
        return self.heard or time.monotonic() >= self.work.until

    @property
    def flush_due(self) -> bool:
        rules = self.work.rules
        late = time.monotonic() - self.flushed_at >= rules.flush_seconds
        return len(self.arrived) >= rules.detail_batch or (late and bool(self.arrived))


def read_details(work: Work[ResourceSync[Any, Any]]) -> None:
    """Reads what is left of the queue. Raises SliceOver, Paused, BrokenOff or AuthenticationFailed before it is through."""
    queue = work.run.queue[work.cursor.position :]
    if not queue:
        return
    rows = Resource.objects.filter(pk__in=queue, gone_at=None).values_list("pk", "upstream_id", "name")
    upstream = {pk: (upstream_id, name) for pk, upstream_id, name in rows}
    reading = Reading(work, upstream, deque(range(work.cursor.position, len(work.run.queue))))
    while reading.todo or work.calls.under_way:
        _fill(reading)
        for answer in work.calls.some(timeout=_patience(reading)):
            _take(reading, answer)
        if reading.flush_due:
            _flush(reading)
        if reading.stop is None and reading.may_end and work.over and (reading.todo or work.calls.under_way):
            reading.stop = SliceOver()
        if reading.stop is not None:
            _drain(reading)
            raise reading.stop
    if reading.arrived:
        _flush(reading)


def _fill(reading: Reading) -> None:
    """Keeps every thread busy while a batch is being written."""
    work = reading.work
    if time.monotonic() < reading.resume_at:
        return
    while reading.todo and work.calls.under_way < work.calls.threads + work.rules.detail_batch // 2:
        place = reading.todo.popleft()
        known = reading.upstream.get(work.run.queue[place])
        if known is None:  # it vanished, or was deleted with its account, since the queue was made
            reading.arrived.append(Arrival(place, None, timezone.now()))
            continue
        work.calls.begin(place, partial(work.declaration.read_detail, work.provider, known[0]))


def _patience(reading: Reading) -> float:
    rules = reading.work.rules
    soonest = min(rules.flush_seconds, rules.heartbeat_seconds, max(0.05, reading.work.until - time.monotonic()))
    if not reading.work.calls.under_way:
        soonest = min(soonest, max(0.0, reading.resume_at - time.monotonic()))
    return 0.0 if reading.arrived and not reading.todo and not reading.work.calls.under_way else soonest


def _take(reading: Reading, answer: Answer) -> None:
    error = answer.error
    reading.heard = reading.heard or not isinstance(error, Unasked)
    if error is None:
        reading.unreachable = reading.refused = 0
        reading.gave = True
        reading.arrived.append(Arrival(answer.tag, _said(reading, answer), answer.began))
    elif isinstance(error, Unasked):
        reading.todo.appendleft(answer.tag)
    elif isinstance(error, RateLimited):
        _slow_down(reading, answer.tag, error)
    elif isinstance(error, AuthenticationFailed) and not reading.work.cursor.vouched:
        reading.stop = error
    else:
        _fail(reading, answer, error)


def _said(reading: Reading, answer: Answer) -> Said | None:
    """The detail as the declaration reads it; None when it can't be read, which is noted."""
    work = reading.work
    upstream_id, name = reading.upstream[work.run.queue[answer.tag]]
    try:
        said = said_by(work.declaration, answer.value, work.account, detail=True)
    except Unfit as unfit:
        work.skips.add(upstream_id, name, _("Its detail can't be kept: %(reason)s.") % {"reason": unfit})
    except Exception as error:  # noqa: BLE001  # one row's fault must not stop the run; it is shown with its reason
        reason = _("Its detail could not be read (%(error)s).") % {"error": type(error).__name__}
        work.skips.add(upstream_id, name, reason)
    else:
        if said.upstream_id == upstream_id:
            return said
        work.skips.add(upstream_id, name, _("The portal answered with another one's detail."))
    return None


def _slow_down(reading: Reading, place: int, error: RateLimited) -> None:
    reading.todo.appendleft(place)
    reading.resume_at = max(reading.resume_at, time.monotonic() + max(0.2, error.retry_after))
    if error.retry_after > reading.work.rules.short_wait_seconds:
        reading.stop = reading.stop or Paused(error)


def _fail(reading: Reading, answer: Answer, error: Exception) -> None:
    work = reading.work
    upstream_id, name = reading.upstream[work.run.queue[answer.tag]]
    sentence = error.sentence if isinstance(error, ProviderError) else type(error).__name__
    work.skips.add(upstream_id, name, _("Its detail was not given: %(why)s") % {"why": sentence})
    reading.arrived.append(Arrival(answer.tag, None, answer.began))
    if isinstance(error, Unavailable | OutcomeUnknown | AuthenticationFailed):
        reading.unreachable += 1
    reading.refused += 1
    if reading.unreachable >= work.rules.hammer_stop or reading.refused >= work.rules.refusal_stop:
        reading.stop = reading.stop or BrokenOff(error, max(reading.unreachable, reading.refused), gave=reading.gave)


def _flush(reading: Reading) -> None:
    """Writes what arrived and moves the position up to the first place that is still open."""
    work, run = reading.work, reading.work.run
    with hold(run):
        _write(reading)
        work.skips.write()
        reading.done.update(each.place for each in reading.arrived)
        while work.cursor.position in reading.done:
            reading.done.discard(work.cursor.position)
            work.cursor.position += 1
        run.details_done = work.cursor.position + len(reading.done)
        run.cursor = work.cursor.as_json()
    reading.arrived = []
    reading.flushed_at = time.monotonic()


def _write(reading: Reading) -> None:
    queue = reading.work.run.queue
    said = {queue[each.place]: each for each in reading.arrived if each.said is not None}
    heard(reading.work, said)
    before = {
        pk: (detail_hash, wanted)
        for pk, detail_hash, wanted in Resource.objects.filter(pk__in=said, gone_at=None).values_list(
            "pk", "detail_hash", "detail_wanted"
        )
    }
    # A row that the list just changed is compared in full even when its detail reads as before: the list may have written a column.
    differing = [
        Entry(pk, each.said, each.began)
        for pk, each in said.items()
        if each.said is not None and pk in before and (before[pk][1] or before[pk][0] != each.said.fingerprint)
    ]
    write_batch(reading.work, put_aside(reading.work, differing, detail=True), detail=True)


def _drain(reading: Reading) -> None:
    """Takes in what is under way, begins nothing new, and commits."""
    calls = reading.work.calls
    calls.stop()
    last = time.monotonic() + DRAIN_SECONDS
    while calls.under_way and time.monotonic() < last:
        answer = calls.next(timeout=min(1.0, last - time.monotonic()))
        if answer is not None:
            _take(reading, answer)
    if reading.arrived:
        _flush(reading)
