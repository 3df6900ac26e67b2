"""The admin site, for looking only: rules and digests are set on their own page."""

from __future__ import annotations

from django.contrib import admin

from reminders.models import Digest, Reminder, Rule
from web.admin import ReadOnlyAdmin


@admin.register(Rule)
class RuleAdmin(ReadOnlyAdmin[Rule]):
    list_display = ["what", "distances", "active"]


@admin.register(Digest)
class DigestAdmin(ReadOnlyAdmin[Digest]):
    list_display = ["recipient", "day", "state", "attempts", "sent_at", "subject"]
    list_filter = ["state"]


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin[Reminder]):
    list_display = ["resource", "due_on", "distance", "recipient", "state", "sent_at"]
    list_filter = ["state"]
    search_fields = ["resource__name", "recipient__email"]
