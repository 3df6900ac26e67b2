"""What pages and API call an action's kind, state and stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.declare import registry
from actions.models import Action, Stage, State
from web.tones import Tone

Words = str | Promise

TONES: Final = {
    State.AWAITING_APPROVAL: Tone.SOON,
    State.QUEUED: Tone.UNKNOWN,
    State.RUNNING: Tone.UNKNOWN,
    State.SUCCEEDED: Tone.FINE,
    State.FAILED: Tone.BROKEN,
    State.UNKNOWN: Tone.URGENT,
    State.CANCELLED: Tone.UNKNOWN,
}


def label_of(kind_name: str) -> str:
    """'Renew a domain'; the bare name when the app that brought it is gone."""
    kind = registry.actions.get(kind_name)
    return str(kind.label) if kind else kind_name


def tone_of(action: Action) -> Tone:
    if action.state == State.SUCCEEDED and action.stage == Stage.STALLED:
        return Tone.URGENT
    if action.state == State.SUCCEEDED and action.stage in (Stage.INVOICE_UNPAID, Stage.ORDERED):
        return Tone.SOON
    return TONES[State(action.state)]


def status_of(action: Action) -> str:
    """State and stage in one word or two."""
    if action.state == State.SUCCEEDED and action.stage != Stage.NONE:
        return str(Stage(action.stage).label)
    if action.state == State.QUEUED and action.next_attempt_at is not None:
        return _("Waits for the portal")
    return str(State(action.state).label)


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain on the page: `state` is done, now, later or broken."""

    label: Words
    state: str
    at: datetime | None = None


MONEY_STAGES: Final = (Stage.ORDERED, Stage.INVOICE_UNPAID, Stage.PAID, Stage.DONE)
MONEY_LABELS: Final = {
    Stage.ORDERED: gettext_lazy("Ordered"),
    Stage.INVOICE_UNPAID: gettext_lazy("Invoice to pay"),
    Stage.PAID: gettext_lazy("Paid"),
    Stage.DONE: gettext_lazy("Done"),
}


def chain_of(action: Action) -> list[Link]:
    """From filing to done, with where it stands."""
    links = [Link(_("Filed"), "done", action.created_at)]
    if action.state == State.CANCELLED:
        return [*links, Link(_("Withdrawn"), "broken", action.ended_at)]
    if action.state in (State.QUEUED, State.AWAITING_APPROVAL):
        links.append(Link(status_of(action), "now"))
    elif action.state == State.FAILED:
        if action.sent_at is not None:
            links.append(Link(_("Sent"), "done", action.sent_at))
        return [*links, Link(_("Failed"), "broken", action.ended_at)]
    elif action.state == State.RUNNING:
        links.append(Link(_("Sent") if action.sent_at else _("Being checked"), "now", action.sent_at))
    else:
        links.append(Link(_("Sent"), "done", action.sent_at))
    if action.state == State.UNKNOWN:
        links.append(Link(_("Outcome unknown"), "broken"))
    return [*links, *_after(action)]


def _after(action: Action) -> list[Link]:
    """What comes after acceptance: the stages of a money action, or the end alone."""
    accepted = action.state == State.SUCCEEDED
    kind = registry.actions.get(action.kind)
    if kind is None or not kind.money:
        done = accepted and action.stage == Stage.DONE
        return [Link(_("Done"), "done" if done else "now" if accepted else "later", action.done_at)]
    stalled = action.stage == Stage.STALLED
    stands = Stage(action.stands_at if stalled else action.stage)
    place = MONEY_STAGES.index(stands) if accepted and stands in MONEY_STAGES else -1
    links = []
    for number, stage in enumerate(MONEY_STAGES):
        if number < place or (number == place and stage in (Stage.DONE, Stage.PAID, Stage.ORDERED) and not stalled):
            state = "done"
        elif number == place:
            state = "broken" if stalled else "now"
        else:
            state = "later"
        links.append(Link(MONEY_LABELS[stage], state, action.done_at if stage == Stage.DONE else None))
    return links
