"""The accounts as they stand, and what administrators do to one that is connected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import editing, queries, states, tasks
from accounts.abilities import abilities
from accounts.access import administrator_of, managed_account, seen_account
from accounts.filters import AccountFilters
from accounts.forms import COMMON_ZONES, AccountForm
from accounts.gateway import spec_of
from accounts.models import ProviderAccount
from accounts.roles import may_act, may_administer
from accounts.standing import Standing, standing_of, standings
from accounts.tables import AccountTable
from accounts.ways_out import account_age
from web.detail import PART, Action, Part, Tab, TitleLine, render_detail
from web.forms import ConfirmNameForm, render_dialog
from web.htmx import flash, hx_redirect
from web.listing import EmptyState, HeadAction, ListPage
from web.tables import Table
from web.templatetags.hf import url_if


class AccountList(ListPage):
    table_class = AccountTable
    filterset_class = AccountFilters
    title = gettext_lazy("Accounts")
    lead = gettext_lazy("One login at one provider each. What they hold is read from here and carried back from here.")
    exportable = False
    empty = EmptyState(
        gettext_lazy("No account yet"),
        gettext_lazy(
            "Connect a login at Cloudviet, DNS.services, VPS.org or another HostBill portal: all it holds is read into one desk."
        ),
        gettext_lazy("Connect an account"),
        "/accounts/connect/",
        "plug-connected",
    )

    def rows(self) -> QuerySet[Any]:
        return queries.accounts_with_standing(self.request.user, self.standings)

    @cached_property
    def standings(self) -> Mapping[int, Standing]:
        return standings(queries.accounts(self.request.user))

    def _ordered(self) -> Table:
        table = super()._ordered()
        assert isinstance(table, AccountTable)  # noqa: S101  # table_class
        table.standings = self.standings
        return table

    def head_actions(self) -> Sequence[HeadAction]:
        if not may_administer(self.request.user):
            return ()
        return (
            HeadAction(_("People"), reverse("accounts:person-list"), "users"),
            HeadAction(_("Connect an account"), reverse("accounts:connect"), "plus", primary=True),
        )


@require_GET
@login_required
def account_detail(request: HttpRequest, pk: int, tab: str = "") -> HttpResponse:
    """The account, or the health of its reading, which sync shows."""
    account = seen_account(request, pk)
    standing = standing_of(account)
    administers, acts = may_administer(request.user), may_act(request.user)
    live = acts and account.state == ProviderAccount.State.ACTIVE
    title = TitleLine(
        name=account.name,
        status=(standing.tone, standing.label),
        badge=account.badge,
        account_name=account.badge.name,
        facts=[_("Demo")] if account.is_demo else [],
        age=account_age(account, standing, administers=administers, acts=acts),
        back=(_("Accounts"), reverse("accounts:account-list")),
        primary=_primary(account, live=live),
        menu=_menu(account) if administers else [],
    )
    context = {
        "account": account,
        "families": abilities(account.capabilities) if account.capabilities else (),
        "acts": live,
        "part": Part(url_if("sync:account-health", pk), _("The health of the reading"), 10),
        "administers": administers,
        "demo_left": administers and not account.is_demo and queries.demo_accounts().exists(),
        "shares": account.shares.select_related("user"),
        "entries": queries.audit_of(account)[:8] if administers else [],
    }
    tabs = [
        Tab("", _("Account"), reverse("accounts:account-detail", args=[pk])),
        Tab("health", _("Health"), reverse("accounts:account-health", args=[pk])),
    ]
    body = PART if tab == "health" else "accounts/_account.html"
    return render_detail(request, title=title, body=body, tabs=tabs, current=tab, context=context)


def _primary(account: ProviderAccount, *, live: bool) -> Action | None:
    """What is to be done about an account that is not read stands with the sentence that says so."""
    sync_url = url_if("sync:start", account.pk) if live else ""
    return Action(_("Sync now"), sync_url, "refresh", post=True) if sync_url else None


def _menu(account: ProviderAccount) -> list[Action]:
    def at(name: str) -> str:
        return reverse(f"accounts:{name}", args=[account.pk])

    menu = [
        Action(_("Edit"), at("account-edit"), "pencil"),
        Action(_("Replace the credential or address"), at("account-credential"), "key"),
    ]
    if account.state == ProviderAccount.State.ACTIVE:
        menu.append(Action(_("Pause reading"), at("account-pause"), "player-pause", post=True))
    menu.append(Action(_("Delete the account"), at("account-delete"), "trash", dialog=True, danger=True))
    return menu


@require_http_methods(["GET", "POST"])
@login_required
def edit_account(request: HttpRequest, pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    form = AccountForm(request.POST if request.method == "POST" else None, account=account, spec=spec_of(account))
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        share_with = values.pop("share_with")
        editing.edit_account(account, values, by=administrator_of(request), share_with=share_with, request=request)
        flash(request, _("“%(name)s” is saved.") % {"name": account.name})
        return redirect("accounts:account-detail", pk)
    context = {
        "title": _("Edit %(name)s") % {"name": account.name},
        "account": account,
        "form": form,
        "zones": COMMON_ZONES,
    }
    return render(request, "accounts/account_edit.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def pause_account(request: HttpRequest, pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    if states.pause(account, by=administrator_of(request), request=request):
        flash(request, _("“%(name)s” is paused: nothing is read until it is resumed.") % {"name": account.name})
    return redirect("accounts:account-detail", pk)


@require_POST
@login_required
def resume_account(request: HttpRequest, pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    if states.resume(account, by=administrator_of(request), request=request):
        tasks.read_soon()
        flash(request, _("“%(name)s” is read again.") % {"name": account.name})
    return redirect("accounts:account-detail", pk)


@require_http_methods(["GET", "POST"])
@login_required
def delete_account(request: HttpRequest, pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    form = ConfirmNameForm(request.POST if request.method == "POST" else None, expected=account.name)
    if form.is_bound and form.is_valid():
        states.begin_deleting(account, by=administrator_of(request), request=request)
        tasks.delete_later(account.pk)
        flash(request, _("“%(name)s” is deleted from Holdfast.") % {"name": form.expected})
        return hx_redirect(request, reverse("accounts:account-list"))
    held = queries.holdings_sentence(queries.holdings(request.user, account))
    context = {
        "form": form,
        "danger": True,
        "heading": _("Delete %(name)s") % {"name": account.name},
        "consequences": [
            _("Out of Holdfast go: %(held)s, with their history, notes and customers' assignments.") % {"held": held},
            _("The credential is erased at once."),
            _("At %(provider)s nothing changes: nothing is cancelled there.") % {"provider": account.badge.name},
            _("This can't be undone. Connecting the login again reads everything anew, without notes and history."),
        ],
        "submit_label": _("Delete the account"),
        "cancel_url": reverse("accounts:account-detail", args=[pk]),
    }
    return render_dialog(request, "web/_confirm_delete.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def remove_demo(request: HttpRequest) -> HttpResponse:
    person = administrator_of(request)
    if request.method == "POST":
        for account_id in states.begin_deleting_demo(by=person, request=request):
            tasks.delete_later(account_id)
        flash(request, _("The demo is removed."))
        return hx_redirect(request, reverse("accounts:account-list"))
    context = {
        "danger": True,
        "names": list(queries.demo_accounts().values_list("name", flat=True)),
        "cancel_url": reverse("accounts:account-list"),
    }
    return render_dialog(request, "accounts/_remove_demo.html", context)
