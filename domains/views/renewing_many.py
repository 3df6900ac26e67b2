"""Renewing several domains from the bulk bar: what it costs per currency, who is left out and why, then one action each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import actor_of
from accounts.models import User
from actions.declare import Refused, registry
from actions.filing import file, refuse_what_cannot_be
from domains import queries, words
from domains.actions.renew import basis_of
from domains.forms import PickForm
from domains.models import Domain
from domains.views.renewing import RENEWING
from web import money
from web.forms import render_dialog
from web.htmx import close_dialog, flash, hx_redirect, toast, trigger
from web.tones import Tone

KIND = "domain.renew"
MOST = 200
SMALLEST, DEAREST = Decimal("0.0001"), Decimal(10**14)
"""What the ledger's column of prices holds."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the dialog showed of one domain, which is what is confirmed."""

    pk: int
    years: int
    expires_on: date
    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.pk} {self.years} {self.expires_on.isoformat()} {self.amount} {self.currency}"

    @classmethod
    def read(cls, text: str) -> Shown | None:
        """What the form brings back; None when it is nothing that a dialog wrote."""
        try:
            pk, years, day, price, currency = text.split(" ")
            amount = Decimal(price).quantize(SMALLEST)
            return (
                cls(int(pk), int(years), date.fromisoformat(day), amount, currency) if 0 <= amount < DEAREST else None
            )
        except (ValueError, InvalidOperation):
            return None


@dataclass(frozen=True, slots=True)
class Choice:
    """One picked domain: what it costs by the last sync, or why it is left out."""

    domain: Domain
    years: int = 1
    amount: Decimal | None = None
    currency: str = ""
    why_not: str = ""

    @property
    def shown(self) -> Shown | None:
        day = basis_of(self.domain)
        if day is None or self.amount is None:
            return None
        return Shown(self.domain.pk, self.years, day, self.amount, self.currency)


@login_required
@require_POST
def renew_many_summary(request: HttpRequest) -> HttpResponse:
    """The words of the bulk bar: '12 domains, 155.88 USD and 1,299,000 VND'."""
    choices = _choices(actor_of(request), request.POST.getlist("pick"))
    fit = [choice for choice in choices if not choice.why_not]
    context = {**_totals(fit), "left_out": len(choices) - len(fit)}
    return render(request, "domains/_renew_many_summary.html", context)


@login_required
@require_POST
def renew_many(request: HttpRequest) -> HttpResponse:
    """First the dialog; with `confirm` one renewal is filed for each."""
    user = actor_of(request)
    choices = _choices(user, request.POST.getlist("pick"))
    fit = [choice for choice in choices if not choice.why_not]
    if "confirm" in request.POST:
        form = PickForm(request.POST)
        if form.is_valid() and fit:
            read = [Shown.read(text) for text in request.POST.getlist("shown")]
            shown = {one.pk: one for one in read if one is not None}
            return _filed(
                request, user, [(each.domain, shown.get(each.domain.pk)) for each in fit], form.cleaned_data["key"]
            )
    context = {
        "fit": fit,
        "left_out": [choice for choice in choices if choice.why_not],
        **_totals(fit),
        "key": PickForm().fields["key"].initial(),
        "cancel_url": reverse("domains:domain-list"),
        "action": reverse("domains:renew-many"),
        "most": MOST,
    }
    return render_dialog(request, "domains/_renew_many.html", context)


def _filed(
    request: HttpRequest, user: User, confirmed: Iterable[tuple[Domain, Shown | None]], key: str
) -> HttpResponse:
    done: list[int] = []
    refused: list[str] = []
    for domain, shown in confirmed:
        if shown is None:
            refused.append(f"{domain}: {_('it was not in the dialog. Nothing was sent.')}")
            continue
        try:
            file(
                KIND,
                domain.resource,
                {"years": shown.years, "expires_on": shown.expires_on},
                actor=user,
                key=f"{key}:{domain.pk}",
                price=shown.amount,
                currency=shown.currency,
            )
        except Refused as why:
            refused.append(f"{domain}: {why.sentence}")
        else:
            done.append(domain.pk)
    told = ngettext("%(n)d renewal is filed.", "%(n)d renewals are filed.", len(done)) % {"n": len(done)}
    told = " ".join([told, *refused[:3]])
    tone = Tone.SOON if refused else Tone.FINE
    if request.headers.get("HX-Request") != "true":
        flash(request, told, tone)
        return hx_redirect(request, reverse("domains:domain-list"))
    answer = toast(close_dialog(), told, tone, link=(_("See the actions"), reverse("actions:action-list")))
    for pk in done:
        trigger(answer, RENEWING.format(pk=pk))
    return answer


def _choices(user: User, picks: Iterable[str]) -> list[Choice]:
    keys = {int(pick) for pick in picks if pick.isdecimal() and len(pick) < 19}
    found = queries.with_renewal(queries.domains_visible_to(user)).filter(pk__in=keys).order_by("name")[:MOST]
    return [_choice(domain) for domain in found]


def _choice(domain: Domain) -> Choice:
    """For one period as it is sold. The price is the last sync's; the portal is asked again before each is sent."""
    kind, years = registry.actions[KIND], domain.period_years or 1
    if words.renewing(domain) is not None:
        return Choice(domain, why_not=_("a renewal is under way already"))
    try:
        refuse_what_cannot_be(kind.capability, domain.resource)
        kind.clean(domain.resource, {"years": years})
    except Refused as refused:
        return Choice(domain, why_not=refused.sentence)
    price = kind.known_price(domain.resource, {"years": years})
    if price is None or not price.currency or not price.amount:
        return Choice(domain, why_not=_("its price was not read yet; renew it by itself, then the portal is asked"))
    return Choice(domain, years, price.amount, price.currency)


def _totals(fit: Iterable[Choice]) -> dict[str, money.Totals]:
    """`totals`, and apart from them `demo_totals` where the demo is among what costs money."""
    own, demo = money.Totals(), money.Totals()
    for choice in fit:
        (demo if choice.domain.resource.account.is_demo else own).add(choice.amount, choice.currency)
    return {"totals": own, "demo_totals": demo} if own else {"totals": demo, "demo_totals": own}
