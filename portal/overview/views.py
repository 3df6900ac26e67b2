from __future__ import annotations

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import ProviderAccount, User
from accounts.roles import role_of
from billing.queries import due, invoices
from portal.overview.figures import care, health, lapsing, next_day, strip
from portal.overview.needs import Need, When, needs
from sync.queries import latest_changes
from web.shell import scope_of

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
        "groups": [(HEADINGS[when], list(group)) for when, group in groupby(lines, key=lambda need: need.when)],
        "lead": lead(lines),
        "care": care(user, scope),
        "due": due(invoices(user, scope), by_account=False),
        "strip": strip(lapsing(user, scope, today), today),
        "accounts": health(user),
        "changes": latest_changes(user, scope)[:CHANGES],
        "next_day": next_day(user, scope, today),
    }
    return render(request, "portal/overview.html", context)


def lead(lines: list[Need]) -> str:
    now = sum(need.when is When.NOW for need in lines)
    if not lines:
        return _("Nothing needs you.")
    return _("%(all)d things need you, %(now)d of them now.") % {"all": len(lines), "now": now}
