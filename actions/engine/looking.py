"""Looks after actions that were sent: reconciles unknown outcomes, follows chains. Only reads upstream, and never sends."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import gateway
from accounts.models import ProviderAccount
from actions.counting import Speak, counted
from actions.declare import ActionKind, Finding, Verdict, registry
from actions.engine.attempt import bound_to
from actions.engine.chain import after_acceptance, follow, follow_later, read_lists, reread_touched
from actions.engine.hand import Hand
from actions.engine.ledger import LostLease, hold, note
from actions.engine.outcomes import accept, give_up
from actions.limits import limits, step_of
from actions.models import Action, Stage, State
from actions.publishing import publish_look
from providers.contract import Provider
from providers.errors import ProviderError

log = structlog.get_logger(__name__)

LOOKED_AFTER = Q(state=State.UNKNOWN) | (Q(state=State.SUCCEEDED) & ~Q(stage=Stage.DONE))


def look(action_id: int, *, speak: Speak = gateway.speaking_to) -> None:
    """Looks at an action whose time has come, if nobody else does. Never raises for the action's own trouble."""
    action = _take(action_id)
    if action is None:
        return
    with bound_to(action):
        try:
            _look(action, speak)
        except LostLease:
            log.info("decided_meanwhile")


def _take(action_id: int) -> Action | None:
    now = timezone.now()
    due = Action.objects.filter(LOOKED_AFTER, pk=action_id, look_at__lte=now)
    if not due.update(look_at=now + timedelta(seconds=limits().look_lease_seconds), looks=F("looks") + 1):
        return None
    return Action.objects.select_related("account", "resource__account", "actor").get(pk=action_id)


def _look(action: Action, speak: Speak) -> None:
    kind = registry.actions.get(action.kind)
    if kind is None or action.account.state != ProviderAccount.State.ACTIVE:
        _look_later(action, _("Its account is not read at present, so nothing can be said."))
        return
    try:
        hand = Hand(action)
        with counted(speak, action.account, action.kind) as provider:
            if action.state == State.UNKNOWN:
                _reconcile(action, kind, hand, provider)
            elif follow(action, kind, hand, provider):
                reread_touched(action, kind, hand, provider)
                read_lists(action, kind)
    except LostLease:
        raise
    except Exception as error:  # written down; it is looked at again
        if not isinstance(error, ProviderError):
            log.exception("look_crashed")
        if action.state == State.UNKNOWN:
            sentence = error.sentence if isinstance(error, ProviderError) else type(error).__name__
            _look_later(action, _("Looked, and could not tell: %(why)s") % {"why": sentence})
        else:
            follow_later(action, error)


def _reconcile(action: Action, kind: ActionKind, hand: Hand, provider: Provider) -> None:
    finding = kind.reconcile(provider, hand)
    with hold(action, State.UNKNOWN) as row:
        accepted = settle(row, finding)
    if accepted:
        after_acceptance(row, kind, hand, provider)
    elif row.state == State.FAILED:
        reread_touched(row, kind, hand, provider)


def settle(row: Action, finding: Finding) -> bool:
    """Writes down what was found, inside the row's lock; True when it happened. 'Not happened' is believed the second time."""
    rules, now = limits(), timezone.now()
    if finding.verdict is Verdict.HAPPENED:
        accept(row, finding.result, _("Looked: it happened. %(words)s") % {"words": finding.words})
        return True
    if finding.verdict is Verdict.NOT_HAPPENED:
        apart = timedelta(seconds=rules.absent_seconds)
        if row.absent_since is not None and now - row.absent_since >= apart:
            give_up(row, _("It did not happen: %(words)s Nothing changed.") % {"words": finding.words}, "not_happened")
            return False
        if row.absent_since is None:
            row.absent_since = now
            note(row, _("Looked: nothing of it there. %(words)s It is looked at once more.") % {"words": finding.words})
        row.look_at = row.absent_since + apart + timedelta(seconds=0.5)
    else:
        row.absent_since = None
        told = _("Looked, and could not tell: %(words)s") % {"words": finding.words}
        _note_once(row, told)
        _back_off(row)
    row.save(update_fields=["absent_since", "look_at"])
    _publish(row)
    return False


def _look_later(action: Action, told: str) -> None:
    with hold(action, State.UNKNOWN, State.SUCCEEDED) as row:
        if row.state == State.UNKNOWN:
            _note_once(row, told)
        row.look_at = timezone.now() + timedelta(seconds=step_of(limits().look_seconds, row.looks))
        row.save(update_fields=["look_at"])
        _publish(row)


def _back_off(row: Action) -> None:
    """Who could not tell often enough will not learn it by asking on: then it is a person's."""
    rules = limits()
    if row.looks >= rules.undecided_looks:
        row.look_at = None
        note(row, _("It can't be told from here. A person has to look at the portal and say what happened."))
    else:
        row.look_at = timezone.now() + timedelta(seconds=step_of(rules.look_seconds, row.looks))


def _note_once(row: Action, told: str) -> None:
    """A look that finds what the last one found is not worth a line."""
    last = row.events.order_by("-pk").values_list("text", flat=True).first()
    if last != told[:1000]:
        note(row, told)


def _publish(row: Action) -> None:
    if row.look_at is not None:
        publish_look(row.pk, countdown=max(0.0, (row.look_at - timezone.now()).total_seconds()) + 0.1)
