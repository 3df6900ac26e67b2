"""The spine of the mirror, the schedule that keeps it in step, its runs and what they found to have changed."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, ProviderAccount, User
from web.tones import Tone


class Kind(models.TextChoices):
    """What is synced, by the names that pages, API and `bin/manage sync --kind` use."""

    DOMAINS = "domains", _("Domains")
    ZONES = "zones", _("DNS zones")
    INVOICES = "invoices", _("Invoices")
    BALANCE = "balance", _("Balance")
    TICKETS = "tickets", _("Tickets")
    SERVICES = "services", _("Services")
    MACHINES = "virtual-machines", _("Virtual machines")
    CERTIFICATES = "certificates", _("Certificates")
    CATALOGUE = "catalogue", _("Catalogue")
    PRICES = "prices", _("Domain prices")
    PROFILE = "profile", _("Profile")
    CONTACTS = "contacts", _("Contacts")


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, user: User | AnonymousUser) -> ResourceQuerySet:
        return self.filter(account__in=ProviderAccount.objects.visible_to(user))

    def present(self) -> ResourceQuerySet:
        """What upstream still lists."""
        return self.filter(gone_at=None)


class Resource(models.Model):
    """One mirrored thing. Each family's model points here with its primary key; whatever points at 'a thing' points here.

    `customer`, `tags` and `notes` are ours and never written by sync. `tone` is that of the status alone; how near `due_on` is,
    is judged when a page is drawn. 'Last seen' is the last complete run of its kind, so that an unchanged thing costs no write.
    """

    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="resources")
    kind = models.CharField(max_length=20, choices=Kind)
    upstream_id = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.SET_NULL, related_name="resources")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    notes = models.TextField(blank=True)
    tone = models.CharField(
        max_length=8, choices=[(tone.value, tone.value) for tone in Tone], default=Tone.UNKNOWN.value
    )
    due_on = models.DateField(null=True)
    unreadable = ArrayField(models.CharField(max_length=40), default=list)
    """Fields whose upstream value makes no sense; pages show them hatched."""
    first_seen = models.DateTimeField(auto_now_add=True)
    gone_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=32, default="")
    """Of what the list last said."""
    detail_hash = models.CharField(max_length=32, default="")
    """Of what the last detail read said."""
    detail_wanted = models.BooleanField(default=False)
    """New or changed in the list, its detail not yet read."""
    fresh_at = models.DateTimeField(null=True)
    """When the last reading of this thing alone began, after an action: what was read of it before that is not written any
    more."""

    objects = ResourceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "kind", "upstream_id"], name="resource_identity")]
        indexes = [
            models.Index(fields=["kind", "name"], name="resource_by_name"),
            # Lists begin here: which things there are, and in the order in which they fall due, without reading their rows.
            models.Index(
                fields=["kind", "id"], include=["account"], condition=models.Q(gone_at=None), name="resource_present"
            ),
            models.Index(
                fields=["kind", "due_on"], include=["account"], condition=models.Q(gone_at=None), name="resource_by_due"
            ),
            models.Index(fields=["kind", "gone_at"], condition=models.Q(gone_at__isnull=False), name="resource_gone"),
            models.Index(fields=["kind"], condition=~models.Q(unreadable=[]), name="resource_unreadable"),
            models.Index(
                fields=["account", "kind"], condition=models.Q(detail_wanted=True), name="resource_detail_wanted"
            ),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="resource_name_search"),
        ]

    def __str__(self) -> str:
        return self.name


class Schedule(models.Model):
    """When one kind of one account is read next, and how its reading stands."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="schedules")
    kind = models.CharField(max_length=20, choices=Kind)
    next_due_at = models.DateTimeField(db_index=True)
    interval = models.DurationField(null=True, blank=True)
    """Null for the kind's default."""
    failures = models.PositiveIntegerField(default=0)
    """In a row; they back off: `next_due_at` is then the next try."""
    failing_since = models.DateTimeField(null=True)
    """When the first of those failures was; null while nothing fails."""
    supported = models.BooleanField(default=True)
    """False where the portal has no such thing or refuses it; it is then asked once a day whether that has changed."""
    words = models.CharField(max_length=500, blank=True)
    """Why it is not supported, as a sentence for staff."""
    last_complete_at = models.DateTimeField(null=True)
    """When the last run ended that saw the whole list: every present row was seen then."""
    detail_position = models.BigIntegerField(default=0)
    """Up to which resource the details were re-read by age; they are read in turn, spread over the kind's detail age."""
    watch_position = models.BigIntegerField(default=0)
    """Likewise for the things watched more closely (open tickets, unpaid invoices)."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="schedule_once")]

    def __str__(self) -> str:
        return f"{self.account} {self.kind}"


class Run(models.Model):
    """One bringing in step of one account and kind: who holds it, how far it is, what came of it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Succeeded")
        PARTIAL = "partial", _("Partial")
        HELD = "held", _("Held")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    UNDER_WAY = (State.QUEUED, State.RUNNING)

    # No index of its own: others begin with it.
    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="runs", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    full = models.BooleanField(default=False)
    """Reads every detail, as 'sync now' does; otherwise what is new, changed or due."""
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    urgent = models.BooleanField(default=False)
    """Somebody waits for it: a person, or an action that moved something. Routine runs make way for it."""
    request_id = models.CharField(max_length=64, blank=True)
    again = models.BooleanField(default=False)
    """Somebody asked for it while it was under way: when it is through, it begins again as a full one."""
    note = models.CharField(max_length=500, blank=True)
    """What staff should know beside the state: what it waits for, why the list counts as incomplete."""
    filed_at = models.DateTimeField(null=True)
    """When its next slice was last put into the queue; a queued run that nobody took up for long is filed again."""
    attempts = models.PositiveSmallIntegerField(default=0)
    """Claims since the last committed batch; a run that only ever kills its worker is parked."""
    generation = models.PositiveIntegerField(default=0)
    """Grows with each claim; a batch is written only while it is the writer's own."""
    claimed_by = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True)
    cursor = models.JSONField(default=dict)
    """Where the next slice goes on; sync.engine.cursor knows its form."""
    seen_ids = ArrayField(models.BigIntegerField(), default=list)
    """Resources that an unfinished list has shown so far."""
    queue = ArrayField(models.BigIntegerField(), default=list)
    """Resources whose details this run reads, written once; how far it is stands in the cursor."""
    held_ids = ArrayField(models.BigIntegerField(), default=list)
    """Of a held run: what would vanish."""
    held_changes = models.PositiveIntegerField(default=0)
    """Of a held run: how many rows were not written, because so many would change alike; `held_rows` has them."""
    held_fields = ArrayField(models.CharField(max_length=100), default=list)
    """The columns in which they would."""
    requests = models.PositiveIntegerField(default=0)
    """Calls to the portal in all."""
    list_requests = models.PositiveIntegerField(default=0)
    """Those of them that read the list; the others read details."""
    upstream_seconds = models.FloatField(default=0)
    """What all calls took together; they may have been under way at the same time."""
    upstream_slowest = models.FloatField(default=0)
    """What the slowest of them took."""
    listed = models.PositiveIntegerField(null=True)
    """Rows that upstream says there are, once known."""
    seen = models.PositiveIntegerField(default=0)
    details_total = models.PositiveIntegerField(default=0)
    details_done = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    """Rows of the mirror that were inserted or changed."""
    gone = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=1000, blank=True)
    """A sentence for staff: account, operation, cause."""
    error_code = models.CharField(max_length=40, blank=True)
    upstream_words = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"],
                condition=models.Q(state__in=["queued", "running"]),
                name="run_one_under_way",
            )
        ]
        indexes = [
            models.Index(fields=["account", "kind", "-id"], name="run_latest"),
            models.Index(
                fields=["lease_until"], condition=models.Q(state__in=["queued", "running"]), name="run_to_pick_up"
            ),
            models.Index(fields=["finished_at"], name="run_ended"),
            models.Index(fields=["account", "finished_at"], name="run_of_account"),
            models.Index(fields=["account", "kind"], condition=models.Q(state="held"), name="run_held"),
            models.Index(fields=["account", "-id"], condition=models.Q(state="failed"), name="run_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.kind} {self.state}"

    @property
    def under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @staticmethod
    def heard_nothing() -> models.Q:
        """Runs that ended before they had heard the whole list: what an earlier one holds waits on."""
        switched_off = models.Q(state=Run.State.SUCCEEDED, list_requests=0)
        return models.Q(state=Run.State.CANCELLED) | models.Q(state=Run.State.FAILED, details_total=0) | switched_off


class SkippedRow(models.Model):
    """A row that a run could not read: '142 of 145, 3 skipped: ...'."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="skipped_rows")
    upstream_id = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.name or self.upstream_id}: {self.reason}"


class HeldRow(models.Model):
    """A row of the mirror that a run did not write at once, because it moves a column that its kind calls grave.

    While the run is under way it waits here until the whole list was seen. When too many moved alike the run ends as held and the
    rows stay for a person to accept or reject; otherwise they were written and are gone from here.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="held_rows")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="+")
    detail = models.BooleanField()
    """Said by a detail; else by the list."""
    moves = models.JSONField()
    """The grave columns that would move, each with what the mirror has and what the portal says: {field: [old, new]}."""
    said = models.JSONField()
    """The whole row as the portal said it; sync.engine.aside knows its form."""
    asked = models.DateTimeField()
    """When the portal was asked."""
    accepted = models.BooleanField(default=False)
    """A person said that it is so: the next run that hears the same writes it."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "resource", "detail"], name="held_row_once")]

    def __str__(self) -> str:
        return f"{self.resource}: {', '.join(self.moves)}"


class Expectation(models.Model):
    """A column that one of our actions is about to move: the change that is seen of it names the action as its cause.

    `field` is as in Change; one that ends with a dot (`record.`) stands for all children of that name. It is used up by the
    change, the latter kind by time alone, because several changes may come of it.
    """

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="expectations")
    field = models.CharField(max_length=330)
    action = models.BigIntegerField(db_index=True)
    since = models.DateTimeField(default=timezone.now)
    """What the portal was asked before was none of its doing, even when it is written later."""
    until = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["resource", "field"], name="expectation_of_field")]

    def __str__(self) -> str:
        return f"{self.resource} {self.field}: action {self.action}"


class ExpectedThing(models.Model):
    """A thing that one of our actions had the portal make, such as the invoice of a renewal.

    Where a list first shows it, the change names the action as its cause.
    """

    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="expected_things")
    kind = models.CharField(max_length=20, choices=Kind)
    upstream_id = models.CharField(max_length=200)
    action = models.BigIntegerField(db_index=True)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "upstream_id"], name="expected_thing_identity")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.upstream_id}: action {self.action}"


class Change(models.Model):
    """One observed difference of a resource between two reads.

    `field` is the column's name, `<child>.<key>` for a record, line or reply, or one of `appeared`, `gone`, `returned`; and
    `replaces` or `replaced_by` where the portal gave a thing another id: {"resource": pk, "upstream_id": "..."} of the other one.
    `action` is the id of the action that caused it; null means not by us.
    """

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="changes", db_index=False)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="changes")
    field = models.CharField(max_length=330)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    at = models.DateTimeField()
    action = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["resource", "-id"], name="change_of_resource"),
            models.Index(fields=["-at"], name="change_latest"),
            # The feed's questions: by column, or by what its name begins with (`record.`), newest first.
            models.Index(OpClass("field", "varchar_pattern_ops"), models.F("id").desc(), name="change_of_field"),
            models.Index(fields=["-id"], condition=models.Q(action__isnull=False), name="change_by_us"),
            # What became of whom: paid, answered, stopped. Only here is `new` always short enough for an index.
            models.Index(fields=["new", "-id"], condition=models.Q(field="status"), name="change_of_status"),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.field}"
