"""What pages say about a domain: its status, its renewal, the day that matters."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from actions.models import Action, State
from domains.models import Domain, Zone
from providers.resources import DomainStatus
from web import money
from web.hosts import unicode_host
from web.tones import Tone

Words = str | Promise

STATUS = {
    DomainStatus.ACTIVE: _("Active"),
    DomainStatus.PENDING: _("Pending"),
    DomainStatus.PENDING_TRANSFER: _("Transfer pending"),
    DomainStatus.LOCKED: _("Active, locked"),
    DomainStatus.EXPIRED: _("Expired"),
    DomainStatus.REDEMPTION: _("In redemption"),
    DomainStatus.SUSPENDED: _("Suspended"),
    DomainStatus.CANCELLED: _("Cancelled"),
    DomainStatus.TRANSFERRED_AWAY: _("Transferred away"),
    DomainStatus.UNKNOWN: _("Unknown"),
}
LEFT = (DomainStatus.CANCELLED, DomainStatus.TRANSFERRED_AWAY)
"""No longer ours to renew."""
FAILURE_SHOWN = timedelta(days=1)
DATES = ("expires_on", "next_due_on")
"""The columns that make the day a domain lapses; an unreadable one of them leaves that day in doubt."""


def has_left(domain: Domain) -> bool:
    return domain.status in LEFT


def status(domain: Domain) -> Words:
    """Our word; for a status that we do not know, upstream's."""
    if domain.status == DomainStatus.UNKNOWN and domain.upstream_status:
        return domain.upstream_status
    return STATUS[DomainStatus(domain.status)]


def auto_renew(domain: Domain, today: date) -> tuple[Tone | None, Words]:
    """Whether it renews itself, and how bad it is if not. Without a tone where nothing is left to renew."""
    if has_left(domain):
        return None, ""
    if domain.auto_renew is None:
        return Tone.UNKNOWN, _("Not said")
    lapsed = domain.resource.due_on is not None and domain.resource.due_on < today
    if domain.auto_renew:
        return (Tone.BROKEN, _("On, but lapsed")) if lapsed else (Tone.FINE, _("On"))
    return Tone.BROKEN if lapsed else Tone.SOON, _("Off")


def doubted_dates(domain: Domain) -> list[str]:
    """Which of the dates upstream last sent in a form that makes no sense."""
    return [column for column in DATES if column in domain.resource.unreadable]


def hosted(zone: Zone) -> Words:
    """Where its DNS is run; a portal may have two zones of one name."""
    if zone.hosted is None:
        return _("Not read yet")
    if not zone.hosted:
        return _("Elsewhere")
    if zone.service_id:
        return _("In a DNS service")
    return _("With the domain") if zone.domain_id else _("At this portal")


def renew_label(domain: Domain, years: int, amount: Decimal | None, currency: str) -> str:
    """The button: 'Renew example.com for 1 year, 12.99 USD'."""
    told = ngettext("Renew %(name)s for %(n)d year", "Renew %(name)s for %(n)d years", years)
    said = told % {"name": unicode_host(domain.name), "n": years}
    return said if amount is None else f"{said}, {money.plain(amount, currency)}"


def short_renew_label(domain: Domain) -> str:
    """The same on the domain's own page, by the price of the last sync: 'Renew for 1 year, 79.00 DKK'."""
    years = domain.period_years or 1
    said = ngettext("Renew for %(n)d year", "Renew for %(n)d years", years) % {"n": years}
    if domain.renewal_price is None:
        return said
    return f"{said}, {money.plain(domain.renewal_price, domain.renewal_currency)}"


def expires_then(domain: Domain, years: int) -> date | None:
    """The registry's expiry after a renewal for so many years, which counts from the day on which it expires."""
    day = domain.expires_on
    if day is None or "expires_on" in domain.resource.unreadable:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def may_be_renewed(domain: Domain) -> bool:
    """Whether a button for it makes sense; why not is said on the domain's page."""
    resource = domain.resource
    return not has_left(domain) and resource.gone_at is None and "domains.renew" in resource.account.capabilities


def renewal_shown(domain: Domain) -> Action | None:
    """The latest renewal, of which `queries.with_renewal` told, while it is under way and for a day after it failed."""
    told = vars(domain)
    if told.get("renewal_id") is None:
        return None
    action = Action(
        pk=told["renewal_id"],
        state=told["renewal_state"],
        stage=told["renewal_stage"],
        ended_at=told["renewal_ended_at"],
    )
    ended = action.ended_at
    failed = action.state == State.FAILED and ended is not None and timezone.now() - ended < FAILURE_SHOWN
    return action if failed or under_way(action) else None


def renewing(domain: Domain) -> Action | None:
    """The same only while it is under way."""
    action = renewal_shown(domain)
    return action if action is not None and under_way(action) else None


def under_way(action: Action) -> bool:
    return action.open or action.chain_open


def renewal_cell(domain: Domain) -> dict[str, object]:
    """What the cell of a list needs, in the table and when it asks again."""
    shown = renewal_shown(domain)
    return {"domain": domain, "shown": shown, "moves": shown is not None and under_way(shown)}
