"""Sends one person's digest: claim, look upstream once more, drop what moved, mail, settle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from reminders import claim, compose, mail, plan, reading
from reminders.compose import Line, Mail
from reminders.declare import registry
from reminders.models import Channel, Digest, Reading, Reminder, Rule, State
from reminders.people import Recipient, recipient_of
from sync.models import Schedule
from web.dates import exact_day

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 90.0
"""Of one attempt; well inside the lease."""
LOOK_AT_MOST: Final = timedelta(minutes=20)
"""From the digest's beginning; then it leaves with what is known, and says so."""


class Outcome(Enum):
    NOTHING = "nothing to send, or not ours to send"
    AGAIN = "not everything is looked up yet"
    SENT = "sent"
    FAILED = "failed"


def deliver(user_id: int) -> Outcome:
    user = User.objects.filter(pk=user_id).first()
    person = recipient_of(user) if user else None
    # Without a server the reminders wait as they are: the pages say so, and nothing piles up as failed.
    digest = claim.claim(person) if person and mail.configured() else None
    if person is None or digest is None:
        return Outcome.NOTHING
    rows = _rows(digest)
    things = sorted({row.resource_id for row in rows})
    overdue = timezone.now() > digest.begun_at + LOOK_AT_MOST
    if not overdue and not reading.look(things, seconds=LOOK_SECONDS):
        claim.release(digest)
        return Outcome.AGAIN
    readings = reading.latest(things)
    rows = _still_true(rows, readings, person)
    if not rows:
        claim.drop(digest)
        return Outcome.NOTHING
    return _send(digest, person, written(rows, readings, person))


def written(rows: Sequence[Reminder], readings: dict[int, Reading], person: Recipient) -> Mail:
    """The mail for these reminders, in the recipient's time zone."""
    with timezone.override(person.zone):
        today = person.today(timezone.now())
        read_at = _read_at(sorted({row.resource.account_id for row in rows}))
        return compose.compose(compose.lines_of(rows, readings, read_at, today), unknown(person), today)


def unknown(person: Recipient) -> list[Line]:
    """The things without a day that can be trusted; they start no reminder, and are told of beside those that do."""
    today = person.today(timezone.now())
    found = []
    for rule in Rule.objects.filter(active=True):
        if rule.what not in registry:
            continue
        declaration = registry[rule.what]
        things = plan.watched(rule, timezone.now()).filter(declaration.doubtful(), account__in=person.accounts)
        ordered = things.select_related("account", "customer", *declaration.related).order_by("name", "pk")
        found += [compose.line_of(thing, None, today, what=rule.what) for thing in ordered]
    return found


def _rows(digest: Digest) -> list[Reminder]:
    rows = Reminder.objects.filter(digest=digest, state=State.CLAIMED, channel=Channel.MAIL)
    joined = (f"resource__{path}" for path in registry.related())
    return list(rows.select_related("rule", "resource__account", "resource__customer", *joined))


def _still_true(rows: Sequence[Reminder], readings: dict[int, Reading], person: Recipient) -> list[Reminder]:
    """Calls off what upstream no longer says, and what the person may no longer hear of; returns the rest."""
    kept: list[Reminder] = []
    called_off: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        reason = _why_not(row, readings.get(row.resource_id), person)
        if reason:
            called_off[reason].append(row.pk)
        else:
            kept.append(row)
    for reason, keys in called_off.items():
        plan.cancel(Reminder.objects.filter(pk__in=keys, state=State.CLAIMED), reason, timezone.now())
    return kept


def _why_not(row: Reminder, said: Reading | None, person: Recipient) -> str:
    if row.resource.account_id not in person.accounts:
        return _("It is no longer theirs to hear of.")
    if row.resource.gone_at is not None:
        return _("The portal no longer lists it.")
    if said is None or not said.answered or said.due_on == row.due_on:
        return ""
    if said.due_on is None:
        return _("It no longer lapses, the portal says.")
    return _("The date moved to %(day)s, the portal says.") % {"day": exact_day(said.due_on)}


def _send(digest: Digest, person: Recipient, letter: Mail) -> Outcome:
    if not claim.still_held(digest):
        return Outcome.NOTHING
    identity = mail.message_id(digest.channel, digest.recipient_id, digest.day)
    try:
        mail.send(person.user.email, letter.subject, letter.text, letter.html, identity=identity)
    except mail.MailProblem as problem:
        claim.mark_failed(digest, str(problem))
        log.warning("digest_failed", digest=digest.pk, attempts=digest.attempts, reason=str(problem))
        return Outcome.FAILED
    claim.mark_sent(digest, letter.subject)
    log.info("digest_sent", digest=digest.pk, recipient=person.user.pk)
    return Outcome.SENT


def _read_at(accounts: Sequence[int]) -> dict[tuple[int, str], datetime]:
    rows = Schedule.objects.filter(account__in=accounts).exclude(last_complete_at=None)
    return {(row.account_id, row.kind): row.last_complete_at for row in rows if row.last_complete_at}
