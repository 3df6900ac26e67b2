"""The base of /api/v1/: paging, filters and errors are the same everywhere.

A list view names its columns and the rest follows:

    class DomainViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
        serializer_class = DomainSerializer
        ordering = "name"
        ordering_fields = {"name": "resource__name", "expires_on": "expires_on"}
        search_fields = ["resource__name"]
        filter_paths = {"account": "resource__account_id", "customer": "resource__customer_id", "status": "status"}

        def get_queryset(self): return queries.visible_to(self.request.user)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.db.models import BooleanField, Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler
from rest_framework.viewsets import GenericViewSet

from web.paging import CURSOR, LIMIT, ORDERING, CursorPagination, query_parameter
from web.searching import Column, found_by

SEARCH: Final = "search"
COMMON: Final = frozenset({"account", "status", "customer"})
"""Filters that every list takes."""
_ALWAYS_KNOWN: Final = frozenset({CURSOR, LIMIT, ORDERING, SEARCH, "format"})


class ApiProblem(exceptions.APIException):
    """An answer other than success, with a word for programs and a sentence for people."""

    def __init__(
        self,
        code: str,
        message: object,
        *,
        status: int = status.HTTP_400_BAD_REQUEST,
        fields: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(str(message), code)
        self.status_code = status
        self.code = code
        self.fields = dict(fields or {})


def handle_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as `{"error": {"code", "message", "fields"}}`."""
    if isinstance(error, ModelValidationError):
        error = exceptions.ValidationError(_messages_by_field(error))
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = {"error": _told(error)}
    return response


def _told(error: Exception) -> dict[str, Any]:
    if isinstance(error, ApiProblem):
        return {"code": error.code, "message": str(error.detail), "fields": error.fields}
    if isinstance(error, exceptions.ValidationError):
        fields = _flat(error.detail)
        return {
            "code": "invalid",
            "message": _first(fields) or _("Something in the request is not right."),
            "fields": fields,
        }
    if isinstance(error, Http404):
        return {"code": "not_found", "message": _("There is no such thing, or it is not yours to see."), "fields": {}}
    if isinstance(error, PermissionDenied):
        return {"code": "permission_denied", "message": _("You may not do this."), "fields": {}}
    if isinstance(error, exceptions.APIException):
        return {"code": str(error.default_code), "message": str(error.detail), "fields": {}}
    return {"code": "error", "message": _("The request failed."), "fields": {}}


def _messages_by_field(error: ModelValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return {field: list(messages) for field, messages in error.message_dict.items()}
    return {"non_field_errors": list(error.messages)}


def _flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Nested messages by dotted path: `changes.0.ttl`."""
    if isinstance(detail, Mapping):
        return {key: value for name, inner in detail.items() for key, value in _flat(inner, _below(path, name)).items()}
    if isinstance(detail, list) and any(isinstance(inner, Mapping | list) for inner in detail):
        return {
            key: value
            for position, inner in enumerate(detail)
            for key, value in _flat(inner, _below(path, position)).items()
        }
    messages = [str(inner) for inner in detail] if isinstance(detail, list) else [str(detail)]
    return {path or "non_field_errors": messages} if messages else {}


def _below(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _first(fields: Mapping[str, list[str]]) -> str:
    for name, messages in fields.items():
        return messages[0] if name == "non_field_errors" else f"{name}: {messages[0]}"
    return ""


class QueryFilter(BaseFilterBackend):
    """`account=1,2&status=active&search=...`: exact matches on the view's `filter_paths`, a search in its `search_fields`.

    A parameter that the view does not know is refused: a misspelt filter would otherwise quietly mean 'everything'.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        if view.detail:
            return queryset
        paths: Mapping[str, str] = view.filter_paths
        own: frozenset[str] = frozenset(view.own_parameters)
        for name in request.query_params:
            if name not in paths and name not in _ALWAYS_KNOWN | COMMON and name not in own:
                raise exceptions.ValidationError({name: [_("There is no such filter.")]})
            if any("\x00" in given for given in request.query_params.getlist(name)):
                raise _useless(name)  # PostgreSQL keeps none in a text and asks for none
        for name, path in paths.items():
            values = _values(request, name)
            if values:
                found = {f"{path}__in": self._checked(name, path, values, queryset.model)}
                queryset = _narrowed(queryset, path, found)
        if any(_values(request, name) for name in COMMON - paths.keys()):
            # A row that has no such property is null there, which equals nothing.
            queryset = queryset.none()
        return found_by(queryset, request.query_params.get(SEARCH, "").split()[:10], view.search_fields)

    def _checked(self, name: str, path: str, values: list[str], model: type[Model]) -> list[Any]:
        field: Any = None
        step: Any = model
        for part in path.split("__"):
            field = step._meta.pk if part == "pk" else step._meta.get_field(part)  # noqa: SLF001  # Django's documented model API
            step = field.related_model or step
        target = field.target_field if field.is_relation else field
        try:
            if isinstance(target, BooleanField):
                values = [value.capitalize() for value in values]  # JSON's spelling of true and false
            return [target.get_prep_value(target.to_python(value)) for value in values]
        except (ModelValidationError, ValueError, ArithmeticError):
            raise _useless(name) from None

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        told = [
            query_parameter(name, "One value, or several with commas between them.", {"type": "string"})
            for name in view.filter_paths
        ]
        if view.search_fields:
            told.append(query_parameter(SEARCH, "Words that must all occur.", {"type": "string"}))
        return told


def _values(request: Request, name: str) -> list[str]:
    return [part for given in request.query_params.getlist(name) for part in given.split(",") if part]


def _narrowed(queryset: QuerySet[Any], path: str, found: Mapping[str, Any]) -> QuerySet[Any]:
    """Along a to-many relation by a subquery, so that a row is told once."""
    model: type[Model] = queryset.model
    first = "pk" if path == "pk" else path.partition("__")[0]
    if first != "pk" and (field := model._meta.get_field(first)).is_relation and field.one_to_many:  # noqa: SLF001
        return queryset.filter(pk__in=model._default_manager.filter(**found).order_by().values("pk"))  # noqa: SLF001
    return queryset.filter(**found)


def _useless(name: str) -> exceptions.ValidationError:
    return exceptions.ValidationError({name: [_("This filter does not take such a value.")]})


class ApiViewSet(GenericViewSet[Any]):
    """What every view set of the API stands on. Authentication and permissions are those of the settings."""

    pagination_class = CursorPagination
    filter_backends = [QueryFilter]
    ordering: ClassVar[str] = "id"
    ordering_fields: ClassVar[Mapping[str, str]] = {"id": "pk"}
    search_fields: ClassVar[Sequence[Column]] = ()
    filter_paths: ClassVar[Mapping[str, str]] = {}
    own_parameters: ClassVar[Sequence[str]] = ()
    """Query parameters that the view reads itself."""
    lookup_value_regex: ClassVar[str] = "[0-9]{1,18}"

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        return handle_exception
