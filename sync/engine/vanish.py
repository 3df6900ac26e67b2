"""What a complete list no longer shows: tombstones, unless it is so much that a person must look first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from sync.declare import ResourceSync
from sync.engine.clean import plain
from sync.engine.hold import hold
from sync.engine.queue import plan
from sync.engine.work import Work
from sync.models import Change, Resource, Run, Schedule


class NotHeld(Exception):
    """The run waits for nobody (any more): it was decided already, or a newer run took its place."""


def settle(work: Work[ResourceSync[Any, Any]], present: set[int], seen: set[int]) -> None:
    """Ends the list stage: tombstones or holds, notes a complete list, plans the details. One transaction."""
    run, cursor = work.run, work.cursor
    missing = sorted(present - seen)
    with hold(run, schedule=True) as schedule:
        work.skips.write()
        cursor.stage, cursor.token, cursor.tokens = "details", None, []
        run.held_ids = []
        if cursor.complete and missing:
            _judge(work, missing, len(present))
        run.note = cursor.note
        if cursor.complete and not run.held_ids and schedule is not None:
            schedule.last_complete_at = timezone.now()
            schedule.save(update_fields=["last_complete_at"])
        plan(work, schedule)
        run.seen_ids = []
        run.cursor = cursor.as_json()
        run.save(update_fields=["seen_ids", "held_ids", "queue"])


def _judge(work: Work[ResourceSync[Any, Any]], missing: list[int], live: int) -> None:
    run, rules = work.run, work.rules
    if len(missing) > rules.held_count and len(missing) > rules.held_share * live:
        run.held_ids = missing
        work.cursor.note = _("%(missing)s of %(live)s would vanish; nothing was marked as gone.") % {
            "missing": len(missing),
            "live": live,
        }
    elif work.cursor.counted == 0 and not _was_empty_before(run):
        work.cursor.complete = False
        work.cursor.note = _(
            "The portal listed nothing at all. What was there is kept until a second read says the same."
        )
    else:
        run.gone += bury(missing, run)


def _was_empty_before(run: Run) -> bool:
    """An empty answer is no change before it came twice."""
    through = Run.objects.filter(state__in=(Run.State.SUCCEEDED, Run.State.PARTIAL), pk__lt=run.pk)
    seen = through.filter(account=run.account_id, kind=run.kind).values_list("seen", flat=True).first()
    return seen == 0


def bury(missing: Sequence[int], run: Run) -> int:
    """Marks resources as gone and tells so; returns how many. Inside a transaction that holds the run."""
    now = timezone.now()
    resources = Resource.objects.select_for_update(no_key=True).filter(pk__in=missing, gone_at=None).order_by("pk")
    going = list(resources.values_list("pk", flat=True))
    Resource.objects.filter(pk__in=going).update(gone_at=now, detail_wanted=False)
    Change.objects.bulk_create(
        (Change(resource_id=pk, run=run, field="gone", new=plain(now), at=now) for pk in going), batch_size=1000
    )
    return len(going)


def release(run: Run, user: User) -> int:
    """A person says that what vanished is gone indeed. Returns how many were marked. Raises NotHeld."""
    with transaction.atomic():
        schedule = Schedule.objects.select_for_update().filter(account=run.account_id, kind=run.kind).first()
        held = _held(run)
        gone = bury(held.held_ids, held)
        held.gone += gone
        held.written += gone
        held.held_ids = []
        held.state = Run.State.PARTIAL if held.skipped else Run.State.SUCCEEDED
        held.note = _("%(who)s confirmed that %(gone)s are gone.") % {"who": user, "gone": gone}
        held.save(update_fields=["gone", "written", "held_ids", "state", "note"])
        if schedule is not None:
            schedule.last_complete_at = held.finished_at
            schedule.save(update_fields=["last_complete_at"])
        audit.record(
            user, "sync_released", subject=str(held), account=held.account, detail={"run": held.pk, "gone": gone}
        )
    return gone


def dismiss(run: Run, user: User) -> None:
    """A person says that the list was wrong: nothing is marked, and the next run looks again. Raises NotHeld."""
    with transaction.atomic():
        held = _held(run)
        kept = len(held.held_ids)
        held.held_ids = []
        held.state = Run.State.CANCELLED
        held.note = _("%(who)s kept %(kept)s that the list no longer showed.") % {"who": user, "kept": kept}
        held.save(update_fields=["held_ids", "state", "note"])
        audit.record(
            user, "sync_dismissed", subject=str(held), account=held.account, detail={"run": held.pk, "kept": kept}
        )


def _held(run: Run) -> Run:
    held = Run.objects.select_for_update(of=("self",)).select_related("account").get(pk=run.pk)
    newer = Run.objects.filter(account=held.account_id, kind=held.kind, pk__gt=held.pk)
    if held.state != Run.State.HELD or newer.exclude(state=Run.State.CANCELLED).exists():
        raise NotHeld
    return held
