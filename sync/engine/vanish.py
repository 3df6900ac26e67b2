"""What a complete list no longer shows: tombstones, unless it is so much that a person must look first (`sync.verdict`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sync.declare import ResourceSync
from sync.engine.aside import doubt_details, held_details
from sync.engine.clean import plain
from sync.engine.heirs import hand_over
from sync.engine.hold import hold
from sync.engine.limits import limits
from sync.engine.queue import plan
from sync.engine.rows import Entry, write_batch
from sync.engine.work import Work
from sync.models import Change, Resource, Run


def in_doubt(work: Work[ResourceSync[Any, Any]], present: set[int], seen: set[int]) -> list[int]:
    """What the list lacks, when it would be marked as gone by itself: as part of a complete list, and not too much for that."""
    if not work.cursor.complete or not present - seen:
        return []
    missing = still_there(sorted(present - seen), work.run)
    if too_many(work, missing, len(present)) or not _believed(work):
        return []
    return missing


def settle(
    work: Work[ResourceSync[Any, Any]], present: set[int], seen: set[int], last_words: Sequence[Entry] = ()
) -> None:
    """Ends the list stage: tombstones or holds, notes a complete list, plans the details. One transaction. `last_words` is what
    the portal still says of some that the list lacks."""
    run, cursor = work.run, work.cursor
    with hold(run, schedule=True) as schedule:
        missing = still_there(sorted(present - seen), run)
        work.skips.write()
        cursor.stage, cursor.token, cursor.tokens = "details", None, []
        run.held_ids = []
        if cursor.complete and missing:
            _judge(work, missing, len(present), last_words)
        run.note = cursor.note
        if cursor.complete and not run.held_ids and not run.held_changes and schedule is not None:
            schedule.last_complete_at = timezone.now()
            schedule.save(update_fields=["last_complete_at"])
        cursor.unheard = held_details(run) if work.declaration.grave else []
        if cursor.unheard and cursor.complete:
            doubt_details(run)
        plan(work, schedule)
        run.seen_ids = []
        run.cursor = cursor.as_json()
        run.save(update_fields=["seen_ids", "held_ids", "queue"])


def too_many(work: Work[ResourceSync[Any, Any]], missing: Sequence[int], live: int) -> bool:
    """Whether a person is asked before these are marked as gone."""
    return len(missing) > work.rules.held_count and len(missing) > work.rules.held_share * live


def _judge(work: Work[ResourceSync[Any, Any]], missing: list[int], live: int, last_words: Sequence[Entry]) -> None:
    run = work.run
    if too_many(work, missing, live):
        run.held_ids = missing
        work.cursor.note = _("%(missing)s of %(live)s would vanish; nothing was marked as gone.") % {
            "missing": len(missing),
            "live": live,
        }
    elif not _believed(work):
        work.cursor.complete = False
        work.cursor.note = _(
            "The portal listed nothing at all. What was there is kept until a second read says the same."
        )
    else:
        write_batch(work, last_words, detail=True)
        run.gone += bury(missing, run)


def _believed(work: Work[ResourceSync[Any, Any]]) -> bool:
    """An empty list is no change before it came twice."""
    return work.cursor.counted > 0 or was_empty_before(work.run)


def was_empty_before(run: Run) -> bool:
    """An empty answer is no change before it came twice. A run that heard no list (the portal had it switched off) says nothing,
    and neither does one that heard something else where the list belongs."""
    return _heard_before(run) == (0, 0)


def heard_more_before(run: Run) -> bool:
    """Whether the list had anything in it when it was last read."""
    before = _heard_before(run)
    return before is None or before[0] > 0


def _heard_before(run: Run) -> tuple[int, int | None] | None:
    """What the last run that heard the list saw, and how much the portal said there was."""
    through = Run.objects.filter(state__in=(Run.State.SUCCEEDED, Run.State.PARTIAL), pk__lt=run.pk, list_requests__gt=0)
    return through.filter(account=run.account_id, kind=run.kind).values_list("seen", "listed").first()


def still_there(missing: Sequence[int], run: Run) -> list[int]:
    """Without those that were read by themselves, after an action, since the run began: they are there, whatever an older list
    says."""
    soon = timezone.now() + timedelta(seconds=limits().clock_slack_seconds)
    met = Resource.objects.filter(pk__in=missing, fresh_at__gt=run.started_at, fresh_at__lte=soon) if missing else ()
    there = {each.pk for each in met}
    return [pk for pk in missing if pk not in there]


def bury(missing: Sequence[int], run: Run) -> int:
    """Marks resources as gone and tells so; returns how many. Inside a transaction that holds the run."""
    now = timezone.now()
    resources = Resource.objects.select_for_update(no_key=True).filter(pk__in=missing, gone_at=None).order_by("pk")
    # Asked for again under their locks: one may have been read since these were looked through.
    going = still_there(list(resources.values_list("pk", flat=True)), run)
    Resource.objects.filter(pk__in=going).update(gone_at=now, detail_wanted=False)
    Change.objects.bulk_create(
        (Change(resource_id=pk, run=run, field="gone", new=plain(now), at=now) for pk in going), batch_size=1000
    )
    hand_over(going, run)
    return len(going)
