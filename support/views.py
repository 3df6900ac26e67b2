from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import person_of
from accounts.roles import may_act
from actions.declare import Refused
from actions.filing import file, why_not
from actions.pages import FILED
from support.filters import TicketFilters
from support.forms import ReplyForm
from support.models import Reply, Ticket
from support.queries import CLOSED, WAITS_FOR_US, WITH_PORTAL, tickets_visible_to, with_turn
from support.tables import TicketTable
from support.thread import Block, blocks, gist
from sync.lists import MirrorList, listed
from sync.models import Kind
from sync.titles import history_of, title_of
from web.detail import PART, Tab, render_detail
from web.htmx import toast, trigger
from web.listing import BulkAction, EmptyState, SavedView

UNFOLDED = 3
"""The newest messages stand open, older ones fold to a line."""


class TicketList(MirrorList):
    kind = Kind.TICKETS
    table_class = TicketTable
    filterset_class = TicketFilters
    title = _("Support")
    views = listed(
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
        return with_turn(tickets_visible_to(self.request.user, self.scope))

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
        request.user,
        mono=False,
        status=(ticket.resource.tone, ticket.get_status_display()),
        facts=[f"#{ticket.number}", *([ticket.department] if ticket.department else [])],
        back=(_("Support"), reverse("support:ticket-list")),
    )
    thread = messages_of(ticket)
    context = {
        "ticket": ticket,
        "thread": thread,
        "part": history_of(ticket.resource),
        "form": ReplyForm(),
        "cannot_reply": why_not("ticket.reply", ticket.resource),
        "may_act": may_act(request.user),
    }
    tabs = [
        Tab("", _("Thread"), reverse("support:ticket-detail", args=[pk]), count=len(thread)),
        Tab("history", _("History"), reverse("support:ticket-history", args=[pk])),
    ]
    body = PART if tab == "history" else "support/_thread.html"
    return render_detail(request, title=title, body=body, tabs=tabs, current=tab, context=context)


@login_required
@require_GET
def ticket_messages(request: HttpRequest, pk: int) -> HttpResponse:
    """The thread alone, asked for again when one of our actions has ended."""
    ticket = get_object_or_404(tickets_visible_to(request.user), pk=pk)
    return render(request, "support/_messages.html", {"ticket": ticket, "thread": messages_of(ticket)})


@login_required
@require_POST
def ticket_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Files the reply. Answers with the box: emptied, or with what is wrong and the text as it was typed."""
    ticket = get_object_or_404(tickets_visible_to(request.user), pk=pk)
    form = ReplyForm(request.POST)
    action = None
    if form.is_valid():
        try:
            body, key = form.cleaned_data["body"], form.cleaned_data["key"]
            action = file("ticket.reply", ticket.resource, {"body": body}, actor=person_of(request), key=key).action
        except Refused as refused:
            form.add_error("body", refused.sentence)
    context = {"ticket": ticket, "form": form if action is None else ReplyForm(), "action": action, "may_act": True}
    if request.headers.get("HX-Request") != "true" and action is not None:
        return redirect("support:ticket-detail", pk=pk)
    response = render(request, "support/_reply.html", context, status=422 if action is None else 200)
    if action is not None:
        link = (_("See the action"), reverse("actions:action-detail", args=[action.pk]))
        toast(response, _("The reply is on its way to %(account)s.") % {"account": ticket.resource.account}, link=link)
        trigger(response, FILED)
    return response
