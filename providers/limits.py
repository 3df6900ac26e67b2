"""How many calls one account may make: a rate per minute and a number at once, shared by all processes through Valkey.

The rate is a generic cell rate: a small burst is free, then calls are spread evenly; no minute ever sees more than the rate.
"""

from __future__ import annotations

import logging
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from providers.errors import RateLimited
from providers.lines import lines_of

logger = logging.getLogger("holdfast.upstream")

_LEASE_SECONDS = 90.0  # outlasts the longest call, so that only a crash leaves a place to run out
_LOOK_AGAIN = 0.05
_LONGEST_BLOCK = 3600.0
_AWAY_SECONDS = 5.0
_OWN_LIMIT = "This account's own limit of calls is reached for now. Nothing was sent."
_ASKED = "The portal asked for a pause before the next call of this account. Nothing was sent."
_SAID_KEPT = 3600
_SAID_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` calls at once, then one every `interval` seconds: together never more than `per_minute` in any minute."""

    per_minute: int
    concurrency: int

    @property
    def burst(self) -> int:
        return max(1, self.per_minute // 6)

    @property
    def interval(self) -> float:
        return 60.0 / max(1, self.per_minute - self.burst)


@dataclass(frozen=True, slots=True)
class Headroom:
    """What is left of an account's limits right now. The portal's own words are None where it said nothing within the last hour."""

    per_minute: int
    concurrency: int
    under_way: int
    """Calls that hold a place."""
    blocked_for: float
    """Seconds for which nobody calls, because the portal asked for it."""
    remaining: int | None = None
    """Calls that the portal said were left."""
    said_ago: float | None = None
    """Seconds since it said so."""
    reset_in: float | None = None
    """Seconds until it counts anew, as it said."""


def pause_from(rate: Rate, remaining: int | None, reset_after: float | None, retry_after: float | None) -> float:
    """Seconds without calls that upstream's headers ask for: all of them when it said so, a share when few calls are left."""
    if retry_after is not None:
        return min(retry_after, _LONGEST_BLOCK)
    if remaining is None or reset_after is None or remaining > 2 * rate.concurrency:
        return 0.0
    return min(reset_after / (max(0, remaining) + 1), _LONGEST_BLOCK)


class _Wait(NamedTuple):
    """The seconds after which to look again, 0 when a place was taken; `asked`: because the portal asked for it."""

    seconds: float
    asked: bool = False


class LocalLimiter:
    """The limit of one process."""

    def __init__(self, *, rate_per_minute: int, concurrency: int) -> None:
        self._rate = Rate(rate_per_minute, max(1, concurrency))
        self._lock = threading.Lock()
        self._places = self._rate.concurrency
        self._next = 0.0
        self._blocked_until = 0.0

    @contextmanager
    def slot(self, *, timeout: float) -> Iterator[None]:
        _wait_for(self._take, timeout)
        try:
            yield
        finally:
            with self._lock:
                self._places += 1

    def learn(self, *, remaining: int | None, reset_after: float | None, retry_after: float | None) -> None:
        pause = pause_from(self._rate, remaining, reset_after, retry_after)
        with self._lock:
            self._blocked_until = max(self._blocked_until, time.monotonic() + pause)

    def _take(self) -> _Wait:
        with self._lock:
            now = time.monotonic()
            if self._blocked_until > now:
                return _Wait(self._blocked_until - now, asked=True)
            if self._places == 0:
                return _Wait(_LOOK_AGAIN)
            due = max(self._next, now)
            early = due - (self._rate.burst - 1) * self._rate.interval - now
            if early > 0:
                return _Wait(early)
            self._next = due + self._rate.interval
            self._places -= 1
            return _Wait(0.0)


_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local blocked = tonumber(redis.call('GET', KEYS[3]) or '0')
if blocked > now then return -1 - (blocked - now) end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3]) then return -1 end
local interval = tonumber(ARGV[1])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local early = due - (tonumber(ARGV[2]) - 1) * interval - now
if early > 0 then return math.ceil(early) end
redis.call('SET', KEYS[1], tostring(due + interval), 'PX', 120000)
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[4]), ARGV[5])
redis.call('PEXPIRE', KEYS[2], 2 * tonumber(ARGV[4]))
return 0
"""
_BLOCK = """
local time = redis.call('TIME')
local until_ = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[1])
if until_ > tonumber(redis.call('GET', KEYS[1]) or '0') then
  redis.call('SET', KEYS[1], string.format('%.0f', until_), 'PX', tonumber(ARGV[1]) + 1000)
end
return 1
"""


def valkey_client(url: str) -> redis.Redis:
    """A client that gives up soon: left to itself, redis-py tries eleven times, and every call to a portal would wait for that."""
    client: redis.Redis = redis.Redis.from_url(
        url, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 1)
    )
    return client


class ValkeyLimiter:
    """The limit of one account for all processes. While Valkey is away, each process keeps to a quarter of the rate and one call at
    a time by itself. `client` comes from `valkey_client`."""

    def __init__(self, client: redis.Redis, key: str, *, rate_per_minute: int, concurrency: int) -> None:
        self._client = client
        self._lines = lines_of(client)
        self._rate = Rate(rate_per_minute, max(1, concurrency))
        root = f"{{holdfast:limit:{key}}}"
        self._due, self._places, self._blocked = f"{root}:due", f"{root}:places", f"{root}:blocked"
        self._said, self._said_again_at = f"{root}:said", 0.0
        self._take_script = client.register_script(_TAKE)
        self._block_script = client.register_script(_BLOCK)
        self._alone = LocalLimiter(rate_per_minute=max(1, rate_per_minute // 4), concurrency=1)
        self._away_until = 0.0
        self._untold_until = 0.0

    @contextmanager
    def slot(self, *, timeout: float) -> Iterator[None]:
        with self._place(timeout):
            yield

    def learn(self, *, remaining: int | None, reset_after: float | None, retry_after: float | None) -> None:
        self._alone.learn(remaining=remaining, reset_after=reset_after, retry_after=retry_after)
        if remaining is not None:
            self._keep(remaining, reset_after)
        pause = pause_from(self._rate, remaining, reset_after, retry_after)
        if pause <= 0:
            return
        # kept until Valkey has taken it, for all processes: it may be away now
        self._untold_until = max(self._untold_until, time.monotonic() + pause)
        if self._is_away():
            return
        try:
            self._tell()
        except redis.RedisError as error:
            self._gone(error)

    def lift(self) -> bool:
        """Ends the pause that the portal asked for, in all processes; the own rate stays. False while Valkey is away."""
        self._untold_until = 0.0
        try:
            self._client.delete(self._blocked)
        except redis.RedisError as error:
            self._gone(error)
            return False
        return True

    def _place(self, timeout: float) -> AbstractContextManager[None]:
        member = uuid.uuid4().hex
        deadline = time.monotonic() + timeout
        if not self._is_away():
            try:
                _wait_for(lambda: self._take(member), timeout)
            except redis.RedisError as error:
                self._gone(error)
            else:
                return self._held(member)
        return self._alone.slot(timeout=max(0.0, deadline - time.monotonic()))

    @contextmanager
    def _held(self, member: str) -> Iterator[None]:
        try:
            yield
        finally:
            try:
                self._lines.tell("ZREM", self._places, member)
            except redis.RedisError as error:
                self._gone(error)  # the place runs out by itself

    def headroom(self) -> Headroom | None:
        """What is left, for people to see; None while Valkey is away."""
        try:
            with self._client.pipeline(transaction=False) as asked:
                asked.time()
                asked.mget(self._said, self._blocked)
                asked.zrange(self._places, 0, -1, withscores=True)
                (seconds, micros), (said, blocked), places = asked.execute()
        except redis.RedisError as error:
            self._gone(error)
            return None
        now = seconds + micros / 1_000_000
        found = Headroom(
            per_minute=self._rate.per_minute,
            concurrency=self._rate.concurrency,
            under_way=sum(1 for _member, until in places if until / 1000 > now),
            blocked_for=max(0.0, float(blocked or 0) / 1000 - now),
        )
        if not said:
            return found
        remaining, at, reset = (float(part) for part in said.split(b" "))
        reset_in = max(0.0, reset - now) if reset else None
        return replace(found, remaining=int(remaining), said_ago=max(0.0, now - at), reset_in=reset_in)

    def _keep(self, remaining: int, reset_after: float | None) -> None:
        """What the portal said of its own limit, for the page; once a second is often enough."""
        if time.monotonic() < self._said_again_at or self._is_away():
            return
        self._said_again_at = time.monotonic() + _SAID_EVERY
        now = time.time()
        reset = now + reset_after if reset_after is not None else 0
        try:
            self._client.set(self._said, f"{remaining} {now:.3f} {reset:.3f}", ex=_SAID_KEPT)
        except redis.RedisError as error:
            self._gone(error)

    def _tell(self) -> None:
        until = self._untold_until
        left = until - time.monotonic()
        if left > 0:
            self._block_script(keys=[self._blocked], args=[max(1, int(left * 1000))])
        if self._untold_until == until:  # else another thread has learned of a longer pause meanwhile
            self._untold_until = 0.0

    def _take(self, member: str) -> _Wait:
        if self._untold_until:
            self._tell()
        arguments: list[Any] = [
            self._rate.interval * 1000,
            self._rate.burst,
            self._rate.concurrency,
            int(_LEASE_SECONDS * 1000),
            member,
        ]
        wait = int(self._evaluated([self._due, self._places, self._blocked], arguments))
        if wait == -1:
            return _Wait(_LOOK_AGAIN)
        return _Wait((-1 - wait) / 1000, asked=True) if wait < 0 else _Wait(wait / 1000)

    def _evaluated(self, keys: list[str], arguments: list[Any]) -> Any:
        try:
            return self._lines.ask("EVALSHA", self._take_script.sha, len(keys), *keys, *arguments)
        except redis.exceptions.NoScriptError:  # Valkey was started anew, or never had it
            return self._take_script(keys=keys, args=arguments)

    def _is_away(self) -> bool:
        return time.monotonic() < self._away_until

    def _gone(self, error: redis.RedisError) -> None:
        self._away_until = time.monotonic() + _AWAY_SECONDS
        logger.warning("limiter without Valkey", extra={"error": type(error).__name__})


def _wait_for(take: Callable[[], _Wait], timeout: float) -> None:
    """Calls `take` until it has a place. Raises RateLimited, with the rest of the wait, when none is to be had in time."""
    deadline = time.monotonic() + timeout
    while True:
        wait, asked = take()
        if wait <= 0:
            return
        if time.monotonic() + wait > deadline:
            raise RateLimited(_ASKED if asked else _OWN_LIMIT, retry_after=max(1.0, wait))
        time.sleep(wait + random.uniform(0, _LOOK_AGAIN / 2))  # noqa: S311 - spreads load, guards nothing
