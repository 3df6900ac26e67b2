"""Domains, their zones and records, as upstream last said. Column names are those of `providers.resources`."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from accounts.models import ProviderAccount, User
from providers.resources import DomainStatus
from sync.models import Resource


class Domain(models.Model):
    resource = models.OneToOneField(Resource, primary_key=True, on_delete=models.CASCADE, related_name="domain")
    name = models.CharField(max_length=255)
    status = models.CharField(max_length=20, choices=[(s.value, s.value) for s in DomainStatus])
    upstream_status = models.CharField(max_length=60, blank=True)
    registered_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    next_due_on = models.DateField(null=True)
    next_invoice_on = models.DateField(null=True)
    auto_renew = models.BooleanField(null=True)
    period_years = models.PositiveSmallIntegerField(null=True)
    renewal_price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    renewal_currency = models.CharField(max_length=3, blank=True)
    first_payment = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    nameservers = ArrayField(models.CharField(max_length=255), null=True)
    locked = models.BooleanField(null=True)
    privacy = models.BooleanField(null=True)
    registrar = models.CharField(max_length=200, null=True)
    dns_managed_by = models.CharField(max_length=100, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["name"], name="domain_by_name"),
            models.Index(fields=["expires_on"], name="domain_by_expiry"),
            models.Index(fields=["status"], name="domain_by_status"),
            models.Index(fields=["name"], condition=models.Q(name__contains="xn--"), name="domain_in_punycode"),
        ]

    def __str__(self) -> str:
        return self.name


class Zone(models.Model):
    """A DNS zone. `domain_id` and `service_id` are upstream ids of what it hangs on, in the same account."""

    resource = models.OneToOneField(Resource, primary_key=True, on_delete=models.CASCADE, related_name="zone")
    name = models.CharField(max_length=255)
    domain_id = models.CharField(max_length=100, null=True)
    service_id = models.CharField(max_length=100, null=True)
    hosted = models.BooleanField(null=True)
    """False where the portal says that it does not run this zone; null until its records were read."""
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["name"], name="zone_by_name"),
            models.Index(fields=["name"], condition=models.Q(hosted=False), name="zone_elsewhere"),
            models.Index(fields=["name"], condition=models.Q(name__contains="xn--"), name="zone_in_punycode"),
        ]

    def __str__(self) -> str:
        return self.name


class Record(models.Model):
    """One DNS record. `key` tells it apart within its zone: name, type, content and priority."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="records")
    key = models.CharField(max_length=64)
    upstream_id = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=12)
    content = models.TextField()
    ttl = models.PositiveIntegerField(null=True)
    priority = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["zone", "key"], name="record_once")]
        indexes = [
            # Zones are found by a part of any of their records.
            GinIndex(
                OpClass(Upper("content"), name="gin_trgm_ops"),
                OpClass(Upper("name"), name="gin_trgm_ops"),
                name="record_search",
            )
        ]
        ordering = ["name", "type", "priority", "content"]

    def __str__(self) -> str:
        return f"{self.name} {self.type} {self.content}"


class ZoneVersion(models.Model):
    """What a zone said at some time: before each write of ours as it was found, after it as it was read back. Going back to one is
    a plan like any other."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    records = models.JSONField()
    """As `domains.dns.rows.Row.json`, in order."""
    checksum = models.CharField(max_length=16)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    """Who made it so; null where it was found like that."""
    comment = models.CharField(max_length=300, blank=True)
    action = models.BigIntegerField(null=True)
    """The id of the action that made it so."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["zone", "number"], name="zone_version_once")]

    def __str__(self) -> str:
        return f"{self.zone} {self.number}"


class TldPrice(models.Model):
    """What an account's portal asks for an ending and so many years, in all. Null where it names no price: it is then not sold, or
    not known. `previous` has the amounts and the currency as they were before they last moved, at `changed_at`."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="tld_prices")
    upstream_id = models.CharField(max_length=200, blank=True)
    """What an order form is asked with; empty where the portal has none."""
    tld = models.CharField(max_length=255)
    """In punycode without a leading dot."""
    years = models.PositiveSmallIntegerField()
    register = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    transfer = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    renew = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    redemption = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    listed_on = models.DateField(null=True)
    """Set where it is a published list of that day and not the portal's own answer."""
    first_seen = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(null=True)
    previous = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "tld", "years"], name="tld_price_once")]
        indexes = [models.Index(fields=["tld", "years", "currency"], name="tld_price_to_compare")]

    def __str__(self) -> str:
        return f".{self.tld} {self.years}"
