"""What a person decides about an action that is filed: withdraw it, say how it ended, have it looked at now."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from actions.declare import Refused
from actions.models import Action, ActionEvent, Stage, State
from actions.publishing import publish_look
from sync.engine.clean import clean_text
from sync.expecting import forget

LONGEST_NOTE = 500


def withdraw(action: Action, user: User) -> bool:
    """Cancels what was not sent yet. False when a worker had taken it, or it had ended."""
    now = timezone.now()
    with transaction.atomic():
        waiting = Action.objects.filter(pk=action.pk, state__in=(State.QUEUED, State.AWAITING_APPROVAL))
        # An attempt of an idempotent kind without a clear answer may have happened: that is not withdrawn, it is settled.
        if not waiting.filter(sent_at=None).update(
            state=State.CANCELLED, ended_at=now, next_attempt_at=None, look_at=None
        ):
            return False
        forget(action.pk)
        _tell(action, _("Withdrawn by %(who)s. Nothing was sent.") % {"who": user}, user)
    return True


def settle(action: Action, user: User, *, happened: bool, why: str) -> bool:
    """A person has looked at the portal and says how it ended: an unknown outcome, or a chain that stands still. `why` is kept.
    False when it was decided meanwhile. Raises Refused without a note."""
    why = clean_text(why.strip(), LONGEST_NOTE)
    if not why:
        raise Refused(
            _("Say how you know; it stays in the log."), code="invalid", fields={"why": [_("Say how you know.")]}
        )
    now = timezone.now()
    with transaction.atomic():
        row = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
        stalled = row.state == State.SUCCEEDED and row.stage == Stage.STALLED
        if row.state != State.UNKNOWN and not stalled:
            return False
        row.resolved_by, row.resolution = user, why
        row.look_at, row.absent_since = None, None
        if not happened:
            row.state, row.ended_at = State.FAILED, now
            row.error, row.error_code = _("It did not come about: %(why)s") % {"why": why}, "settled"
            forget(row.pk)
        elif stalled:
            row.stage, row.stands_at, row.done_at = Stage.DONE, Stage.NONE, now
        else:
            row.state, row.stage, row.ended_at = State.SUCCEEDED, Stage.NONE, now
            row.moved_at = row.look_at = now
            row.error = row.error_code = row.upstream_words = ""
        row.looks = 0
        row.save()
        told = _("%(who)s: it happened. %(why)s") if happened else _("%(who)s: it did not happen. %(why)s")
        _tell(row, told % {"who": user, "why": why}, user)
        if row.look_at is not None:
            publish_look(row.pk)
    return True


def look_now(action: Action, user: User) -> bool:
    """Has an unknown outcome, or a chain under way, looked at now. False when there is nothing to look at (any more)."""
    open_ones = Q(state=State.UNKNOWN) | (Q(state=State.SUCCEEDED) & ~Q(stage=Stage.DONE))
    with transaction.atomic():
        if not Action.objects.filter(open_ones, pk=action.pk).update(look_at=timezone.now()):
            return False
        _tell(action, _("%(who)s has it looked at now.") % {"who": user}, user)
        publish_look(action.pk)
    return True


def _tell(action: Action, text: str, user: User) -> None:
    ActionEvent.objects.create(action=action, text=clean_text(text, 1000), user=user)
