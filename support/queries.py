"""The reads of support that pages, API and overview share."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from providers.resources import TicketStatus
from support.models import Ticket
from sync.scoping import present, visible
from web.shell import Scope

WAITS_FOR_US = Q(status=TicketStatus.ANSWERED)
WITH_PORTAL = Q(status__in=[TicketStatus.OPEN, TicketStatus.CUSTOMER_REPLY, TicketStatus.IN_PROGRESS])
CLOSED = Q(status=TicketStatus.CLOSED)


def tickets_visible_to(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Ticket]:
    """The tickets that this person may see, those that upstream no longer lists included."""
    return visible(Ticket.objects.all(), user, scope)


def tickets(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Ticket]:
    """What upstream lists, with `turn` (ours first, closed last) and `moved_at` (the newest message) to sort on."""
    return present(with_turn(tickets_visible_to(user, scope)))


def with_turn(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    turn = Case(
        When(WAITS_FOR_US, then=Value(0)),
        When(CLOSED, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return rows.annotate(turn=turn, moved_at=Coalesce("last_reply_at", "opened_at"))


def waiting_for_us(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Ticket]:
    """Answered tickets, the longest waiting first."""
    return tickets(user, scope).filter(WAITS_FOR_US).order_by(Coalesce("last_reply_at", "opened_at"), "pk")
