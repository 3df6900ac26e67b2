"""Members of staff, for administrators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import people, queries
from accounts.access import administrator_of
from accounts.filters import PersonFilters
from accounts.forms import ROLE_WORDS, InviteForm, RoleForm
from accounts.models import AuditEntry, User
from accounts.roles import Role
from accounts.tables import PersonTable
from web.detail import Action, TitleLine, render_detail
from web.forms import render_dialog
from web.htmx import flash, hx_redirect
from web.listing import HeadAction, ListPage
from web.tones import Tone


class PersonList(ListPage):
    table_class = PersonTable
    filterset_class = PersonFilters
    title = gettext_lazy("People")
    exportable = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            administrator_of(request)
        return super().dispatch(request, *args, **kwargs)

    def rows(self) -> QuerySet[Any]:
        return queries.people()

    def head_actions(self) -> Sequence[HeadAction]:
        return (
            HeadAction(_("Invite somebody"), reverse("accounts:person-invite"), "user-plus", primary=True, dialog=True),
        )


@require_GET
@login_required
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    me = administrator_of(request)
    person = get_object_or_404(User, pk=pk)
    role = person.role
    menu = []
    if person.is_active and person.pk != me.pk:
        menu.append(
            Action(_("Deactivate"), reverse("accounts:person-deactivate", args=[pk]), "lock", dialog=True, danger=True)
        )
    elif not person.is_active:
        menu.append(Action(_("Activate"), reverse("accounts:person-activate", args=[pk]), "lock-open", post=True))
    title = TitleLine(
        name=str(person),
        status=(Tone.FINE if person.is_active else Tone.UNKNOWN, _("Active") if person.is_active else _("Deactivated")),
        back=(_("People"), reverse("accounts:person-list")),
        primary=Action(_("Change the role"), reverse("accounts:person-role", args=[pk]), "id", dialog=True)
        if person.is_active
        else None,
        menu=menu,
    )
    context = {
        "person": person,
        "role_words": ROLE_WORDS[role] if role else _("None: sees nothing"),
        "entries": AuditEntry.objects.filter(user=person)[:12],
        "tokens": person.api_tokens.filter(revoked_at=None),
    }
    return render_detail(request, title=title, body="accounts/_person.html", context=context)


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def invite(request: HttpRequest) -> HttpResponse:
    """The one-time password stands in this one answer."""
    me = administrator_of(request)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        context = {
            "form": form,
            "heading": _("Invite somebody"),
            "submit_label": _("Invite this person"),
            "cancel_url": reverse("accounts:person-list"),
        }
        return render_dialog(request, "accounts/_form_dialog.html", context, status=422 if form.errors else 200)
    given = form.cleaned_data
    person, password = people.invite(given["email"], given["name"], Role(given["role"]), by=me, request=request)
    context = {
        "person": person,
        "password": password,
        "sign_in": request.build_absolute_uri(reverse("accounts:sign-in")),
    }
    return render_dialog(request, "accounts/_invited.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    me = administrator_of(request)
    person = get_object_or_404(User, pk=pk)
    initial = {"role": person.role.value if person.role else ""}
    form = RoleForm(request.POST if request.method == "POST" else None, initial=initial)
    url = reverse("accounts:person-detail", args=[pk])
    if form.is_bound and form.is_valid():
        wanted = form.cleaned_data["role"]
        try:
            people.change_role(person, Role(wanted) if wanted else None, by=me, request=request)
        except people.LastAdministrator:
            form.add_error("role", _("This is the last administrator; make somebody else one first."))
        else:
            flash(request, _("The role of %(who)s is changed.") % {"who": person})
            return hx_redirect(request, url)
    heading = _("Change the role of %(who)s") % {"who": person}
    context = {"form": form, "heading": heading, "submit_label": _("Change the role"), "cancel_url": url}
    return render_dialog(request, "accounts/_form_dialog.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    me = administrator_of(request)
    person = get_object_or_404(User, pk=pk, is_active=True)
    url = reverse("accounts:person-detail", args=[pk])
    problem = _("You can't deactivate yourself.") if person.pk == me.pk else ""
    if request.method == "POST" and not problem:
        try:
            people.deactivate(person, by=me, request=request)
        except people.LastAdministrator:
            problem = _("This is the last administrator; make somebody else one first.")
        else:
            flash(request, _("%(who)s is deactivated and signed out everywhere.") % {"who": person})
            return hx_redirect(request, url)
    context = {"person": person, "problem": problem, "danger": True, "cancel_url": url}
    return render_dialog(request, "accounts/_deactivate.html", context, status=422 if problem else 200)


@require_POST
@login_required
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    me = administrator_of(request)
    person = get_object_or_404(User, pk=pk, is_active=False)
    people.activate(person, by=me, request=request)
    flash(request, _("%(who)s may sign in again.") % {"who": person})
    return redirect("accounts:person-detail", pk)
