"""Which invoice of a portal is for the renewal of a domain. Only reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache
from django.utils import timezone

from domains.models import Domain
from providers.contract import Billing, Provider, pages
from providers.errors import NotFound
from providers.resources import Invoice, InvoiceDetail, InvoiceLine, InvoiceStatus
from web.hosts import unicode_host

OPEN = frozenset({InvoiceStatus.UNPAID, InvoiceStatus.PENDING, InvoiceStatus.DRAFT, InvoiceStatus.COLLECTIONS})
LIVE = OPEN | {InvoiceStatus.PAID}
SLACK = timedelta(days=3)
"""The portal's clock and time zone are not ours: an invoice of now may bear the day before."""
MOST_READ = 60
"""Open invoices whose lines are read in search of one; newest first."""
KEPT = 6 * 3600
"""Seconds for which it is remembered what an invoice is about: its lines hardly ever change."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The invoices of an account, newest first; `whole` is False where the portal gave only a part of them."""

    invoices: tuple[Invoice, ...]
    whole: bool


def can_be_read(provider: Provider) -> bool:
    return provider.can("billing.list") and provider.can("billing.detail")


def listed(billing: Billing) -> Listed:
    found: list[Invoice] = []
    whole = True
    for page in pages(billing.list):
        found += page.items
        whole = whole and page.complete and not page.bad
    return Listed(tuple(sorted(found, key=_age, reverse=True)), whole)


def _age(invoice: Invoice) -> tuple[date, int, str]:
    number = int(invoice.id) if invoice.id.isascii() and invoice.id.isdecimal() else 0
    return invoice.issued_on or date.min, number, invoice.id


def recent(invoices: Iterable[Invoice], day: date | None = None) -> list[Invoice]:
    """Those that may have been made on `day` (today) or since; one without a day may have."""
    since = (day or timezone.localdate()) - SLACK
    return [invoice for invoice in invoices if invoice.issued_on is None or invoice.issued_on >= since]


def waiting(billing: Billing, domain: Domain, invoices: Iterable[Invoice]) -> Invoice | None:
    """An open invoice for renewing this domain, whoever ordered it: paying that one renews it, a second order costs twice."""
    unpaid = [invoice for invoice in invoices if invoice.status in OPEN]
    return next((one for one in unpaid[:MOST_READ] if _remembered(billing, one.id, domain)), None)


def _remembered(billing: Billing, invoice_id: str, domain: Domain) -> bool:
    """Whether the invoice is for this domain's renewal. What it is about is remembered without any amounts, so that many renewals
    in a row do not read every open invoice again each time."""
    key = f"holdfast:renewal-invoice:{domain.resource.account_id}:{invoice_id}"
    told: list[list[str]] | None = cache.get(key)
    if told is None:
        lines = billing.detail(invoice_id).lines
        told = [[line.type, line.item_id, line.description] for line in lines]
        cache.set(key, told, KEPT)
    return any(names(domain, *line) for line in told)


def made_since(billing: Billing, domain: Domain, known: Iterable[str], day: date) -> tuple[InvoiceDetail | None, bool]:
    """The invoice of `day` or later for renewing this domain that is none of the `known` ones, and whether all were looked at."""
    found = listed(billing)
    before = set(known)
    new = [one for one in recent(found.invoices, day) if one.id not in before and one.status in LIVE]
    for invoice in new:
        try:
            detail = billing.detail(invoice.id)
        except NotFound:
            continue  # it went between the list and now
        if any(is_for(domain, line) for line in detail.lines):
            return detail, True
    return None, found.whole


def is_for(domain: Domain, line: InvoiceLine) -> bool:
    return names(domain, line.type, line.item_id, line.description)


def names(domain: Domain, kind: str, item_id: str, description: str) -> bool:
    """Whether a line is the renewal of this domain: by the portal's own id where its type says 'domain', else by the whole name."""
    what, text = kind.lower(), description.lower()
    if "regist" in what or "transfer" in what:
        return False
    about_domains = "domain" in what
    if about_domains and item_id and item_id == domain.resource.upstream_id:
        return True
    if not about_domains and "renew" not in text:
        return False
    # the name alone and not as the end or the start of another one
    spelled = {domain.name.lower(), unicode_host(domain.name).lower()}
    return any(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)", text) for name in spelled)
