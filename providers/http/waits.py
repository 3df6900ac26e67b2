"""How long to wait: what upstream's headers say, and our own patience."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST_PAUSE = 10.0
_LONGEST_BELIEVED = 24 * 3600.0
_WITHOUT_ADVICE = 30.0
_EPOCH_FROM = 1_000_000_000
_EPOCH_MILLISECONDS_FROM = 100_000_000_000
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class LimitHeaders:
    """What an answer says about upstream's own limit, in calls and seconds; None where it says nothing."""

    remaining: int | None
    reset_after: float | None
    retry_after: float | None

    @classmethod
    def read(cls, headers: Mapping[str, str]) -> LimitHeaders:
        """`headers` have lower-case names."""
        remaining = _numbers(headers.get("x-ratelimit-remaining") or headers.get("ratelimit-remaining"))
        return cls(
            int(min(remaining)) if remaining else None,
            _wait(headers.get("x-ratelimit-reset") or headers.get("ratelimit-reset"), headers),
            _wait(headers.get("retry-after"), headers),
        )

    @property
    def silent(self) -> bool:
        return self.remaining is None and self.reset_after is None and self.retry_after is None

    @property
    def after_refusal(self) -> float:
        """How long to keep quiet after a 429."""
        return next((wait for wait in (self.retry_after, self.reset_after) if wait is not None), _WITHOUT_ADVICE)


def full_jitter(attempt: int, first: float) -> float:
    """A pause before the attempt after `attempt`: anything up to a bound that doubles, so that clients do not march in step."""
    return random.uniform(0, min(_LONGEST_PAUSE, first * 2**attempt))  # noqa: S311 - spreads load, guards nothing


def _wait(value: str | None, headers: Mapping[str, str]) -> float | None:
    """The seconds that a header asks for, told as such or as the moment of their end; of two values the longer wait."""
    if not value:
        return None
    moment = None
    numbers = _numbers(value)
    if numbers:
        seconds = max(numbers)
        if seconds < _EPOCH_FROM:
            return min(seconds, _LONGEST_BELIEVED)
        moment = seconds / 1000 if seconds >= _EPOCH_MILLISECONDS_FROM else seconds
    else:
        moment = _moment(value)
    if moment is None:
        return None
    said_at = _moment(headers.get("date", ""))  # the portal's clock need not be ours
    return min(max(0.0, moment - (time.time() if said_at is None else said_at)), _LONGEST_BELIEVED)


def _moment(value: str) -> float | None:
    """An HTTP or ISO 8601 date in seconds since 1970; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(value) if value[:4].isdecimal() else parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _numbers(value: str | None) -> list[float]:
    """One number, or several where something on the way joined repeated headers by commas; none when a part is no number."""
    if not value:
        return []
    parts = [part.strip() for part in value.split(",")]
    return [float(part) for part in parts] if all(_NUMBER.fullmatch(part) for part in parts) else []
