"""What every mirrored thing shares: its history, what is ours on it, whose it is; and the feed of all changes."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import actor_of, person_of, seen_customer
from accounts.roles import may_act
from sync import notable, ours, queries, words
from sync.ages import age_of_kinds
from sync.declare import ResourceSync, registry
from sync.forms import AssignForm, OursForm, picked
from sync.links import page_of
from sync.models import Kind, Resource
from sync.page_filters import ChangeFilters
from sync.tables import ChangeTable
from web.detail import Age
from web.forms import render_dialog
from web.htmx import came_from, close_dialog, flash, hx_redirect, toast, trigger
from web.listing import EmptyState, ListPage
from web.shell import Scope

OURS_CHANGED = "hf:ours-changed"
"""Heard by the side of the thing's page."""
HISTORY_PAGE = 50
THINGS_SHOWN = 500


class ChangeList(ListPage):
    table_class = ChangeTable
    filterset_class = ChangeFilters
    most_counted = queries.MOST_COUNTED
    endless = True
    title = gettext_lazy("What changed")
    lead = gettext_lazy("Differences that syncs found between two reads, whoever made them.")
    empty = EmptyState(
        gettext_lazy("Nothing changed yet"),
        gettext_lazy("When a portal tells something else than before, it stands here with both values."),
        icon="refresh",
    )

    def rows(self) -> QuerySet[Any]:
        changes = notable.telling(queries.changes_visible_to(self.request.user))
        return queries.in_scope(changes, self.scope, "resource__")

    def age(self) -> Age | None:
        """What changed since its oldest reading can't stand here yet."""
        return age_of_kinds(self.request.user, with_history(), self.scope)


@require_GET
@login_required
def resource_history(request: HttpRequest, pk: int) -> HttpResponse:
    """A fragment: the changes of one thing, newest first, a page at a time."""
    resource = _seen_resource(request, pk)
    history = queries.history_of(resource)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        history = history.filter(pk__lt=int(before))
    found = list(history[: HISTORY_PAGE + 1])
    shown = found[:HISTORY_PAGE]
    context = {
        "resource": resource,
        "lines": [(change, words.tell(change)) for change in shown],
        "older": shown[-1].pk if len(found) > HISTORY_PAGE else None,
        "further": bool(before),
    }
    return render(request, "sync/_history.html", context)


@require_GET
@login_required
def resource_side(request: HttpRequest, pk: int) -> HttpResponse:
    """A fragment: customer, tags and notes."""
    context = {"resource": _seen_resource(request, pk), "acts": may_act(request.user)}
    return render(request, "sync/_side.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def resource_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog in which customer, tags and notes are edited."""
    user = actor_of(request)
    resource = _seen_resource(request, pk)
    form = OursForm(request.POST if request.method == "POST" else None, user=user, resource=resource)
    if request.method == "POST" and form.is_valid():
        ours.keep_ours(resource, **form.cleaned_data)
        if request.headers.get("HX-Request") != "true":
            flash(request, _("Saved."))
            return hx_redirect(request, page_of(resource) or reverse("portal:overview"))
        return trigger(toast(close_dialog(), _("Saved.")), OURS_CHANGED)
    context = {"form": form, "resource": resource, "cancel_url": page_of(resource) or "/"}
    return render_dialog(request, "sync/_edit_ours.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def assign_customer(request: HttpRequest) -> HttpResponse:
    """The bulk bar's dialog: first the ticked rows come, then they come again with the customer."""
    user = actor_of(request)
    deciding = "decided" in request.POST
    keys = picked(request.POST)
    form = AssignForm(request.POST if deciding else None, user=user)
    back = came_from(request) or reverse("portal:overview")
    if not keys:
        flash(request, _("No row was ticked, so nothing was assigned."))
        return hx_redirect(request, back)
    if deciding and form.is_valid():
        customer = form.cleaned_data["customer"]
        count = ours.assign_customer(user, keys, customer)
        whose = customer.name if customer else _("nobody")
        flash(
            request,
            ngettext("%(n)s thing is now %(whose)s's.", "%(n)s things are now %(whose)s's.", count)
            % {"n": count, "whose": whose},
        )
        return hx_redirect(request, back)
    context = {"form": form, "picked": keys, "count": len(keys), "cancel_url": back}
    return render_dialog(request, "sync/_assign.html", context, status=422 if deciding else 200)


@require_GET
@login_required
def customer_resources(request: HttpRequest, customer_pk: int) -> HttpResponse:
    """A fragment: everything that is held for a customer, by kind."""
    customer = seen_customer(request, customer_pk)
    things = list(queries.resources_of_customer(person_of(request), customer)[: THINGS_SHOWN + 1])
    order = {kind.value: place for place, kind in enumerate(Kind)}
    things.sort(key=lambda thing: order[thing.kind])
    groups = [
        (Kind(kind).label, [(thing, page_of(thing)) for thing in rows])
        for kind, rows in groupby(things[:THINGS_SHOWN], key=lambda thing: thing.kind)
    ]
    scope = Scope("customer", str(customer.pk))
    context = {
        "customer": customer,
        "groups": groups,
        "more": len(things) > THINGS_SHOWN,
        "shown": THINGS_SHOWN,
        "age": age_of_kinds(person_of(request), {thing.kind for thing in things}, scope) if things else None,
    }
    return render(request, "sync/_customer_resources.html", context)


def with_history() -> list[Kind]:
    """The kinds whose changes are kept."""
    return [kind for kind, declared in registry.kinds.items() if isinstance(declared, ResourceSync)]


def _seen_resource(request: HttpRequest, pk: int) -> Resource:
    return get_object_or_404(queries.resources_visible_to(person_of(request)), pk=pk)
