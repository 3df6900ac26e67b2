"""/api/v1/tickets/: what was asked at the portals' help desks, and replies to it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.routers import BaseRouter

from actions.api import verb
from support.models import Reply, Ticket
from support.queries import tickets
from sync.rest import RESOURCE_FIELDS, ResourceSerializer, TextOrNull
from web.rest import ApiViewSet

FIELDS = (
    *RESOURCE_FIELDS,
    "number",
    "subject",
    "status",
    "upstream_status",
    "department",
    "opened_at",
    "last_reply_at",
    "reply_count",
)


class ReplySerializer(serializers.ModelSerializer[Reply]):
    class Meta:
        model = Reply
        fields = ["author", "body", "sent_at", "by_staff"]


class TicketSerializer(ResourceSerializer[Ticket]):
    upstream_status = TextOrNull(read_only=True, allow_null=True)

    class Meta:
        model = Ticket
        fields = FIELDS


class TicketDetailSerializer(ResourceSerializer[Ticket]):
    upstream_status = TextOrNull(read_only=True, allow_null=True)
    replies = ReplySerializer(many=True, read_only=True)

    class Meta:
        model = Ticket
        fields = (*FIELDS, "author", "email", "replies")


class ReplyBodySerializer(serializers.Serializer[Any]):
    body = serializers.CharField(trim_whitespace=False, allow_blank=True, max_length=2_000_000)


class TicketViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """Tickets of every account that you may see; one ticket comes with its whole thread, the opening message first."""

    serializer_class = TicketSerializer
    ordering = "-opened_at"
    ordering_fields = {
        "id": "pk",
        "number": "number",
        "opened_at": "opened_at",
        "last_reply_at": "last_reply_at",
        "status": "status",
    }
    search_fields = ["subject", "number", "department", "resource__customer__name"]
    filter_paths = {
        "account": "resource__account_id",
        "customer": "resource__customer_id",
        "status": "status",
        "number": "number",
    }

    reply = verb("ticket.reply", "reply", ReplyBodySerializer)

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return TicketDetailSerializer if self.action == "retrieve" else TicketSerializer

    def get_queryset(self) -> QuerySet[Ticket]:
        found = tickets(self.request.user)
        return found.prefetch_related("replies") if self.action == "retrieve" else found


def register(router: BaseRouter) -> None:
    router.register("tickets", TicketViewSet, basename="ticket")
