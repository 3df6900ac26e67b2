"""Renewing a domain: at most once for the expiry that was seen, and done only when upstream's expiry has moved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actions.declare import ActionKind, Expectation, Finding, Quote, Refused, Sending, Step, Verdict
from actions.models import Stage
from domains import words
from domains.actions import renewal_credit, renewal_invoices
from domains.models import Domain
from providers.contract import Provider
from providers.errors import InvalidRequest, NotFound
from providers.resources import DomainDetail, InvoiceDetail, InvoiceStatus, Order
from sync.declare import family
from sync.models import Kind, Resource
from web.dates import exact_day
from web.hosts import unicode_host

MOST_YEARS: Final = 10
MOVED: Final = ("expires_on", "next_due_on", "next_invoice_on", "status", "upstream_status")
SOONEST: Final = timedelta(seconds=5)
LATEST: Final = timedelta(minutes=15)
"""After a payment the registrar takes seconds to minutes, an invoice waits for a person: the longer it stood, the later the
next look."""

_WAY: Final = r"(?:a |the |any |valid )*(?:pay(?:ment)?[ _-]?(?:method|gateway|module)|pay_method|gateway)"
_NO_WAY_TO_PAY: Final = re.compile(
    rf"(?:(?:error: )?(?:please )?(?:missing|select|choose|specify|provide|enter|no|invalid|you must (?:select|choose)) {_WAY}"
    rf"(?: (?:given|selected|specified|provided|chosen|was selected|was given))?"
    rf"|{_WAY}:? (?:is |field is )?(?:missing|required|mandatory|not (?:given|selected|specified|provided)))[.!]?",
    re.IGNORECASE,
)


class RenewDomain(ActionKind):
    name = "domain.renew"
    label = gettext_lazy("Renew a domain")
    capability = "domains.renew"
    money = True
    refreshes = (Kind.INVOICES, Kind.BALANCE)

    def clean(self, resource: Resource, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """`years`, whether credit may be used, and the day that is seen to move once it is renewed.

        `expires_on`, where it is given, is that day as the person saw it: when it has moved since, somebody else was first.
        """
        domain = resource.domain
        years = _years(parameters.get("years", 1))
        if words.has_left(domain) or resource.gone_at:
            raise Refused(_("This domain is no longer at this account, so it can't be renewed here."), code="left")
        basis = basis_of(domain)
        if basis is None:
            raise Refused(
                _(
                    "The portal tells no readable date for this domain, so nobody could see whether a renewal took effect. "
                    "Renew it at the portal."
                ),
                code="date_unknown",
            )
        if parameters.get("expires_on") is not None:
            _refuse_moved(_day(parameters["expires_on"]), basis)
        credit = parameters.get("use_credit", True)
        if not isinstance(credit, bool):
            raise Refused(_("Say yes or no."), fields={"use_credit": [_("Say yes or no.")]})
        return {"years": years, "use_credit": credit, "expires_on": basis.isoformat()}

    def summary(self, resource: Resource, parameters: Mapping[str, Any]) -> str:
        years = parameters["years"]
        return ngettext("Renew %(name)s for %(n)d year", "Renew %(name)s for %(n)d years", years) % {
            "name": unicode_host(resource.domain.name),
            "n": years,
        }

    def guard(self, resource: Resource, parameters: Mapping[str, Any]) -> str:
        """One renewal for the expiry that was seen: after it took effect, that is another one."""
        del resource
        return str(parameters["expires_on"])

    def quote(self, provider: Provider, resource: Resource, parameters: Mapping[str, Any]) -> Quote | None:
        price = family(provider.domains).renewal_price(resource.upstream_id, parameters["years"])
        said = []
        if price.at_most:
            said.append(_("at most; the portal may charge less"))
        if price.listed_on:
            said.append(_("list price of %(day)s") % {"day": exact_day(price.listed_on)})
        return Quote(price.amount, price.currency or resource.account.currency, "; ".join(said))

    def known_price(self, resource: Resource, parameters: Mapping[str, Any]) -> Quote | None:
        domain, years = resource.domain, parameters["years"]
        period = domain.period_years or 1
        if domain.renewal_price is None or years % period:
            return None
        return Quote(domain.renewal_price * (years // period), domain.renewal_currency or resource.account.currency)

    def check(self, provider: Provider, sending: Sending) -> None:
        """Refuses what is renewed already, or waits to be paid: a portal would take a second order and charge it."""
        domain = domain_of(sending)
        seen = date.fromisoformat(sending.parameters["expires_on"])
        now = basis_of(family(provider.domains).detail(_upstream_id(sending)))
        if now is None:
            raise Refused(
                _("The portal tells no readable date for this domain now. Nothing was sent."), code="date_unknown"
            )
        _refuse_moved(seen, now)
        _refuse_second_order(provider, sending, domain)

    def send(self, provider: Provider, sending: Sending) -> Mapping[str, Any]:
        order = _order(provider, sending)
        result = _result(sending, order)
        sending.keep({**sending.progress, "result": result})
        if order.settled or not order.invoice_id or not sending.parameters["use_credit"]:
            return result
        return {**result, **renewal_credit.apply(provider, sending, order.invoice_id)}

    def reconcile(self, provider: Provider, sending: Sending) -> Finding:
        """By the expiry, which moves only when it is renewed, and by a new invoice that names this domain."""
        domain = domain_of(sending)
        seen = date.fromisoformat(sending.parameters["expires_on"])
        kept = dict(sending.progress.get("result") or {})
        if "began_on" not in sending.progress:
            return Finding(Verdict.NOT_HAPPENED, _("It ended before anything was sent."))
        now = basis_of(family(provider.domains).detail(_upstream_id(sending)))
        if now is not None and now > seen:
            words_ = _("The portal has %(day)s as the expiry now.") % {"day": exact_day(now)}
            return Finding(Verdict.HAPPENED, words_, {**_nothing(sending), **kept, "expires_on": now.isoformat()})
        if kept:
            return Finding(Verdict.HAPPENED, _("The portal had answered with its order."), kept)
        if provider.billing is None or not renewal_invoices.can_be_read(provider):
            return _without_invoices(provider, now)
        day = date.fromisoformat(sending.progress["began_on"])
        known = sending.progress["known_invoices"]
        invoice, whole = renewal_invoices.made_since(provider.billing, domain, known, day)
        if invoice is not None:
            told = _("Invoice %(number)s for this renewal is there.") % {"number": invoice.number or invoice.id}
            return Finding(Verdict.HAPPENED, told, {**_nothing(sending), **_invoice_facts(invoice)})
        if not whole:
            return Finding(Verdict.CANT_TELL, _("The portal gave only a part of its invoices."))
        if now is None:
            return Finding(Verdict.CANT_TELL, _("The portal tells no readable date for this domain now."))
        return Finding(Verdict.NOT_HAPPENED, _("The expiry has not moved and there is no invoice for this renewal."))

    def follow(self, provider: Provider, sending: Sending, result: Mapping[str, Any]) -> Step:
        seen = date.fromisoformat(sending.parameters["expires_on"])
        now = basis_of(family(provider.domains).detail(_upstream_id(sending)))
        if now is not None and now > seen:
            told = _("Renewed: the expiry has moved from %(seen)s to %(now)s.")
            days = {"seen": exact_day(seen), "now": exact_day(now)}
            return Step(Stage.DONE, told % days, result={**result, "expires_on": now.isoformat()})
        if result.get("settled"):
            told = _("Charged to the account's balance; the expiry has not moved yet.")
            return _waits(Stage.PAID, told, result)
        return self._by_invoice(provider, sending, result)

    def _by_invoice(self, provider: Provider, sending: Sending, result: Mapping[str, Any]) -> Step:
        billing = provider.billing
        if billing is None or not renewal_invoices.can_be_read(provider):
            return _waits(Stage.ORDERED, _("Ordered. This portal's API shows no invoices."), result)
        invoice: InvoiceDetail | None
        if result.get("invoice_id"):
            try:
                invoice = billing.detail(str(result["invoice_id"]))
            except NotFound:
                return Step(Stage.STALLED, _("The invoice of this renewal is gone at the portal."), LATEST)
        else:
            day = date.fromisoformat(sending.progress.get("began_on") or timezone.localdate().isoformat())
            known = sending.progress.get("known_invoices", ())
            invoice, _whole = renewal_invoices.made_since(billing, domain_of(sending), known, day)
        if invoice is None:
            return _waits(Stage.ORDERED, _("Ordered; the portal has made no invoice yet."), result)
        return _step_of(invoice, {**result, **_invoice_facts(invoice)})

    def brings(self, result: Mapping[str, Any]) -> Mapping[Kind, str]:
        named = str(result.get("invoice_id") or "")
        return {Kind.INVOICES: named} if named else {}

    def expectations(self, sending: Sending) -> Sequence[Expectation]:
        """For a month: an unpaid invoice may wait that long for the person who pays."""
        if sending.resource is None:
            return ()
        return [Expectation(sending.resource, field, timedelta(days=30)) for field in MOVED]


def _years(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 4:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_YEARS:
        sentence = _("A domain is renewed for 1 to %(most)d years.") % {"most": MOST_YEARS}
        raise Refused(sentence, fields={"years": [sentence]})
    return value


def _day(value: object) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        sentence = _("Write the date as year, month and day: 2027-01-31.")
        raise Refused(sentence, fields={"expires_on": [sentence]}) from error


def _refuse_moved(seen: date, now: date) -> None:
    """Raises Refused where the day is another than the one that was seen."""
    days = {"now": exact_day(now), "seen": exact_day(seen)}
    if now > seen:
        told = _("Already renewed: the portal has %(now)s, where %(seen)s was seen. Nothing was sent.")
        raise Refused(told % days, code="already_renewed")
    if now < seen:
        told = _("The portal now has %(now)s as the date of this domain, where %(seen)s was seen. Nothing was sent.")
        raise Refused(told % days, code="date_moved")


def basis_of(domain: Domain | DomainDetail) -> date | None:
    """The day that moves when it is renewed: the registry's expiry, where that is unknown the provider's due date.

    What upstream sends in a form that makes no sense now is unknown, though the mirror still has the day before it.
    """
    doubted = words.doubted_dates(domain) if isinstance(domain, Domain) else domain.unreadable
    for column in words.DATES:
        day: date | None = getattr(domain, column)
        if day is not None and column not in doubted:
            return day
    return None


def domain_of(sending: Sending) -> Domain:
    if sending.resource is None:
        raise Refused(_("The domain is no longer in the mirror. Nothing was sent."), code="gone")
    return Domain.objects.select_related("resource__account").get(pk=sending.resource.pk)


def _upstream_id(sending: Sending) -> str:
    return domain_of(sending).resource.upstream_id


def _refuse_second_order(provider: Provider, sending: Sending, domain: Domain) -> None:
    """Raises Refused where an invoice for this renewal waits. Keeps which invoices there are, so that the one of our order is told
    apart from them after a lost answer."""
    known: list[str] = []
    if provider.billing is not None and renewal_invoices.can_be_read(provider):
        invoices = renewal_invoices.listed(provider.billing).invoices
        waits = renewal_invoices.waiting(provider.billing, domain, invoices)
        if waits is not None:
            raise Refused(
                _(
                    "Invoice %(number)s for this renewal waits to be paid already. Pay that one: a second order would cost "
                    "twice. Nothing was sent."
                )
                % {"number": waits.number or waits.id},
                code="invoice_waits",
            )
        known = [invoice.id for invoice in renewal_invoices.recent(invoices)]
    sending.keep({"began_on": timezone.localdate().isoformat(), "known_invoices": known})


def _order(provider: Provider, sending: Sending) -> Order:
    """Leaves the way to pay to the portal, which knows the account's default. Where it insists on one, the first that costs no fee
    is named in a second call: a refusal for want of one changed nothing."""
    domains, upstream_id, years = family(provider.domains), _upstream_id(sending), sending.parameters["years"]
    try:
        return domains.renew(upstream_id, years)
    except InvalidRequest as refusal:
        if not wants_payment_method(refusal) or not provider.can("billing.payment_methods"):
            raise
        methods = family(provider.billing).payment_methods()
        if not methods:
            raise
    free = [one for one in methods if not one.fixed_fee and not one.percent_fee]
    chosen = (free or list(methods))[0]
    sending.note(_("The portal wants a way to pay named: %(name)s.") % {"name": chosen.name})
    return domains.renew(upstream_id, years, payment_method=chosen.id)


def wants_payment_method(refusal: InvalidRequest) -> bool:
    """Whether the portal says, of itself and of nothing else, that none was named. Words about a way to pay that failed may come
    with an order that was made."""
    told = refusal.upstream_words.strip()
    return bool(_NO_WAY_TO_PAY.fullmatch(told)) if told else set(refusal.fields) == {"pay_method"}


def _nothing(sending: Sending) -> dict[str, Any]:
    return {"expires_before": sending.parameters["expires_on"], "years": sending.parameters["years"]}


def _result(sending: Sending, order: Order) -> dict[str, Any]:
    return {
        **_nothing(sending),
        "order": order.number,
        "invoice_id": order.invoice_id,
        "total": _text(order.total),
        "currency": order.currency,
        "settled": order.settled,
    }


def _invoice_facts(invoice: InvoiceDetail) -> dict[str, Any]:
    facts = {
        "invoice_id": invoice.id,
        "invoice_number": invoice.number,
        "invoice_status": invoice.status.value,
        "total": _text(invoice.total),
        "due": _text(renewal_credit.left_to_pay(invoice)),
        "currency": invoice.currency,
    }
    return {name: value for name, value in facts.items() if value}


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount)


def _without_invoices(provider: Provider, now: date | None) -> Finding:
    """Where a portal renews at once, the expiry alone tells; where it makes an invoice that we can't read, it does not."""
    if now is None:
        return Finding(Verdict.CANT_TELL, _("The portal tells no readable date for this domain now."))
    if provider.billing is None:
        return Finding(Verdict.NOT_HAPPENED, _("The expiry has not moved."))
    return Finding(Verdict.CANT_TELL, _("The expiry has not moved; whether there is an invoice can't be read."))


def _waits(stage: Stage, told: str, result: Mapping[str, Any]) -> Step:
    """Where it stands, to be looked at again: the later, the longer it has stood there."""
    now = timezone.now()
    stood = result.get("stands_since") or {}
    since = datetime.fromisoformat(stood["at"]) if stood.get("stage") == stage.value else now
    again = min(max((now - since) / 2, SOONEST), LATEST)
    return Step(stage, told, again, {**result, "stands_since": {"stage": stage.value, "at": since.isoformat()}})


def _step_of(invoice: InvoiceDetail, result: Mapping[str, Any]) -> Step:
    number = {"number": invoice.number or invoice.id}
    if invoice.status is InvoiceStatus.PAID:
        return _waits(Stage.PAID, _("Invoice %(number)s is paid; the expiry has not moved yet.") % number, result)
    if invoice.status in renewal_invoices.OPEN:
        told = _("Invoice %(number)s waits to be paid; the domain is renewed only then.") % number
        return _waits(Stage.INVOICE_UNPAID, told, result)
    if invoice.status is InvoiceStatus.UNKNOWN:
        told = _("Invoice %(number)s has a state that we do not know: %(word)s.") % {
            **number,
            "word": invoice.upstream_status,
        }
        return _waits(Stage.INVOICE_UNPAID, told, result)
    told = _("Invoice %(number)s was cancelled or paid back, so the domain is not renewed by it.") % number
    return Step(Stage.STALLED, told, None, result)
