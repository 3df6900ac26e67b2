"""Mass change: rows that move a grave column are put aside until all was heard, then written, or held for a person.

A portal that loses its mind says of every domain at once that it is cancelled, or that its name servers are gone. One by one
that is believed; when more than `mass_count` and more than `mass_share` of a kind's rows move in the same grave column, none of
these is written. What was held stays held, whatever its number, until a person decided or the portal says otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from sync.declare import ResourceSync
from sync.engine import bulk
from sync.engine.clean import plain
from sync.engine.compare import Child, Said, same
from sync.engine.cursor import Cursor
from sync.engine.hold import hold
from sync.engine.meta import columns_of, rows_of
from sync.engine.rows import Entry, outdated, write_batch
from sync.engine.work import Work
from sync.models import Expectation, HeldRow, Resource, Run

Moves = dict[str, list[Any]]
"""Field -> [what the mirror has, what the portal says], as JSON."""


def put_aside(work: Work[ResourceSync[Any, Any]], entries: Sequence[Entry], *, detail: bool) -> list[Entry]:
    """Keeps those entries back that move a grave column; returns the others. Inside `hold`'s transaction."""
    if work.cursor.first:
        return list(entries)
    moving = _grave_moves(work, entries)
    if not moving:
        return list(entries)
    if _present(work.run) <= work.rules.mass_count and not _held_before(work.run, detail=detail):
        return list(entries)
    back = [entry for entry in entries if entry.pk in moving]
    # A page that is read again after a crash says of these what holds.
    HeldRow.objects.filter(run=work.run, resource__in=moving, detail=detail).delete()
    bulk.insert(
        HeldRow,
        [
            HeldRow(
                run=work.run,
                resource_id=entry.pk or 0,
                detail=detail,
                moves=moving[entry.pk or 0],
                said=_as_json(entry.said),
                asked=entry.asked,
            )
            for entry in back
        ],
    )
    return [entry for entry in entries if entry.pk not in moving]


def forget_unread(run: Run, cursor: Cursor) -> None:
    """A slice that died had put aside what is read once more now, because it never came to say that it was read: what the portal
    says this time counts."""
    aside = HeldRow.objects.filter(run=run)
    if cursor.stage == "list":
        stale = aside.filter(detail=False).exclude(resource__in=run.seen_ids)
    else:
        stale = aside.filter(detail=True, resource__in=run.queue[cursor.position :])
    again = set(stale.values_list("resource", flat=True))
    if again:
        with hold(run):
            stale.delete()
            if cursor.stage == "details":
                cursor.unheard = sorted({*cursor.unheard, *again.intersection(held_details(run))})
                run.cursor = cursor.as_json()


def resolve(work: Work[ResourceSync[Any, Any]], *, detail: bool) -> None:
    """All was heard: writes what was put aside, or holds it. A list is measured by all present rows, details by those read."""
    run, rules = work.run, work.rules
    aside = HeldRow.objects.filter(run=run, detail=detail)
    moves: dict[int, Moves] = dict(aside.values_list("resource", "moves"))
    if not moves:
        return
    counts = Counter(field for each in moves.values() for field in each)
    base = run.details_done if detail else _present(run)
    mass = {field for field, count in counts.items() if count > max(rules.mass_count, rules.mass_share * base)}
    before = _held_before(run, detail=detail)
    kept = {pk: each for pk, each in moves.items() if each.keys() & (mass | before.get(pk, set()))}
    _write(work, sorted(moves.keys() - kept.keys()), detail=detail)
    if kept:
        with hold(run):
            if detail:
                # What they said is kept here: while a person decides they are read in their turn, like all others.
                read = aside.values("resource")
                Resource.objects.filter(pk__in=read, detail_wanted=True).update(detail_wanted=False)
            _count(run)


def held_details(run: Run) -> list[int]:
    """Things whose details earlier runs hold back, or a person accepted and no run has written yet."""
    older = _of_kind(run).filter(detail=True).exclude(run=run)
    return sorted(set(older.values_list("resource", flat=True)))


def doubt_details(run: Run) -> None:
    """The whole list was heard: where it takes back what is held of it, the details that are held of the same things are read again
    by this run."""
    older = _of_kind(run).exclude(run=run)
    again = HeldRow.objects.filter(run=run, detail=False).values("resource")
    want_again(older.filter(resource__in=older.filter(detail=False).values("resource")).exclude(resource__in=again))


def heard(work: Work[ResourceSync[Any, Any]], told: Collection[int]) -> None:
    """The portal gave the details of these: what an earlier run holds of them is said anew or not any more."""
    if work.cursor.unheard:
        work.cursor.unheard = [pk for pk in work.cursor.unheard if pk not in told]


def carry_over(run: Run, cursor: Cursor) -> None:
    """At a run's end: what an earlier run holds and this one heard nothing of stays held by this one; the rest is settled.
    Inside `hold`'s transaction."""
    older = _of_kind(run).exclude(run=run)
    if not older.exists():
        return
    unheard = Q(detail=True, resource__in=cursor.unheard)
    # Nor does a list tell of what it lacks, or of a row that could not be read.
    untold = Q(resource__in=run.held_ids) | Q(resource__upstream_id__in=run.skipped_rows.values("upstream_id"))
    unheard |= Q(detail=False) & (untold if cursor.complete else Q())
    again = HeldRow.objects.filter(run=run, resource=OuterRef("resource"), detail=OuterRef("detail"))
    left = older.filter(unheard, ~Exists(again), run__state=Run.State.HELD, accepted=False, resource__gone_at=None)
    # What was read alone since, after an action, is as the portal then said.
    left = left.exclude(resource__fresh_at__gt=F("asked"), resource__detail_wanted=False)
    newest = left.order_by("resource", "detail", "-run").distinct("resource", "detail")
    HeldRow.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).update(run=run)
    # What a person accepted waits until it was heard.
    older.exclude(unheard, accepted=True).delete()
    _count(run)


def drop(run: Run) -> None:
    """The run came to nothing: what it put aside is forgotten, and details are read again by the next one."""
    aside = HeldRow.objects.filter(run=run, accepted=False)
    want_again(aside)
    aside.delete()
    run.held_changes, run.held_fields = 0, []


def told_of(run: Run) -> str:
    """What the run holds, as a sentence; empty when it holds nothing."""
    if not run.held_changes:
        return ""
    return ngettext(
        "%(count)s of %(base)s would change in the same way; it was not written.",
        "%(count)s of %(base)s would change in the same way; they were not written.",
        run.held_changes,
    ) % {"count": run.held_changes, "base": _present(run)}


def want_again(rows: QuerySet[HeldRow]) -> None:
    """Has those of these things read again by the next run that it would not read anyway."""
    details = rows.filter(detail=True).values("resource")
    Resource.objects.filter(pk__in=details, gone_at=None, detail_wanted=False).update(detail_wanted=True)


def _grave_moves(work: Work[ResourceSync[Any, Any]], entries: Iterable[Entry]) -> dict[int, Moves]:
    """By resource, the grave columns that would move from something to something else, without those that an action of ours
    announced, and those that a person accepted."""
    grave = sorted(work.declaration.grave)
    told = {
        entry.pk: entry for entry in entries if entry.pk is not None and not entry.said.columns.keys().isdisjoint(grave)
    }
    if not told:
        return {}
    rows = rows_of(work.declaration.model).filter(pk__in=told, resource__gone_at=None)
    rows = rows.select_related("resource").only(*grave, "resource__fresh_at")
    moving: dict[int, Moves] = {}
    for row in rows:
        entry = told[row.pk]
        if outdated(row.resource, entry.asked):
            continue
        moves = {
            name: _move(getattr(row, name), entry.said.columns[name]) for name in grave if name in entry.said.columns
        }
        if moved := {name: move for name, move in moves.items() if move is not None}:
            moving[row.pk] = moved
    if moving:
        _leave_out_expected(moving)
        _leave_out_accepted(work.run, moving)
    return {pk: moves for pk, moves in moving.items() if moves}


def _move(old: Any, new: Any) -> list[Any] | None:
    if same(old, new) or old in (None, "", []):
        return None
    return [plain(old), plain(new)]


def _leave_out_expected(moving: Mapping[int, Moves]) -> None:
    waiting = Expectation.objects.filter(resource__in=moving, until__gt=timezone.now())
    for pk, field in waiting.values_list("resource", "field"):
        moving[pk].pop(field, None)


def _leave_out_accepted(run: Run, moving: Mapping[int, Moves]) -> None:
    accepted = _of_kind(run).filter(resource__in=moving, accepted=True)
    for pk, moves in accepted.values_list("resource", "moves"):
        for field, (_old, new) in moves.items():
            if moving[pk].get(field, [None, None])[1] == new:
                moving[pk].pop(field, None)


def _held_before(run: Run, *, detail: bool) -> dict[int, set[str]]:
    """What waits for a person already: of earlier runs, and for the details also of this run's list."""
    waits = Q(run__state=Run.State.HELD)
    if detail:
        waits |= Q(run=run, detail=False)
    rows = _of_kind(run).filter(waits, accepted=False)
    found: dict[int, set[str]] = {}
    for pk, moves in rows.values_list("resource", "moves"):
        found.setdefault(pk, set()).update(moves)
    return found


def _of_kind(run: Run) -> QuerySet[HeldRow]:
    """What runs of this one's account and kind put aside."""
    return HeldRow.objects.filter(run__account=run.account_id, run__kind=run.kind)


def _present(run: Run) -> int:
    return Resource.objects.filter(account=run.account_id, kind=run.kind, gone_at=None).count()


def _write(work: Work[ResourceSync[Any, Any]], pks: Sequence[int], *, detail: bool) -> None:
    size = work.rules.detail_batch if detail else work.rules.write_batch
    for start in range(0, len(pks), size):
        with hold(work.run):
            rows = HeldRow.objects.filter(run=work.run, detail=detail, resource__in=pks[start : start + size])
            entries = [Entry(row.resource_id, _from_json(work.declaration, row.said), row.asked) for row in rows]
            write_batch(work, entries, detail=detail)
            work.skips.write()
            rows.delete()


def _count(run: Run) -> None:
    """Tells on the run what it holds."""
    held = list(HeldRow.objects.filter(run=run, accepted=False).values_list("resource", "moves"))
    run.held_changes = len({pk for pk, _moves in held})
    run.held_fields = sorted({field for _pk, moves in held for field in moves})
    run.save(update_fields=["held_changes", "held_fields"])


def _as_json(said: Said) -> dict[str, Any]:
    return {
        "id": said.upstream_id,
        "columns": plain(said.columns),
        "told": sorted(said.told),
        "unreadable": sorted(said.unreadable),
        "fingerprint": said.fingerprint,
        "children": {
            name: [[each.key, each.label, plain(each.columns)] for each in rows] for name, rows in said.children.items()
        },
    }


def _from_json(declaration: ResourceSync[Any, Any], stored: Mapping[str, Any]) -> Said:
    models = {spec.name: spec.model for spec in declaration.children}
    children = {
        name: tuple(Child(key, label, _typed(models[name], columns)) for key, label, columns in rows)
        for name, rows in stored["children"].items()
        if name in models
    }
    return Said(
        upstream_id=stored["id"],
        columns=_typed(declaration.model, stored["columns"]),
        told=frozenset(stored["told"]),
        unreadable=frozenset(stored["unreadable"]),
        fingerprint=stored["fingerprint"],
        children=children,
    )


def _typed(model: type[Model], columns: Mapping[str, Any]) -> dict[str, Any]:
    own = columns_of(model)
    return {name: own[name].to_python(value) for name, value in columns.items() if name in own}
