"""Renewing one domain: the dialog that says what, where and at which price, and what stands in its place afterwards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import actor_of
from accounts.models import User
from actions.asking import answer_of, ask
from actions.declare import Refused
from actions.filing import file
from actions.models import Enquiry
from actions.pages import filed_answer
from actions.queries import enquiries_visible_to
from domains import queries, words
from domains.forms import MOST_YEARS, RenewForm
from domains.models import Domain
from web.forms import render_dialog
from web.htmx import trigger

TERMS = "domain.renewal-terms"
RENEWING = "hf:renewing-{pk}"
"""Heard by the domain's cell in lists."""


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks the portal and shows what it said; `asked` names the enquiry while it is waited for. POST files the renewal."""
    user = actor_of(request)
    domain = get_object_or_404(queries.domains_visible_to(user), pk=pk)
    if request.method == "POST":
        return _file(request, user, domain)
    years = _years(request)
    context = _terms(user, domain, years, request.GET.get("asked", ""))
    return _dialog(request, domain, RenewForm(initial=_confirmed(context, years)), context)


def _file(request: HttpRequest, user: User, domain: Domain) -> HttpResponse:
    form = RenewForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        parameters = {name: said[name] for name in ("years", "use_credit", "expires_on")}
        try:
            filed = file(
                "domain.renew",
                domain.resource,
                parameters,
                actor=user,
                key=said["key"],
                price=said["price"],
                currency=said["currency"],
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            answer = filed_answer(request, filed, back=reverse("domains:domain-detail", args=[domain.pk]))
            return trigger(answer, RENEWING.format(pk=domain.pk))
    years = form.cleaned_data.get("years", 1)
    return _dialog(request, domain, form, _terms(user, domain, years, ""), status=422)


def _dialog(
    request: HttpRequest, domain: Domain, form: RenewForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shown = {
        **context,
        "domain": domain,
        "form": form,
        "effect": words.renew_label(domain, context["years"], context.get("amount"), context.get("currency", "")),
        "cancel_url": reverse("domains:domain-detail", args=[domain.pk]),
    }
    return render_dialog(request, "domains/_renew.html", shown, status=status)


def _terms(user: User, domain: Domain, years: int, asked: str) -> dict[str, Any]:
    """What the portal said, that it is being asked, or why it can't be said."""
    context: dict[str, Any] = {"years": years, "enquiry": None, "trouble": "", "terms": None}
    try:
        enquiry = _asked(user, domain, years, asked) or ask(TERMS, domain.resource, {"years": years}, actor=user)
        if enquiry.state in (Enquiry.State.QUEUED, Enquiry.State.RUNNING):
            return {**context, "enquiry": enquiry}
        terms = answer_of(enquiry)
    except Refused as refused:
        return {**context, "trouble": refused.sentence}
    domain.refresh_from_db()
    domain.resource.refresh_from_db()
    if terms["amount"] is None:
        return {**context, "trouble": terms["why_no_price"]}
    amount, currency = Decimal(terms["amount"]), terms["currency"]
    credit = next((Decimal(one["credit"]) for one in terms["balances"] if one["currency"] == currency), None)
    return {
        **context,
        "terms": terms,
        "amount": amount,
        "currency": currency,
        "credit": credit,
        "covers": credit is not None and credit >= amount,
        "at_once": "billing.list" not in domain.resource.account.capabilities,
        "becomes": words.expires_then(domain, years),
    }


def _confirmed(context: dict[str, Any], years: int) -> dict[str, Any]:
    if context["terms"] is None:
        return {"years": years}
    return {
        "years": years,
        "price": context["amount"],
        "currency": context["currency"],
        "expires_on": context["terms"]["expires_on"],
        "use_credit": context["covers"],
    }


def _asked(user: User, domain: Domain, years: int, asked: str) -> Enquiry | None:
    """The enquiry that this dialog waits for, if it is theirs and about this."""
    if not asked.isdecimal() or len(asked) > 18:
        return None
    found = enquiries_visible_to(user).filter(pk=int(asked), kind=TERMS, resource=domain.resource).first()
    return found if found is not None and found.parameters.get("years") == years else None


def _years(request: HttpRequest) -> int:
    given = request.GET.get("years", "1")
    return min(max(int(given), 1), MOST_YEARS) if given.isdecimal() and len(given) < 4 else 1


@login_required
@never_cache
@require_GET
def renewal_cell(request: HttpRequest, pk: int) -> HttpResponse:
    """A fragment: the price of the next renewal, or how the one under way stands."""
    domain = get_object_or_404(queries.with_renewal(queries.domains_visible_to(request.user)), pk=pk)
    return render(request, "domains/_renewal_cell.html", words.renewal_cell(domain))
