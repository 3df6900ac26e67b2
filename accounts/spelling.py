"""One spelling of the address that somebody signs in with: what the lock counts is what the database is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest

LONGEST_ADDRESS: Final = 254
"""No address of ours is longer, and the lock's column ends at 255."""


def one_spelling(name: str | None) -> str:
    return (name or "").strip().lower()


def name_for_the_lock(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    given = (credentials or request.POST).get("username")
    return one_spelling(str(given or ""))[:LONGEST_ADDRESS]
