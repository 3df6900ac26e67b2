"""How an account stands: one judgement in one set of words, for the list, the account's page, the overview and the API.

What it is judged by, the schedules and runs, stands in rooms above this one; the one that has them registers the judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from accounts.models import ProviderAccount
from web.detail import Words
from web.tones import Tone


class Code(StrEnum):
    """The worst first; of what is true of an account the first counts."""

    REFUSED = "refused"
    FAILING = "failing"
    FAILING_IN_PART = "failing_in_part"
    HELD = "held"
    TOLD_TO_WAIT = "told_to_wait"
    BEHIND = "behind"
    INCOMPLETE = "incomplete"
    UNREAD = "unread"
    PAUSED = "paused"
    IN_STEP = "in_step"


TONES: Final[dict[Code, Tone]] = {
    Code.REFUSED: Tone.BROKEN,
    Code.FAILING: Tone.BROKEN,
    Code.FAILING_IN_PART: Tone.URGENT,
    Code.HELD: Tone.URGENT,
    Code.TOLD_TO_WAIT: Tone.SOON,
    Code.BEHIND: Tone.SOON,
    Code.INCOMPLETE: Tone.SOON,
    Code.UNREAD: Tone.UNKNOWN,
    Code.PAUSED: Tone.UNKNOWN,
    Code.IN_STEP: Tone.FINE,
}
ASKED: Final[dict[Code, Words]] = {
    Code.REFUSED: _("refused at sign-in"),
    Code.FAILING: _("failing as a whole"),
    Code.FAILING_IN_PART: _("failing in part"),
    Code.HELD: _("held for a person"),
    Code.TOLD_TO_WAIT: _("told to wait by the portal"),
    Code.BEHIND: _("behind"),
    Code.INCOMPLETE: _("read with rows skipped"),
    Code.UNREAD: _("not read yet"),
    Code.PAUSED: _("switched off"),
    Code.IN_STEP: _("in step"),
}
"""As the filter says them: 'Accounts that are [failing in part]'."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`label` is the status in a few words, `sentence` what is wrong since when and what to do about it; empty when nothing is.
    `as_of` is the oldest complete reading of what the account has, None while a part was never read; `newest` the youngest."""

    code: Code
    label: str
    sentence: str = ""
    since: datetime | None = None
    next_try: datetime | None = None
    """When it is tried again by itself; None where nothing is tried before a person did something."""
    as_of: datetime | None = None
    newest: datetime | None = None
    failing: tuple[str, ...] = ()
    """The kinds that can't be read."""

    @property
    def tone(self) -> Tone:
        return TONES[self.code]

    @property
    def fails(self) -> bool:
        """Something of it could not be read at the last try."""
        return bool(self.failing)


Judge = Callable[[Iterable[ProviderAccount]], Mapping[int, Standing]]
_judges: list[Judge] = []


def judge_with(judge: Judge) -> None:
    """Registers who knows how accounts stand; called once, when the apps are ready."""
    _judges[:] = [judge]


def standings(accounts: Iterable[ProviderAccount]) -> Mapping[int, Standing]:
    """By the accounts' primary keys. A constant number of queries."""
    (judge,) = _judges
    return judge(accounts)


def standing_of(account: ProviderAccount) -> Standing:
    return standings([account])[account.pk]
