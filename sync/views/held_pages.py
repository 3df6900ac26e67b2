"""A held sync is shown as what differs, and decided by a person; what they decided stays with their name."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import actor_of, person_of
from sync import queries, words
from sync.links import page_of
from sync.models import Resource, Run
from sync.verdict import GONE, NotHeld, dismiss, held_lines, release
from web.forms import render_dialog
from web.htmx import flash, hx_redirect
from web.tones import Tone

LINES_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Moving:
    """A column of one thing that would change: what the mirror has, what the portal says."""

    resource: Resource
    url: str
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Held:
    """What a run holds, to be looked at: things that would vanish, columns that would change."""

    going: list[Resource]
    moving: list[Moving]
    sentence: str
    accept: str
    shown: int | None
    """How many lines are shown, when there are more."""


def held_of(run: Run) -> Held | None:
    """None when the run holds nothing."""
    if run.state != Run.State.HELD:
        return None
    lines = held_lines(run, LINES_SHOWN)
    moving = [
        Moving(
            line.resource,
            page_of(line.resource),
            words.field_label(line.field),
            words.value_of(line.field, line.old),
            words.value_of(line.field, line.new),
        )
        for line in lines
        if line.field != GONE
    ]
    return Held(
        going=[line.resource for line in lines if line.field == GONE],
        moving=moving,
        sentence=words.held_sentence(run),
        accept=words.accept_label(run),
        shown=LINES_SHOWN if len(lines) == LINES_SHOWN else None,
    )


@require_http_methods(["GET", "POST"])
@login_required
def run_release(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the dialog that says what accepting does. POST: accepts."""
    user = actor_of(request)
    run = _seen_run(request, pk)
    if request.method != "POST":
        context = {
            "run": run,
            "accept": words.accept_label(run),
            "cancel_url": reverse("sync:run-detail", args=[pk]),
            "danger": bool(run.held_ids),
        }
        return render_dialog(request, "sync/_release.html", context)
    told = words.accepted_sentence(run)
    try:
        release(run, user)
        flash(request, told)
    except NotHeld:
        flash(request, _("This sync waits for nobody any more: a newer one took its place."), Tone.SOON)
    return hx_redirect(request, reverse("sync:run-detail", args=[pk]))


@require_POST
@login_required
def run_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor_of(request)
    run = _seen_run(request, pk)
    try:
        dismiss(run, user)
        flash(request, _("Everything is kept as it is. The next sync looks again."))
    except NotHeld:
        flash(request, _("This sync waits for nobody any more: a newer one took its place."), Tone.SOON)
    return hx_redirect(request, reverse("sync:run-detail", args=[pk]))


def _seen_run(request: HttpRequest, pk: int) -> Run:
    return get_object_or_404(queries.runs_visible_to(person_of(request)), pk=pk)
