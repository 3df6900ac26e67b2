"""Editing the records of a zone: the plan that was seen, one record after the other, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actions.declare import ActionKind, Expectation, Finding, Refused, Sending, Step, Verdict
from actions.models import Action, Stage, State
from domains.actions.zone_writing import Writing, live_rows, shows
from domains.dns.edits import BadEdits, Edit, parsed
from domains.dns.panel import sets_ttl
from domains.dns.plan import Plan, plan_of
from domains.dns.rows import Row, checksum
from domains.dns.versions import mirrored_rows
from domains.models import Zone
from providers.contract import Provider
from sync.declare import family
from sync.models import Resource
from sync.reread import reread
from web.hosts import unicode_host

LONGEST_COMMENT: Final = 300


class EditRecords(ActionKind):
    name = "zone.records"
    label = gettext_lazy("Edit DNS records")
    capability = "dns.change"

    def clean(self, resource: Resource, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """`changes` as `domains.dns.edits.parsed` reads them, against the zone as the mirror has it; `checksum` is that of the zone
        which the person saw (the mirror's when not given), `override` allows a mass edit, `comment` goes into the history."""
        zone = resource.zone
        if zone.hosted is not True:
            raise Refused(
                _("This portal does not run the zone, so its records can't be edited here."), code="not_hosted"
            )
        records = list(zone.records.all())
        if not records:
            raise Refused(
                _("The zone was last read as empty. Nothing is written into a zone that can't be seen."), code="empty"
            )
        seen = {str(record.pk): Row.of(record) for record in records}
        state = checksum(seen.values())
        if parameters.get("checksum") not in (None, "", state):
            raise Refused(
                _("The zone changed since this plan was made. Look at the new plan; nothing was sent."),
                code="zone_moved",
            )
        try:
            edits = parsed(zone.name, seen, parameters.get("changes"), sets_ttl=sets_ttl(zone))
        except BadEdits as bad:
            raise Refused(
                _("Something in these changes is not right. Nothing was sent."), code="invalid", fields=bad.fields
            ) from bad
        plan = plan_of(zone.name, seen.values(), edits, timezone.now())
        _refuse_bad_plan(plan, override=parameters.get("override") is True)
        return {
            "changes": [edit.json() for edit in edits],
            "checksum": state,
            "comment": _comment(parameters.get("comment", "")),
            "override": parameters.get("override") is True,
        }

    def summary(self, resource: Resource, parameters: Mapping[str, Any]) -> str:
        edits = edits_of(parameters)
        name = unicode_host(resource.zone.name)
        if len(edits) == 1:
            return _("%(zone)s: %(what)s") % {"zone": name, "what": edits[0].words()}
        counts = plan_of(resource.zone.name, mirrored_rows(resource.zone), edits, timezone.now()).counts
        return ngettext(
            "Edit %(n)d record of %(zone)s: %(counts)s", "Edit %(n)d records of %(zone)s: %(counts)s", len(edits)
        ) % {
            "n": len(edits),
            "zone": name,
            "counts": counts,
        }

    def check(self, provider: Provider, sending: Sending) -> None:
        """Reads the live zone. It must be the one that the plan was made from; where it is not, the mirror is brought up to it, so
        that the plan can be made anew."""
        zone = zone_of(sending)
        _refuse_two_writers(sending)
        rows = live_rows(provider, zone)
        if checksum(rows) != sending.parameters["checksum"]:
            reread(zone.resource, provider)
            raise Refused(
                _(
                    "The zone changed meanwhile: somebody else edited it since. Nothing was sent; the plan can be made anew."
                ),
                code="zone_moved",
            )
        edits = edits_of(sending.parameters)
        settable = family(provider.dns).sets_ttl(zone.resource.upstream_id)
        for edit in edits:
            if (
                not settable
                and edit.new is not None
                and edit.new.ttl is not None
                and (edit.was is None or edit.was.ttl != edit.new.ttl)
            ):
                raise Refused(_("This portal sets the TTL of these records itself. Nothing was sent."), code="ttl")

    def send(self, provider: Provider, sending: Sending) -> Mapping[str, Any]:
        writing = Writing(provider, sending, zone_of(sending), edits_of(sending.parameters))
        return writing.run()

    def reconcile(self, provider: Provider, sending: Sending) -> Finding:
        """By reading the zone: which edits are there. What is there in part has happened, and the rest is told."""
        zone, edits = zone_of(sending), edits_of(sending.parameters)
        if "before" not in sending.progress:
            return Finding(Verdict.NOT_HAPPENED, _("It ended before anything was sent."))
        rows = live_rows(provider, zone)
        before = [Row.read(kept) for kept in sending.progress["before"]]
        done = [number for number, edit in enumerate(edits) if shows(edit, before, rows)]
        if not done:
            return Finding(Verdict.NOT_HAPPENED, _("None of the edits is in the zone."))
        left = [edits[number].words() for number in range(len(edits)) if number not in done]
        result = {"applied": [edits[number].words() for number in done], "not_applied": left}
        if not left:
            return Finding(Verdict.HAPPENED, _("The zone reads as it was meant."), result)
        told = _("%(done)d of %(all)d edits are in the zone. Not there: %(left)s.")
        return Finding(Verdict.HAPPENED, told % {"done": len(done), "all": len(edits), "left": "; ".join(left)}, result)

    def follow(self, provider: Provider, sending: Sending, result: Mapping[str, Any]) -> Step:
        left = result.get("not_applied") or ()
        if not left:
            return Step(Stage.DONE)
        told = _("Not in the zone, and not sent again by itself: %(left)s.") % {"left": "; ".join(left)}
        return Step(Stage.STALLED, told)

    def expectations(self, sending: Sending) -> Sequence[Expectation]:
        return [Expectation(sending.resource, "record.", timedelta(hours=1))] if sending.resource else ()


def edits_of(parameters: Mapping[str, Any]) -> list[Edit]:
    return [Edit.read(kept) for kept in parameters["changes"]]


def zone_of(sending: Sending) -> Zone:
    if sending.resource is None:
        raise Refused(_("The zone is no longer in the mirror. Nothing was sent."), code="gone")
    return Zone.objects.select_related("resource__account").get(pk=sending.resource.pk)


def _refuse_bad_plan(plan: Plan, *, override: bool) -> None:
    if plan.refusals:
        told = [strip_tags(str(check.text)) for check in plan.refusals]
        raise Refused(
            _("%(why)s Nothing was sent.") % {"why": " ".join(told)}, code="invalid", fields={"changes": told}
        )
    if plan.mass and not override:
        raise Refused(
            _(
                "These edits change or remove more than 30 % of the zone's records. Say that this is meant; nothing was sent."
            ),
            code="override_needed",
            fields={"override": [_("Say that this is meant.")]},
        )


def _refuse_two_writers(sending: Sending) -> None:
    """Claims are committed before anything is asked, so that of two at once at least one sees the other."""
    others = Action.objects.filter(kind=EditRecords.name, resource=sending.resource, state=State.RUNNING)
    if others.exclude(pk=sending.action_id).exists():
        raise Refused(
            _("Another edit of this zone is being written. Nothing was sent; look at the zone then."), code="zone_busy"
        )


def _comment(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_COMMENT or "\0" in value:
        told = _("At most %(most)d characters.") % {"most": LONGEST_COMMENT}
        raise Refused(told, code="invalid", fields={"comment": [told]})
    return value.strip()
