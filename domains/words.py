"""What pages say about a domain: its status, its renewal, the day that matters."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from domains.models import Domain, Zone
from providers.resources import DomainStatus
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
    if domain.auto_renew:
        return Tone.FINE, _("On")
    lapsed = domain.resource.due_on is not None and domain.resource.due_on < today
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
