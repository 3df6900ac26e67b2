"""The reads of reminders that pages and API share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import ProviderAccount, User
from accounts.roles import may_administer
from reminders.clock import instant
from reminders.declare import registry
from reminders.models import WAITING, Digest, Reminder, Rule, State
from reminders.people import recipient_of
from reminders.plan import watched
from sync.models import Resource
from web.shell import Scope

COMING = Q(state__in=[State.DUE, State.CLAIMED])
AHEAD = timedelta(days=30)


def visible_to(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Reminder]:
    """One's own; administrators see everybody's. Of things at accounts that the reader may see, with all that lists show."""
    rows = Reminder.objects.filter(resource__account__in=ProviderAccount.objects.visible_to(user))
    if not may_administer(user):
        rows = rows.filter(recipient=user.pk or 0)
    if scope is not None:
        rows = rows.filter(**{f"resource__{scope.kind}": int(scope.pk)}) if scope.pk.isdecimal() else rows.none()
    return rows.select_related("rule", "recipient", "resource__account", "resource__customer")


def stuck(user: User | AnonymousUser) -> Digest | None:
    """The latest mail to this person, or for an administrator to anybody, that did not leave and is being tried again."""
    rows = Digest.objects.filter(state=State.FAILED)
    if not may_administer(user):
        rows = rows.filter(recipient=user.pk or 0)
    return rows.select_related("recipient").order_by("-next_attempt_at").first()


def next_digest_at(user: User) -> datetime | None:
    """When this person's next mail leaves, if there is anything to tell; None without a digest."""
    person = recipient_of(user)
    if person is None:
        return None
    now = timezone.now()
    day = person.today(now)
    gone = Digest.objects.filter(recipient=user, day=day, state=State.SENT).exists()
    waits = Reminder.objects.filter(recipient=user, state__in=WAITING, next_attempt_at__lte=now).exists()
    at = instant(day, person.hour, person.zone)
    if at > now or (waits and not gone):
        return max(at, now)
    return instant(day + timedelta(days=1), person.hour, person.zone)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A day on which things come within a distance."""

    day: date
    distance: int
    due_on: date
    things: tuple[Resource, ...]


def crossings(user: User) -> list[Crossing]:
    """What this person will be told in the days to come if no date moves; the soonest first. A few queries."""
    person = recipient_of(user)
    if person is None:
        return []
    today = person.today(timezone.now())
    found: defaultdict[tuple[date, int], list[Resource]] = defaultdict(list)
    for rule in Rule.objects.filter(active=True):
        if rule.what not in registry or not rule.distances:
            continue
        latest = today + AHEAD + timedelta(days=max(rule.distances))
        things = watched(rule, timezone.now()).filter(account__in=person.accounts, due_on__lte=latest)
        for thing in things.order_by("name", "pk"):
            for distance in rule.distances:
                day = thing.due_on - timedelta(days=distance) if thing.due_on else today
                if today < day <= today + AHEAD:
                    found[day, distance].append(thing)
    return [
        Crossing(day, distance, day + timedelta(days=distance), tuple(things))
        for (day, distance), things in sorted(found.items(), key=lambda item: (item[0][0], item[0][1]))
    ]
