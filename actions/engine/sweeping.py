"""What the queue lost and what dead workers left: run by beat each minute. Two at once are harmless."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.declare import registry
from actions.engine.outcomes import again, give_up, leave_unknown
from actions.limits import limits
from actions.models import Action, Enquiry, State
from actions.publishing import publish_enquiry, publish_look, publish_work
from sync import expecting

log = structlog.get_logger(__name__)


def sweep(now: datetime | None = None) -> int:
    """Files again what was lost, decides what dead workers left, forgets what is over; returns how many actions it touched."""
    now = now or timezone.now()
    left = _decide_left_behind(now)
    filed = _file_again(now)
    looks = _file_looks(now)
    _tidy_enquiries(now)
    expecting.forget_old(now)
    if left or filed or looks:
        log.info("actions_swept", left_behind=left, filed_again=filed, looks=looks)
    return left + filed + looks


def _decide_left_behind(now: datetime) -> int:
    """Running, and no sign of life from its worker: by what is known of it, it is queued again, given up or unknown."""
    with transaction.atomic():
        rows = list(_some(Action.objects.filter(state=State.RUNNING, lease_until__lte=now)))
        for row in rows:
            row.losses += 1
            _decide(row)
    return len(rows)


def _decide(row: Action) -> None:
    rules = limits()
    kind = registry.actions.get(row.kind)
    if row.sent_at is None:
        if row.losses >= rules.losses:
            told = _("Its worker died %(times)d times before anything was sent. Nothing was sent.")
            give_up(row, told % {"times": row.losses}, "worker_lost")
        else:
            again(row, _("Its worker died before anything was sent. It is tried again."))
    elif kind is not None and kind.idempotent and row.attempts < rules.attempts:
        again(row, _("Its worker died after it was sent. It does no harm twice, so it is sent again."))
    else:
        leave_unknown(row, _("Its worker died while it waited for the answer."))


def _file_again(now: datetime) -> int:
    long_ago = now - timedelta(seconds=limits().refile_seconds)
    unfiled = Q(filed_at=None) | Q(filed_at__lte=long_ago)
    due = Q(next_attempt_at=None) | Q(next_attempt_at__lte=now)
    with transaction.atomic():
        keys = list(_some(Action.objects.filter(unfiled, due, state=State.QUEUED)).values_list("pk", flat=True))
        for key in keys:
            publish_work(key)
    return len(keys)


def _file_looks(now: datetime) -> int:
    due = Action.objects.filter(look_at__lte=now).order_by("look_at")
    keys = list(due.values_list("pk", flat=True)[: limits().sweep_rows])
    for key in keys:
        publish_look(key)
    return len(keys)


def _some(rows: QuerySet[Action]) -> QuerySet[Action]:
    return rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[: limits().sweep_rows]


def _tidy_enquiries(now: datetime) -> None:
    rules = limits()
    Enquiry.objects.filter(expires_at__lte=now).exclude(sealed_answer="").update(sealed_answer="")
    patience = now - timedelta(seconds=rules.enquiry_patience_seconds)
    lost = Q(state=Enquiry.State.RUNNING, lease_until__lte=now)
    waiting = Q(state=Enquiry.State.QUEUED)
    given_up = Enquiry.objects.filter(lost | waiting, created_at__lte=patience)
    given_up.update(
        state=Enquiry.State.FAILED,
        error=_("It was not answered in time. Nothing changed; ask again."),
        error_code="timeout",
        lease_until=None,
    )
    Enquiry.objects.filter(lost).update(state=Enquiry.State.QUEUED, lease_until=None, filed_at=None)
    unfiled = Q(filed_at=None) | Q(filed_at__lte=now - timedelta(seconds=rules.refile_seconds))
    for key in Enquiry.objects.filter(waiting, unfiled).values_list("pk", flat=True)[: rules.sweep_rows]:
        publish_enquiry(key)
