"""/api/v1/sync-runs/: what was read, asking for more, stopping, and deciding what is held."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action as route
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from accounts import queries as account_queries
from accounts.access import person_of
from accounts.models import ProviderAccount
from sync import words
from sync.ask import ask, cancel
from sync.due import ensure_schedules, lacks
from sync.due import kinds as declared_kinds
from sync.models import Kind, Run, SkippedRow
from sync.queries import runs_visible_to
from sync.verdict import NotHeld, dismiss, held_lines, release
from web.rest import ApiProblem, ApiViewSet

LINES = 500
MOST_LINES = 10_000


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
            "id", "account", "kind", "state", "full", "urgent", "asked_by", "requests", "list_requests", "upstream_seconds",
            "upstream_slowest", "listed", "seen", "details_done", "details_total", "written", "gone", "skipped", "error",
            "error_code", "upstream_words", "note", "created_at", "started_at", "finished_at",
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
    full = serializers.BooleanField(
        default=True, help_text="Read every detail; false reads what is new, changed or due, as a routine run does."
    )


class AskedSerializer(serializers.Serializer[Run]):
    results = RunSerializer(many=True)


class HeldLineSerializer(serializers.Serializer[Any]):
    """One difference that waits. `field` is a column, or `gone` for what would vanish; `old` and `new` are as in a change."""

    resource = serializers.IntegerField(source="resource.pk")
    resource_name = serializers.CharField(source="resource.name")
    upstream_id = serializers.CharField(source="resource.upstream_id")
    customer = serializers.IntegerField(source="resource.customer_id", allow_null=True)
    field = serializers.CharField()
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)


class HeldSerializer(serializers.Serializer[Any]):
    """What a run holds back. Nothing (`held` false, no lines) once it was decided, or when it never was held."""

    run = serializers.IntegerField()
    held = serializers.BooleanField()
    sentence = serializers.CharField(allow_null=True)
    gone = serializers.IntegerField(help_text="Things that would vanish.")
    changes = serializers.IntegerField(help_text="Things that would change.")
    fields_moving = serializers.ListField(child=serializers.CharField(), help_text="The columns in which they would.")
    lines = HeldLineSerializer(many=True)
    more = serializers.BooleanField(help_text="There are more lines than were asked for.")


class RunViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """Sync runs. A POST asks for a sync now and answers 202 with the runs; one that is under way is not doubled, it begins again
    when it is through. What fails and waits for its next try is tried at once."""

    serializer_class = RunSerializer
    ordering = "-id"
    ordering_fields = {"id": "pk"}
    filter_paths = {"account": "account_id", "kind": "kind", "state": "state", "status": "state"}

    def get_queryset(self) -> QuerySet[Run]:
        return runs_visible_to(self.request.user)

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return RunDetailSerializer if self.action == "retrieve" else RunSerializer

    @extend_schema(
        request=AskSerializer,
        responses={202: AskedSerializer},
        examples=[
            OpenApiExample("One kind", value={"account": 3, "kind": "domains"}, request_only=True),
            OpenApiExample("Try again what fails", value={"account": 3, "kind": "tickets", "full": False}, request_only=True),
            OpenApiExample("Everything", value={"account": 3}, request_only=True),
        ],
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user = person_of(request)
        account = account_queries.accounts(user).filter(pk=asked.validated_data["account"]).first()
        if account is None:
            raise serializers.ValidationError({"account": [_("There is no such account, or it is not yours to see.")]})
        if account.state != ProviderAccount.State.ACTIVE:
            raise not_read(account)
        kinds = _wanted(account, asked.validated_data)
        runs = ask(account, kinds, user=user, full=asked.validated_data["full"])
        return Response({"results": RunSerializer(runs, many=True).data}, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=RunSerializer, filters=False)
    @route(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stops a run at its next batch; what it wrote stays. 409 `ended` when it was over already."""
        run = self.get_object()
        if not cancel(run, person_of(request)):
            raise ApiProblem("ended", _("The sync had ended already."), status=status.HTTP_409_CONFLICT)
        return self._fresh(run)

    @extend_schema(
        responses=HeldSerializer,
        filters=False,
        parameters=[
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"Lines, 1 to {MOST_LINES}; {LINES} unless told.")
        ],
    )
    @route(detail=True)
    def held(self, request: Request, pk: str) -> Response:
        """What the run holds back, line by line: what would vanish first, then what would change."""
        run = self.get_object()
        held = run.state == Run.State.HELD
        limit = _limit(request.query_params.get("limit", ""))
        lines = held_lines(run, limit + 1) if held else []
        told = {
            "run": run.pk,
            "held": held,
            "sentence": words.held_sentence(run) if held else None,
            "gone": len(run.held_ids) if held else 0,
            "changes": run.held_changes if held else 0,
            "fields_moving": run.held_fields if held else [],
            "lines": lines[:limit],
            "more": len(lines) > limit,
        }
        return Response(HeldSerializer(told).data)

    @extend_schema(request=None, responses=RunSerializer, filters=False)
    @route(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        """Says that it is so: what vanished is marked as gone at once, what changed is read again and written. 409 `not_held`."""
        run = self.get_object()
        try:
            release(run, person_of(request))
        except NotHeld as gone:
            raise _not_held() from gone
        return self._fresh(run)

    @extend_schema(request=None, responses=RunSerializer, filters=False)
    @route(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """Says that the portal was wrong: everything is kept as it is, and the next run looks again. 409 `not_held`."""
        run = self.get_object()
        try:
            dismiss(run, person_of(request))
        except NotHeld as gone:
            raise _not_held() from gone
        return self._fresh(run)

    def _fresh(self, run: Run) -> Response:
        return Response(RunSerializer(self.get_queryset().get(pk=run.pk)).data)


def register(router: BaseRouter) -> None:
    router.register("sync-runs", RunViewSet, basename="sync-run")


def not_read(account: ProviderAccount) -> ApiProblem:
    return ApiProblem(
        "account_not_active",
        _("%(account)s is not read at present: %(state)s.")
        % {"account": account.name, "state": account.get_state_display()},
        status=status.HTTP_409_CONFLICT,
    )


def _not_held() -> ApiProblem:
    return ApiProblem(
        "not_held",
        _("This sync waits for nobody: it was decided already, or a newer one took its place. Nothing was done."),
        status=status.HTTP_409_CONFLICT,
    )


def _limit(given: str) -> int:
    if not given:
        return LINES
    if not (given.isascii() and given.isdecimal() and len(given) <= 9 and 1 <= int(given) <= MOST_LINES):
        raise serializers.ValidationError({"limit": [_("Give a number from 1 to %(most)d.") % {"most": MOST_LINES}]})
    return int(given)


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
