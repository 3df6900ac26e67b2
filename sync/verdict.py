"""A held run waits for a person: what vanished is gone indeed, what changed alike is so; or the portal was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from sync.ask import ask
from sync.engine.aside import drop, want_again
from sync.engine.clean import clean_text
from sync.engine.vanish import bury, still_there
from sync.models import HeldRow, Resource, Run, Schedule

GONE = "gone"


class NotHeld(Exception):
    """The run waits for nobody (any more): it was decided already, or a newer run took its place."""


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One difference that waits. `field` is a column, or `gone` for what would vanish; `old` and `new` are as in a Change."""

    resource: Resource
    field: str
    old: Any = None
    new: Any = None


def held_lines(run: Run, limit: int) -> list[HeldLine]:
    """What the run holds, what would vanish first; at most `limit` lines."""
    return list(islice(_lines(run, limit), limit))


def release(run: Run, user: User) -> int:
    """A person says that it is so. What vanished is marked as gone at once; what changed is read again and written. Returns how
    many things that concerns. Raises NotHeld."""
    with transaction.atomic():
        # All of the account's, in the order of `ask`, which is called below.
        schedules = list(Schedule.objects.select_for_update().filter(account=run.account_id).order_by("pk"))
        schedule = next((each for each in schedules if each.kind == run.kind), None)
        held = _held(run)
        gone = bury(still_there(held.held_ids, held), held)
        held.gone += gone
        held.written += gone
        changed = HeldRow.objects.filter(run=held).values("resource").distinct().count()
        HeldRow.objects.filter(run=held).update(accepted=True)
        want_again(HeldRow.objects.filter(run=held))
        held.state = Run.State.PARTIAL if held.skipped else Run.State.SUCCEEDED
        held.note = _released(user, gone, changed)
        _settled(held)
        if schedule is not None and not changed:
            schedule.last_complete_at = held.finished_at
            schedule.save(update_fields=["last_complete_at"])
        detail = {"run": held.pk, "gone": gone, "changed": changed}
        audit.record(user, "sync_released", subject=str(held), account=held.account, detail=detail)
        if changed:
            ask(held.account, [held.kind], user=user, full=False)
    return gone + changed


def dismiss(run: Run, user: User) -> None:
    """A person says that the portal was wrong: nothing is marked or written, and the next run looks again. Raises NotHeld."""
    with transaction.atomic():
        held = _held(run)
        kept, changed = len(held.held_ids), held.held_changes
        drop(held)
        held.state = Run.State.CANCELLED
        held.note = clean_text(
            _("%(who)s kept %(count)s as they were before this sync.") % {"who": user, "count": kept + changed}, 500
        )
        _settled(held)
        detail = {"run": held.pk, "kept": kept, "changed": changed}
        audit.record(user, "sync_dismissed", subject=str(held), account=held.account, detail=detail)


def _lines(run: Run, limit: int) -> Iterator[HeldLine]:
    gone = Resource.objects.filter(pk__in=run.held_ids).select_related("customer").order_by("name", "pk")
    for resource in gone[:limit]:
        yield HeldLine(resource, GONE, old=resource.name)
    told: set[tuple[int, str]] = set()
    rows = HeldRow.objects.filter(run=run).select_related("resource__customer").order_by("resource__name", "pk")
    for row in rows[: 2 * limit]:
        for field, (old, new) in sorted(row.moves.items()):
            if (row.resource_id, field) not in told:  # list and detail may both have said it
                told.add((row.resource_id, field))
                yield HeldLine(row.resource, field, old, new)


def _released(user: User, gone: int, changed: int) -> str:
    said = []
    if gone:
        said.append(_("%(who)s confirmed that %(gone)s are gone.") % {"who": user, "gone": gone})
    if changed:
        said.append(
            _("%(who)s accepted %(changed)s changes; the next sync writes them.") % {"who": user, "changed": changed}
        )
    return clean_text(" ".join(said), 500)


def _settled(held: Run) -> None:
    held.held_ids, held.held_changes, held.held_fields = [], 0, []
    held.save(update_fields=["gone", "written", "held_ids", "held_changes", "held_fields", "state", "note"])


def _held(run: Run) -> Run:
    held = Run.objects.select_for_update(of=("self",)).select_related("account").get(pk=run.pk)
    newer = Run.objects.filter(account=held.account_id, kind=held.kind, pk__gt=held.pk)
    if held.state != Run.State.HELD or newer.exclude(Run.heard_nothing()).exists():
        raise NotHeld
    return held
