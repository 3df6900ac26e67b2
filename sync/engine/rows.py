"""Writes what differs: the spine, the family's row, its children and the changes, a batch at a time.

What was asked of the portal before a thing was read alone, after an action, is older than what the mirror has: it is dropped
here, under the row's lock, whichever stage brings it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from sync.declare import ResourceSync
from sync.engine import bulk, children
from sync.engine.children import Telling, shortened
from sync.engine.clean import clean_text, plain
from sync.engine.compare import Said, same
from sync.engine.limits import limits
from sync.engine.meta import owner_column, rows_of
from sync.engine.work import Work
from sync.expecting import APPEARED, name_causes
from sync.models import Change, Resource, Run

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Target:
    """One resource under way from what the mirror has to what upstream said."""

    said: Said
    asked: datetime
    resource: Resource
    row: Any
    new: bool = False
    met: bool = True
    """Whether the mirror knew it in full before: what a first detail brings to light is no change."""
    spine: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    told: list[Telling] = field(default_factory=list)

    def put(self, **columns: Any) -> None:
        """Sets columns of the spine, those that differ."""
        for name, value in columns.items():
            if not same(getattr(self.resource, name), value):
                setattr(self.resource, name, value)
                self.spine.add(name)


class Entry(NamedTuple):
    """What upstream said of one resource, and when it was asked. `pk` is None for a new one."""

    pk: int | None
    said: Said
    asked: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """What the writer needs to know beside the rows. `first`: this kind was never seen whole, so nothing counts as appeared."""

    declaration: ResourceSync[Any, Any]
    account_id: int
    run: Run | None
    first: bool
    reads_details: bool


def write_batch(work: Work[ResourceSync[Any, Any]], entries: Sequence[Entry], *, detail: bool) -> dict[str, int]:
    """Writes `entries` inside `hold`'s transaction. When the batch can't be written as one, each row is tried by itself and
    those that fail are skipped. Returns the new resources: upstream id -> primary key."""
    if not entries:
        return {}
    batch = Batch(work.declaration, work.run.account_id, work.run, work.cursor.first, reads_details(work))
    try:
        with transaction.atomic():
            made, written = write_rows(batch, entries, detail=detail)
        work.run.written += written
        return made
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001  # one row's fault must not cost the others; it is found and recorded below
        log.warning("batch_written_row_by_row", rows=len(entries), error=type(error).__name__)
    made = {}
    for entry in entries:
        try:
            with transaction.atomic():
                one, written = write_rows(batch, [entry], detail=detail)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001  # recorded as a skipped row
            said = entry.said
            name = said.columns.get("name", "")
            work.skips.add(said.upstream_id, str(name), f"It could not be stored: {type(error).__name__}.")
            log.warning("row_skipped", upstream_id=said.upstream_id, error=type(error).__name__)
        else:
            made |= one
            work.run.written += written
    return made


def write_rows(batch: Batch, entries: Sequence[Entry], *, detail: bool) -> tuple[dict[str, int], int]:
    """Writes `entries`; inside a transaction. Returns the new resources, upstream id -> primary key, and the number
    of rows written."""
    now = timezone.now()
    targets = _load(batch, entries)
    for target in targets:
        if detail:
            _merge_detail(batch, target)
        else:
            _merge_listed(batch, target, now)
    _store(batch.declaration, targets)
    written = sum(1 for target in targets if target.new or target.spine or target.columns)
    if detail:
        written += _write_children(batch.declaration, targets)
    changes = [
        Change(resource_id=target.resource.pk, run=batch.run, field=clean_text(name, 330), old=old, new=new, at=now)
        for target in targets
        for name, old, new in target.told
    ]
    asked = {target.resource.pk: target.asked for target in targets}
    name_causes(changes, asked, {target.resource.pk: target.resource for target in targets}, now)
    bulk.insert(Change, changes)
    return {target.said.upstream_id: target.resource.pk for target in targets if target.new}, written


def _load(batch: Batch, entries: Sequence[Entry]) -> list[Target]:
    declaration = batch.declaration
    known = [entry.pk for entry in entries if entry.pk is not None]
    # Locked in one order, so that two writers never wait for each other.
    spines = {
        each.pk: each for each in Resource.objects.select_for_update(no_key=True).filter(pk__in=known).order_by("pk")
    }
    rows = {each.pk: each for each in rows_of(declaration.model).filter(pk__in=known)}
    targets = []
    for pk, said, asked in entries:
        if pk is None:
            spine = Resource(account_id=batch.account_id, kind=declaration.kind, upstream_id=said.upstream_id)
            targets.append(Target(said, asked, spine, declaration.model(), new=True))
        elif pk in spines and not outdated(spines[pk], asked):
            targets.append(Target(said, asked, spines[pk], rows[pk]))
    return targets


def outdated(resource: Resource, asked: datetime) -> bool:
    """Whether the thing was read by itself, after an action, since the portal was asked. A reading that lies in the future was
    noted by a clock that has been put back since; to heed it would keep the thing from ever being written."""
    if resource.fresh_at is None or asked >= resource.fresh_at:
        return False
    return resource.fresh_at <= timezone.now() + timedelta(seconds=limits().clock_slack_seconds)


def _merge_listed(batch: Batch, target: Target, now: datetime) -> None:
    _merge(batch.declaration, target, tell=not target.new)
    if target.new and not batch.first:
        target.told.append((APPEARED, None, target.resource.name))
    if target.resource.gone_at is not None:
        target.told.append(("returned", plain(target.resource.gone_at), plain(now)))
        target.put(gone_at=None)
    target.put(content_hash=target.said.fingerprint)
    if batch.reads_details:
        target.put(detail_wanted=True)


def _merge_detail(batch: Batch, target: Target) -> None:
    target.met = target.resource.detail_hash != ""
    _merge(batch.declaration, target, tell=True)
    target.put(detail_hash=target.said.fingerprint)
    # The list may go on to say what it said before: should the portal take that back, only another look would tell.
    target.put(detail_wanted=target.met and not target.columns.isdisjoint(batch.declaration.in_list()))


def reads_details(work: Work[ResourceSync[Any, Any]]) -> bool:
    if work.reads_details is None:
        capability = work.declaration.detail_capability
        work.reads_details = bool(capability) and work.provider.can(capability)
    return work.reads_details


def _merge(declaration: ResourceSync[Any, Any], target: Target, *, tell: bool) -> None:
    said, row, resource = target.said, target.row, target.resource
    for name, value in said.columns.items():
        old = getattr(row, name)
        if same(old, value):
            continue
        setattr(row, name, value)
        target.columns.add(name)
        if tell and name not in declaration.quiet and (target.met or old not in (None, "", [])):
            target.told.append((name, shortened(old), shortened(value)))
    target.put(unreadable=sorted((set(resource.unreadable) - said.told) | said.unreadable))
    target.put(name=clean_text(declaration.name(row), 300))
    target.put(tone=declaration.tone(row).value)
    target.put(due_on=declaration.due_on(row))


def _store(declaration: ResourceSync[Any, Any], targets: Iterable[Target]) -> None:
    """One statement for each of: new spines, new rows, changed spines, changed rows."""
    new = [target for target in targets if target.new]
    old = [target for target in targets if not target.new]
    if new:
        bulk.insert(Resource, [target.resource for target in new], told_by="upstream_id")
        for target in new:
            setattr(target.row, owner_column(declaration.model), target.resource.pk)
        bulk.insert(declaration.model, [target.row for target in new])
    spines = [target for target in old if target.spine]
    bulk.update(Resource, [target.resource for target in spines], set().union(*(target.spine for target in spines)))
    moved = [target for target in old if target.columns]
    bulk.update(declaration.model, [target.row for target in moved], set().union(*(target.columns for target in moved)))


def _write_children(declaration: ResourceSync[Any, Any], targets: Sequence[Target]) -> int:
    written = 0
    for spec in declaration.children:
        telling = [target for target in targets if spec.name in target.said.children]
        if not telling:
            continue
        have = children.stored(spec, [target.resource.pk for target in telling])
        difference = children.Difference(spec)
        for target in telling:
            pk = target.resource.pk
            want = target.said.children[spec.name]
            target.told += children.compare(difference, pk, have.get(pk, {}), want, tell=target.met)
        written += difference.write()
    return written
