"""What follows acceptance: the chain of a money action, and reading again what the action touched."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.declare import ActionKind, Step
from actions.engine.hand import Hand
from actions.engine.ledger import hold, note
from actions.limits import limits
from actions.models import Action, Stage, State
from actions.publishing import publish_look
from providers.contract import Provider
from providers.errors import ProviderError
from sync.ask import ask
from sync.engine.clean import plain
from sync.expecting import expect_thing
from sync.models import ExpectedThing, Resource
from sync.reread import read_later, reread

log = structlog.get_logger(__name__)

ANNOUNCED = timedelta(days=2)
AFTER_TROUBLE = timedelta(minutes=1)


def after_acceptance(row: Action, kind: ActionKind, hand: Hand, provider: Provider) -> None:
    """The first look at the chain, and the touched things read again. Upstream's trouble here changes no outcome."""
    try:
        follow(row, kind, hand, provider)
    except ProviderError as error:
        follow_later(row, error)
    reread_touched(row, kind, hand, provider)
    read_lists(row, kind)


def follow(row: Action, kind: ActionKind, hand: Hand, provider: Provider) -> bool:
    """Asks the kind where the chain stands and writes it down; True when it moved. Raises what the provider raises."""
    step = kind.follow(provider, hand, row.result)
    with hold(row, State.SUCCEEDED) as now:
        moved = _take(now, step)
        row.stage, row.result = now.stage, now.result
    _announce(row, kind)
    return moved


def _announce(row: Action, kind: ActionKind) -> None:
    """What the portal made because of it is told as our doing when a sync first sees it."""
    until = timezone.now() + ANNOUNCED
    for made, upstream_id in kind.brings(row.result).items():
        thing = ExpectedThing(account_id=row.account_id, kind=made, upstream_id=upstream_id, action=row.pk, until=until)
        expect_thing(thing, since=row.created_at)


def follow_later(row: Action, error: Exception) -> None:
    """The portal could not be asked: the chain stays where it is."""
    sentence = error.sentence if isinstance(error, ProviderError) else type(error).__name__
    log.warning("not_followed", action_id=row.pk, error=sentence[:200])
    with hold(row, State.SUCCEEDED) as now:
        now.look_at = timezone.now() + min(AFTER_TROUBLE * max(1, now.looks), timedelta(hours=1))
        now.save(update_fields=["look_at"])
        _stall_when_due(now)


def _take(row: Action, step: Step) -> bool:
    """Moves the row to where the chain stands. Inside the row's lock."""
    now = timezone.now()
    row.result = {**row.result, **plain(step.result)}
    stood = row.stands_at or row.stage
    moved = step.stage != stood and not (step.stage == Stage.STALLED and row.stage == Stage.STALLED)
    if moved:
        if step.stage == Stage.STALLED:
            row.stands_at = row.stage
        else:
            row.stands_at = Stage.NONE
        row.stage, row.moved_at, row.looks = step.stage, now, 0
        note(row, step.words or Stage(step.stage).label)
    if row.stage == Stage.DONE:
        row.done_at, row.look_at = row.done_at or now, None
    elif step.again is None:
        row.look_at = None
        _stall(row, step.words or _("The chain ended before it was done."))
    else:
        row.look_at = now + step.again
    row.save()
    _stall_when_due(row)
    if row.look_at is not None:
        publish_look(row.pk, countdown=max(0.0, (row.look_at - now).total_seconds()))
    return moved


def _stall_when_due(row: Action) -> None:
    rules = limits()
    if row.stage in (Stage.DONE, Stage.STALLED) or row.moved_at is None:
        if row.stage == Stage.STALLED and row.look_at is not None:
            row.look_at = max(row.look_at, timezone.now() + timedelta(seconds=rules.stalled_look_seconds))
            row.save(update_fields=["look_at"])
        return
    if timezone.now() - row.moved_at >= timedelta(seconds=rules.stall_seconds):
        stage = row.get_stage_display() if row.stage else row.get_state_display()
        _stall(row, _("Nothing has moved for long: it stands still at “%(stage)s”.") % {"stage": stage})
        if row.look_at is not None:
            row.look_at = max(row.look_at, timezone.now() + timedelta(seconds=rules.stalled_look_seconds))
        row.save()


def _stall(row: Action, told: str) -> None:
    if row.stage == Stage.STALLED:
        return
    row.stands_at, row.stage = row.stage, Stage.STALLED
    note(row, told)


def reread_touched(row: Action, kind: ActionKind, hand: Hand, provider: Provider) -> None:
    """Pages show upstream's truth at once; what can't be read now is read by the next run of its kind."""
    left: list[Resource] = []
    for resource in kind.touched(hand, row.result):
        try:
            if not reread(resource, provider):
                left.append(resource)
        except Exception as error:  # noqa: BLE001  # the outcome stands, and the next sync reads it
            log.warning("not_reread", resource=resource.pk, error=type(error).__name__)
            left.append(resource)
    if left:
        read_later(left)


def read_lists(row: Action, kind: ActionKind) -> None:
    if kind.refreshes:
        ask(row.account, [each.value for each in kind.refreshes], user=None, full=False, request_id=row.request_id)
