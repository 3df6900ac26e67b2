"""'Sync now', the state of an account's reading, and the pages of the runs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import actor_of, person_of, seen_account
from accounts.models import ProviderAccount
from accounts.roles import may_act
from sync import queries, words
from sync.ask import ask, cancel
from sync.models import Kind, Run
from sync.page_filters import RunFilters
from sync.tables import RunTable
from sync.views.account_parts import STARTED
from sync.views.held_pages import held_of
from web.detail import Action, TitleLine, render_detail
from web.htmx import flash, hx_redirect, is_fragment, toast, trigger
from web.listing import EmptyState, ListPage
from web.tones import Tone

ROWS_SHOWN = 500
CHANGES_SHOWN = 50


@require_POST
@login_required
def start(request: HttpRequest, account_pk: int | None = None, kind: str = "") -> HttpResponse:
    """Asks for a sync of one account, or of all that this person sees; `kind` in the address or (several) posted narrows it."""
    user = actor_of(request)
    accounts = (
        [seen_account(request, account_pk)]
        if account_pk is not None
        else list(ProviderAccount.objects.visible_to(user).live())
    )
    named = [kind] if kind else request.POST.getlist("kind")
    kinds = [each for each in named if each in Kind.values]
    if kind and not kinds:
        raise Http404
    runs = ask(accounts, kinds or None, user=user)
    if runs:
        count = len(runs)
        told = ngettext("%(n)s sync is on its way.", "%(n)s syncs are on their way.", count) % {"n": count}
        tone = Tone.FINE
    else:
        told, tone = _("Nothing was asked for: no account of these is read at present."), Tone.SOON
    if is_fragment(request):
        return trigger(toast(HttpResponse(status=204), told, tone), STARTED)
    flash(request, told, tone)
    back = (
        reverse("accounts:account-detail", args=[account_pk]) if account_pk is not None else reverse("portal:overview")
    )
    return hx_redirect(request, back)


class RunList(ListPage):
    table_class = RunTable
    filterset_class = RunFilters
    most_counted = queries.MOST_COUNTED
    endless = True
    title = gettext_lazy("Syncs")
    lead = gettext_lazy(
        "Each bringing in step of one account and one kind: what it read, what it wrote, what went wrong."
    )
    empty = EmptyState(
        gettext_lazy("Nothing was read yet"),
        gettext_lazy("Once an account is connected, each reading of it stands here."),
        gettext_lazy("Connect an account"),
        "/accounts/connect/",
        "refresh",
    )

    def rows(self) -> QuerySet[Any]:
        runs = queries.runs_visible_to(self.request.user)
        # A customer has no syncs of their own.
        return queries.in_scope(runs, self.scope) if self.scope and self.scope.kind == "account" else runs


@require_GET
@login_required
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = _seen_run(request, pk)
    acts = may_act(request.user)
    kind = Kind(run.kind).label
    newer = queries.run_after(request.user, run)
    changes = queries.changes_of_run(request.user, run)
    title = TitleLine(
        name=f"{kind}, {run.account.name}",
        status=(words.tone_of(run), run.get_state_display()),
        badge=run.account.badge,
        account_name=run.account.name,
        account_url=reverse("accounts:account-detail", args=[run.account_id]),
        back=(_("Syncs"), reverse("sync:run-list")),
        primary=_next_step(run, newer) if acts else None,
    )
    context = {
        "run": run,
        "outcome": words.outcome(run),
        "took": words.took(run),
        "progress": words.progress_of(run) if run.under_way else None,
        "skipped": queries.skipped_rows(run)[:ROWS_SHOWN],
        "held": held_of(run),
        "acts": acts,
        "changes": changes[:CHANGES_SHOWN],
        "found": changes.count(),
        "newer": newer,
    }
    return render_detail(request, title=title, body="sync/_run.html", context=context)


def _next_step(run: Run, newer: Run | None) -> Action | None:
    """While it is under way: stop. Where it went wrong, and nothing newer was asked for since: once more."""
    if run.under_way:
        return Action(_("Stop this sync"), reverse("sync:run-cancel", args=[run.pk]), "player-stop", post=True)
    if newer is not None:
        return None
    if run.state not in {Run.State.FAILED, Run.State.PARTIAL} or run.account.state != ProviderAccount.State.ACTIVE:
        return None
    return Action(_("Try now"), reverse("sync:start-kind", args=[run.account_id, run.kind]), "refresh", post=True)


@require_POST
@login_required
def run_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor_of(request)
    run = _seen_run(request, pk)
    begun = run.started_at is not None
    if cancel(run, user):
        stops = _("The sync stops at its next batch; what it wrote stays.")
        told, tone = stops if begun else _("The sync was stopped before it began."), Tone.FINE
    else:
        told, tone = _("The sync had ended already."), Tone.SOON
    if is_fragment(request):
        return trigger(toast(HttpResponse(status=204), told, tone), STARTED)
    flash(request, told, tone)
    return hx_redirect(request, reverse("sync:run-detail", args=[pk]))


def _seen_run(request: HttpRequest, pk: int) -> Run:
    return get_object_or_404(queries.runs_visible_to(person_of(request)), pk=pk)
