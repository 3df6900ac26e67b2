"""Lists as files: streamed, and safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse

# A cell that begins with one of these is run as a formula by spreadsheets, some of which take the wide signs of East Asian
# keyboards for the same; what upstream says must never be run.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float, Decimal)):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(RISKY) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").replace(".", "", 1).isdecimal()


class _Echo:
    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[list[tuple[str, Any]]]) -> Iterator[str]:
    """Head and rows. The byte order mark tells spreadsheets that it is UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for number, row in enumerate(rows):
        if number == 0:
            yield writer.writerow([cell(head) for head, _value in row])
        yield writer.writerow([cell(value) for _head, value in row])


def csv_response(rows: Iterable[list[tuple[str, Any]]], filename: str) -> HttpResponseBase:
    response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}.csv"'
    response["Cache-Control"] = "no-store"
    return response
