"""What reminders go out by, and the ledger of those that went, are to go, or could not.

A reminder is a row, unique for its rule, thing, due date, distance, recipient and channel. A digest is one mail to one person for
one day of theirs: it is claimed by a conditional update that is committed before the mail leaves, and its reminders with it.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from sync.models import Resource

DEFAULT_HOUR = 8


def default_distances() -> list[int]:
    return [60, 30, 14, 7, 3, 1, 0, -1, -3]


class Channel(models.TextChoices):
    MAIL = "mail", _("E-mail")


class State(models.TextChoices):
    """`failed`: the last attempt did not go through; it is tried again at `next_attempt_at`."""

    DUE = "due", _("Waits")
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


WAITING = (State.DUE, State.FAILED)
OPEN = (State.DUE, State.FAILED, State.CLAIMED)


class Rule(models.Model):
    """How many days before and after its day a thing is reminded of; negative is after."""

    what = models.CharField(max_length=40, unique=True)
    distances = ArrayField(models.SmallIntegerField(), default=default_distances)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.what


class Subscription(models.Model):
    """What a person chose; without a row administrators and staff get the digest at eight, readers do not."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="reminder_subscription")
    active = models.BooleanField(default=True)
    hour = models.PositiveSmallIntegerField(default=DEFAULT_HOUR, validators=[MaxValueValidator(23)])
    """In the person's time zone."""

    def __str__(self) -> str:
        return f"{self.user} {self.hour}:00"


class Digest(models.Model):
    """One mail to one person for one day of theirs."""

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digests")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.MAIL)
    day = models.DateField()
    """The recipient's own, by their time zone."""
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    generation = models.PositiveIntegerField(default=0)
    """Grows with each claim; only the holder of the latest one may send and settle."""
    claimed_by = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True)
    subject = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    """Why the last attempt failed, as a sentence for staff."""
    begun_at = models.DateTimeField(auto_now_add=True)
    """When this attempt began to ask upstream, which may take several claims."""
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "channel", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.recipient} {self.day}"


class Reminder(models.Model):
    """That one person is told, once, that one thing is so far from its day."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="reminders")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="reminders")
    due_on = models.DateField()
    distance = models.SmallIntegerField()
    """Days before its day that were crossed; negative is after."""
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reminders")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.MAIL)
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    digest = models.ForeignKey(Digest, null=True, on_delete=models.SET_NULL, related_name="reminders")
    """The mail it went, or is going, out with."""
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    """Why it was cancelled or failed, or what was in doubt when it left; a sentence for staff."""
    made_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    """When it was cancelled or last failed."""
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "resource", "due_on", "distance", "recipient", "channel"], name="reminder_once"
            )
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="reminder_of_person"),
            models.Index(
                fields=["next_attempt_at"], condition=Q(state__in=["due", "failed", "claimed"]), name="reminder_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.due_on} {self.distance}"


class Reading(models.Model):
    """What upstream last said of a thing's day when a reminder of it was about to leave; shared by all its recipients."""

    resource = models.OneToOneField(
        Resource, primary_key=True, on_delete=models.CASCADE, related_name="reminder_reading"
    )
    at = models.DateTimeField()
    answered = models.BooleanField()
    due_on = models.DateField(null=True)
    """Null, where upstream answered, when it no longer lapses."""
    words = models.CharField(max_length=500, blank=True)
    """Why upstream did not answer."""

    def __str__(self) -> str:
        return f"{self.resource} {self.at}"
