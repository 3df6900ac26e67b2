"""Who sends a digest: claimed by a conditional update that is committed before the mail leaves, and settled by its holder alone.

A claim that its holder never settled is free again when its lease is over. What was accepted by the mail server but not recorded
then leaves a second time, under the same Message-ID.
"""

from __future__ import annotations

import os
import socket
import threading
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from reminders.models import WAITING, Channel, Digest, Reminder, State
from reminders.people import Recipient

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(minutes=10)
BACK_OFF: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))


def ready(now: datetime | None = None) -> list[int]:
    """The people for whom a digest is to be sent now."""
    now = now or timezone.now()
    waiting = Q(state__in=WAITING, next_attempt_at__lte=now)
    rows = Reminder.objects.filter(waiting | _left_lying(now), channel=Channel.MAIL)
    return list(rows.order_by("recipient").values_list("recipient", flat=True).distinct())


def claim(person: Recipient, now: datetime | None = None) -> Digest | None:
    """The digest that is now this caller's to send, with its reminders claimed; None when there is none, another has it, it waits
    after a failure, or today's has left already."""
    now = now or timezone.now()
    with transaction.atomic():
        # One claimer a person at a time, also where two of them stand on either side of the digest's hour.
        if not User.objects.select_for_update(no_key=True).filter(pk=person.user.pk).first():
            return None
        own = Digest.objects.filter(recipient=person.user, channel=Channel.MAIL)
        fresh = Digest(recipient=person.user, day=person.slot(now), next_attempt_at=now)
        Digest.objects.bulk_create([fresh], ignore_conflicts=True)
        free = Q(state__in=WAITING, next_attempt_at__lte=now) | Q(state=State.CLAIMED, lease_until__lte=now)
        taken = own.filter(free, day=person.slot(now)).update(
            state=State.CLAIMED,
            generation=F("generation") + 1,
            attempts=F("attempts") + 1,
            claimed_by=_who(),
            lease_until=now + LEASE,
            begun_at=Case(When(_going_on(now), then=F("begun_at")), default=Value(now)),
        )
        if not taken:
            return None
        digest = own.get(day=person.slot(now))
        waiting = Q(state__in=WAITING, next_attempt_at__lte=now)
        rows = Reminder.objects.filter(waiting | _left_lying(now) | Q(state=State.CLAIMED, digest=digest))
        rows = rows.filter(recipient=person.user, channel=Channel.MAIL)
        if not rows.update(state=State.CLAIMED, digest=digest, attempts=F("attempts") + 1):
            digest.delete()
            return None
        # An older one that never left has just lost its reminders to this one.
        stale = Q(state__in=WAITING) | Q(state=State.CLAIMED, lease_until__lte=now)
        own.filter(stale, day__lt=digest.day).update(
            state=State.CANCELLED, reason=_("The next day's mail took its reminders along.")
        )
    return digest


def still_held(digest: Digest) -> bool:
    """Whether the claim is still this holder's; begins its lease anew."""
    return bool(_held(digest).update(lease_until=timezone.now() + LEASE))


def release(digest: Digest) -> None:
    """Puts it back: not everything could be looked up in one go."""
    now = timezone.now()
    _settle(digest, State.DUE, {"next_attempt_at": now}, {"next_attempt_at": now})


def mark_sent(digest: Digest, subject: str) -> bool:
    """False when the lease was lost meanwhile: another has sent it, or will."""
    now = timezone.now()
    settled = _settle(
        digest,
        State.SENT,
        {"sent_at": now, "subject": subject[:300], "reason": ""},
        {"sent_at": now, "settled_at": None},
    )
    if not settled:
        log.warning("digest_sent_without_claim", digest=digest.pk)
    return settled


def mark_failed(digest: Digest, reason: str) -> None:
    """To be tried again with back-off; the next day's digest takes along what is still waiting then."""
    now = timezone.now()
    again = now + BACK_OFF[min(digest.attempts, len(BACK_OFF)) - 1]
    said = {"next_attempt_at": again, "reason": reason[:500]}
    _settle(digest, State.FAILED, said, {**said, "settled_at": now})


def drop(digest: Digest) -> None:
    """Nothing of it is left to be said; a later one of the same day may still leave."""
    _held(digest).delete()


def _settle(digest: Digest, state: State, on_digest: dict[str, object], on_rows: dict[str, object]) -> bool:
    with transaction.atomic():
        if not _held(digest).update(state=state, lease_until=None, **on_digest):
            return False
        Reminder.objects.filter(digest=digest, state=State.CLAIMED).update(state=state, **on_rows)
    return True


def _held(digest: Digest) -> QuerySet[Digest]:
    return Digest.objects.filter(pk=digest.pk, generation=digest.generation, state=State.CLAIMED)


def _going_on(now: datetime) -> Q:
    """Put back a moment ago to be looked up further; everything else begins anew with asking upstream."""
    return Q(state=State.DUE, next_attempt_at__gt=now - LEASE)


def _left_lying(now: datetime) -> Q:
    """Claimed by one who did not come back, or whose digest is gone."""
    return Q(state=State.CLAIMED) & (Q(digest=None) | Q(digest__lease_until__lte=now))


def _who() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"[:120]
