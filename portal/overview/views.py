from __future__ import annotations

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from accounts.models import ProviderAccount, User
from accounts.roles import may_act, may_administer, role_of
from accounts.standing import standings
from billing.queries import due, invoices
from portal.overview.desk import Desk
from portal.overview.figures import care, health, lapsing, next_day, strip
from portal.overview.needs import Need, When, needs
from portal.overview.piles import Pile, piled, things
from sync.ages import age_of_kinds
from sync.models import Change, Kind
from sync.queries import changes_visible_to, in_scope
from web.shell import scope_of

HEADINGS = {When.NOW: gettext_lazy("Now"), When.WEEK: gettext_lazy("This week"), When.SOON: gettext_lazy("Soon")}
CHANGES = 8
SHOWN = (Kind.DOMAINS, Kind.SERVICES, Kind.MACHINES, Kind.CERTIFICATES, Kind.INVOICES, Kind.TICKETS)
"""The kinds that the page tells of: it is as old as the oldest of them."""


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The morning page. With no account it says how to begin; without a role it says whom to ask."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  # login_required
    if role_of(user) is None:
        return render(request, "portal/no_role.html", status=200)
    accounts = list(ProviderAccount.objects.visible_to(user))
    if not accounts:
        return render(request, "portal/welcome.html")
    stand = standings(accounts)
    desk = Desk.of(user, scope_of(request), stand=stand)
    lines = needs(desk)
    context = {
        "today": desk.today,
        "may_act": may_act(user),
        "groups": [heading(when, list(group)) for when, group in groupby(lines, key=lambda need: need.when)],
        "lead": lead(lines),
        "care": care(desk),
        "due": due(desk.counted(invoices(user, desk.scope)), by_account=False),
        "strip": strip(lapsing(desk), desk.today),
        "accounts": health(accounts, stand),
        "changes": recent(desk),
        "next_day": next_day(desk),
        # Why it is no younger stands in 'needs you' and above the page.
        "age": age_of_kinds(user, SHOWN, desk.scope),
        # The demo beside real accounts: counted nowhere, and time to go.
        "demo_left": len({account.is_demo for account in accounts}) > 1,
        "administers": may_administer(user),
    }
    return render(request, "portal/overview.html", context)


def heading(when: When, lines: list[Need]) -> tuple[str | Promise, int, list[Need | Pile]]:
    """A heading, how many things stand under it, and its lines."""
    return HEADINGS[when], things(lines), piled(lines)


def recent(desk: Desk) -> QuerySet[Change]:
    """The newest changes inside the scope, of things that are gone as well."""
    changes = desk.counted(changes_visible_to(desk.user))
    return in_scope(changes, desk.scope, "resource__").order_by("-at", "-pk")[:CHANGES]


def lead(lines: list[Need]) -> str:
    if not lines:
        return _("Nothing needs you.")
    count, now = things(lines), things(need for need in lines if need.when is When.NOW)
    told = ngettext("%(all)d thing needs you, %(now)d now.", "%(all)d things need you, %(now)d of them now.", count)
    return told % {"all": count, "now": now}
