"""Which of our actions caused a change. Actions leave here what they are about to move; sync names them on what it sees move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sync.models import Change, Expectation


def expect(expectations: Iterable[Expectation]) -> None:
    """Leaves these in place of those that the same action left before."""
    fresh = list(expectations)
    with transaction.atomic():
        Expectation.objects.filter(action__in={each.action for each in fresh}).delete()
        Expectation.objects.bulk_create(fresh)


def forget(action: int) -> None:
    """The action changed nothing: what moves now was moved by somebody else."""
    Expectation.objects.filter(action=action).delete()


def forget_old(now: datetime | None = None) -> int:
    """Those that nothing came of in time; returns how many."""
    deleted, _by_model = Expectation.objects.filter(until__lte=now or timezone.now()).delete()
    return deleted


def name_causes(changes: Sequence[Change], asked: Mapping[int, datetime], now: datetime) -> None:
    """Sets the action of those changes that one left an expectation for, and uses it up. `asked` is when the portal was asked about
    each resource. Inside the transaction that keeps them; their resources are locked."""
    if not changes:
        return
    waiting = Expectation.objects.filter(resource__in={change.resource_id for change in changes}, until__gt=now)
    # The newest first: of two actions on one column it is the later one that is seen.
    expected = list(waiting.order_by("-pk"))
    used: list[int] = []
    for change in changes:
        cause = next((each for each in expected if _matches(each, change, asked, now)), None)
        if cause is not None:
            change.action = cause.action
            if not cause.field.endswith("."):
                used.append(cause.pk)
    if used:
        Expectation.objects.filter(pk__in=used).delete()


def _matches(expected: Expectation, change: Change, asked: Mapping[int, datetime], now: datetime) -> bool:
    if expected.resource_id != change.resource_id:
        return False
    # One that lies in the future was left by a clock that has been put back since.
    if asked[change.resource_id] < expected.since <= now:
        return False
    return change.field.startswith(expected.field) if expected.field.endswith(".") else change.field == expected.field
