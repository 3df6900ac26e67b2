"""A record as edits, plans and versions know it: what it says, without the portal's own id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from domains.dns.groups import RecordLike, kept_by_portal
from providers.resources import RecordDraft


class TimedRecord(RecordLike, Protocol):
    """A record of the mirror or of a provider."""

    @property
    def ttl(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    type: str
    content: str
    ttl: int | None = None
    priority: int | None = None

    @classmethod
    def of(cls, record: TimedRecord) -> Row:
        return cls(record.name, record.type, record.content, record.ttl, record.priority)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Row:
        """Out of what `json` made."""
        return cls(kept["name"], kept["type"], kept["content"], kept["ttl"], kept["priority"])

    def json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "type": self.type,
            "content": self.content,
            "ttl": self.ttl,
            "priority": self.priority,
        }

    def draft(self) -> RecordDraft:
        return RecordDraft(name=self.name, type=self.type, content=self.content, ttl=self.ttl, priority=self.priority)

    @property
    def key(self) -> tuple[str, str, str, int | None]:
        """What makes a record the same one; a TTL may differ."""
        return self.name, self.type, self.content, self.priority

    @property
    def place(self) -> str:
        return f"{self.name} {self.type}"

    @property
    def value(self) -> str:
        return self.content if self.priority is None else f"{self.priority} {self.content}"

    @property
    def kept_by_portal(self) -> bool:
        return kept_by_portal(self)

    def order(self) -> tuple[str, str, int, str, int]:
        return self.name, self.type, -1 if self.priority is None else self.priority, self.content, self.ttl or 0


def rows_of(records: Iterable[TimedRecord]) -> list[Row]:
    return sorted((Row.of(record) for record in records), key=Row.order)


def checksum(rows: Iterable[Row]) -> str:
    """Of all that a zone says, whatever the order. The SOA is left out: its serial moves with each edit, ours too."""
    told = sorted((row for row in rows if row.type != "SOA"), key=Row.order)
    text = json.dumps([list(row.json().values()) for row in told], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
