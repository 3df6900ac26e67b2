from __future__ import annotations

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import ProviderAccount, User
from accounts.roles import may_act, role_of
from billing.queries import due, invoices
from portal.overview.figures import care, health, lapsing, next_day, strip, within
from portal.overview.needs import Need, When, needs
from sync.models import Change, Resource
from sync.queries import changes_visible_to
from web.shell import Scope, scope_of

HEADINGS = {When.NOW: _("Now"), When.WEEK: _("This week"), When.SOON: _("Soon")}
CHANGES = 8


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The morning page. With no account it says how to begin; without a role it says whom to ask."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  # login_required
    if role_of(user) is None:
        return render(request, "portal/no_role.html", status=200)
    if not ProviderAccount.objects.visible_to(user).exists():
        return render(request, "portal/welcome.html")
    scope, today = scope_of(request), timezone.localdate()
    lines = needs(user, scope, today)
    context = {
        "today": today,
        "may_act": may_act(user),
        "groups": [(HEADINGS[when], list(group)) for when, group in groupby(lines, key=lambda need: need.when)],
        "lead": lead(lines),
        "care": care(user, scope),
        "due": due(invoices(user, scope), by_account=False),
        "strip": strip(lapsing(user, scope, today), today),
        "accounts": health(user),
        "changes": recent(changes_visible_to(user), scope),
        "next_day": next_day(user, scope, today),
    }
    return render(request, "portal/overview.html", context)


def recent(changes: QuerySet[Change], scope: Scope | None) -> QuerySet[Change]:
    """The newest changes inside the scope."""
    if scope is not None:
        changes = changes.filter(resource__in=within(Resource.objects.all(), scope))
    return changes.order_by("-at", "-pk")[:CHANGES]


def lead(lines: list[Need]) -> str:
    now = sum(need.when is When.NOW for need in lines)
    if not lines:
        return _("Nothing needs you.")
    return _("%(all)d things need you, %(now)d of them now.") % {"all": len(lines), "now": now}
