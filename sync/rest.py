"""What the API says of every mirrored thing, whatever its family."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from web import money

ModelT = TypeVar("ModelT", bound=Model)


class TextOrNull(serializers.CharField):
    """A column that keeps 'not said' as an empty text."""

    def to_representation(self, value: str) -> str | None:  # type: ignore[override]  # null is the point
        return value or None


@extend_schema_field({"type": "string", "nullable": True, "example": "12.90"})
class MoneyField(serializers.Field[Decimal, Decimal, str | None, Model]):
    """An amount as a string with the digits of its currency, which stands in the attribute `currency`; null when not said."""

    def __init__(self, *, currency: str = "currency", **kwargs: Any) -> None:
        self.currency = currency
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance: Model) -> Any:
        amount = super().get_attribute(instance)
        return None if amount is None else (amount, getattr(instance, self.currency))

    def to_representation(self, value: Any) -> str | None:
        amount, code = value
        return money.machine(amount, code)


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
