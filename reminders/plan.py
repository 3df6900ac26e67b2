"""Which reminders are owed: thresholds that were crossed become rows.

Crossed, never equalled: of each thing only the most urgent distance that its day has come within counts, so that after days of
downtime one reminder goes out and not four. Planning twice, or twice at once, makes nothing twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import structlog
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from reminders import mail
from reminders.clock import instant
from reminders.declare import registry
from reminders.models import OPEN, WAITING, Channel, Digest, Reminder, Rule, State
from reminders.people import Recipient, recipients
from sync.models import Resource, Schedule
from web.dates import exact_day

log = structlog.get_logger(__name__)

FIRST_READ: Final = timedelta(hours=1)
"""How long the first reading of a new account may take before what it brought so far is reminded of."""
BATCH: Final = 1000
STILL_TIMELY: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Thing:
    pk: int
    account_id: int
    due_on: date


@dataclass(slots=True)
class Draft:
    """What one pass over a rule wants to write."""

    new: list[Reminder] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    """Waiting rows that are still owed."""
    revived: defaultdict[datetime, list[int]] = field(default_factory=lambda: defaultdict(list))
    postponed: defaultdict[datetime, list[int]] = field(default_factory=lambda: defaultdict(list))
    overtaken: set[int] = field(default_factory=set)


def plan(now: datetime | None = None) -> int:
    """Brings the waiting reminders in step with the mirror; returns how many are new. Without a mail server nothing is planned:
    once there is one, the most urgent distances count, as after a downtime."""
    if not mail.configured():
        return 0
    now = now or timezone.now()
    people = recipients()
    times = {person.user.pk: at for person, at in zip(people, _next_digests(people, now), strict=True)}
    made = 0
    for rule in Rule.objects.all():
        draft = Draft()
        known = _known(rule)
        if rule.active and rule.distances and people and rule.what in registry:
            _draft(draft, rule, people, times, known, now)
        made += _write(draft, rule, known, now)
    if made:
        log.info("reminders_planned", count=made)
    return made


def most_urgent(distances: Sequence[int], left: int) -> int | None:
    """The smallest distance that a day so far away has come within; None when it has come within none."""
    return min((distance for distance in distances if left <= distance), default=None)


def watched(rule: Rule, now: datetime) -> QuerySet[Resource]:
    """The things that the rule may speak about, those of accounts whose first reading is under way left out: the first digest
    would otherwise hold the handful that it had brought so far."""
    declaration = registry[rule.what]
    beginning = Schedule.objects.filter(
        kind=declaration.kind, last_complete_at=None, account__created_at__gt=now - FIRST_READ
    )
    return (
        Resource.objects.present()
        .filter(declaration.staying(), kind=declaration.kind)
        .exclude(account__in=beginning.values("account"))
    )


def _next_digests(people: Sequence[Recipient], now: datetime) -> list[datetime]:
    """When each person's next digest leaves: today's while it has not left, even when its hour has passed."""
    sent = set(
        Digest.objects.filter(day__gte=(now - timedelta(days=2)).date(), state=State.SENT).values_list(
            "recipient", "day"
        )
    )
    found = []
    for person in people:
        day = person.today(now)
        if (person.user.pk, day) in sent:
            day += timedelta(days=1)
        found.append(instant(day, person.hour, person.zone))
    return found


def _known(rule: Rule) -> dict[tuple[int, int], list[Reminder]]:
    """The rows that matter, by recipient and thing: those about its present day, and whatever is still open."""
    matters = Q(due_on=F("resource__due_on")) | Q(state__in=OPEN)
    rows = Reminder.objects.filter(matters, rule=rule, channel=Channel.MAIL)
    found: defaultdict[tuple[int, int], list[Reminder]] = defaultdict(list)
    for row in rows.select_related("resource").only(
        "recipient_id", "due_on", "distance", "state", "settled_at", "next_attempt_at", "attempts", "resource__due_on"
    ):
        found[row.recipient_id, row.resource_id].append(row)
    return found


def _draft(
    draft: Draft,
    rule: Rule,
    people: Sequence[Recipient],
    times: dict[int, datetime],
    known: dict[tuple[int, int], list[Reminder]],
    now: datetime,
) -> None:
    latest = max(person.today(now) for person in people) + timedelta(days=max(rule.distances))
    rows = watched(rule, now).filter(due_on__lte=latest).order_by("pk").values_list("pk", "account_id", "due_on")
    things = [Thing(pk, account_id, due_on) for pk, account_id, due_on in rows if due_on]
    for person in people:
        today, at = person.today(now), times[person.user.pk]
        for thing in things:
            distance = most_urgent(rule.distances, (thing.due_on - today).days)
            if distance is not None and thing.account_id in person.accounts:
                have = known.get((person.user.pk, thing.pk), [])
                _draft_one(draft, rule, person, thing, distance, have, at, now)


def _draft_one(
    draft: Draft,
    rule: Rule,
    person: Recipient,
    thing: Thing,
    distance: int,
    have: Iterable[Reminder],
    at: datetime,
    now: datetime,
) -> None:
    told, called_off = False, None
    for row in have:
        if row.due_on != thing.due_on:
            continue
        if row.state == State.CANCELLED:
            called_off = row if row.distance == distance else called_off
        elif row.distance <= distance:
            told = True
            draft.kept.add(row.pk)
            if (
                row.state == State.DUE
                and not row.attempts
                and row.next_attempt_at != at
                and not _just_missed(row, at, now)
            ):
                draft.postponed[at].append(row.pk)
        elif row.state in WAITING:
            draft.overtaken.add(row.pk)
    if told:
        return
    if called_off is None:
        row = Reminder(rule=rule, resource_id=thing.pk, due_on=thing.due_on, distance=distance)
        row.recipient, row.next_attempt_at = person.user, at
        draft.new.append(row)
    elif called_off.settled_at and person.today(called_off.settled_at) < person.today(now):
        # Upstream named another day when this was to leave, and names this one again: a slip there must not cost the reminder.
        draft.revived[at].append(called_off.pk)


def _just_missed(row: Reminder, at: datetime, now: datetime) -> bool:
    """The desk was down for a few hours at the time: it leaves now and not with the next day's."""
    return row.next_attempt_at <= now < at and now - row.next_attempt_at < STILL_TIMELY


def _write(draft: Draft, rule: Rule, known: dict[tuple[int, int], list[Reminder]], now: datetime) -> int:
    Reminder.objects.bulk_create(draft.new, batch_size=BATCH, ignore_conflicts=True)
    for at, keys in draft.revived.items():
        rows = Reminder.objects.filter(pk__in=keys, state=State.CANCELLED)
        rows.update(state=State.DUE, next_attempt_at=at, reason="", settled_at=None, digest=None, attempts=0)
    for at, keys in draft.postponed.items():
        Reminder.objects.filter(pk__in=keys, state=State.DUE).update(next_attempt_at=at)
    called_off: defaultdict[str, list[int]] = defaultdict(list)
    for have in known.values():
        for row in have:
            if row.state in WAITING and row.pk not in draft.kept:
                called_off[_why(row, rule, overtaken=row.pk in draft.overtaken)].append(row.pk)
    for reason, keys in called_off.items():
        cancel(Reminder.objects.filter(pk__in=keys, state__in=WAITING), reason, now)
    return len(draft.new)


def _why(row: Reminder, rule: Rule, *, overtaken: bool) -> str:
    if overtaken:
        return _("A more urgent one took its place.")
    if not rule.active:
        return _("The rule was switched off.")
    if row.resource.due_on is None:
        return _("It no longer lapses.")
    if row.resource.due_on != row.due_on:
        return _("The date moved to %(day)s.") % {"day": exact_day(row.resource.due_on)}
    return _("It is no longer listed, or no longer theirs to hear of.")


def cancel(rows: QuerySet[Reminder], reason: str, now: datetime) -> int:
    return rows.update(state=State.CANCELLED, reason=reason[:500], settled_at=now)
