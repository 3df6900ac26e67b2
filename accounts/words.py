"""The words in which pages speak of accounts."""

from __future__ import annotations

from typing import Final

from accounts.models import ProviderAccount
from web.tones import Tone

State = ProviderAccount.State

STATE_TONES: Final = {
    State.ACTIVE: Tone.FINE,
    State.PAUSED: Tone.UNKNOWN,
    State.REFUSED: Tone.BROKEN,
    State.DELETING: Tone.UNKNOWN,
}


def state_tone(account: ProviderAccount) -> Tone:
    return STATE_TONES[State(account.state)]
