"""Connecting an account and replacing its credential: both try the login before anything is kept."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts import connecting, tasks
from accounts.access import administrator_of, managed_account
from accounts.forms import COMMON_ZONES, ConnectForm, LoginForm
from accounts.gateway import spec_of
from accounts.models import ProviderAccount
from accounts.probe import ConnectionTest
from providers import registry
from providers.contract import ProviderSpec
from web.htmx import flash, hx_redirect, render_page
from web.signs import ProviderBadge


@require_GET
@login_required
def pick_provider(request: HttpRequest) -> HttpResponse:
    administrator_of(request)
    choices = [(spec, ProviderBadge(spec.badge, spec.hue, spec.label)) for spec in registry.specs()]
    context = {"title": _("Connect an account"), "choices": choices}
    return render_page(request, "accounts/connect_pick.html", "accounts/_connect_pick.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@login_required
def connect(request: HttpRequest, provider: str) -> HttpResponse:
    person = administrator_of(request)
    spec = _spec(provider)
    if request.method == "GET":
        initial = {"name": _free_name(spec), "base_url": spec.base_url, "time_zone": spec.time_zone}
        form = ConnectForm(spec=spec, auth=request.GET.get("auth", ""), initial=initial)
        return _connect_page(request, spec, form)
    form = ConnectForm(request.POST, spec=spec)
    login = form.login() if form.is_valid() else None
    if login is None:
        return _connect_page(request, spec, form)
    test = login.test()
    if not test.ok:
        return _connect_page(request, spec, form, test)
    columns = {"time_zone": form.cleaned_data["time_zone"], "open_to_staff": form.cleaned_data["open_to_staff"]}
    try:
        account = connecting.create_account(login, test, name=form.cleaned_data["name"], by=person, **columns)
    except connecting.InputProblem as problem:
        form.problem(problem)
        return _connect_page(request, spec, form)
    tasks.read_soon()
    flash(
        request,
        _("%(test)s “%(name)s” is connected; reading has begun.") % {"test": test.sentence, "name": account.name},
    )
    return hx_redirect(request, reverse("accounts:account-detail", args=[account.pk]))


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@login_required
def replace_credential(request: HttpRequest, pk: int) -> HttpResponse:
    """The old login stays in place until the new one was seen to work."""
    account = managed_account(request, pk)
    spec = spec_of(account)
    if request.method == "GET":
        auth = request.GET.get("auth", "") or account.auth
        return _replace_page(request, account, LoginForm(spec=spec, auth=auth, initial={"base_url": account.base_url}))
    form = LoginForm(request.POST, spec=spec)
    login = form.login() if form.is_valid() else None
    if login is None:
        return _replace_page(request, account, form)
    test = login.test()
    if not test.ok:
        return _replace_page(request, account, form, test)
    connecting.replace_login(account, login, test, by=administrator_of(request))
    tasks.sign_out_soon()
    tasks.read_soon()
    flash(
        request, _("%(test)s The credential of “%(name)s” is replaced.") % {"test": test.sentence, "name": account.name}
    )
    return hx_redirect(request, reverse("accounts:account-detail", args=[pk]))


def _connect_page(
    request: HttpRequest, spec: ProviderSpec, form: ConnectForm, test: ConnectionTest | None = None
) -> HttpResponse:
    context = {
        "title": _("Connect %(provider)s") % {"provider": spec.label},
        "spec": spec,
        "badge": ProviderBadge(spec.badge, spec.hue, spec.label),
        "form": form,
        "test": test,
        "zones": COMMON_ZONES,
    }
    status = 422 if form.errors or test else 200
    return render_page(request, "accounts/connect.html", "accounts/_connect.html", context, status=status)


def _replace_page(
    request: HttpRequest, account: ProviderAccount, form: LoginForm, test: ConnectionTest | None = None
) -> HttpResponse:
    context = {
        "title": _("Replace the credential of %(name)s") % {"name": account.name},
        "account": account,
        "form": form,
        "test": test,
    }
    status = 422 if form.errors or test else 200
    return render_page(request, "accounts/replace.html", "accounts/_replace.html", context, status=status)


def _spec(provider: str) -> ProviderSpec:
    try:
        return registry.spec(provider)
    except KeyError:
        raise Http404 from None


def _free_name(spec: ProviderSpec) -> str:
    """The provider's name, with a number where it is taken."""
    taken = {name.casefold() for name in ProviderAccount.objects.values_list("name", flat=True)}
    names = (spec.label if number == 1 else f"{spec.label} {number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name.casefold() not in taken)
