"""/api/v1/accounts/ and /api/v1/customers/. A credential goes in and never comes out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.mixins import (
    CreateModelMixin,
    DestroyModelMixin,
    ListModelMixin,
    RetrieveModelMixin,
    UpdateModelMixin,
)
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from accounts import audit, connecting, editing, queries, states, tasks
from accounts.access import person_of
from accounts.models import Customer, ProviderAccount
from accounts.probe import ConnectionTest
from accounts.standing import ASKED, Code, Standing, standings
from accounts.tokens import AdminPermission
from providers import registry
from web.rest import ApiProblem, ApiViewSet


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registry is untyped
    target_class = "accounts.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API token, made under Settings."}


class CredentialField(serializers.DictField):
    """`{"username", "password"}` or `{"token"}`: what the provider's sign-in method wants. Goes in, never comes out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.CharField(trim_whitespace=False), write_only=True, **options)


class StandingSerializer(serializers.Serializer[Standing]):
    """How the account stands now: the worst of what is true of it, in the words of the pages."""

    code = serializers.ChoiceField([(code.value, words) for code, words in ASKED.items()])
    words = serializers.CharField(source="label", help_text="The same in a few words.")
    sentence = serializers.CharField(help_text="What is wrong, since when, what to do; empty when nothing is.")
    since = serializers.DateTimeField(allow_null=True)
    next_try_at = serializers.DateTimeField(
        source="next_try", allow_null=True, help_text="Null where nothing is tried by itself, or nothing fails."
    )
    as_of = serializers.DateTimeField(
        allow_null=True, help_text="The oldest complete reading of what it has; null while a part was never read."
    )
    failing = serializers.ListField(child=serializers.CharField(), help_text="The kinds that can't be read.")


class AccountSerializer(serializers.ModelSerializer[ProviderAccount]):
    """`state` is what was switched here, or that the sign-in was refused; `standing` is how the account stands."""

    standing = serializers.SerializerMethodField()

    class Meta:
        model = ProviderAccount
        fields = [
            "id", "provider", "name", "base_url", "auth", "state", "state_reason", "standing", "currency", "time_zone", "is_demo",
            "login_hint", "open_to_staff", "rate_per_minute", "concurrency", "capabilities", "credential_changed_at", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(StandingSerializer)
    def get_standing(self, account: ProviderAccount) -> dict[str, Any]:
        if account.pk not in self._standings:
            page = getattr(self.parent, "instance", None)
            self._standings.update(standings([account] if page is None else page))
        return dict(StandingSerializer(self._standings[account.pk]).data)

    @cached_property
    def _standings(self) -> dict[int, Standing]:
        """Of the whole page at once."""
        return {}


class ConnectSerializer(serializers.Serializer[ProviderAccount]):
    provider = serializers.CharField()
    name = serializers.CharField(max_length=120)
    base_url = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)
    auth = serializers.CharField(required=False, default="", allow_blank=True, max_length=20)
    credential = CredentialField()
    time_zone = serializers.CharField(required=False, max_length=64)
    open_to_staff = serializers.BooleanField(required=False)


class EditSerializer(serializers.Serializer[ProviderAccount]):
    """All optional. `base_url` and `auth` change only together with a new `credential`, which is tested first; `state` is
    `paused` or `active`."""

    name = serializers.CharField(required=False, max_length=120)
    time_zone = serializers.CharField(required=False, max_length=64)
    rate_per_minute = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=100_000)
    concurrency = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=100)
    open_to_staff = serializers.BooleanField(required=False)
    state = serializers.ChoiceField(["active", "paused"], required=False)
    base_url = serializers.CharField(required=False, max_length=500)
    auth = serializers.CharField(required=False, max_length=20)
    credential = CredentialField(required=False)


class AccountViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """Provider accounts. Connecting and replacing a credential test it against the portal, which may take some seconds."""

    serializer_class = AccountSerializer
    permission_classes = [AdminPermission]
    ordering = "name"
    ordering_fields: ClassVar = {"id": "pk", "name": "name", "provider": "provider", "created_at": "created_at"}
    search_fields: ClassVar = ["name", "base_url", "login_hint"]
    filter_paths: ClassVar = {
        "account": "pk",
        "customer": "resources__customer_id",
        "provider": "provider",
        "state": "state",
        "status": "state",
    }

    own_parameters: ClassVar = ["standing"]

    def get_queryset(self) -> QuerySet[ProviderAccount]:
        rows = queries.accounts(self.request.user)
        asked = self.request.query_params.get("standing", "") if self.action == "list" else ""
        if not asked:
            return rows
        codes = set(asked.split(","))
        if not codes <= set(Code):
            raise serializers.ValidationError({"standing": [_("This filter does not take such a value.")]})
        return rows.filter(pk__in=[pk for pk, each in standings(rows).items() if each.code in codes])

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "standing", OpenApiTypes.STR, description="One code of `standing`, or several with commas between."
            )
        ]
    )
    def list(self, request: Request, *args: Any, **options: Any) -> Response:
        """The accounts that you may see."""
        return super().list(request, *args, **options)

    @extend_schema(request=ConnectSerializer, responses={201: AccountSerializer})
    def create(self, request: Request) -> Response:
        given = _valid(ConnectSerializer(data=request.data))
        with _InputAsFields():
            login = _login(given.pop("provider"), given.pop("base_url"), given.pop("auth"), given.pop("credential"))
            name = connecting.clean_name(given.pop("name"))
            if "time_zone" in given:
                connecting.clean_time_zone(given["time_zone"])
            account = connecting.create_account(login, _tested(login), name=name, by=person_of(request), **given)
        tasks.read_soon()
        return Response(AccountSerializer(account).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=EditSerializer, responses=AccountSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        account = self.get_object()
        given = _valid(EditSerializer(data=request.data, partial=True))
        with _InputAsFields():
            editing.cleaned(account, given)
            if "credential" in given:
                _replace(account, given, request)
            elif given.get("base_url", account.base_url) != account.base_url or "auth" in given:
                raise connecting.InputProblem(
                    "credential", "Give the credential as well: it is tested at the new address."
                )
            editing.edit_account(account, given, by=person_of(request), request=request)
        if given.get("state") == "paused":
            states.pause(account, by=person_of(request), request=request)
        elif given.get("state") == "active" and not states.resume(account, by=person_of(request), request=request):
            _refuse_unless_active(account)
        tasks.read_soon()
        account.refresh_from_db()
        return Response(AccountSerializer(account).data)

    @extend_schema(
        parameters=[OpenApiParameter("confirm", OpenApiTypes.STR, required=True, description="The account's name.")],
        responses={202: None},
    )
    def destroy(self, request: Request, pk: str) -> Response:
        """Deletes the account with everything that was read of it; that goes on in the background."""
        account = self.get_object()
        if request.query_params.get("confirm") != account.name:
            raise ApiProblem(
                "confirm",
                "Nothing was deleted. Repeat the account's name in ?confirm=; all that was read of it goes with it.",
                fields={"confirm": ["This is not the account's name."]},
            )
        states.begin_deleting(account, by=person_of(request), request=request)
        tasks.delete_later(account.pk)
        return Response(status=status.HTTP_202_ACCEPTED)


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    class Meta:
        model = Customer
        fields = ["id", "name", "email", "notes", "is_demo", "created_at"]
        read_only_fields = ["id", "is_demo", "created_at"]


class CustomerViewSet(
    CreateModelMixin, RetrieveModelMixin, UpdateModelMixin, DestroyModelMixin, ListModelMixin, ApiViewSet
):
    """The agency's customers. Deleting one leaves what was assigned to it, assigned to nobody."""

    serializer_class = CustomerSerializer
    ordering = "name"
    ordering_fields: ClassVar = {"id": "pk", "name": "name", "created_at": "created_at"}
    search_fields: ClassVar = ["name", "email", "notes"]
    filter_paths: ClassVar = {"customer": "pk"}

    def get_queryset(self) -> QuerySet[Customer]:
        return queries.customers(self.request.user)

    def perform_destroy(self, instance: Customer) -> None:
        name = instance.name
        instance.delete()
        audit.record(self.request.user, audit.Event.CUSTOMER_DELETED, subject=name, request=self.request)


class _InputAsFields:
    """Turns an InputProblem into an answer that names the field."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, connecting.InputProblem):
            raise serializers.ValidationError({error.field: [error.sentence]}) from None


def _valid(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    unknown = (
        set(serializer.initial_data) - set(serializer.fields) if isinstance(serializer.initial_data, Mapping) else set()
    )
    if unknown:
        raise serializers.ValidationError({name: ["There is no such field."] for name in sorted(unknown)})
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _login(provider: str, base_url: str, auth: str, credential: Mapping[str, Any]) -> connecting.Login:
    try:
        spec = registry.spec(provider)
    except KeyError:
        known = ", ".join(spec.key for spec in registry.specs())
        raise connecting.InputProblem("provider", f"There is no such provider. Known: {known}.") from None
    return connecting.Login.checked(spec, base_url, auth, credential)


def _tested(login: connecting.Login) -> ConnectionTest:
    test = login.test()
    if not test.ok:
        raise ApiProblem(test.code, f"{test.sentence} {test.hint}".strip(), status=status.HTTP_422_UNPROCESSABLE_ENTITY)
    return test


def _replace(account: ProviderAccount, given: Mapping[str, Any], request: Request) -> None:
    base_url, auth = given.get("base_url", account.base_url), given.get("auth", account.auth)
    login = _login(account.provider, base_url, auth, given["credential"])
    connecting.replace_login(account, login, _tested(login), by=person_of(request))
    tasks.sign_out_soon()


def _refuse_unless_active(account: ProviderAccount) -> None:
    account.refresh_from_db()
    if account.state == ProviderAccount.State.REFUSED:
        raise ApiProblem(
            "credential_refused",
            "The portal refused this account's credential. Replace it; that makes the account active again.",
            status=status.HTTP_409_CONFLICT,
        )


def register(router: BaseRouter) -> None:
    router.register("accounts", AccountViewSet, basename="account")
    router.register("customers", CustomerViewSet, basename="customer")
