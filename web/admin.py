"""The mirror in Django's admin: to look at, never to edit, because upstream is the truth."""

from typing import TYPE_CHECKING, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

ModelT = TypeVar("ModelT", bound=Model)

if not TYPE_CHECKING:
    # Only django-stubs knows ModelAdmin as generic; at run time the parameter means nothing.
    admin.ModelAdmin.__class_getitem__ = classmethod(lambda cls, _model: cls)


class ReadOnlyAdmin(admin.ModelAdmin[ModelT]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ModelT | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ModelT | None = None) -> bool:
        return False
