"""Edits that are staged on a zone's page: kept in the person's session, so that nothing is lost between two clicks, and sent to
nobody before they are applied."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from django.utils.translation import gettext as _

from domains.dns.edits import MOST_EDITS, BadEdits, Edit
from domains.dns.rows import Row
from domains.models import Zone

SESSION_KEY = "zone_edits"


@dataclass(frozen=True, slots=True)
class Staged:
    id: str
    edit: Edit


class Stage:
    """The staged edits of one zone in one session."""

    def __init__(self, session: MutableMapping[str, Any], zone: Zone) -> None:
        self._session = session
        self._zone = str(zone.pk)

    def all(self) -> list[Staged]:
        kept = self._session.get(SESSION_KEY, {}).get(self._zone, [])
        return [Staged(one["id"], Edit.read(one)) for one in kept]

    def edits(self) -> list[Edit]:
        return [staged.edit for staged in self.all()]

    def put(self, edit: Edit) -> None:
        """Stages an edit; one of the same record takes the place of the one before. Raises BadEdits."""
        self.put_all([edit])

    def put_all(self, edits: Iterable[Edit]) -> None:
        staged = self.all()
        for edit in edits:
            if edit.was is not None:
                # the first one of this record only: a zone may hold it twice
                same = next((one for one in staged if one.edit.was == edit.was), None)
                staged = [one for one in staged if one is not same]
            staged.append(Staged(token_hex(4), edit))
        if len(staged) > MOST_EDITS:
            told = _("At most %(most)d edits can be staged at once.") % {"most": MOST_EDITS}
            raise BadEdits({"content": [told]})
        self._keep(staged)

    def undo(self, key: str) -> None:
        self._keep([staged for staged in self.all() if staged.id != key])

    def clear(self) -> None:
        self._keep([])

    def _keep(self, staged: Iterable[Staged]) -> None:
        zones = dict(self._session.get(SESSION_KEY, {}))
        kept = [{"id": one.id, **one.edit.json()} for one in staged]
        if kept:
            zones[self._zone] = kept
        else:
            zones.pop(self._zone, None)
        self._session[SESSION_KEY] = zones


def as_changes(edits: Iterable[Edit], records: dict[int, Row]) -> list[dict[str, Any]]:
    """In the form of a request, by the ids of the mirror's records; an edit whose record is gone is left out."""
    free = dict(records)
    changes = []
    for edit in edits:
        change: dict[str, Any] = {"op": edit.op.value}
        if edit.was is not None:
            pk = next((pk for pk, row in free.items() if row == edit.was), None)
            if pk is None:
                continue
            del free[pk]
            change["id"] = pk
        if edit.new is not None:
            change |= edit.new.json()
        changes.append(change)
    return changes
