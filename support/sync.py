"""How a provider's tickets become rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q

from accounts.models import ProviderAccount
from providers import resources
from providers.contract import Provider
from providers.resources import Page, TicketStatus, Upstream
from support.models import Reply, Ticket
from sync.declare import Children, ResourceSync, family, registry
from sync.models import Kind
from web.tones import Tone

TONES = {
    TicketStatus.ANSWERED: Tone.SOON,
    TicketStatus.OPEN: Tone.FINE,
    TicketStatus.CUSTOMER_REPLY: Tone.FINE,
    TicketStatus.IN_PROGRESS: Tone.FINE,
    TicketStatus.ON_HOLD: Tone.UNKNOWN,
    TicketStatus.CLOSED: Tone.FINE,
}


def reply_columns(position: int, reply: resources.TicketReply) -> dict[str, Any]:
    return {
        "position": position,
        "author": reply.author,
        "body": reply.body,
        "sent_at": reply.sent_at,
        "by_staff": reply.by_staff,
    }


class TicketSync(ResourceSync[resources.Ticket, resources.TicketDetail]):
    kind = Kind.TICKETS
    model = Ticket
    capability = "support.list"
    detail_capability = "support.detail"
    interval = timedelta(minutes=5)
    detail_age = timedelta(days=30)
    watch_budget = 25
    listed_while = frozenset(TONES) - {TicketStatus.CLOSED}  # those may leave a list that shows the latest alone
    quiet = frozenset({"read_by_us", "last_reply_at", "reply_count"})
    children = (
        Children(
            name="reply",
            model=Reply,
            parent="ticket",
            field="replies",
            key=lambda reply: reply.id,
            columns=reply_columns,
            label=lambda reply: reply.author,
            quiet=frozenset({"position"}),
        ),
    )

    def list_page(self, provider: Provider, token: str | None) -> Page[resources.Ticket]:
        return family(provider.support).list(token)

    def read_detail(self, provider: Provider, upstream_id: str) -> resources.TicketDetail:
        return family(provider.support).detail(upstream_id)

    def columns(self, item: Upstream, account: ProviderAccount) -> dict[str, Any]:
        said = super().columns(item, account)
        if isinstance(item, resources.TicketDetail):
            said["reply_count"] = len(item.replies)
            sent = [reply.sent_at for reply in item.replies if reply.sent_at]
            if sent:
                said["last_reply_at"] = max(sent)
        return said

    def name(self, row: Ticket) -> str:
        return row.subject or f"#{row.number}"

    def tone(self, row: Ticket) -> Tone:
        return TONES.get(TicketStatus(row.status), Tone.UNKNOWN)

    def watched(self) -> Q:
        """A new reply moves the thread before the list shows anything."""
        return ~Q(ticket__status=TicketStatus.CLOSED)


registry.add(TicketSync())
