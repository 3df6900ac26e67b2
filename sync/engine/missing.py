"""What a list lacks is asked for by itself before it is taken for gone, a few a run: a list may be cut short and not say so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from providers.errors import AuthenticationFailed, MalformedResponse, OutcomeUnknown, ProviderError, Unavailable
from sync.declare import ResourceSync
from sync.engine.compare import Said, said_by
from sync.engine.hold import LostLease
from sync.engine.login import vouch
from sync.engine.rows import Entry, reads_details
from sync.engine.work import Paused, Work
from sync.models import Resource, Schedule

log = structlog.get_logger(__name__)


class Unheard(Exception):
    """No answer that says anything about the thing."""


def last_words(work: Work[ResourceSync[Any, Any]], missing: Sequence[int]) -> list[Entry]:
    """Asks for up to `asked_missing` of these by their ids, and stops at the first that decides: one that the portal still gives
    in a state in which the list would have it, so that the list is not whole; or one of which nothing is heard, which for a day
    counts alike. Either is noted on the cursor. Returns what the portal says of those that it gives in another state.

    What it does not know, or does not let this login see, is gone indeed. Raises Paused, and what a refused login means.
    """
    declaration = work.declaration
    if not missing or not declaration.listed_while or not reads_details(work):
        return []
    step = math.ceil(len(missing) / work.rules.asked_missing)
    told: list[Entry] = []
    for resource in Resource.objects.filter(pk__in=missing[::step]).order_by("pk"):
        asked = timezone.now()
        try:
            said = _said_of(work, resource.upstream_id)
        except Unheard:
            if _seen_whole_of_late(work):
                _distrust(work, _("The list lacks %(name)s, and the portal gave no answer about it."), resource)
                return []
            continue
        if said is None:
            continue
        if said.columns.get("status") in declaration.listed_while:
            _distrust(work, _("The list lacks %(name)s, which the portal still has: it may lack others."), resource)
            return []
        told.append(Entry(resource.pk, said, asked))
    return told


def _said_of(work: Work[ResourceSync[Any, Any]], upstream_id: str) -> Said | None:
    """None where the portal has no such thing, or not for this login. Raises Unheard."""
    try:
        detail = work.ask(partial(work.declaration.read_detail, work.provider, upstream_id))
        said = said_by(work.declaration, detail, work.account, detail=True)
    except AuthenticationFailed as refused:
        vouch(work, refused)
        return None
    except (Unavailable, OutcomeUnknown, MalformedResponse) as error:
        raise Unheard from error
    except ProviderError:
        return None
    except (Paused, LostLease, OperationalError, InterfaceError):
        raise
    except (
        Exception
    ) as error:  # one row's fault must not stop the run; the log has it, and the run is not taken for whole
        log.warning("missing_row_unreadable", upstream_id=upstream_id, error=type(error).__name__)
        raise Unheard from error
    return said if said.upstream_id == upstream_id else None


def _seen_whole_of_late(work: Work[ResourceSync[Any, Any]]) -> bool:
    """A portal that never answers for what it no longer has would keep it for ever."""
    now = timezone.now()
    since = now - timedelta(seconds=work.rules.doubt_seconds)
    soon = now + timedelta(
        seconds=work.rules.clock_slack_seconds
    )  # what lies further ahead, a clock put back since has written
    schedules = Schedule.objects.filter(account=work.run.account_id, kind=work.run.kind)
    return schedules.filter(last_complete_at__gt=since, last_complete_at__lte=soon).exists()


def _distrust(work: Work[ResourceSync[Any, Any]], sentence: str, resource: Resource) -> None:
    work.cursor.complete = False
    work.cursor.note = f"{sentence % {'name': resource.name[:100]}} {_('Nothing was marked as gone.')}"[:400]
