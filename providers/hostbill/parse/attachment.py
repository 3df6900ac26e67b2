"""Files of tickets. No page shows them: what is sure is that one is fetched by what stands for it in the path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from providers.hostbill.parse.row import Row, scalar_text
from providers.resources import Attachment
from providers.values import Unreadable, to_int, to_list

PLACES = ("attachments", "attachment", "files")
IDS = ("id", "attachment_id", "file_id", "hash", "file", "filename", "name")
NAMES = ("org_filename", "original_filename", "filename", "file_name", "name", "title", "file")
SIZES = ("size", "filesize", "file_size", "bytes")


def attachments(row: Row) -> tuple[Attachment, ...]:
    """Those of one message; what can't be told apart from nothing is left out."""
    value = row.raw(*PLACES)
    by_message = isinstance(value, Mapping) and any(isinstance(one, list) for one in value.values())
    return () if by_message else attachments_in(value)


def attachments_by_message(value: Any) -> dict[str, tuple[Attachment, ...]]:
    """Those that an answer keeps beside its thread: lists by the id of the reply, `0` for the opening message."""
    if not isinstance(value, Mapping):
        return {"0": attachments_in(value)}
    return {str(key): attachments_in(files) for key, files in value.items()}


def attachments_in(value: Any) -> tuple[Attachment, ...]:
    """From a list or an object of files, one file alone, or an object of id to name."""
    if isinstance(value, Mapping) and not any(isinstance(one, Mapping | list) for one in value.values()):
        value = (
            [value] if any(key in value for key in IDS) else [{"id": key, "name": name} for key, name in value.items()]
        )
    elif isinstance(value, Mapping):
        value = [{"id": key, **one} if isinstance(one, Mapping) else one for key, one in value.items()]
    elif isinstance(value, str):
        value = [value]
    found: dict[str, Attachment] = {}
    try:
        listed = to_list(value)
    except Unreadable:
        return ()
    for one in _each(listed):
        found.setdefault(one.id, one)
    return tuple(found.values())


def _each(listed: tuple[Any, ...]) -> Iterator[Attachment]:
    for data in listed:
        fields = data if isinstance(data, Mapping) else {"id": data}
        key, name = _first(fields, IDS), _first(fields, NAMES)
        if key:
            yield Attachment(id=key, name=name or key, size=_size(fields))


def _first(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((text[:200] for name in names if (text := scalar_text(fields.get(name)))), "")


def _size(fields: Mapping[str, Any]) -> int | None:
    """In bytes; None where it is not said, or in words such as `2 kB`."""
    value = next((fields[name] for name in SIZES if fields.get(name) is not None), None)
    try:
        size = to_int(value)
    except Unreadable:
        return None
    return size if size is not None and size >= 0 else None
