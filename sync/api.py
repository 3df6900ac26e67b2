"""/api/v1/changes/: what syncs found. Runs are in sync.run_api, what concerns one account in sync.account_api."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.routers import BaseRouter

from sync import account_api, run_api
from sync.models import Change
from sync.notable import HAPPENINGS, MAKERS
from sync.queries import changes_visible_to
from web.rest import ApiViewSet

WHAT: Final = {word: condition for word, _label, condition in HAPPENINGS}
BY: Final = {word: condition for word, _label, condition in MAKERS}


class ChangeSerializer(serializers.ModelSerializer[Change]):
    """`action` is the id of our action that caused it, null when it came from outside."""

    resource = serializers.IntegerField(source="resource_id", read_only=True)
    resource_name = serializers.CharField(source="resource.name", read_only=True)
    kind = serializers.CharField(source="resource.kind", read_only=True)
    account = serializers.IntegerField(source="resource.account_id", read_only=True)
    upstream_id = serializers.CharField(source="resource.upstream_id", read_only=True)
    run = serializers.IntegerField(source="run_id", read_only=True, allow_null=True)

    class Meta:
        model = Change
        fields = [
            "id", "resource", "resource_name", "kind", "account", "upstream_id", "field", "old", "new", "at", "run", "action",
        ]  # fmt: skip
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("what", str, description="Happenings, with commas between: " + ", ".join(WHAT) + "."),
            OpenApiParameter("by", str, enum=list(BY), description="Who made it."),
            OpenApiParameter("since", OpenApiTypes.DATETIME, description="Seen at this instant or later."),
            OpenApiParameter("until", OpenApiTypes.DATETIME, description="Seen before this instant."),
        ]
    )
)
class ChangeViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """What syncs found to differ from the read before, newest first. `what` takes the words of the page's filter."""

    serializer_class = ChangeSerializer
    ordering = "-id"
    ordering_fields = {"id": "pk"}
    search_fields = ["resource__name"]
    filter_paths = {
        "account": "resource__account_id",
        "customer": "resource__customer_id",
        "kind": "resource__kind",
        "resource": "resource_id",
        "field": "field",
        "run": "run_id",
    }

    own_parameters = ("what", "by", "since", "until")

    def get_queryset(self) -> QuerySet[Change]:
        changes = changes_visible_to(self.request.user)
        if self.detail:
            return changes
        for name, known in (("what", WHAT), ("by", BY)):
            wanted = [part for part in self.request.query_params.get(name, "").split(",") if part]
            if any(part not in known for part in wanted):
                raise serializers.ValidationError(
                    {name: [_("It takes these words: %(words)s.") % {"words": ", ".join(known)}]}
                )
            if wanted:
                changes = changes.filter(reduce(or_, [known[part] for part in wanted]))
        since, until = self._instant("since"), self._instant("until")
        changes = changes.filter(at__gte=since) if since else changes
        return changes.filter(at__lt=until) if until else changes

    def _instant(self, name: str) -> datetime | None:
        given = self.request.query_params.get(name, "")
        if not given:
            return None
        try:
            instant: datetime = serializers.DateTimeField().to_internal_value(given)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({name: error.detail}) from None
        return instant


def register(router: BaseRouter) -> None:
    """All of sync's addresses."""
    run_api.register(router)
    account_api.register(router)
    router.register("changes", ChangeViewSet, basename="change")
