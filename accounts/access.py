"""Who asks, and may they: for views of pages and of the API. An object that a person may not see does not exist for them (404);
one that they see but may not change is refused (403)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts import queries
from accounts.models import Customer, ProviderAccount, User
from accounts.roles import may_act, may_administer


def person_of(request: HttpRequest | Request) -> User:
    """The person who is signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied(_("Sign in first."))
    return request.user


def administrator_of(request: HttpRequest) -> User:
    person = person_of(request)
    if not may_administer(person):
        raise PermissionDenied(_("This is for administrators."))
    return person


def actor_of(request: HttpRequest) -> User:
    person = person_of(request)
    if not may_act(person):
        raise PermissionDenied(_("This needs the role Staff."))
    return person


def seen_account(request: HttpRequest, pk: int) -> ProviderAccount:
    return get_object_or_404(queries.accounts(person_of(request)), pk=pk)


def managed_account(request: HttpRequest, pk: int) -> ProviderAccount:
    account = seen_account(request, pk)
    administrator_of(request)
    return account


def seen_customer(request: HttpRequest, pk: int) -> Customer:
    return get_object_or_404(queries.customers(person_of(request)), pk=pk)


def managed_customer(request: HttpRequest, pk: int) -> Customer:
    customer = seen_customer(request, pk)
    actor_of(request)
    return customer
