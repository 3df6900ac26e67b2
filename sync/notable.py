"""What people ask of the feed of changes: which happenings, made by whom. The page's filters and the API's share them."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from providers.resources import InvoiceStatus, MachineStatus, TicketStatus
from sync.models import Change, Kind
from web.filters import Words

NOT_BY_US: Final = Q(action=None)
DOWN: Final = [MachineStatus.STOPPED.value, MachineStatus.SUSPENDED.value, MachineStatus.FAILED.value]


def became(kind: Kind, *states: str) -> Q:
    """The status of a thing of this kind moved to one of these. The history keeps values as JSON."""
    return Q(resource__kind=kind, field="status", new__in=list(states))


HAPPENINGS: Final[list[tuple[str, Words, Q]]] = [
    ("nameservers-outside", _("name servers were changed outside"), Q(field="nameservers") & NOT_BY_US),
    ("nameservers", _("name servers changed"), Q(field="nameservers")),
    ("lock", _("a transfer lock was removed"), Q(field="locked", new=False)),
    ("auto-renew", _("auto-renew was switched off"), Q(field="auto_renew", new=False)),
    ("expiry", _("an expiry moved"), Q(field__in=["expires_on", "next_due_on"])),
    ("status", _("a status changed"), Q(field="status")),
    ("records", _("a DNS record changed"), Q(field__startswith="record.")),
    (
        "answered",
        _("a ticket was answered"),
        Q(field__startswith="reply.", old__isnull=True, new__by_staff=True)
        | became(Kind.TICKETS, TicketStatus.ANSWERED),
    ),
    ("replies", _("a ticket was written in"), Q(field__startswith="reply.")),
    ("issued", _("an invoice was issued"), Q(resource__kind=Kind.INVOICES, field="appeared")),
    ("paid", _("an invoice was paid"), became(Kind.INVOICES, InvoiceStatus.PAID)),
    ("stopped", _("a virtual machine stopped"), became(Kind.MACHINES, *DOWN)),
    ("gone", _("something went or came"), Q(field__in=["gone", "appeared", "returned", "replaces", "replaced_by"])),
]
"""By the word that stands in the URL. Each is served by the index on `field`."""

MAKERS: Final[list[tuple[str, Words, Q]]] = [
    ("us", _("by us"), Q(action__isnull=False)),
    ("others", _("not by us"), NOT_BY_US),
]


def telling(changes: QuerySet[Change]) -> QuerySet[Change]:
    """Without the portal's own word for a status where our status moved with it: to a reader that is one happening."""
    with_it = Change.objects.filter(resource=OuterRef("resource"), at=OuterRef("at"), field="status")
    return changes.exclude(Q(field="upstream_status") & Exists(with_it))
