"""What pages say about a reminder."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reminders.models import Reminder, State
from web.tones import Tone

TONES = {
    State.DUE: Tone.SOON,
    State.CLAIMED: Tone.SOON,
    State.SENT: Tone.FINE,
    State.CANCELLED: Tone.UNKNOWN,
    State.FAILED: Tone.BROKEN,
}
STATES: dict[str, str | Promise] = {
    State.DUE: _("Coming"),
    State.CLAIMED: _("Being sent"),
    State.SENT: _("Sent"),
    State.CANCELLED: _("Called off"),
    State.FAILED: _("Failed, is tried again"),
}


def tone(row: Reminder) -> Tone:
    return TONES[State(row.state)]


def state(row: Reminder) -> str | Promise:
    return STATES[row.state]


def distance(days: int) -> str:
    """'14 days before', 'on the day', '3 days after'."""
    if days == 0:
        return str(_("on the day"))
    if days > 0:
        return ngettext("%(n)d day before", "%(n)d days before", days) % {"n": days}
    return ngettext("%(n)d day after", "%(n)d days after", -days) % {"n": -days}
