"""Asks upstream once more before a reminder leaves. What it said is kept for a while, so that ten recipients cost one read."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Final

import structlog
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import gateway
from accounts.errors import VaultError
from accounts.models import ProviderAccount
from providers.contract import Provider
from providers.errors import (
    InvalidRequest,
    MalformedResponse,
    NotFound,
    PermissionDenied,
    ProviderError,
)
from reminders.models import Reading
from sync.models import Resource
from sync.reread import reread

log = structlog.get_logger(__name__)

ANSWER_HOLDS: Final = timedelta(minutes=30)
SILENCE_HOLDS: Final = timedelta(minutes=10)
USABLE: Final = timedelta(hours=1)
"""How old an answer may be when the mail leaves: longer than it holds, because looking everything up takes its time."""
THIS_ONE_ALONE: Final = (NotFound, InvalidRequest, MalformedResponse, PermissionDenied)
"""Errors that say nothing about the account's other things."""


def look(resources: Sequence[int], *, seconds: float) -> bool:
    """Has upstream asked about each of these, unless it just was. False when the time is up before all were: call again."""
    until = time.monotonic() + seconds
    now = timezone.now()
    known = Q(answered=True, at__gt=now - ANSWER_HOLDS) | Q(answered=False, at__gt=now - SILENCE_HOLDS)
    fresh = Reading.objects.filter(known, resource__in=resources)
    wanted = (
        Resource.objects.filter(pk__in=resources)
        .exclude(pk__in=fresh.values("pk"))
        .select_related("account")
        .order_by("account", "kind", "pk")
    )
    by_account = groupby(wanted, key=lambda thing: thing.account_id)
    return all(_look_at_account(list(things), until) for _pk, things in by_account)


def latest(resources: Sequence[int]) -> dict[int, Reading]:
    """What upstream last said of these, as far as that is of use."""
    found = Reading.objects.filter(resource__in=resources, at__gt=timezone.now() - USABLE)
    return {each.pk: each for each in found}


def _look_at_account(things: Sequence[Resource], until: float) -> bool:
    account = things[0].account
    if account.state == ProviderAccount.State.PAUSED:
        _silent(things, _("the account is paused"))
        return True
    done = 0
    try:
        with gateway.speaking_to(account) as provider:
            for thing in things:
                if time.monotonic() > until:
                    return False
                _ask_about(thing, provider)
                done += 1
    except (ProviderError, VaultError) as error:
        log.info("reminder_reading_failed", account_id=account.pk, error=type(error).__name__)
        _silent(things[done:], _unreachable(error))
    return True


def _ask_about(thing: Resource, provider: Provider) -> None:
    """Brings the mirror in step as well, so that pages and the next plan know what upstream said."""
    try:
        if not reread(thing, provider):
            _silent([thing], _("the portal tells of it in its list alone"))
            return
    except THIS_ONE_ALONE as error:
        _silent([thing], _("the portal did not tell of it (%(why)s)") % {"why": error.sentence.rstrip(".")})
        return
    day = Resource.objects.values_list("due_on", flat=True).get(pk=thing.pk)
    _keep([Reading(resource=thing, at=timezone.now(), answered=True, due_on=day)])


def _unreachable(error: ProviderError | VaultError) -> str:
    sentence = error.sentence if isinstance(error, ProviderError) else str(error)
    return _("portal unreachable (%(why)s)") % {"why": sentence.rstrip(".")}


def _silent(things: Iterable[Resource], words: str) -> None:
    now = timezone.now()
    _keep([Reading(resource=thing, at=now, answered=False, words=words[:500]) for thing in things])


def _keep(readings: Sequence[Reading]) -> None:
    Reading.objects.bulk_create(
        readings,
        update_conflicts=True,
        unique_fields=["resource"],
        update_fields=["at", "answered", "due_on", "words"],
    )
