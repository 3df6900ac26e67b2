"""Which details a run reads: what is new or changed, what is watched, and a share of everything by age."""

from __future__ import annotations

import math
import random
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from sync.declare import ResourceSync
from sync.engine.cursor import Cursor
from sync.engine.rows import reads_details
from sync.engine.work import Work
from sync.models import Resource, Run, Schedule


def plan(work: Work[ResourceSync[Any, Any]], schedule: Schedule | None) -> None:
    """Sets the run's queue and where in it the parts end. A full round reads all there is.

    The share by age is ceil(rows * interval / detail age) a run, after the schedule's position and around, so that every detail is
    read once within its age and nothing has to be written for a row that stays as it is.
    """
    run, cursor, declaration = work.run, work.cursor, work.declaration
    run.queue, cursor.position, cursor.watched, cursor.aged = [], 0, 0, 0
    if reads_details(work):
        present = Resource.objects.filter(account=run.account_id, kind=run.kind, gone_at=None)
        if run.held_ids:
            present = present.exclude(pk__in=run.held_ids)  # not listed any more: there is nothing to be read
        if cursor.full:
            run.queue = _mixed(present)
        elif schedule is not None:
            # What is read anyway takes no place in the turns: a thing that is wanted or watched for ever would stop them for ever.
            left = present.filter(detail_wanted=False)
            watched = _in_turn(left, declaration.watched(), schedule.watch_position, declaration.watch_budget)
            interval = schedule.interval or declaration.interval
            share = share_by_age(present.count(), interval, declaration.detail_age)
            aged = _in_turn(left, ~Q(pk__in=watched), schedule.detail_position, share)
            # The few in turn come first: details that the portal never gives stay wanted, and make a run break off.
            run.queue = [*watched, *aged, *_mixed(present.filter(detail_wanted=True))]
            cursor.watched, cursor.aged = len(watched), len(aged)
    run.details_total, run.details_done = len(run.queue), 0


def share_by_age(rows: int, interval: timedelta, age: timedelta) -> int:
    """How many details a run reads in turn, so that each is read once within its age."""
    return math.ceil(rows * min(1.0, interval / age))


def _mixed(rows: QuerySet[Resource]) -> list[int]:
    """In another order each time, so that those which the portal never gives do not always keep a run from the same others."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    random.shuffle(keys)
    return keys


def _in_turn(present: QuerySet[Resource], which: Q | None, after: int, budget: int) -> list[int]:
    """The next `budget` keys behind `after`, going round at the end."""
    if which is None or budget <= 0:
        return []
    rows = present.filter(which).order_by("pk").values_list("pk", flat=True)
    ahead = list(rows.filter(pk__gt=after)[:budget])
    if len(ahead) < budget:
        ahead += list(rows.filter(pk__lte=after)[: budget - len(ahead)])
    return ahead


def advance(run: Run, cursor: Cursor, schedule: Schedule) -> None:
    """Moves the schedule's positions behind what was asked for in turn, given or not; a full run leaves them where they are."""
    done = run.queue[: min(cursor.position, cursor.watched + cursor.aged)]
    watched, aged = done[: cursor.watched], done[cursor.watched :]
    if watched:
        schedule.watch_position = watched[-1]
    if aged:
        schedule.detail_position = aged[-1]
