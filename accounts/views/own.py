"""A person's own settings: name, time zone, password, API tokens."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit, tokens
from accounts.access import person_of
from accounts.forms import COMMON_ZONES, PasswordForm, ProfileForm, TokenForm
from accounts.models import ApiToken
from web.forms import render_dialog
from web.htmx import flash


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_bound and form.is_valid():
        form.save()
        flash(request, _("Your settings are saved."))
        return redirect("accounts:profile")
    return _page(request, status=422 if form.errors else 200, form=form)


@sensitive_post_parameters()
@require_POST
@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = PasswordForm(person, request.POST)
    if not form.is_valid():
        return _page(request, status=422, password_form=form)
    form.save()
    update_session_auth_hash(request, person)
    audit.record(person, audit.Event.PASSWORD_CHANGED, subject=person.email, request=request)
    flash(request, _("Your password is changed. Everywhere else you are signed out."))
    return redirect("accounts:profile")


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def make_token(request: HttpRequest) -> HttpResponse:
    """The token's text stands in this one answer and is kept nowhere."""
    person = person_of(request)
    form = TokenForm(request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        return render_dialog(request, "accounts/_token_new.html", {"form": form}, status=422 if form.errors else 200)
    token, text = tokens.make(person, scope=form.cleaned_data["scope"], name=form.cleaned_data["name"])
    detail = {"scope": token.scope, "name": token.name}
    audit.record(person, audit.Event.TOKEN_MADE, subject=f"{token.prefix}…", detail=detail, request=request)
    return render_dialog(request, "accounts/_token_made.html", {"token": token, "text": text})


@require_POST
@login_required
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    token = get_object_or_404(ApiToken, pk=pk, user=person, revoked_at=None)
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    audit.record(person, audit.Event.TOKEN_REVOKED, subject=f"{token.prefix}…", request=request)
    flash(request, _("The token %(prefix)s… is revoked; it works no more.") % {"prefix": token.prefix})
    return redirect("accounts:profile")


def _page(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    person = person_of(request)
    context = {
        "title": _("Your settings"),
        "form": forms.get("form") or ProfileForm(instance=person),
        "password_form": forms.get("password_form") or PasswordForm(person),
        "tokens": person.api_tokens.filter(revoked_at=None),
        "role": person.role,
        "zones": COMMON_ZONES,
    }
    return render(request, "accounts/profile.html", context, status=status)
