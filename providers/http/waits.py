"""How long to wait: what upstream's headers say, and our own patience."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

_FIRST_PAUSE = 0.3
_LONGEST_PAUSE = 10.0
_LONGEST_BELIEVED = 24 * 3600.0
_EPOCH_FROM = 1_000_000_000
_NUMBER = re.compile(r"\s*(\d{1,15})(\.\d{1,6})?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class LimitHeaders:
    """What an answer says about upstream's own limit, in calls and seconds; None where it says nothing."""

    remaining: int | None
    reset_after: float | None
    retry_after: float | None

    @classmethod
    def read(cls, headers: Mapping[str, str]) -> LimitHeaders:
        remaining = _number(headers.get("x-ratelimit-remaining") or headers.get("ratelimit-remaining"))
        reset = _number(headers.get("x-ratelimit-reset") or headers.get("ratelimit-reset"))
        if reset is not None and reset > _EPOCH_FROM:
            reset = max(0.0, reset - time.time())  # some send the moment instead of the seconds until it
        return cls(
            None if remaining is None else int(remaining),
            None if reset is None else min(reset, _LONGEST_BELIEVED),
            _retry_after(headers.get("retry-after", "")),
        )

    @property
    def silent(self) -> bool:
        return self.remaining is None and self.reset_after is None and self.retry_after is None


def full_jitter(attempt: int) -> float:
    """A pause before the attempt after `attempt`: anything up to a bound that doubles, so that clients do not march in step."""
    return random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt))  # noqa: S311 - spreads load, guards nothing


def _retry_after(value: str) -> float | None:
    seconds = _number(value)
    if seconds is not None:
        return min(seconds, _LONGEST_BELIEVED)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, moment.timestamp() - time.time()), _LONGEST_BELIEVED)


def _number(value: str | None) -> float | None:
    match = _NUMBER.fullmatch(value or "")
    return float(match.group(0)) if match else None
