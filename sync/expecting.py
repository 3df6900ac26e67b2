"""Which of our actions caused a change. Actions leave here what they are about to move; sync names them on what it sees move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sync.models import Change, Expectation, ExpectedThing, Resource

APPEARED = "appeared"


def expect(expectations: Iterable[Expectation]) -> None:
    """Leaves these in place of those that the same action left before."""
    fresh = list(expectations)
    with transaction.atomic():
        Expectation.objects.filter(action__in={each.action for each in fresh}).delete()
        Expectation.objects.bulk_create(fresh)


def expect_thing(thing: ExpectedThing, *, since: datetime) -> None:
    """Leaves word of what an action made at the portal. A list may have shown it since the action began, before we knew: then its
    appearance is named now."""
    with transaction.atomic():
        of_thing = {"account": thing.account_id, "kind": thing.kind, "upstream_id": thing.upstream_id}
        ExpectedThing.objects.bulk_create([thing], ignore_conflicts=True)
        appeared = Change.objects.filter(
            **{f"resource__{name}": value for name, value in of_thing.items()}, field=APPEARED, at__gte=since
        )
        appeared.filter(action=None).update(action=thing.action)
        if appeared.exists():
            ExpectedThing.objects.filter(**of_thing).delete()


def forget(action: int) -> None:
    """The action changed nothing: what moves now was moved by somebody else."""
    Expectation.objects.filter(action=action).delete()
    ExpectedThing.objects.filter(action=action).delete()


def forget_old(now: datetime | None = None) -> int:
    """Those that nothing came of in time; returns how many."""
    over = {"until__lte": now or timezone.now()}
    return Expectation.objects.filter(**over).delete()[0] + ExpectedThing.objects.filter(**over).delete()[0]


def name_causes(
    changes: Sequence[Change], asked: Mapping[int, datetime], resources: Mapping[int, Resource], now: datetime
) -> None:
    """Sets the action of those changes that one left an expectation for, and uses it up. `asked` is when the portal was asked about
    each resource. Inside the transaction that keeps them; their resources are locked."""
    if not changes:
        return
    _name_arrivals([(change, resources[change.resource_id]) for change in changes if change.field == APPEARED], now)
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


def _name_arrivals(arrivals: Sequence[tuple[Change, Resource]], now: datetime) -> None:
    """Of one batch, so of one account and kind."""
    if not arrivals:
        return
    first = arrivals[0][1]
    of_kind = ExpectedThing.objects.filter(account=first.account_id, kind=first.kind, until__gt=now)
    expected = {each.upstream_id: each for each in of_kind}
    used = []
    for change, resource in arrivals:
        cause = expected.get(resource.upstream_id)
        if cause is not None:
            change.action = cause.action
            used.append(cause.pk)
    if used:
        ExpectedThing.objects.filter(pk__in=used).delete()


def _matches(expected: Expectation, change: Change, asked: Mapping[int, datetime], now: datetime) -> bool:
    if expected.resource_id != change.resource_id:
        return False
    # One that lies in the future was left by a clock that has been put back since.
    if asked[change.resource_id] < expected.since <= now:
        return False
    return change.field.startswith(expected.field) if expected.field.endswith(".") else change.field == expected.field
