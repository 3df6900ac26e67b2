"""What an account's page tells of its reading, for programs: /api/v1/accounts/<id>/schedules/, .../health/ and .../capabilities/,
and /api/v1/incidents/ for what ails a whole portal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action as route
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from accounts import gateway
from accounts import queries as account_queries
from accounts.access import person_of
from accounts.models import ProviderAccount
from accounts.tokens import AdminPermission, ScopePermission
from providers.errors import NotSupported
from sync import queries
from sync.account_shapes import (
    HealthSerializer,
    IncidentsSerializer,
    IntervalsSerializer,
    SchedulesSerializer,
    health_data,
    incidents_data,
    schedules_data,
)
from sync.capabilities import ask_what_it_can
from sync.health import health_of
from sync.incidents import incidents
from sync.intervals import IntervalsRefused, Plan, check_each, plan_of, set_intervals
from sync.run_api import AskedSerializer, RunSerializer, not_read
from web.rest import ApiViewSet

ACCOUNT = OpenApiParameter("account", OpenApiTypes.INT64, OpenApiParameter.PATH, description="The account's id.")


class AccountSyncViewSet(ViewSet):
    """How one account is read. A person who may not see the account gets 404."""

    get_exception_handler = ApiViewSet.get_exception_handler

    def get_permissions(self) -> list[BasePermission]:
        """As on the pages: how often a portal is asked is for administrators."""
        return [AdminPermission()] if self.action == "set_intervals" else [ScopePermission()]

    @extend_schema(parameters=[ACCOUNT], responses=SchedulesSerializer)
    @route(detail=False, url_path="schedules")
    def schedules(self, request: Request, account: str) -> Response:
        """Every kind of the account: how often it is read and what that costs, when it is due, since when it fails."""
        found = _account(request, account)
        return _schedules(request, found, _plan_or_none(found))

    @extend_schema(
        parameters=[ACCOUNT],
        request=IntervalsSerializer,
        responses=SchedulesSerializer,
        examples=[
            OpenApiExample(
                "Tickets every ten minutes, domains by the default",
                value={"intervals": {"tickets": 600, "domains": None}},
                request_only=True,
            )
        ],
    )
    @schedules.mapping.patch
    def set_intervals(self, request: Request, account: str) -> Response:
        """Sets how often kinds are read, in seconds; null is the kind's default. Kinds that are not named stay as they are.

        Refused as a whole (400) for what is unknown, shorter than a minute or longer than seven days (the field is
        `intervals.<kind>`), or together more than four fifths of the account's rate limit (`intervals`). With `dry_run` nothing is
        set: the answer tells what it would cost.
        """
        found = _account(request, account)
        given = IntervalsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        chosen = {
            kind: None if seconds is None else timedelta(seconds=seconds)
            for kind, seconds in given.validated_data["intervals"].items()
        }
        try:
            if given.validated_data["dry_run"]:
                check_each(chosen)
                return _schedules(request, found, plan_of(found, chosen))
            set_intervals(found, chosen, user=person_of(request))
        except IntervalsRefused as refused:
            raise serializers.ValidationError(_by_field(refused.reasons)) from refused
        return _schedules(request, found, _plan_or_none(found))

    @extend_schema(parameters=[ACCOUNT], responses=HealthSerializer)
    @route(detail=False, url_path="health")
    def health(self, request: Request, account: str) -> Response:
        """How the reading of the last 24 hours went, what failed within a week, and what is left of the rate limit now."""
        found = _account(request, account)
        told = health_data(
            health_of(person_of(request), found),
            account=found,
            headroom=gateway.headroom_of(found),
            plan=_plan_or_none(found),
        )
        return Response(HealthSerializer(told).data)

    @extend_schema(parameters=[ACCOUNT], request=None, responses={202: AskedSerializer})
    @route(detail=False, methods=["post"], url_path="capabilities")
    def capabilities(self, request: Request, account: str) -> Response:
        """Forgets what the portal was found to offer and lack, and has it asked anew; answers 202 with the run that does so."""
        found = _account(request, account)
        if found.state != ProviderAccount.State.ACTIVE:
            raise not_read(found)
        runs = ask_what_it_can(found, user=person_of(request))
        return Response({"results": RunSerializer(runs, many=True).data}, status=status.HTTP_202_ACCEPTED)


class IncidentViewSet(ViewSet):
    """Several accounts of one portal that fail alike within the same hour. Among the accounts that you may see; what is over is
    gone from here."""

    get_exception_handler = ApiViewSet.get_exception_handler

    @extend_schema(operation_id="incidents_list", responses=IncidentsSerializer)
    def list(self, request: Request) -> Response:
        now = timezone.now()
        told = incidents_data(incidents(person_of(request), now), now)
        return Response(IncidentsSerializer(told).data)


def register(router: BaseRouter) -> None:
    router.register(r"accounts/(?P<account>[0-9]{1,18})", AccountSyncViewSet, basename="account-sync")
    router.register("incidents", IncidentViewSet, basename="incident")


def _account(request: Request, pk: str) -> ProviderAccount:
    found = account_queries.accounts(person_of(request)).filter(pk=int(pk)).first()
    if found is None:
        raise Http404
    return found


def _plan_or_none(account: ProviderAccount) -> Plan | None:
    """None where the package that brought the provider is gone."""
    try:
        return plan_of(account)
    except NotSupported:
        return None


def _schedules(request: Request, account: ProviderAccount, plan: Plan | None) -> Response:
    lines = queries.kinds_of(person_of(request), account)
    return Response(SchedulesSerializer(schedules_data(lines, account=account, plan=plan)).data)


def _by_field(reasons: Mapping[str, str]) -> dict[str, list[str]]:
    return {f"intervals.{kind}" if kind else "intervals": [reason] for kind, reason in reasons.items()}
