"""What the API says of every mirrored thing, whatever its family."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model
from rest_framework import serializers

ModelT = TypeVar("ModelT", bound=Model)

RESOURCE_FIELDS = ("id", "account", "upstream_id", "customer", "tags", "first_seen", "gone_at", "unreadable")


class ResourceSerializer(serializers.ModelSerializer[ModelT]):
    """Base of a family's serializer: put `*RESOURCE_FIELDS` first among its fields.

    `id` is the resource's; `account` and `customer` are ids; `unreadable` names the fields whose upstream value makes no sense.
    """

    id = serializers.IntegerField(source="pk", read_only=True)
    account = serializers.IntegerField(source="resource.account_id", read_only=True)
    upstream_id = serializers.CharField(source="resource.upstream_id", read_only=True)
    customer = serializers.IntegerField(source="resource.customer_id", read_only=True, allow_null=True)
    tags = serializers.ListField(child=serializers.CharField(), source="resource.tags", read_only=True)
    first_seen = serializers.DateTimeField(source="resource.first_seen", read_only=True)
    gone_at = serializers.DateTimeField(source="resource.gone_at", read_only=True, allow_null=True)
    unreadable = serializers.ListField(child=serializers.CharField(), source="resource.unreadable", read_only=True)
