"""'Try now' for what backs off, and 'try all the same' where the portal asked for a pause."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts import gateway
from accounts.access import actor_of, seen_account
from accounts.standing import standing_of
from sync.trying import StillPaused, try_again, try_all_the_same
from sync.views.account_parts import STARTED
from web.forms import render_dialog
from web.htmx import close_dialog, flash, hx_redirect, is_fragment, toast, trigger
from web.tones import Tone


@require_POST
@login_required
def try_failing(request: HttpRequest, account_pk: int) -> HttpResponse:
    """Reads now what fails, is late or came with rows skipped, whenever its next try would be."""
    user = actor_of(request)
    runs = try_again(seen_account(request, account_pk), user=user)
    if runs:
        return _told(request, account_pk, _on_its_way(len(runs)), Tone.FINE)
    return _told(request, account_pk, _("Nothing waits for another try."), Tone.SOON)


@require_http_methods(["GET", "POST"])
@login_required
def try_in_spite_of_the_pause(request: HttpRequest, account_pk: int) -> HttpResponse:
    """GET: the dialog that says what the portal asked for. POST: asks it all the same."""
    user = actor_of(request)
    account = seen_account(request, account_pk)
    if request.method != "POST":
        context = {
            "account": account,
            "standing": standing_of(account),
            "headroom": gateway.headroom_of(account),
            "cancel_url": reverse("accounts:account-detail", args=[account_pk]),
        }
        return render_dialog(request, "sync/_try_all_the_same.html", context)
    try:
        runs = try_all_the_same(account, user=user)
    except StillPaused:
        told = _("The counter of calls can't be reached just now, so the pause stands. Nothing was asked.")
        return _told(request, account_pk, told, Tone.SOON)
    told = _on_its_way(len(runs)) if runs else _("The pause is ended.")
    return _told(request, account_pk, told, Tone.FINE)


def _on_its_way(count: int) -> str:
    return ngettext("%(n)s sync is on its way.", "%(n)s syncs are on their way.", count) % {"n": count}


def _told(request: HttpRequest, account_pk: int, told: str, tone: Tone) -> HttpResponse:
    if is_fragment(request):
        answer = close_dialog() if request.headers.get("HX-Target") == "dialog" else HttpResponse(status=204)
        return trigger(toast(answer, told, tone), STARTED)
    flash(request, told, tone)
    return hx_redirect(request, reverse("accounts:account-detail", args=[account_pk]))
