"""Writes what differs: the spine, the family's row, its children and the changes, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from sync.declare import ResourceSync
from sync.engine import children
from sync.engine.children import Telling, shortened
from sync.engine.clean import clean_text, plain
from sync.engine.compare import Said, same
from sync.engine.meta import owner_column, rows_of
from sync.engine.work import Work
from sync.models import Change, Resource

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Target:
    """One resource under way from what the mirror has to what upstream said."""

    said: Said
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


Entry = tuple[int | None, Said]
"""The resource's primary key, None for a new one, and what upstream said of it."""


def write_batch(work: Work[ResourceSync[Any, Any]], entries: Sequence[Entry], *, detail: bool) -> dict[str, int]:
    """Writes `entries` inside `hold`'s transaction. When the batch can't be written as one, each row is tried by itself and
    those that fail are skipped. Returns the new resources: upstream id -> primary key."""
    if not entries:
        return {}
    try:
        with transaction.atomic():
            return _write(work, entries, detail=detail)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001  # one row's fault must not cost the others; it is found and recorded below
        log.warning("batch_written_row_by_row", rows=len(entries), error=type(error).__name__)
    made: dict[str, int] = {}
    for entry in entries:
        try:
            with transaction.atomic():
                made |= _write(work, [entry], detail=detail)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001  # recorded as a skipped row
            said = entry[1]
            name = said.columns.get("name", "")
            work.skips.add(said.upstream_id, str(name), f"It could not be stored: {type(error).__name__}.")
            log.warning("row_skipped", upstream_id=said.upstream_id, error=type(error).__name__)
    return made


def _write(work: Work[ResourceSync[Any, Any]], entries: Sequence[Entry], *, detail: bool) -> dict[str, int]:
    now = timezone.now()
    targets = _load(work, entries)
    for target in targets:
        if detail:
            _merge_detail(work, target)
        else:
            _merge_listed(work, target, now)
    _store(work.declaration, targets)
    written = sum(1 for target in targets if target.new or target.spine or target.columns)
    if detail:
        written += _write_children(work.declaration, targets)
    Change.objects.bulk_create(
        Change(resource_id=target.resource.pk, run=work.run, field=clean_text(name, 330), old=old, new=new, at=now)
        for target in targets
        for name, old, new in target.told
    )
    work.run.written += written
    return {target.said.upstream_id: target.resource.pk for target in targets if target.new}


def _load(work: Work[ResourceSync[Any, Any]], entries: Sequence[Entry]) -> list[Target]:
    declaration, run = work.declaration, work.run
    known = [pk for pk, _said in entries if pk is not None]
    # Locked in one order, so that two writers never wait for each other.
    spines = {
        each.pk: each for each in Resource.objects.select_for_update(no_key=True).filter(pk__in=known).order_by("pk")
    }
    rows = {each.pk: each for each in rows_of(declaration.model).filter(pk__in=known)}
    targets = []
    for pk, said in entries:
        if pk is None:
            spine = Resource(account_id=run.account_id, kind=run.kind, upstream_id=said.upstream_id)
            targets.append(Target(said, spine, declaration.model(), new=True))
        elif pk in spines:
            targets.append(Target(said, spines[pk], rows[pk]))
    return targets


def _merge_listed(work: Work[ResourceSync[Any, Any]], target: Target, now: datetime) -> None:
    _merge(work.declaration, target, tell=not target.new)
    if target.new and not work.cursor.first:
        target.told.append(("appeared", None, target.resource.name))
    if target.resource.gone_at is not None:
        target.told.append(("returned", plain(target.resource.gone_at), plain(now)))
        target.put(gone_at=None)
    target.put(content_hash=target.said.fingerprint)
    if reads_details(work):
        target.put(detail_wanted=True)


def _merge_detail(work: Work[ResourceSync[Any, Any]], target: Target) -> None:
    target.met = target.resource.detail_hash != ""
    _merge(work.declaration, target, tell=True)
    target.put(detail_hash=target.said.fingerprint)
    target.put(detail_wanted=False)


def reads_details(work: Work[ResourceSync[Any, Any]]) -> bool:
    capability = work.declaration.detail_capability
    return bool(capability) and work.provider.can(capability)


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
    rows = rows_of(declaration.model)
    if new:
        Resource.objects.bulk_create([target.resource for target in new])
        for target in new:
            setattr(target.row, owner_column(declaration.model), target.resource.pk)
        rows.bulk_create([target.row for target in new])
    # An upsert on the primary key: many times faster than bulk_update, and it touches the named columns alone.
    spines = [target for target in old if target.spine]
    if spines:
        touched = sorted(set().union(*(target.spine for target in spines)))
        Resource.objects.bulk_create(
            [target.resource for target in spines], update_conflicts=True, unique_fields=["pk"], update_fields=touched
        )
    moved = [target for target in old if target.columns]
    if moved:
        touched = sorted(set().union(*(target.columns for target in moved)))
        rows.bulk_create(
            [target.row for target in moved], update_conflicts=True, unique_fields=["pk"], update_fields=touched
        )


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
