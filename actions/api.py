"""/api/v1/actions/, and the verbs that other view sets offer on their things.

A resource's view set gets a verb with one line, on the detail route `POST /api/v1/<resource>/<id>/<name>/`:

    class RenewSerializer(PricedSerializer):                 # max_price and currency come with it
        years = serializers.IntegerField(min_value=1, max_value=10)

    class DomainViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
        renew = verb("domain.renew", "renew", RenewSerializer)

The object comes from the view set's own `get_queryset` (404 for outsiders) and must have a `resource`; read tokens and readers
get 403. Answers: 202 with the action (also when it was filed before: `Idempotency-Replayed: true`), 400 with `fields`,
409 `not_supported`, `idempotency_conflict`, `account_not_active`, `gone` or what the kind says. `Idempotency-Key` is required for
money kinds. What an API call confirms is `max_price` with `currency`; without them it is the kind's `known_price`.
`act(request, resource, kind_name, parameters, ...)` does the same for a view that needs its own form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action as route
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from accounts.access import person_of
from accounts.models import ApiToken
from actions.declare import Refused, registry
from actions.filing import file
from actions.models import Action, ActionEvent
from actions.queries import actions_visible_to
from actions.words import label_of
from sync.models import Resource
from sync.rest import MoneyField, TextOrNull
from web.rest import ApiProblem, ApiViewSet

KEY_HEADER = "Idempotency-Key"
STATUS_BY_CODE = {"not_allowed": 403, "invalid": 400, "price_needed": 400, "idempotency_key_needed": 400}


class EventSerializer(serializers.ModelSerializer[ActionEvent]):
    user = serializers.IntegerField(source="user_id", read_only=True, allow_null=True)

    class Meta:
        model = ActionEvent
        fields = ["at", "text", "upstream_words", "user"]


class ActionSerializer(serializers.ModelSerializer[Action]):
    """`state` is succeeded once upstream accepted it; `stage` tells how far it has come since. `error` is a sentence for people."""

    kind_label = serializers.SerializerMethodField()
    account = serializers.IntegerField(source="account_id", read_only=True)
    resource = serializers.IntegerField(source="resource_id", read_only=True, allow_null=True)
    upstream_id = serializers.CharField(source="resource.upstream_id", read_only=True, default=None)
    status = serializers.CharField(source="state", read_only=True)
    stage = TextOrNull(read_only=True, allow_null=True)
    stands_at = TextOrNull(read_only=True, allow_null=True)
    error = TextOrNull(read_only=True, allow_null=True)
    error_code = TextOrNull(read_only=True, allow_null=True)
    upstream_words = TextOrNull(read_only=True, allow_null=True)
    currency = TextOrNull(read_only=True, allow_null=True)
    price = MoneyField()
    actor = serializers.IntegerField(source="actor_id", read_only=True, allow_null=True)
    actor_name = serializers.CharField(source="actor", read_only=True, default=None)

    class Meta:
        model = Action
        fields = [
            "id", "kind", "kind_label", "account", "resource", "upstream_id", "target", "summary", "state", "status", "stage",
            "stands_at", "parameters", "price", "currency", "result", "error", "error_code", "upstream_words", "attempts",
            "next_attempt_at", "actor", "actor_name", "resolution", "created_at", "sent_at", "ended_at", "done_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_kind_label(self, action: Action) -> str:
        return label_of(action.kind)


class ActionDetailSerializer(ActionSerializer):
    """With its log."""

    events = EventSerializer(many=True, read_only=True)

    class Meta(ActionSerializer.Meta):
        fields = [*ActionSerializer.Meta.fields, "progress", "events"]
        read_only_fields = fields


class ActionViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """The ledger: what was decided, by whom, and what came of it. Newest first."""

    serializer_class = ActionSerializer
    ordering = "-id"
    ordering_fields = {"id": "pk", "created_at": "created_at"}
    search_fields = ["target", "summary"]
    filter_paths = {
        "account": "account_id",
        "customer": "resource__customer_id",
        "resource": "resource_id",
        "kind": "kind",
        "state": "state",
        "status": "state",
        "stage": "stage",
    }

    def get_queryset(self) -> QuerySet[Action]:
        found = actions_visible_to(self.request.user)
        return found.prefetch_related("events") if self.action == "retrieve" else found

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return ActionDetailSerializer if self.action == "retrieve" else ActionSerializer


class EmptySerializer(serializers.Serializer[Any]):
    """For verbs without parameters."""


class PricedSerializer(serializers.Serializer[Any]):
    """For verbs that cost money: the most that is paid, and its currency. Dearer upstream fails with nothing sent."""

    max_price = serializers.DecimalField(max_digits=18, decimal_places=4, min_value=0, required=False, allow_null=True)
    currency = serializers.RegexField(r"^[A-Za-z]{3}$", required=False)


def verb(
    kind_name: str, name: str, body: type[serializers.Serializer[Any]] = EmptySerializer
) -> Callable[..., Response]:
    """A route `<id>/<name>/` for a view set: files `kind_name` about the object's resource with the validated body."""

    def handler(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:  # noqa: ARG001  # the route's form
        resource = resource_of(self.get_object())
        given = body(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        parameters = dict(given.validated_data)
        price, currency = parameters.pop("max_price", None), parameters.pop("currency", "")
        return act(request, resource, kind_name, parameters, price=price, currency=currency)

    attribute = name.replace("-", "_")
    handler.__name__ = handler.__qualname__ = attribute
    handler.__doc__ = f"Files the action `{kind_name}`; answers 202 with it."
    described = extend_schema(
        request=body,
        responses={202: ActionSerializer},
        filters=False,
        parameters=[OpenApiParameter(KEY_HEADER, str, OpenApiParameter.HEADER, description="Required for money.")],
    )(handler)
    made: Callable[..., Response] = route(detail=True, methods=["post"], url_path=name, url_name=name)(described)
    return made


def act(
    request: Request,
    resource: Resource,
    kind_name: str,
    parameters: Mapping[str, Any],
    *,
    price: Decimal | None = None,
    currency: str = "",
) -> Response:
    """Files an action for an API request and answers 202 with it. Raises ApiProblem."""
    kind = registry.actions[kind_name]
    person = person_of(request)
    key = request.headers.get(KEY_HEADER, "").strip()
    if kind.money and not key:
        raise ApiProblem(
            "idempotency_key_needed",
            _("What costs money needs an Idempotency-Key header, so that a repeated request never pays twice."),
            fields={KEY_HEADER: [_("Required.")]},
        )
    if kind.money and price is None:
        known = kind.known_price(resource, parameters)
        price, currency = (known.amount, currency or known.currency) if known else (None, currency)
    token = request.auth
    try:
        filed = file(
            kind_name,
            resource,
            parameters,
            actor=person,
            key=key,
            key_owner=f"token:{token.pk}" if isinstance(token, ApiToken) else f"user:{person.pk}",
            body_digest=_digest(request),
            price=price,
            currency=currency or (resource.account.currency if kind.money else ""),
        )
    except Refused as refused:
        raise problem(refused) from refused
    answer = Response(
        ActionSerializer(filed.action, context={"request": request}).data, status=status.HTTP_202_ACCEPTED
    )
    if not filed.is_new:
        answer["Idempotency-Replayed"] = "true"
    return answer


def problem(refused: Refused) -> ApiProblem:
    """The answer for a refusal: 400 when the request is wrong, 403 when it is not theirs to ask, 409 when it can't be now."""
    code = STATUS_BY_CODE.get(refused.code, 400 if refused.fields else 409)
    return ApiProblem(refused.code, refused.sentence, status=code, fields=refused.fields)


def resource_of(thing: Any) -> Resource:
    """The spine of a family's row, or the row itself."""
    resource: Resource = thing if isinstance(thing, Resource) else thing.resource
    return resource


def register(router: BaseRouter) -> None:
    router.register("actions", ActionViewSet, basename="action")


def _digest(request: Request) -> str:
    told = json.dumps([request.path, request.data], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()
