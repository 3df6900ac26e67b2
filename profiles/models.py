"""The people that an account's portal knows: its contacts (sub-accounts)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sync.models import Resource


class Contact(models.Model):
    resource = models.OneToOneField(Resource, primary_key=True, on_delete=models.CASCADE, related_name="contact")
    first_name = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    company = models.CharField(max_length=200, blank=True)
    is_company = models.BooleanField(null=True)
    last_login_at = models.DateTimeField(null=True)
    address = ArrayField(models.CharField(max_length=300), null=True)
    city = models.CharField(max_length=200, null=True)
    state = models.CharField(max_length=200, null=True)
    postcode = models.CharField(max_length=40, null=True)
    country = models.CharField(max_length=100, null=True)
    phone = models.CharField(max_length=60, null=True)
    mobile = models.CharField(max_length=60, null=True)
    privileges = ArrayField(models.CharField(max_length=100), null=True)

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email
