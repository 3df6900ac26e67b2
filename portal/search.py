"""Search over everything: things by name, invoices and tickets by number, machines by address, customers."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Customer, User
from sync.ages import age_of_kinds
from sync.links import PAGES, page_of
from sync.models import Kind, Resource
from sync.queries import in_scope
from web.shell import Scope, scope_of

PER_KIND = 8


@dataclass(frozen=True, slots=True)
class Hit:
    name: str
    url: str
    resource: Resource | None = None
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One heading with its hits; `more` tells that there are others."""

    label: str
    hits: tuple[Hit, ...]
    more: bool


def search(user: User, words: str, scope: Scope | None = None) -> list[Found]:
    """What fits all the words, the shortest names first, at most `PER_KIND` of a kind; what has no page of its own is not searched.
    One query a kind and one for customers."""
    parts = words.replace("\x00", "").split()[:8]
    if not parts:
        return []
    found = [of_kind(user, kind, parts, scope) for kind in PAGES]
    return [group for group in (customers(user, parts), *found) if group.hits]


def of_kind(user: User, kind: Kind, words: list[str], scope: Scope | None) -> Found:
    rows = in_scope(Resource.objects.visible_to(user).present().filter(kind=kind), scope)
    for word in words:
        rows = rows.filter(matches(kind, word))
    hits = list(rows.select_related("account", "customer").order_by(Length("name"), "name", "pk")[: PER_KIND + 1])
    return Found(
        str(kind.label),
        tuple(Hit(row.name, page_of(row), row) for row in hits[:PER_KIND]),
        len(hits) > PER_KIND,
    )


def matches(kind: Kind, word: str) -> Q:
    condition = Q(name__icontains=word) | Q(tags__contains=[word])
    if kind == Kind.DOMAINS:
        condition |= Q(domain__name__icontains=word)
    if kind == Kind.SERVICES:
        condition |= Q(service__name__icontains=word) | Q(service__domain__icontains=word)
        condition |= Q(service__label__icontains=word)
    if kind == Kind.TICKETS:
        condition |= Q(ticket__number__startswith=word.lstrip("#"))
    if kind == Kind.INVOICES:
        condition |= Q(invoice__number__icontains=word)
    if kind == Kind.MACHINES:
        condition |= Q(virtual_machine__ips__contains=[word]) if is_address(word) else Q()
    return condition


def is_address(word: str) -> bool:
    try:
        ip_address(word)
    except ValueError:
        return False
    return True


def customers(user: User, words: list[str]) -> Found:
    rows = Customer.objects.visible_to(user)
    for word in words:
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
    hits = list(rows.order_by("name")[: PER_KIND + 1])
    return Found(
        _("Customers"),
        tuple(
            Hit(row.name, reverse("accounts:customer-detail", args=[row.pk]), None, row.email)
            for row in hits[:PER_KIND]
        ),
        len(hits) > PER_KIND,
    )


@login_required
@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """All kinds on one page; the words stay in the URL."""
    assert isinstance(request.user, User)  # noqa: S101  # login_required
    words = request.GET.get("q", "").strip()[:200]
    scope = scope_of(request)
    context = {
        "words": words,
        "groups": search(request.user, words, scope),
        "age": age_of_kinds(request.user, PAGES, scope) if words else None,
    }
    return render(request, "portal/search.html", context)
