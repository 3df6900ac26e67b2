"""The ledger: every decision of the staff that changes something upstream, and every question that can't wait for a sync.

The ledger is the truth, not the queue. A row is claimed by a conditional update that is committed before the request leaves; what
the queue loses is filed again from here.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ProviderAccount, User
from sync.models import Resource


class State(models.TextChoices):
    """`succeeded`: upstream accepted it. `failed`: nothing changed. `unknown`: it may have happened."""

    AWAITING_APPROVAL = "awaiting_approval", _("Waits for approval")
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Sent")
    SUCCEEDED = "succeeded", _("Accepted")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Outcome unknown")
    CANCELLED = "cancelled", _("Cancelled")


OPEN = (State.AWAITING_APPROVAL, State.QUEUED, State.RUNNING, State.UNKNOWN)
"""Not decided yet."""
VOID = (State.FAILED, State.CANCELLED)
"""Nothing changed upstream, so the same may be asked again."""


class Stage(models.TextChoices):
    """How far an action has come after upstream accepted it. Kinds without a chain go to `done` at once."""

    NONE = "", _("Not sent")
    ORDERED = "ordered", _("Ordered")
    INVOICE_UNPAID = "invoice_unpaid", _("Invoice unpaid")
    PAID = "paid", _("Paid")
    DONE = "done", _("Done")
    STALLED = "stalled", _("Stands still")


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User | AnonymousUser) -> ActionQuerySet:
        return self.filter(account__in=ProviderAccount.objects.visible_to(user))


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, user: User | AnonymousUser) -> EnquiryQuerySet:
        """One's own: what was revealed to one person is not another's to read."""
        accounts = ProviderAccount.objects.visible_to(user)
        return self.filter(account__in=accounts, actor_id=user.pk) if user.pk else self.none()


class Action(models.Model):
    """One decision: what was asked, by whom, what was sent, what came back."""

    kind = models.CharField(max_length=60)
    """The declared kind, such as `domain.renew`."""
    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="actions")
    resource = models.ForeignKey(Resource, null=True, on_delete=models.SET_NULL, related_name="actions")
    """What it is about; null for what does not exist yet (a domain to register)."""
    target = models.CharField(max_length=300)
    """Its name, kept when the resource goes."""
    summary = models.CharField(max_length=500)
    """What was decided, in words: 'Renew example.com for 1 year'."""
    parameters = models.JSONField(default=dict)
    sealed_parameters = models.TextField(blank=True, editable=False)
    """Secret ones (EPP codes, passwords), sealed by the vault."""
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.NONE, blank=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="actions")
    request_id = models.CharField(max_length=64, blank=True)

    key_owner = models.CharField(max_length=40, blank=True)
    """Whose idempotency key it is: `user:3` or `token:7`."""
    key = models.CharField(max_length=200, blank=True)
    body_digest = models.CharField(max_length=64, blank=True)
    """Of the request that came with the key: the same key with another body is refused."""
    guard = models.CharField(max_length=300, blank=True)
    """One action a guard that is not void: kind, resource and the expiry that was seen."""

    price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    """What the person confirmed, at most."""
    currency = models.CharField(max_length=3, blank=True)

    generation = models.PositiveIntegerField(default=0)
    """Grows with each claim; an outcome is written only by the claim that brought it."""
    claimed_by = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    losses = models.PositiveIntegerField(default=0)
    """Claims that ended without a word: what only ever kills its worker is not taken up for ever."""
    next_attempt_at = models.DateTimeField(null=True)
    """When a kind that may wait is tried again."""
    filed_at = models.DateTimeField(null=True)
    """When it was last given to the queue."""

    result = models.JSONField(default=dict)
    """What upstream answered, in our words: order, invoice, total."""
    progress = models.JSONField(default=dict)
    """What a kind of several steps has done so far (records applied), written before and after each step."""
    partly = models.BooleanField(default=False)
    """Progress was kept after sending began, so that a failure later has changed something all the same."""
    error = models.CharField(max_length=1000, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    upstream_words = models.CharField(max_length=500, blank=True)

    look_at = models.DateTimeField(null=True)
    """When it is next looked after: an unknown one reconciled, an accepted one followed."""
    looks = models.PositiveIntegerField(default=0)
    """How often it was looked after since it last moved; looks back off."""
    moved_at = models.DateTimeField(null=True)
    """When the stage last moved: a chain that has not for long stands still."""
    stands_at = models.CharField(max_length=20, choices=Stage, default=Stage.NONE, blank=True)
    """Where a chain that stands still stands."""
    absent_since = models.DateTimeField(null=True)
    """The first read that did not find an unknown action's effect; a second one, later, settles it."""
    resolved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    resolution = models.CharField(max_length=500, blank=True)
    """Why a person settled an unknown outcome."""

    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When the outcome was known."""
    done_at = models.DateTimeField(null=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["key_owner", "key"], condition=~Q(key=""), name="action_key_once"),
            models.UniqueConstraint(
                fields=["guard"],
                condition=~Q(guard="") & ~Q(state__in=["failed", "cancelled"]),
                name="action_guard_once",
            ),
        ]
        indexes = [
            models.Index(fields=["resource", "-id"], name="action_of_resource"),
            models.Index(
                fields=["state", "lease_until"], condition=Q(state__in=["queued", "running"]), name="action_to_pick_up"
            ),
            models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="action_to_look_after"),
            models.Index(fields=["account", "-id"], name="action_of_account"),
        ]

    def __str__(self) -> str:
        return self.summary

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def chain_open(self) -> bool:
        """Accepted, and not through yet: an invoice that waits, a chain that stands still."""
        return self.state == State.SUCCEEDED and self.stage != Stage.DONE


class ActionEvent(models.Model):
    """One line of an action's log, for people."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    text = models.CharField(max_length=1000)
    upstream_words = models.CharField(max_length=500, blank=True)
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class Enquiry(models.Model):
    """A question to upstream that changes nothing. Its answer is sealed and kept for an hour at most; it never passes the queue."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Asked")
        ANSWERED = "answered", _("Answered")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=60)
    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="enquiries")
    resource = models.ForeignKey(Resource, null=True, on_delete=models.CASCADE, related_name="enquiries")
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    request_id = models.CharField(max_length=64, blank=True)
    filed_at = models.DateTimeField(null=True)
    generation = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    sealed_answer = models.TextField(blank=True, editable=False)
    error = models.CharField(max_length=1000, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "enquiries"
        indexes = [
            models.Index(fields=["expires_at"], condition=~Q(sealed_answer=""), name="enquiry_to_forget"),
            models.Index(fields=["created_at"], name="enquiry_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class CallTally(models.Model):
    """How many calls to an account's portal the actions and enquiries of one family have made since the account came. Only grows;
    kept apart from the ledger, because an action is looked after for weeks and its calls belong to the hours they were made in."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    family = models.CharField(max_length=60)
    """What stands before the dot of the kind: `domain` of `domain.renew`."""
    requests = models.PositiveBigIntegerField(default=0)
    errors = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "family"], name="call_tally_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.family}: {self.requests}"
