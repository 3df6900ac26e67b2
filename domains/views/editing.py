"""Editing a zone: edits are staged on the page, seen as a plan, and filed as one action."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import actor_of, person_of
from accounts.roles import may_act
from actions.declare import Refused
from actions.filing import file, why_not
from actions.models import OPEN, Action
from actions.pages import filed_answer
from domains import queries
from domains.dns.edits import BadEdits, Edit, added, between, changed, removed
from domains.dns.panel import sets_ttl
from domains.dns.rows import Row
from domains.dns.stage import Stage, Staged, as_changes
from domains.dns.versions import mirrored_rows, rows_in
from domains.forms import ApplyForm, RecordForm
from domains.models import Record, Zone, ZoneVersion
from web.forms import render_dialog
from web.htmx import close_dialog, flash, hx_redirect, toast, trigger
from web.tones import Tone

KIND = "zone.records"
STAGED = "hf:zone-staged"
"""Heard by the editor, which then asks for itself again."""


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog for a new record, or with `record` for one of the zone's. Staged, not sent."""
    zone = _zone(request, pk)
    held = _record(zone, request.GET.get("record", ""))
    settable = sets_ttl(zone)
    was = Row.of(held) if held else None
    form = RecordForm(request.POST or None, sets_ttl=settable, initial=was.json() if was else {"name": "", "type": "A"})
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "ttl" or settable}
        try:
            edit = (
                changed(zone.name, was, given, sets_ttl=settable) if was else added(zone.name, given, sets_ttl=settable)
            )
            Stage(request.session, zone).put(edit)
        except BadEdits as bad:
            for field, told in bad.fields.items():
                form.add_error(field if field in form.fields else None, told)
        else:
            return _staged(request, zone)
    context = {"zone": zone, "form": form, "record": held, "action": request.get_full_path(), "cancel_url": _page(zone)}
    return render_dialog(request, "domains/_record.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """`remove` (a record's id), `undo` (a staged edit's) or `discard`."""
    zone = _zone(request, pk)
    kept = Stage(request.session, zone)
    try:
        if "remove" in request.POST:
            held = _record(zone, request.POST["remove"])
            if held is not None:
                kept.put(removed(Row.of(held)))
        elif "undo" in request.POST:
            kept.undo(request.POST["undo"])
        elif "discard" in request.POST:
            kept.clear()
    except BadEdits as bad:
        return _refused(request, zone, str(bad))
    return _staged(request, zone)


@login_required
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Files the staged edits as one action, bound to the zone that was seen."""
    zone = _zone(request, pk)
    user = actor_of(request)
    kept = Stage(request.session, zone)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return _refused(request, zone, _("The form was not complete. Nothing was sent."))
    said = form.cleaned_data
    before = Action.objects.filter(key_owner=f"user:{user.pk}", key=said["key"]).first()
    if before is not None and not kept.all():
        # A second click: the stage went with the first.
        return hx_redirect(request, reverse("actions:action-detail", args=[before.pk]))
    records = {held.pk: Row.of(held) for held in zone.records.all()}
    parameters = {
        "changes": as_changes(kept.edits(), records),
        "checksum": said["checksum"],
        "comment": said["comment"],
        "override": said["override"],
    }
    try:
        filed = file(KIND, zone.resource, parameters, actor=user, key=said["key"])
    except Refused as refused:
        return _refused(request, zone, refused.sentence)
    kept.clear()
    return trigger(filed_answer(request, filed, back=_back(request, zone)), STAGED)


@login_required
@require_POST
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Stages what leads back to a version: a plan like any other."""
    zone = _zone(request, pk)
    version = get_object_or_404(ZoneVersion, zone=zone, number=number)
    edits = between(mirrored_rows(zone), rows_in(version), sets_ttl=sets_ttl(zone))
    return _stage_instead(
        request, zone, edits, _("Going back to version %(n)d is staged. Nothing was sent yet.") % {"n": number}
    )


@login_required
@require_POST
def again(request: HttpRequest, pk: int, action_pk: int) -> HttpResponse:
    """Stages once more what an action that failed did not do."""
    zone = _zone(request, pk)
    action = get_object_or_404(Action, pk=action_pk, resource=zone.resource, kind=KIND)
    done = set(action.progress.get("done", ()))
    left = [Edit.read(kept) for number, kept in enumerate(action.parameters["changes"]) if number not in done]
    return _stage_instead(request, zone, left, _("What was not done is staged again. Nothing was sent yet."))


def _stage_instead(request: HttpRequest, zone: Zone, edits: list[Edit], told: str) -> HttpResponse:
    kept = Stage(request.session, zone)
    kept.clear()
    try:
        kept.put_all(edits)
    except BadEdits as bad:
        return _refused(request, zone, str(bad))
    flash(request, told if edits else _("The zone says all of that already."))
    return hx_redirect(request, _page(zone))


@login_required
@never_cache
@require_GET
def writing(request: HttpRequest, pk: int, action_pk: int) -> HttpResponse:
    """A fragment: how the edit that was filed last stands. When it has ended, the editor asks for itself again."""
    zone = get_object_or_404(queries.zones_visible_to(person_of(request)), pk=pk)
    action = get_object_or_404(Action, pk=action_pk, resource=zone.resource, kind=KIND)
    answer = render(
        request, "domains/_writing.html", {"zone": zone, "writing": action, "under_way": action.state in OPEN}
    )
    return answer if action.state in OPEN else trigger(answer, STAGED)


def _zone(request: HttpRequest, pk: int) -> Zone:
    return get_object_or_404(queries.zones_visible_to(actor_of(request)), pk=pk)


def _record(zone: Zone, key: str) -> Record | None:
    if not key.isdecimal() or len(key) > 18:
        return None
    return get_object_or_404(zone.records.all(), pk=int(key))


def _staged(request: HttpRequest, zone: Zone) -> HttpResponse:
    if request.headers.get("HX-Request") != "true":
        return hx_redirect(request, _back(request, zone))
    return trigger(close_dialog(), STAGED)


def _refused(request: HttpRequest, zone: Zone, sentence: str) -> HttpResponse:
    """The staged edits stay as they are, and the plan is made anew."""
    if request.headers.get("HX-Request") != "true":
        flash(request, sentence, Tone.BROKEN)
        return hx_redirect(request, _back(request, zone))
    return trigger(toast(HttpResponse(status=204), sentence, Tone.BROKEN), STAGED)


def _page(zone: Zone) -> str:
    return reverse("domains:zone-detail", args=[zone.pk])


def _back(request: HttpRequest, zone: Zone) -> str:
    """The page that the form stood on: the domain's DNS or the zone itself."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, None) else _page(zone)


def editor_context(request: HttpRequest, zone: Zone) -> dict[str, Any]:
    """What the editor needs beside its panel."""
    latest = Action.objects.filter(resource=zone.resource, kind=KIND).order_by("-pk").select_related("actor").first()
    lacking = why_not(KIND, zone.resource)
    return {
        "acts": may_act(request.user),
        "edits": may_act(request.user) and bool(zone.hosted) and not lacking,
        "why_no_edit": lacking if zone.hosted else "",
        "apply_form": ApplyForm(),
        "writing": latest,
        "under_way": latest is not None and latest.state in OPEN,
        "version": zone.versions.first(),
        "next": request.path,
    }


def staged_of(request: HttpRequest, zone: Zone) -> list[Staged]:
    return Stage(request.session, zone).all() if may_act(request.user) else []
