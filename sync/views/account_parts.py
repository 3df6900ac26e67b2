"""What an account's page shows of its reading: the schedule, its health, how often it is read, what its portal can do."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import gateway
from accounts.access import actor_of, administrator_of, managed_account, person_of, seen_account
from accounts.models import ProviderAccount
from accounts.roles import may_act, may_administer
from accounts.standing import standing_of
from accounts.ways_out import account_age
from providers.errors import NotSupported
from sync import queries
from sync.capabilities import ask_what_it_can
from sync.forms import IntervalsForm
from sync.health import BAR, GAP, HOURS, TALL, health_of
from sync.intervals import IntervalsRefused, Plan, plan_of, set_intervals
from sync.queries import KindState
from web.forms import render_dialog
from web.htmx import close_dialog, flash, hx_redirect, is_fragment, toast, trigger
from web.tones import Tone

STARTED = "hf:sync-started"
"""Heard by the account's state on the page."""


@require_GET
@login_required
@never_cache
def account_state(request: HttpRequest, account_pk: int) -> HttpResponse:
    """A fragment: every kind of the account with its state, polled while one is under way."""
    account = seen_account(request, account_pk)
    lines = queries.kinds_of(person_of(request), account)
    plan = _plan_or_none(account)
    costs = {each.kind: each for each in plan.kinds} if plan else {}
    active = account.state == ProviderAccount.State.ACTIVE
    context = {
        "account": account,
        "lines": [(line, costs.get(line.kind)) for line in lines if not line.lacking],
        "lacking": [line for line in lines if line.lacking],
        "plan": plan,
        "under_way": _under_way(lines, active=active),
        "acts": may_act(request.user) and active,
        "administers": may_administer(request.user),
        **_title(request, account),
    }
    return render(request, "sync/_account_state.html", context)


@require_GET
@login_required
@never_cache
def account_health(request: HttpRequest, account_pk: int) -> HttpResponse:
    """A fragment: how the reading went, what failed, how quick the portal is and what is left of its limits."""
    account = seen_account(request, account_pk)
    health = health_of(person_of(request), account)
    headroom = gateway.headroom_of(account)
    active = account.state == ProviderAccount.State.ACTIVE
    under_way = _under_way([line for line, _day in health.lines], active=active)
    context = {
        "account": account,
        "health": health,
        "headroom": headroom,
        "acts": may_act(request.user) and active,
        "moves": under_way or bool(headroom and headroom.blocked_for),
        "plan": _plan_or_none(account),
        "chart": {"width": HOURS * (BAR + GAP) - GAP, "height": TALL, "bar": BAR},
        **_title(request, account),
    }
    return render(request, "sync/_health.html", context)


def _title(request: HttpRequest, account: ProviderAccount) -> dict[str, object]:
    """What the title line of the page says of the account, which goes along out of band."""
    standing = standing_of(account)
    age = account_age(account, standing, acts=may_act(request.user), administers=may_administer(request.user))
    return {"status": (standing.tone, standing.label), "age": age}


@require_http_methods(["GET", "POST"])
@login_required
def intervals(request: HttpRequest, account_pk: int) -> HttpResponse:
    """The dialog in which administrators choose how often each kind is read."""
    account = managed_account(request, account_pk)
    form = IntervalsForm(request.POST if request.method == "POST" else None, plan=plan_of(account))
    if form.is_bound and form.is_valid():
        try:
            set_intervals(account, form.chosen, user=administrator_of(request))
        except IntervalsRefused as refused:
            form.refuse(refused.reasons)
        else:
            told = _("How often it is read is set.")
            if is_fragment(request):
                return trigger(toast(close_dialog(), told), STARTED)
            flash(request, told)
            return hx_redirect(request, reverse("accounts:account-detail", args=[account_pk]))
    plan = plan_of(account, form.chosen) if form.is_bound else form.plan
    context = {
        "form": form,
        "rows": form.rows(plan),
        "account": account,
        "plan": plan,
        "cancel_url": reverse("accounts:account-detail", args=[account_pk]),
    }
    return render_dialog(request, "sync/_intervals.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def interval_costs(request: HttpRequest, account_pk: int) -> HttpResponse:
    """What the intervals in the open dialog would cost; nothing is set."""
    account = managed_account(request, account_pk)
    form = IntervalsForm(request.POST, plan=plan_of(account))
    form.is_valid()
    context = {"plan": plan_of(account, form.chosen), "account": account, "apart": True}
    return render(request, "sync/_interval_costs.html", context)


@require_POST
@login_required
def ask_capabilities(request: HttpRequest, account_pk: int) -> HttpResponse:
    """Forgets what the portal was found to offer and lack, and has it asked again."""
    user = actor_of(request)
    account = seen_account(request, account_pk)
    if ask_what_it_can(account, user=user):
        told, tone = _("The portal is asked what it can do."), Tone.FINE
    else:
        told, tone = _("Nothing was asked for: this account is not read at present."), Tone.SOON
    if is_fragment(request):
        return trigger(toast(HttpResponse(status=204), told, tone), STARTED)
    flash(request, told, tone)
    return hx_redirect(request, reverse("accounts:account-detail", args=[account_pk]))


def _plan_or_none(account: ProviderAccount) -> Plan | None:
    """None where the package that brought the provider is gone."""
    try:
        return plan_of(account)
    except NotSupported:
        return None


def _under_way(lines: list[KindState], *, active: bool) -> bool:
    """What waits for the next look at what is due will be under way in a moment."""
    return any(line.under_way for line in lines) or (active and any(line.waits for line in lines))
