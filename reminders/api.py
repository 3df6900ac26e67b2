"""Reminders of /api/v1/, read only."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.routers import BaseRouter

from reminders import queries
from reminders.models import Reminder
from web.rest import ApiViewSet


class ReminderSerializer(serializers.ModelSerializer[Reminder]):
    account = serializers.IntegerField(source="resource.account_id", read_only=True)
    upstream_id = serializers.CharField(source="resource.upstream_id", read_only=True)
    customer = serializers.IntegerField(source="resource.customer_id", read_only=True, allow_null=True)
    resource = serializers.IntegerField(source="resource_id", read_only=True, help_text="The id of the domain.")
    name = serializers.CharField(source="resource.name", read_only=True)
    what = serializers.CharField(source="rule.what", read_only=True)
    distance = serializers.IntegerField(read_only=True, help_text="Days before `due_on`; negative is after.")
    recipient = serializers.EmailField(source="recipient.email", read_only=True)
    channel = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True, help_text="due, claimed, sent, cancelled or failed (tried again).")

    class Meta:
        model = Reminder
        fields = [
            "id", "account", "upstream_id", "customer", "resource", "name", "what", "due_on", "distance", "recipient",
            "channel", "state", "attempts", "next_attempt_at", "sent_at", "reason",
        ]  # fmt: skip


class ReminderViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """What you were told, and are about to be told, about things that lapse; administrators see everybody's."""

    serializer_class = ReminderSerializer
    ordering = "-id"
    ordering_fields = {
        "id": "pk",
        "due_on": "due_on",
        "sent_at": "sent_at",
        "next_attempt_at": "next_attempt_at",
        "name": "resource__name",
    }
    search_fields = ["resource__name", "resource__customer__name", "recipient__email"]
    filter_paths = {
        "account": "resource__account_id",
        "customer": "resource__customer_id",
        "resource": "resource_id",
        "state": "state",
        "status": "state",
        "what": "rule__what",
        "due_on": "due_on",
    }

    def get_queryset(self) -> QuerySet[Reminder]:
        return queries.visible_to(self.request.user)


def register(router: BaseRouter) -> None:
    router.register("reminders", ReminderViewSet, basename="reminder")
