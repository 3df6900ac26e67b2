"""A call that was refused as if nobody had signed in, in the middle of a run."""

from __future__ import annotations

from typing import Any

from accounts.doubt import meaning_of
from providers.errors import AuthenticationFailed, PermissionDenied
from sync.declare import ResourceSync
from sync.engine.hold import hold, renew
from sync.engine.work import Work


def vouch(work: Work[ResourceSync[Any, Any]], refused: AuthenticationFailed) -> None:
    """Returns where the login is good all the same, and just this not its to read. Asked once in a run. Raises what it meant
    otherwise."""
    if work.cursor.vouched:
        return
    renew(work.run)
    meaning = meaning_of(refused, work.provider)
    if not isinstance(meaning, PermissionDenied):
        raise meaning from (None if meaning is refused else refused)
    work.cursor.vouched = True
    if work.cursor.stage == "details":
        with hold(work.run):
            work.run.cursor = work.cursor.as_json()
