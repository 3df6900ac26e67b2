"""Tickets with their threads."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from support.words import STATUS
from sync.models import Resource


class Ticket(models.Model):
    resource = models.OneToOneField(Resource, primary_key=True, on_delete=models.CASCADE, related_name="ticket")
    number = models.CharField(max_length=60)
    subject = models.CharField(max_length=500)
    status = models.CharField(max_length=20, choices=list(STATUS.items()))
    upstream_status = models.CharField(max_length=60, blank=True)
    department = models.CharField(max_length=200, null=True)
    opened_at = models.DateTimeField(null=True)
    read_by_us = models.BooleanField(null=True)
    author = models.CharField(max_length=200, null=True)
    email = models.CharField(max_length=254, null=True)
    last_reply_at = models.DateTimeField(null=True)
    """Of the newest message of the thread; kept by sync beside the replies, so that lists sort on it."""
    reply_count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["status", "last_reply_at"], name="ticket_by_turn")]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"


class Reply(models.Model):
    """One message. `key` is upstream's id, `opening` for the first."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="replies")
    key = models.CharField(max_length=100)
    position = models.PositiveIntegerField()
    author = models.CharField(max_length=200)
    body = models.TextField()
    sent_at = models.DateTimeField(null=True)
    by_staff = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "key"], name="reply_once")]
        indexes = [GinIndex(OpClass(Upper("body"), name="gin_trgm_ops"), name="reply_search")]
        ordering = ["position"]
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return f"{self.author}: {self.body[:60]}"
