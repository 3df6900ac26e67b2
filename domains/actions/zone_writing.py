"""Writing a plan into a live zone, record by record, so that at any moment it can be said what is done and what is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from actions.declare import Refused, Sending
from actions.models import Action
from domains.dns.edits import Edit, Op
from domains.dns.rows import Row, checksum, rows_of
from domains.dns.versions import keep_version
from domains.models import Zone
from providers.contract import Dns, Provider
from providers.errors import OutcomeUnknown, ProviderError, RateLimited, Unavailable
from providers.resources import Record, ZoneDetail
from sync.declare import family


def live_zone(dns: Dns, zone: Zone) -> ZoneDetail:
    """The zone as the portal has it now. Raises Refused where it can't be seen whole: what can't be seen is not written to."""
    detail = dns.detail(zone.resource.upstream_id)
    if not detail.hosted:
        raise Refused(_("The portal does not run this zone any more. Nothing was sent."), code="not_hosted")
    if "records" in detail.unreadable:
        raise Refused(_("Some records of the zone can't be read, so nothing is written into it."), code="unreadable")
    if not detail.records:
        raise Refused(_("The portal reads the zone as empty, so nothing is written into it."), code="empty")
    return detail


def live_rows(provider: Provider, zone: Zone) -> list[Row]:
    return rows_of(live_zone(family(provider.dns), zone).records)


@dataclass
class Writing:
    provider: Provider
    sending: Sending
    zone: Zone
    edits: Sequence[Edit]
    done: list[int] = field(default_factory=list)
    before: list[Row] = field(default_factory=list)

    @property
    def dns(self) -> Dns:
        return family(self.provider.dns)

    def run(self) -> Mapping[str, Any]:
        """Applies all edits, or raises what stopped it; what was applied and what was not stands in the error and the progress."""
        self.before = live_rows(self.provider, self.zone)
        if checksum(self.before) != self.sending.parameters["checksum"]:
            raise Refused(_("The zone changed in this moment. Nothing was sent."), code="zone_moved")
        keep_version(self.zone, self.before)
        self.keep(None)
        # What is removed goes first: a CNAME may take the place of what stood there.
        for number in sorted(range(len(self.edits)), key=lambda each: self.edits[each].op is not Op.REMOVE):
            self.apply(number)
        return self.read_back()

    def keep(self, sending: int | None) -> None:
        self.sending.keep({"before": [row.json() for row in self.before], "done": self.done, "sending": sending})

    def apply(self, number: int) -> None:
        edit = self.edits[number]
        try:
            detail = live_zone(self.dns, self.zone)
            record = None if edit.was is None else self.found(detail, edit.was)
        except (ProviderError, Refused) as error:
            if not self.done:
                raise
            raise self.stopped(number, _sentence(error)) from error
        self.keep(number)
        try:
            self.write(edit, record)
        except OutcomeUnknown as lost:
            self.settle(edit, rows_of(detail.records), lost)
        except ProviderError as error:
            # RateLimited and Unavailable: this one was not sent; the others are refusals, which changed nothing.
            if not self.done and isinstance(error, RateLimited | Unavailable):
                raise
            raise self.stopped(number, _sentence(error)) from error
        self.done.append(number)
        self.keep(None)

    def found(self, detail: ZoneDetail, was: Row) -> Record:
        """The record as it is addressed now: an index may have moved since the last edit."""
        for record in detail.records:
            if Row.of(record) == was:
                return record
        raise Refused(_("%(place)s is not there any more.") % {"place": was.place}, code="zone_moved")

    def write(self, edit: Edit, record: Record | None) -> None:
        zone_id = self.zone.resource.upstream_id
        if edit.op is Op.ADD and edit.new is not None:
            self.dns.add(zone_id, edit.new.draft())
        elif edit.op is Op.CHANGE and edit.new is not None and record is not None:
            self.dns.change(zone_id, record, edit.new.draft())
        elif edit.op is Op.REMOVE and record is not None:
            self.dns.remove(zone_id, record)
        else:
            raise ValueError(f"an incomplete edit: {edit}")

    def settle(self, edit: Edit, before: Sequence[Row], lost: OutcomeUnknown) -> None:
        """After a lost answer the zone tells at once whether it happened. Where it does not show it, nothing more is sent and the
        outcome stays unknown: it may come late."""
        try:
            rows = rows_of(live_zone(self.dns, self.zone).records)
        except (ProviderError, Refused):
            raise lost from None
        if not shows(edit, before, rows):
            raise lost
        self.sending.note(
            _("The answer to “%(what)s” was lost; the zone shows that it happened.") % {"what": edit.words()},
            upstream_words=lost.upstream_words,
        )

    def stopped(self, number: int, why: str) -> Refused:
        """Tells what is in the zone now and what is not."""
        done = [self.edits[each].words() for each in self.done]
        left = [edit.words() for each, edit in enumerate(self.edits) if each not in self.done]
        self.keep_state()
        if not done:
            return Refused(_("%(why)s Nothing was changed.") % {"why": why})
        told = _("Stopped at “%(what)s”: %(why)s Applied: %(done)s. Not applied: %(left)s.")
        words = {"what": self.edits[number].words(), "why": why, "done": "; ".join(done), "left": "; ".join(left)}
        return Refused(told % words, code="partly_applied")

    def keep_state(self) -> None:
        """What the zone says after a stop in the middle is a version too; that it can't be read now changes nothing of the stop."""
        try:
            rows = live_rows(self.provider, self.zone)
        except (ProviderError, Refused) as error:
            self.sending.note(_("The zone could not be read back: %(why)s") % {"why": _sentence(error)})
            return
        self.keep_as_ours(rows)

    def keep_as_ours(self, rows: Sequence[Row]) -> int:
        action = Action.objects.select_related("actor").get(pk=self.sending.action_id)
        comment = self.sending.parameters["comment"] or action.summary
        return keep_version(self.zone, rows, author=action.actor, comment=comment, action=action.pk).number

    def read_back(self) -> Mapping[str, Any]:
        """All was accepted: does the zone say so? What it says otherwise is told, and is no failure of ours to hide."""
        applied = [edit.words() for edit in self.edits]
        try:
            rows = live_rows(self.provider, self.zone)
        except (ProviderError, Refused) as error:
            self.sending.note(_("The zone could not be read back: %(why)s") % {"why": _sentence(error)})
            return {"applied": applied}
        version = self.keep_as_ours(rows)
        missing = [edit.words() for edit in self.edits if not shows(edit, self.before, rows)]
        if missing:
            self.sending.note(
                _("The portal accepted them, and the zone does not show: %(what)s") % {"what": "; ".join(missing)}
            )
        kept = [words for words in applied if words not in missing]
        return {"applied": kept, "not_applied": missing, "version": version}


def shows(edit: Edit, before: Sequence[Row], rows: Sequence[Row]) -> bool:
    """Whether a zone that was `before` shows this edit. By counting: a zone may hold a record twice."""
    gone = edit.was is None or edit.was == edit.new or rows.count(edit.was) < before.count(edit.was)
    come = edit.new is None or _times(rows, edit.new) > _times(before, edit.new)
    if edit.was is not None and edit.new is not None and edit.was.key == edit.new.key:
        # only the TTL moves
        come = _times(rows, edit.new) > 0
    return gone and come


def _times(rows: Sequence[Row], wanted: Row) -> int:
    """How often this record stands there; a TTL that was left to the portal may be any."""
    return sum(row.key == wanted.key and (wanted.ttl is None or row.ttl == wanted.ttl) for row in rows)


def _sentence(error: Exception) -> str:
    return error.sentence if isinstance(error, ProviderError | Refused) else type(error).__name__
