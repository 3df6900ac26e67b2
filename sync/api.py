"""/api/v1/sync-runs/ and /api/v1/changes/: what was read, what it found, and asking for more."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from accounts import queries as account_queries
from accounts.access import person_of
from accounts.models import ProviderAccount
from sync.ask import ask
from sync.due import ensure_schedules, lacks
from sync.due import kinds as declared_kinds
from sync.models import Change, Kind, Run, SkippedRow
from sync.notable import HAPPENINGS, MAKERS
from sync.queries import changes_visible_to, runs_visible_to
from web.rest import ApiProblem, ApiViewSet

WHAT: Final = {word: condition for word, _label, condition in HAPPENINGS}
BY: Final = {word: condition for word, _label, condition in MAKERS}


class SkippedRowSerializer(serializers.ModelSerializer[SkippedRow]):
    class Meta:
        model = SkippedRow
        fields = ["upstream_id", "name", "reason"]


class RunSerializer(serializers.ModelSerializer[Run]):
    account = serializers.IntegerField(source="account_id", read_only=True)
    asked_by = serializers.IntegerField(source="asked_by_id", read_only=True, allow_null=True)

    class Meta:
        model = Run
        fields = [
            "id", "account", "kind", "state", "full", "asked_by", "requests", "upstream_seconds", "upstream_slowest",
            "listed", "seen", "details_done", "details_total", "written", "gone", "skipped", "error", "error_code",
            "upstream_words", "note", "created_at", "started_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


class RunDetailSerializer(RunSerializer):
    """With the rows that could not be read; at most 200 are kept."""

    skipped_rows = SkippedRowSerializer(many=True, read_only=True)

    class Meta(RunSerializer.Meta):
        fields = [*RunSerializer.Meta.fields, "skipped_rows"]
        read_only_fields = fields


class AskSerializer(serializers.Serializer[Run]):
    """`kind` for one, `kinds` for several, neither for all that the account's portal offers."""

    account = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(Kind.choices, required=False)
    kinds = serializers.ListField(child=serializers.ChoiceField(Kind.choices), required=False, max_length=len(Kind))


class AskedSerializer(serializers.Serializer[Run]):
    results = RunSerializer(many=True)


class RunViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """Sync runs. A POST asks for a sync now and answers 202 with the runs; one that is under way is not doubled, it begins again
    when it is through."""

    serializer_class = RunSerializer
    ordering = "-id"
    ordering_fields = {"id": "pk"}
    filter_paths = {"account": "account_id", "kind": "kind", "state": "state", "status": "state"}

    def get_queryset(self) -> QuerySet[Run]:
        return runs_visible_to(self.request.user)

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return RunDetailSerializer if self.action == "retrieve" else RunSerializer

    @extend_schema(request=AskSerializer, responses={202: AskedSerializer})
    def create(self, request: Request) -> Response:
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user = person_of(request)
        account = account_queries.accounts(user).filter(pk=asked.validated_data["account"]).first()
        if account is None:
            raise serializers.ValidationError({"account": [_("There is no such account, or it is not yours to see.")]})
        if account.state != ProviderAccount.State.ACTIVE:
            raise ApiProblem(
                "account_not_active",
                _("%(account)s is not read at present: %(state)s.")
                % {"account": account.name, "state": account.get_state_display()},
                status=status.HTTP_409_CONFLICT,
            )
        runs = ask(account, _wanted(account, asked.validated_data), user=user)
        return Response({"results": RunSerializer(runs, many=True).data}, status=status.HTTP_202_ACCEPTED)


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
    router.register("sync-runs", RunViewSet, basename="sync-run")
    router.register("changes", ChangeViewSet, basename="change")


def _wanted(account: ProviderAccount, asked: dict[str, Any]) -> list[str] | None:
    """The kinds to read; None for all. Raises 409 `not_supported` for one that the portal lacks."""
    named: list[str] = [*asked.get("kinds", []), *([asked["kind"]] if "kind" in asked else [])]
    supported = {schedule.kind for schedule in ensure_schedules(account) if schedule.supported}
    for kind in named:
        if Kind(kind) not in declared_kinds() or (kind not in supported and lacks(account, kind)):
            raise ApiProblem(
                "not_supported",
                _("%(account)s does not offer %(kind)s.") % {"account": account.name, "kind": Kind(kind).label},
                status=status.HTTP_409_CONFLICT,
            )
    return named or None
