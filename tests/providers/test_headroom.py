"""What is left of an account's limits, for people to see."""

import time
import uuid

from django.conf import settings

from providers.limits import ValkeyLimiter, valkey_client


def limiter_at(url: str) -> ValkeyLimiter:
    return ValkeyLimiter(valkey_client(url), uuid.uuid4().hex, rate_per_minute=120, concurrency=3)


def test_a_portal_that_never_said_is_unknown_and_our_own_limits_are_told():
    found = limiter_at(settings.REDIS_URL).headroom()
    assert found is not None
    assert (found.per_minute, found.concurrency, found.under_way, found.blocked_for) == (120, 3, 0, 0.0)
    assert (found.remaining, found.said_ago, found.reset_in) == (None, None, None)


def test_what_the_portal_said_last_is_told_with_its_age():
    limiter = limiter_at(settings.REDIS_URL)
    limiter.learn(remaining=90, reset_after=30.0, retry_after=None)
    limiter.learn(remaining=89, reset_after=30.0, retry_after=None)
    with limiter.slot(timeout=1):
        found = limiter.headroom()
    assert found is not None
    assert found.under_way == 1
    assert found.remaining == 90, "once a second is often enough"
    assert found.said_ago is not None
    assert found.said_ago < 5
    assert found.reset_in is not None
    assert 20 < found.reset_in <= 30


def test_a_pause_that_the_portal_asked_for_is_told():
    limiter = limiter_at(settings.REDIS_URL)
    limiter.learn(remaining=None, reset_after=None, retry_after=20.0)
    found = limiter.headroom()
    assert found is not None
    assert 15 < found.blocked_for <= 20


def test_without_valkey_nothing_is_told_and_nobody_waits_long():
    limiter = limiter_at("redis://127.0.0.1:1/0")
    began = time.monotonic()
    assert limiter.headroom() is None
    limiter.learn(remaining=5, reset_after=None, retry_after=None)
    assert time.monotonic() - began < 5
