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
    """One link of the chain on the page. `state` is the look's word for it: done, now, later, soon, urgent, broken or unknown."""

    label: Words
    state: str
    at: datetime | None = None

    @property
    def spoken(self) -> str:
        """For who does not see the dot."""
        if self.state == "done":
            return _("done:")
        return _("to come:") if self.state == "later" else _("now:")


MONEY_STAGES: Final = (Stage.ORDERED, Stage.INVOICE_UNPAID, Stage.PAID, Stage.DONE)
MONEY_LABELS: Final = {
    Stage.ORDERED: gettext_lazy("ordered"),
    Stage.INVOICE_UNPAID: gettext_lazy("invoice to be paid"),
    Stage.PAID: gettext_lazy("paid"),
    Stage.DONE: gettext_lazy("done"),
}
PASSED_AT_ONCE: Final = (Stage.ORDERED, Stage.PAID, Stage.DONE)
"""Where one stands there, that much has happened; an unpaid invoice is what one waits for."""


def chain_of(action: Action) -> list[Link]:
    """From the decision to its end, with where it stands."""
    decided = Link(_("decided"), "done", action.created_at)
    sent = Link(_("sent"), "done", action.sent_at)
    if action.state in (State.QUEUED, State.AWAITING_APPROVAL):
        waits = action.next_attempt_at is not None
        return [
            decided,
            Link(_("waits for the portal") if waits else _("queued"), "soon" if waits else "now"),
            *_ahead(action),
        ]
    if action.state == State.CANCELLED:
        return [decided, Link(_("withdrawn"), "unknown", action.ended_at)]
    if action.state == State.RUNNING:
        return [
            decided,
            Link(_("sent, no answer yet") if action.sent_at else _("being checked"), "now"),
            *_ahead(action),
        ]
    before = [decided, sent] if action.sent_at else [decided]
    if action.state == State.FAILED:
        return [
            *before,
            Link(_("failed, nothing changed") if not action.partly else _("failed"), "broken", action.ended_at),
        ]
    if action.state == State.UNKNOWN:
        return [*before, Link(_("no clear answer, not sent twice"), "unknown"), *_ahead(action)]
    return [*before, *_accepted(action)]


def _has_chain(action: Action) -> bool:
    kind = registry.actions.get(action.kind)
    return kind.money if kind else action.price is not None


def _ahead(action: Action) -> list[Link]:
    """What comes once upstream accepted it."""
    stages = MONEY_STAGES if _has_chain(action) else (Stage.DONE,)
    return [Link(MONEY_LABELS[stage], "later") for stage in stages]


def _accepted(action: Action) -> list[Link]:
    if not _has_chain(action):
        if action.stage == Stage.STALLED:
            return [Link(_("accepted, stands still"), "urgent")]
        return [Link(_("done"), "done", action.done_at)] if action.stage == Stage.DONE else [Link(_("accepted"), "now")]
    stalled = action.stage == Stage.STALLED
    stands = Stage(action.stands_at if stalled else action.stage)
    if stands not in MONEY_STAGES:
        return [
            Link(_("accepted, stands still") if stalled else _("accepted"), "urgent" if stalled else "now"),
            *_ahead(action),
        ]
    place = MONEY_STAGES.index(stands)
    links = [Link(MONEY_LABELS[stage], "done") for stage in MONEY_STAGES[:place]]
    if stalled:
        links.append(Link(_("%(stage)s, stands still") % {"stage": MONEY_LABELS[stands]}, "urgent"))
    elif stands in PASSED_AT_ONCE:
        links.append(Link(MONEY_LABELS[stands], "done", action.done_at if stands == Stage.DONE else None))
    else:
        links.append(Link(MONEY_LABELS[stands], "soon"))
    return [*links, *(Link(MONEY_LABELS[stage], "later") for stage in MONEY_STAGES[place + 1 :])]


def meaning_of(action: Action) -> str:
    """What the state means for who decided it, and what comes next; empty where the state says it all."""
    if action.state == State.QUEUED:
        if action.next_attempt_at is not None:
            return _("Nothing was sent yet. It is tried again by itself, and you can withdraw it until then.")
        return _("Nothing was sent yet; a worker takes it up in a moment.")
    if action.state == State.AWAITING_APPROVAL:
        return _("Nothing was sent yet; somebody has to approve it.")
    if action.state == State.RUNNING:
        return _("It is on its way. Closing this page changes nothing.")
    if action.state == State.UNKNOWN:
        return _(
            "It was sent and no clear answer came back, so it may have happened. It is never sent a second time by itself. "
            "Holdfast looks at the portal until it can tell; if you can see there what happened, say so here."
        )
    if action.state == State.SUCCEEDED and action.stage == Stage.STALLED:
        return _(
            "The portal accepted it, but it has not come to its end and nothing moves. Look at the portal, pay what is open there "
            "or ask its support; Holdfast goes on looking. If it came to nothing, say so here, and it can be decided anew."
        )
    if action.state == State.SUCCEEDED and action.stage == Stage.INVOICE_UNPAID:
        return _("The portal accepted the order. It acts only once the invoice is paid.")
    if action.state == State.SUCCEEDED and action.stage in (Stage.ORDERED, Stage.PAID):
        return _("The portal accepted it and works on it. It counts as done once that can be seen there.")
    return ""


QUICK, SLOW = 2, 20


def poll_seconds(action: Action) -> int:
    """How often a page asks again; 0 when nothing is about to move."""
    if action.state == State.UNKNOWN or (action.state == State.QUEUED and action.next_attempt_at is not None):
        return SLOW
    in_flight = action.state in (State.QUEUED, State.RUNNING)
    return QUICK if in_flight or (action.state == State.SUCCEEDED and action.stage == Stage.NONE) else 0
