"""What a portal remembers: collections of plain records, written through to SQLite when there is a folder.

Reads go to memory. A handler changes a record through `edit`, `put` or `remove`; the server calls `flush` before it
answers, so that what a client was told survives the death of the process.
"""

import json
import sqlite3
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class State:
    def __init__(self, path: Path | None = None) -> None:
        self._records: dict[str, dict[str, Record]] = {}
        # in the order of first touch, so that a restart finds lists in the order in which they were made
        self._dirty: dict[tuple[str, str], None] = {}
        self._database: sqlite3.Connection | None = None
        if path is not None:
            self._open(path)

    def _open(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        database.execute(
            "CREATE TABLE IF NOT EXISTS records"
            " (position INTEGER PRIMARY KEY, kind TEXT, id TEXT, body TEXT, UNIQUE (kind, id))"
        )
        for kind, key, body in database.execute("SELECT kind, id, body FROM records ORDER BY position"):
            self._records.setdefault(kind, {})[key] = json.loads(body)
        self._database = database

    @property
    def empty(self) -> bool:
        return not any(self._records.values())

    def kinds(self) -> dict[str, int]:
        return {kind: len(records) for kind, records in sorted(self._records.items())}

    def all(self, kind: str) -> list[Record]:
        return list(self._records.get(kind, {}).values())

    def get(self, kind: str, key: str) -> Record | None:
        return self._records.get(kind, {}).get(key)

    def edit(self, kind: str, key: str) -> Record:
        """The record, to be changed in place; KeyError when there is none."""
        record = self._records[kind][key]
        self._dirty[kind, key] = None
        return record

    def put(self, kind: str, key: str, record: Record) -> Record:
        self._records.setdefault(kind, {})[key] = record
        self._dirty[kind, key] = None
        return record

    def remove(self, kind: str, key: str) -> None:
        self._records.get(kind, {}).pop(key, None)
        self._dirty[kind, key] = None

    def next_id(self, kind: str, start: int = 1) -> int:
        """A number never given out before, even after the newest record was deleted."""
        counter = self._records.get("counters", {}).get(kind)
        number = start if counter is None else int(counter["next"])
        self.put("counters", kind, {"next": number + 1})
        return number

    def picture(self) -> str:
        """Everything, to be handed to `restore` of another state."""
        return json.dumps(self._records)

    def restore(self, picture: str) -> None:
        self._records = json.loads(picture)
        self._dirty = {(kind, key): None for kind, records in self._records.items() for key in records}

    def flush(self) -> None:
        dirty, self._dirty = self._dirty, {}
        if self._database is None or not dirty:
            return
        self._database.execute("BEGIN")
        for kind, key in dirty:
            record = self.get(kind, key)
            if record is None:
                self._database.execute("DELETE FROM records WHERE kind = ? AND id = ?", (kind, key))
            else:
                self._database.execute(
                    "INSERT INTO records (kind, id, body) VALUES (?, ?, ?)"
                    " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                    (kind, key, json.dumps(record, ensure_ascii=False, separators=(",", ":"))),
                )
        self._database.execute("COMMIT")

    def close(self) -> None:
        self.flush()
        if self._database is not None:
            self._database.close()
            self._database = None
