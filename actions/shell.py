"""What the page frame counts beside Actions: those that wait for a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import ngettext

from actions.queries import waiting_for_people
from web.shell import NavCount


def frame_facts(request: HttpRequest) -> dict[str, Any]:
    """One query a page."""
    waiting = waiting_for_people(request.user).count()
    if not waiting:
        return {}
    says = ngettext("%(n)d action waits for you", "%(n)d actions wait for you", waiting) % {"n": waiting}
    return {"counts": {"actions": NavCount(waiting, says, urgent=True)}}
