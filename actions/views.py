"""The ledger's pages, and the fragments that other apps show of it.

Other apps embed by URL: `actions:action-state` (one action, polled until it has ended) and `actions:resource-actions` (the latest
of a thing, by the resource's id). Both send the event `hf:action-settled` to the page when something that was under way has ended,
so that a part with `hx-trigger="hf:action-settled from:body"` reads itself again. After filing from a dialog, send
`hf:actions-changed` (web.htmx.trigger) and the thing's list shows the new action.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import actor_of, person_of
from accounts.roles import may_act
from actions import queries, words
from actions.filters import ActionFilters
from actions.forms import SettleForm
from actions.models import Action, State
from actions.settling import look_now, settle, withdraw
from actions.tables import ActionTable
from sync.links import page_of
from sync.models import Resource
from web.detail import Action as Button
from web.detail import TitleLine, render_detail
from web.forms import render_dialog
from web.htmx import flash, hx_redirect, is_fragment, trigger
from web.listing import EmptyState, ListPage, SavedView
from web.tones import Tone

SETTLED = "hf:action-settled"
LATEST = 5


class ActionList(ListPage):
    table_class = ActionTable
    filterset_class = ActionFilters
    title = gettext_lazy("Actions")
    views = (
        SavedView("", gettext_lazy("Open"), queries.UNDER_WAY),
        SavedView("waits", gettext_lazy("Waits for you"), queries.WAITS_FOR_PERSON),
        SavedView("unknown", gettext_lazy("Outcome unknown"), queries.UNKNOWN),
        SavedView("money", gettext_lazy("Money under way"), queries.MONEY_UNDER_WAY),
        SavedView("stalled", gettext_lazy("Standing still"), queries.STALLED),
        SavedView("all", gettext_lazy("All")),
    )
    empty = EmptyState(
        gettext_lazy("Nothing was decided yet"),
        gettext_lazy(
            "What you renew, edit, answer or restart stands here, with what the portal said. Begin at the page of a domain, a "
            "ticket or a machine."
        ),
        gettext_lazy("Go to the domains"),
        "/domains/",
        "checklist",
    )

    def rows(self) -> QuerySet[Action]:
        return queries.actions_visible_to(self.request.user, self.scope)


@require_GET
@login_required
@never_cache
def action_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision with its chain and its log; asks again by itself while something moves."""
    action = _seen(request, pk)
    acts = may_act(request.user)
    title = TitleLine(
        name=action.summary,
        status=(words.tone_of(action), words.status_of(action)),
        badge=action.account.badge,
        account_name=action.account.name,
        account_url=reverse("accounts:account-detail", args=[action.account_id]),
        back=(_("Actions"), reverse("actions:action-list")),
        menu=_menu(action) if acts else [],
    )
    context = {
        **_facts(action),
        "fragment": is_fragment(request),
        "acts": acts,
        "events": queries.events_of(action),
        "thing_url": page_of(action.resource) if action.resource else "",
        "invoice": queries.invoice_of(action, request.user),
        "changes": queries.changes_by(action),
        "stalled": action.state == State.SUCCEEDED and action.stage == "stalled",
    }
    return render_detail(
        request, title=title, body="actions/_action.html", context=context, page_template="actions/detail_page.html"
    )


@require_GET
@login_required
@never_cache
def action_state(request: HttpRequest, pk: int) -> HttpResponse:
    """A fragment: where one action stands, polled while it moves."""
    action = _seen(request, pk)
    answer = render(request, "actions/_state.html", _facts(action))
    return _tell_when_settled(request, answer, under_way=words.poll_seconds(action) > 0)


@require_GET
@login_required
@never_cache
def resource_actions(request: HttpRequest, resource_pk: int) -> HttpResponse:
    """A fragment: the latest actions on one thing, polled while one of them moves."""
    resource = get_object_or_404(Resource.objects.visible_to(person_of(request)), pk=resource_pk)
    latest = list(queries.actions_of(resource)[:LATEST])
    poll = min((seconds for each in latest if (seconds := words.poll_seconds(each))), default=0)
    lines = [_facts(each) for each in latest]
    answer = render(request, "actions/_of_resource.html", {"resource": resource, "lines": lines, "poll": poll})
    return _tell_when_settled(request, answer, under_way=poll == words.QUICK)


@require_POST
@login_required
def action_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor_of(request)
    action = _seen(request, pk)
    if withdraw(action, user):
        flash(request, _("Withdrawn. Nothing was sent."))
    else:
        flash(request, _("Too late to withdraw: it is being sent, or it has ended."), Tone.SOON)
    return hx_redirect(request, reverse("actions:action-detail", args=[pk]))


@require_POST
@login_required
def action_look(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor_of(request)
    action = _seen(request, pk)
    if look_now(action, user):
        flash(request, _("Holdfast looks at the portal now; what it finds stands in the log."))
    else:
        flash(request, _("There is nothing to look at any more: it has ended."), Tone.SOON)
    return hx_redirect(request, reverse("actions:action-detail", args=[pk]))


@require_http_methods(["GET", "POST"])
@login_required
def action_settle(request: HttpRequest, pk: int, *, happened: bool) -> HttpResponse:
    """GET: the dialog that says what it means. POST: a person says how it ended."""
    user = actor_of(request)
    action = _seen(request, pk)
    form = SettleForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "subject": action, "happened": happened, "danger": not happened}
        context["cancel_url"] = reverse("actions:action-detail", args=[pk])
        return render_dialog(request, "actions/_settle.html", context, status=422 if form.errors else 200)
    if settle(action, user, happened=happened, why=form.cleaned_data["why"]):
        flash(request, _("Noted: it happened.") if happened else _("Noted: it did not happen. It can be decided anew."))
    else:
        flash(request, _("It was settled meanwhile; nothing was changed by you."), Tone.SOON)
    return hx_redirect(request, reverse("actions:action-detail", args=[pk]))


def _seen(request: HttpRequest, pk: int) -> Action:
    return get_object_or_404(queries.actions_visible_to(person_of(request)), pk=pk)


def _facts(action: Action) -> dict[str, object]:
    """What every drawing of an action needs."""
    return {
        "action": action,
        "subject": action,
        "kind_label": words.label_of(action.kind),
        "tone": words.tone_of(action),
        "status": words.status_of(action),
        "chain": words.chain_of(action),
        "meaning": words.meaning_of(action),
        "poll": words.poll_seconds(action),
    }


def _menu(action: Action) -> list[Button]:
    found = []
    if action.state in (State.QUEUED, State.AWAITING_APPROVAL) and action.sent_at is None:
        found.append(Button(_("Withdraw it"), reverse("actions:action-withdraw", args=[action.pk]), "x", post=True))
    if action.state == State.UNKNOWN or action.chain_open:
        found.append(
            Button(_("Look at the portal now"), reverse("actions:action-look", args=[action.pk]), "refresh", post=True)
        )
    return found


def _tell_when_settled(request: HttpRequest, answer: HttpResponse, *, under_way: bool) -> HttpResponse:
    """The poll says that something was under way when it was drawn."""
    return trigger(answer, SETTLED) if "open" in request.GET and not under_way else answer
