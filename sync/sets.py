"""Sets of rows that an account has as a whole (a price list, a catalogue): compared in memory, written in batches, and only where
they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

import structlog
from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import ProviderAccount
from sync.engine.clean import Unfit, clean_columns, plain
from sync.engine.meta import rows_of
from sync.models import Kind, Run

log = structlog.get_logger(__name__)

ModelT = TypeVar("ModelT", bound=Model)
BATCH: Final = 1000


def believed(account: ProviderAccount, kind: Kind, count: int) -> bool:
    """Whether an answer that tells of so many things counts: that there are none at all only when it is said twice in a row.
    A run that was given no answer (the portal had it switched off) says nothing, one that was refused a part of it not that."""
    if count:
        return True
    through = Run.objects.filter(account=account, kind=kind, state__in=(Run.State.SUCCEEDED, Run.State.PARTIAL))
    answered = through.filter(list_requests__gt=0).order_by("-pk")
    return answered.values_list("seen", "skipped").first() == (0, 0)


def replace_set(
    have: QuerySet[ModelT],
    said: Iterable[Mapping[str, Any]],
    *,
    key: Sequence[str],
    prices: Sequence[str] = (),
    keep: Callable[[ModelT], bool] = lambda _row: False,
) -> int:
    """Makes the rows `have` what the portal says and returns how many were inserted, changed or deleted.

    Each of `said` has all the columns of a row; `key` names those that tell one apart, and what is said twice counts as it was
    said first. When a column of `prices` moves, all of them are kept in the row's `previous` as they were, and the time in its
    `changed_at`. A value that does not fit its column leaves what is there, and a row that was not said stays when `keep` wants it.
    """
    model, now = have.model, timezone.now()
    known = {_place(row, key): row for row in have}
    met: set[tuple[Any, ...]] = set()
    fresh: list[ModelT] = []
    moved: list[ModelT] = []
    touched: set[str] = set()
    for columns in said:
        try:
            good, _unreadable = clean_columns(model, columns)
        except Unfit as reason:
            log.warning("row_of_set_unfit", model=model.__name__, reason=str(reason))
            continue
        place = tuple(good[name] for name in key)
        if place in met:
            continue
        met.add(place)
        row = known.get(place)
        if row is None:
            fresh.append(model(**good))
        elif differing := {name: value for name, value in good.items() if getattr(row, name) != value}:
            touched |= _move(row, differing, prices, now)
            moved.append(row)
    gone = [row.pk for place, row in known.items() if place not in met and not keep(row)]
    rows = rows_of(model)
    rows.bulk_create(fresh, batch_size=BATCH)
    if moved:
        rows.bulk_update(moved, sorted(touched), batch_size=BATCH)
    if gone:
        rows.filter(pk__in=gone).delete()
    return len(fresh) + len(moved) + len(gone)


def _place(row: Model, key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in key)


def _move(row: Any, differing: Mapping[str, Any], prices: Sequence[str], now: datetime) -> set[str]:
    """Sets these columns and returns all that were touched."""
    touched = set(differing)
    if not touched.isdisjoint(prices):
        row.previous, row.changed_at = {name: plain(getattr(row, name)) for name in prices}, now
        touched |= {"previous", "changed_at"}
    for name, value in differing.items():
        setattr(row, name, value)
    return touched
