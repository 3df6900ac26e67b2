"""What the page frame counts beside Support: the tickets that wait for us."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import ngettext

from support.queries import waiting_for_us
from web.shell import NavCount


def frame_facts(request: HttpRequest) -> dict[str, Any]:
    """One query a page."""
    waiting = waiting_for_us(request.user).count()
    if not waiting:
        return {}
    says = ngettext("%(n)d ticket waits for us", "%(n)d tickets wait for us", waiting) % {"n": waiting}
    return {"counts": {"support": NavCount(waiting, says)}}
