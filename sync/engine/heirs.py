"""A portal that gives a thing another id: between two complete lists one vanishes and one of its name appears.

They stay two rows, because nobody but the portal knows that they are one thing. What is ours (customer, tags, notes) goes
along, and the history of both says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from sync.declare import ResourceSync, registry
from sync.models import Change, Resource, Run, Schedule


def hand_over(gone: Sequence[int], run: Run) -> int:
    """Of those that just vanished, gives what is ours to the ones of the same name that came since; returns how many.
    Only where a name is unique on both sides. Inside the transaction that marks them as gone."""
    declaration = registry[run.kind]
    if not gone or not isinstance(declaration, ResourceSync) or not declaration.known_by_name:
        return 0
    of_kind = {"account": run.account_id, "kind": run.kind}
    # While so many vanish that a person is asked, runs go by: the moment of the last complete one stands still until then.
    last = Schedule.objects.filter(**of_kind).values_list("last_complete_at", flat=True).first()
    if last is None:
        return 0
    came = Resource.objects.filter(**of_kind, gone_at=None, first_seen__gt=last)
    fresh = _by_name(came.select_for_update(no_key=True).order_by("pk"))
    if not fresh:
        return 0
    former = _by_name(Resource.objects.filter(pk__in=gone, name__in=fresh))
    alone = _by_name(Resource.objects.filter(**of_kind, gone_at=None, name__in=former))
    # A third one of that name would make it a guess.
    pairs = [(old, fresh[name]) for name, old in former.items() if name in alone]
    for old, new in pairs:
        new.customer_id = new.customer_id or old.customer_id
        new.tags = new.tags or old.tags
        new.notes = new.notes or old.notes
    Resource.objects.bulk_update([new for _old, new in pairs], ["customer", "tags", "notes"], batch_size=500)
    Change.objects.bulk_create((change for old, new in pairs for change in _told(old, new, run)), batch_size=1000)
    return len(pairs)


def _by_name(rows: QuerySet[Resource]) -> dict[str, Resource]:
    """Those whose name is theirs alone among these."""
    found = list(rows)
    counts = Counter(each.name for each in found)
    return {each.name: each for each in found if each.name and counts[each.name] == 1}


def _told(old: Resource, new: Resource, run: Run) -> tuple[Change, Change]:
    now = timezone.now()
    return (
        Change(resource=old, run=run, field="replaced_by", new=_other(new), at=now),
        Change(resource=new, run=run, field="replaces", old=_other(old), at=now),
    )


def _other(resource: Resource) -> dict[str, Any]:
    return {"resource": resource.pk, "upstream_id": resource.upstream_id}
