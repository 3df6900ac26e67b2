from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.roles import may_act
from support.filters import TicketFilters
from support.models import Reply, Ticket
from support.queries import CLOSED, WAITS_FOR_US, WITH_PORTAL, tickets, tickets_visible_to
from support.tables import TicketTable
from support.thread import Block, blocks, gist
from sync.titles import title_of
from web.detail import Tab, render_detail
from web.listing import BulkAction, EmptyState, ListPage, SavedView

UNFOLDED = 3
"""The newest messages stand open, older ones fold to a line."""


class TicketList(ListPage):
    table_class = TicketTable
    filterset_class = TicketFilters
    title = _("Support")
    views = (
        SavedView("", _("All")),
        SavedView("ours", _("Wait for us"), WAITS_FOR_US),
        SavedView("theirs", _("With the portal"), WITH_PORTAL),
        SavedView("closed", _("Closed"), CLOSED),
    )
    empty = EmptyState(
        _("No ticket yet"),
        _(
            "What was asked at any portal's help desk stands here, whose turn it is first. Connect an account to read them."
        ),
        _("Connect an account"),
        "/accounts/",
        "message-circle",
    )

    def rows(self) -> QuerySet[Ticket]:
        return tickets(self.request.user, self.scope)

    def bulk_actions(self) -> Sequence[BulkAction]:
        return [BulkAction(_("Assign customer"), reverse("sync:assign-customer"))] if may_act(self.request.user) else ()


@dataclass(frozen=True, slots=True)
class Message:
    """A reply as the thread draws it."""

    reply: Reply
    blocks: list[Block]
    gist: str
    folded: bool


def messages_of(ticket: Ticket) -> list[Message]:
    replies = list(ticket.replies.all())
    return [
        Message(reply, blocks(reply.body), gist(reply.body), folded=number < len(replies) - UNFOLDED)
        for number, reply in enumerate(replies)
    ]


@login_required
@require_GET
def ticket_detail(request: HttpRequest, pk: int, tab: str = "") -> HttpResponse:
    """A ticket with its whole thread, or its history."""
    ticket = get_object_or_404(tickets_visible_to(request.user), pk=pk)
    title = title_of(
        ticket.resource,
        mono=False,
        status=(ticket.resource.tone, ticket.get_status_display()),
        facts=[f"#{ticket.number}", *([ticket.department] if ticket.department else [])],
        back=(_("Support"), reverse("support:ticket-list")),
    )
    thread = messages_of(ticket)
    tabs = [
        Tab("", _("Thread"), reverse("support:ticket-detail", args=[pk]), count=len(thread)),
        Tab("history", _("History"), reverse("support:ticket-history", args=[pk])),
    ]
    body = "support/_history.html" if tab == "history" else "support/_thread.html"
    return render_detail(
        request, title=title, body=body, tabs=tabs, current=tab, context={"ticket": ticket, "thread": thread}
    )
