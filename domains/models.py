"""Domains, their zones and records, as upstream last said. Column names are those of `providers.resources`."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import User
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
        indexes = [models.Index(fields=["name"], name="zone_by_name")]

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
