"""The rate and the number of calls at once, in one process and across processes."""

import contextlib
import subprocess
import sys
import threading
import time
import uuid

import pytest
import redis
from django.conf import settings

from providers.errors import RateLimited
from providers.limits import LocalLimiter, Rate, ValkeyLimiter, pause_from, valkey_client


@pytest.fixture
def valkey():
    client = valkey_client(settings.REDIS_URL)
    yield client
    client.close()


@pytest.fixture(params=["local", "valkey"])
def make(request, valkey):
    key = uuid.uuid4().hex

    def limiter(**options):
        return LocalLimiter(**options) if request.param == "local" else ValkeyLimiter(valkey, key, **options)

    return limiter


def test_no_minute_sees_more_than_the_rate():
    for per_minute in (1, 2, 6, 25, 60, 240, 1000):
        rate = Rate(per_minute, 4)
        assert rate.burst + int(60 / rate.interval) <= per_minute + 1


def test_a_burst_is_free_and_then_calls_are_spread(make):
    limiter = make(rate_per_minute=600, concurrency=10)
    started = time.monotonic()
    for _ in range(100):
        with limiter.slot(timeout=5):
            pass
    assert time.monotonic() - started < 1.5
    for _ in range(5):
        with limiter.slot(timeout=5):
            pass
    assert time.monotonic() - started >= 5 * 0.1


def test_never_more_calls_at_once_than_allowed(make):
    limiter = make(rate_per_minute=60000, concurrency=2)
    lock, under_way, most = threading.Lock(), [0], [0]

    def call():
        with limiter.slot(timeout=10):
            with lock:
                under_way[0] += 1
                most[0] = max(most[0], under_way[0])
            time.sleep(0.02)
            with lock:
                under_way[0] -= 1

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 2


def test_waiting_longer_than_the_caller_can_is_a_rate_limit(make):
    limiter = make(rate_per_minute=6, concurrency=1)
    with limiter.slot(timeout=1), pytest.raises(RateLimited), limiter.slot(timeout=0.2):
        pass
    with pytest.raises(RateLimited) as caught, limiter.slot(timeout=0.2):
        pass
    assert 5 < caught.value.retry_after <= 13


def test_retry_after_holds_everybody_back(make):
    first = make(rate_per_minute=600, concurrency=4)
    first.learn(remaining=None, reset_after=None, retry_after=30)
    with pytest.raises(RateLimited) as caught, first.slot(timeout=1):
        pass
    assert 28 < caught.value.retry_after <= 30


def test_two_processes_share_one_limit(valkey):
    key = uuid.uuid4().hex
    mine = ValkeyLimiter(valkey, key, rate_per_minute=600, concurrency=1)
    program = (
        "import sys\n"
        "from providers.limits import ValkeyLimiter, valkey_client\n"
        "limiter = ValkeyLimiter(valkey_client(sys.argv[1]), sys.argv[2], rate_per_minute=600, concurrency=1)\n"
        "with limiter.slot(timeout=5):\n    print('in', flush=True)\n    sys.stdin.readline()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, settings.REDIS_URL, key],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        with pytest.raises(RateLimited), mine.slot(timeout=0.2):
            pass
        other.communicate("\n", timeout=5)
        with mine.slot(timeout=2):
            pass
    finally:
        other.kill()
        other.wait()


def test_without_valkey_calls_go_on_one_at_a_time():
    away = valkey_client("unix:///nonexistent/valkey.sock?db=0")
    limiter = ValkeyLimiter(away, "x", rate_per_minute=600, concurrency=4)
    started = time.monotonic()
    with limiter.slot(timeout=1), pytest.raises(RateLimited), limiter.slot(timeout=0.1):
        pass
    assert time.monotonic() - started < 2


def test_waiting_before_and_after_valkey_went_away_is_one_wait(monkeypatch):
    limiter = ValkeyLimiter(valkey_client("redis://127.0.0.1:1/0"), "x", rate_per_minute=600, concurrency=1)

    def gone(_member):
        time.sleep(0.3)
        raise redis.ConnectionError

    monkeypatch.setattr(limiter, "_take", gone)
    with limiter._alone.slot(timeout=1):
        started = time.monotonic()
        with pytest.raises(RateLimited), limiter.slot(timeout=0.4):
            pass
        assert time.monotonic() - started < 0.65


def test_a_failing_call_gives_its_place_back(make):
    limiter = make(rate_per_minute=600, concurrency=1)
    for _ in range(3):
        with contextlib.suppress(ZeroDivisionError), limiter.slot(timeout=0.5):
            raise ZeroDivisionError


@pytest.mark.parametrize(
    ("said", "pause"),
    [
        ((None, None, None), 0),
        ((100, 60.0, None), 0),
        ((0, 60.0, None), 60),
        ((2, 60.0, None), 20),
        ((5, None, None), 0),
        ((50, 60.0, 7.0), 7),
        ((0, 1e9, None), 3600),
    ],
)
def test_what_upstreams_headers_ask_for(said, pause):
    assert pause_from(Rate(240, 4), *said) == pytest.approx(pause)
