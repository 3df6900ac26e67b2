"""Edits of a zone as they are staged, kept in the ledger and sent: one record added, changed or removed each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from domains.dns.rows import Row
from providers.drafts import checked
from providers.errors import InvalidRequest
from providers.resources import RecordDraft

MOST_EDITS = 500
FIELDS = ("name", "type", "content", "ttl", "priority")
LONGEST_CONTENT = 16_000


class Op(StrEnum):
    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Edit:
    """`was` is None for an added record, `new` for a removed one."""

    op: Op
    was: Row | None
    new: Row | None

    @property
    def row(self) -> Row:
        """Where it happens."""
        row = self.new if self.was is None else self.was
        if row is None:
            raise ValueError("an edit has a record before it or after it")
        return row

    def json(self) -> dict[str, Any]:
        return {
            "op": self.op.value,
            "was": self.was.json() if self.was else None,
            "new": self.new.json() if self.new else None,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Edit:
        """Out of what `json` made."""
        was, new = kept["was"], kept["new"]
        return cls(Op(kept["op"]), Row.read(was) if was else None, Row.read(new) if new else None)

    def words(self) -> str:
        """For logs and errors: 'add www A 192.0.2.1'."""
        if self.op is Op.ADD:
            return _("add %(place)s %(value)s") % {"place": self.row.place, "value": _short(self.row.value)}
        if self.op is Op.REMOVE:
            return _("remove %(place)s %(value)s") % {"place": self.row.place, "value": _short(self.row.value)}
        return _("change %(place)s %(value)s") % {"place": self.row.place, "value": _short(self.row.value)}


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


class BadEdits(Exception):
    """`fields` holds sentences by field, as `changes.0.content` where several were given."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(words for each in fields.values() for words in each))
        self.fields = {name: list(told) for name, told in fields.items()}


def added(zone: str, given: Mapping[str, Any], *, sets_ttl: bool) -> Edit:
    return Edit(Op.ADD, None, row_from(zone, given, sets_ttl=sets_ttl))


def changed(zone: str, was: Row, given: Mapping[str, Any], *, sets_ttl: bool) -> Edit:
    """What is not given stays as it is. Raises BadEdits also where nothing would change."""
    touchable(was)
    whole = {**was.json(), **{name: given[name] for name in FIELDS if name in given}}
    if whole["ttl"] in (None, ""):
        whole["ttl"] = was.ttl
    new = row_from(zone, whole, sets_ttl=sets_ttl or whole["ttl"] == was.ttl)
    if new == was:
        raise BadEdits({"content": [_("Nothing would change.")]})
    return Edit(Op.CHANGE, was, new)


def removed(was: Row) -> Edit:
    touchable(was)
    return Edit(Op.REMOVE, was, None)


def touchable(row: Row) -> None:
    if row.kept_by_portal:
        raise BadEdits(
            {"type": [_("The portal keeps the SOA and the zone's own name servers; they are not edited here.")]}
        )


def row_from(zone: str, given: Mapping[str, Any], *, sets_ttl: bool) -> Row:
    """A record as somebody wrote it, in the normal form. Raises BadEdits."""
    name, kind, content = (_text(given, field) for field in ("name", "type", "content"))
    ttl, priority = _number(given, "ttl"), _number(given, "priority")
    if ttl is not None and not sets_ttl:
        raise BadEdits({"ttl": [_("This portal sets the TTL of these records itself, so none can be given.")]})
    draft = RecordDraft(
        name=name.strip() or "@", type=kind.strip().upper(), content=content, ttl=ttl, priority=priority
    )
    try:
        normal = checked(draft, zone)
    except InvalidRequest as refusal:
        raise BadEdits(refusal.fields or {"content": [refusal.sentence]}) from None
    row = Row(normal.name, normal.type, normal.content, normal.ttl, normal.priority)
    touchable(row)
    return row


def _text(given: Mapping[str, Any], field: str) -> str:
    value = given.get(field, "")
    if value is None:
        value = ""
    if not isinstance(value, str) or len(value) > LONGEST_CONTENT or "\0" in value:
        raise BadEdits({field: [_("This is no text that a record can hold.")]})
    return value


def _number(given: Mapping[str, Any], field: str) -> int | None:
    value = given.get(field)
    if isinstance(value, str):
        value = value.strip()
        if value.isascii() and value.isdecimal() and len(value) < 12:
            value = int(value)
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadEdits({field: [_("A whole number is needed.")]})
    return value


def parsed(zone: str, records: Mapping[str, Row], given: Any, *, sets_ttl: bool) -> list[Edit]:
    """The changes of a request, `[{op, id, name, type, content, ttl, priority}]`; `records` holds the zone's by their ids.

    Raises BadEdits with all that is wrong. A record may be touched once.
    """
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_EDITS:
        raise BadEdits({"changes": [_("A list of 1 to %(most)d changes is needed.") % {"most": MOST_EDITS}]})
    edits: list[Edit] = []
    wrong: dict[str, list[str]] = {}
    touched: set[str] = set()
    for position, change in enumerate(given):
        try:
            edits.append(_one(zone, records, change, touched, sets_ttl=sets_ttl))
        except BadEdits as bad:
            wrong |= {f"changes.{position}.{name}": told for name, told in bad.fields.items()}
    if wrong:
        raise BadEdits(wrong)
    return edits


def _one(zone: str, records: Mapping[str, Row], change: Any, touched: set[str], *, sets_ttl: bool) -> Edit:
    op = change.get("op") if isinstance(change, Mapping) else None
    if op not in set(Op):
        raise BadEdits({"op": [_("One of add, change and remove is needed.")]})
    if op == Op.ADD:
        return added(zone, change, sets_ttl=sets_ttl)
    key = str(change.get("id", ""))
    if key not in records:
        raise BadEdits({"id": [_("The zone has no record with this id.")]})
    if key in touched:
        raise BadEdits({"id": [_("A record can be changed or removed once.")]})
    touched.add(key)
    if op == Op.REMOVE:
        return removed(records[key])
    return changed(zone, records[key], change, sets_ttl=sets_ttl)


def applied(rows: Iterable[Row], edits: Iterable[Edit]) -> list[Row]:
    """The zone as it would be. Raises ValueError where an edit's record is not there."""
    after = list(rows)
    for edit in edits:
        if edit.was is not None:
            after.remove(edit.was)
        if edit.new is not None:
            after.append(edit.new)
    return sorted(after, key=Row.order)


def between(before: Iterable[Row], after: Iterable[Row], *, sets_ttl: bool) -> list[Edit]:
    """The edits that lead from one state of a zone to another: what going back to a version means.

    What the portal keeps itself stays. A TTL that can't be set is left as it is.
    """
    gone = [row for row in before if not row.kept_by_portal]
    come = []
    for row in after:
        if row.kept_by_portal:
            continue
        if row in gone:
            gone.remove(row)
        else:
            come.append(row)
    edits: list[Edit] = []
    for new in come:
        was = _partner(gone, new)
        if was is None:
            fresh = new if sets_ttl else Row(new.name, new.type, new.content, None, new.priority)
            edits.append(Edit(Op.ADD, None, fresh))
            continue
        gone.remove(was)
        aimed = new if sets_ttl else Row(new.name, new.type, new.content, was.ttl, new.priority)
        if aimed != was:
            edits.append(Edit(Op.CHANGE, was, aimed))
    return edits + [Edit(Op.REMOVE, was, None) for was in gone]


def _partner(gone: Iterable[Row], new: Row) -> Row | None:
    """The record that became this one: the same but for its TTL, else one of the same name and type."""
    near = [row for row in gone if (row.name, row.type) == (new.name, new.type)]
    same = [row for row in near if row.key == new.key]
    return next(iter(same or near), None)
