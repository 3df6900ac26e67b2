"""What renewing a domain would mean now: its dates, its price, the credit, an invoice that waits already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from actions.declare import EnquiryKind
from domains.actions import renewal_invoices
from domains.actions.renew import RenewDomain, basis_of
from domains.models import Domain
from providers.contract import Provider
from providers.errors import InvalidRequest, NotSupported, ProviderError
from providers.resources import Price
from sync.declare import family
from sync.models import Resource
from sync.reread import reread


class RenewalTerms(EnquiryKind):
    name = "domain.renewal-terms"
    label = gettext_lazy("What a renewal costs now")
    capability = "domains.renewal_price"

    def ask(self, provider: Provider, resource: Resource, parameters: Mapping[str, Any]) -> Any:
        """Reads the domain again on the way, so that the dates on the page are the portal's of now."""
        years = RenewDomain().clean(resource, {"years": parameters.get("years", 1)})["years"]
        reread(resource, provider)
        domain = Domain.objects.select_related("resource__account").get(pk=resource.pk)
        basis = basis_of(domain)
        answer: dict[str, Any] = {
            "years": years,
            "expires_on": basis.isoformat() if basis else None,
            "amount": None,
            "currency": "",
            "why_no_price": "",
            "balances": [],
            "why_no_balance": "",
            "invoice": None,
        }
        try:
            price = family(provider.domains).renewal_price(resource.upstream_id, years)
        except (InvalidRequest, NotSupported) as refusal:
            return {**answer, "why_no_price": refusal.sentence}
        answer |= _price(price, resource.account.currency)
        if provider.billing is not None and renewal_invoices.can_be_read(provider):
            invoices = renewal_invoices.listed(provider.billing).invoices
            waits = renewal_invoices.waiting(provider.billing, domain, invoices)
            answer["invoice"] = {"id": waits.id, "number": waits.number or waits.id} if waits else None
        return {**answer, **_balances(provider)}


def _price(price: Price, currency: str) -> dict[str, Any]:
    return {
        "amount": str(price.amount),
        "currency": price.currency or currency,
        "at_most": price.at_most,
        "listed_on": price.listed_on.isoformat() if price.listed_on else None,
    }


def _balances(provider: Provider) -> dict[str, Any]:
    """The credit by currency. It is an aside: that it can't be read is told, and the price is shown all the same."""
    if provider.billing is None or not provider.can("billing.balances"):
        return {}
    try:
        told = provider.billing.balances()
    except ProviderError as error:
        return {"why_no_balance": error.sentence}
    return {
        "balances": [{"currency": one.currency, "credit": str(one.credit)} for one in told if one.credit is not None]
    }
