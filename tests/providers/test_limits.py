"""The rate and the number of calls at once, in one process and across processes."""

import contextlib
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

import pytest
import redis
from django.conf import settings

from portal.runtime import engines
from providers.errors import RateLimited
from providers.limits import LocalLimiter, Rate, ValkeyLimiter, pause_from, valkey_client


@contextmanager
def own_valkey(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [
        str(engines.valkey_program()),
        "--port",
        "0",
        "--unixsocket",
        str(path),
        "--save",
        "",
        "--dir",
        str(path.parent),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        client = valkey_client(f"unix://{path}?db=0")
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with contextlib.suppress(redis.RedisError):
                client.ping()
                break
            time.sleep(0.02)
        client.close()
        try:
            yield server
        finally:
            server.kill()


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
    with limiter.slot(timeout=1), pytest.raises(RateLimited, match="own limit"), limiter.slot(timeout=0.2):
        pass
    with pytest.raises(RateLimited, match="own limit") as caught, limiter.slot(timeout=0.2):
        pass
    assert 5 < caught.value.retry_after <= 13


def test_retry_after_holds_everybody_back(make):
    first = make(rate_per_minute=600, concurrency=4)
    first.learn(remaining=None, reset_after=None, retry_after=30)
    with pytest.raises(RateLimited, match="portal asked") as caught, first.slot(timeout=1):
        pass
    assert 28 < caught.value.retry_after <= 30


@pytest.mark.parametrize(
    "said",
    [
        {"retry_after": 30.0},
        {"retry_after": 30.4, "remaining": 100, "reset_after": 1.0},
        {"remaining": 0, "reset_after": 30.0},
    ],
)
def test_what_one_process_learns_holds_the_others_back(valkey, said):
    key = uuid.uuid4().hex
    one, other, stranger = (
        ValkeyLimiter(valkey, name, rate_per_minute=600, concurrency=4) for name in (key, key, uuid.uuid4().hex)
    )
    one.learn(**{"remaining": None, "reset_after": None, "retry_after": None, **said})
    with pytest.raises(RateLimited, match="portal asked") as caught, other.slot(timeout=1):
        pass
    assert 28 < caught.value.retry_after <= 31
    with stranger.slot(timeout=1):
        pass


def test_a_shorter_pause_does_not_end_a_longer_one(make):
    limiter = make(rate_per_minute=600, concurrency=4)
    limiter.learn(remaining=None, reset_after=None, retry_after=30)
    limiter.learn(remaining=None, reset_after=None, retry_after=1)
    limiter.learn(remaining=50, reset_after=60, retry_after=None)
    with pytest.raises(RateLimited) as caught, limiter.slot(timeout=1):
        pass
    assert caught.value.retry_after > 28


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


def test_what_was_learned_while_valkey_was_away_is_kept_when_it_is_back(valkey):
    limiter = ValkeyLimiter(valkey, uuid.uuid4().hex, rate_per_minute=600, concurrency=4)
    limiter._gone(redis.ConnectionError())
    limiter.learn(remaining=None, reset_after=None, retry_after=30)
    limiter._away_until = 0.0
    with pytest.raises(RateLimited) as caught, limiter.slot(timeout=0.2):
        pass
    assert 28 < caught.value.retry_after <= 30


def test_valkey_that_is_killed_in_the_middle_of_a_call_and_comes_back(tmp_path):
    """A Valkey of our own: calls go on alone while it is away, and share again when it is back."""
    path = tmp_path / "v.sock"
    limiter = ValkeyLimiter(valkey_client(f"unix://{path}?db=0"), "x", rate_per_minute=6000, concurrency=2)
    with own_valkey(path) as server, limiter.slot(timeout=1):
        server.kill()
        server.wait()
    started = time.monotonic()
    for _ in range(3):
        with limiter.slot(timeout=2):
            assert limiter._is_away()
    with limiter.slot(timeout=1), pytest.raises(RateLimited), limiter.slot(timeout=0.1):
        pass
    assert time.monotonic() - started < 2
    with own_valkey(path):
        limiter._away_until = 0.0
        with limiter.slot(timeout=1), limiter.slot(timeout=1):
            assert limiter._client.zcard(limiter._places) == 2
        assert limiter._client.zcard(limiter._places) == 0


def test_a_valkey_that_hangs_costs_a_call_a_moment_and_the_next_ones_nothing():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(5)
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        limiter = ValkeyLimiter(valkey_client(url), "x", rate_per_minute=6000, concurrency=4)
        started = time.monotonic()
        with limiter.slot(timeout=10):
            pass
        assert time.monotonic() - started < 6
        started = time.monotonic()
        with limiter.slot(timeout=10):
            pass
        assert time.monotonic() - started < 0.5


def test_four_processes_keep_to_one_rate_and_one_number_at_once():
    key = uuid.uuid4().hex
    program = (
        "import sys, time\n"
        "from providers.limits import ValkeyLimiter, valkey_client\n"
        "limiter = ValkeyLimiter(valkey_client(sys.argv[1]), sys.argv[2], rate_per_minute=600, concurrency=3)\n"
        "sys.stdin.readline()\n"
        "for _ in range(30):\n"
        "    with limiter.slot(timeout=30):\n"
        "        begun = time.monotonic()\n"
        "        time.sleep(0.01)\n"
        "        print(begun, time.monotonic())\n"
    )
    command = [sys.executable, "-c", program, settings.REDIS_URL, key]
    others = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR)
        for _ in range(4)
    ]
    for other in others:
        assert other.stdin is not None
        other.stdin.write("\n")
        other.stdin.flush()
    told = [line.split() for other in others for line in other.communicate(timeout=40)[0].splitlines()]
    calls = [(float(begun), float(ended)) for begun, ended in told]
    assert len(calls) == 120
    events = sorted([(begun, 1) for begun, _ in calls] + [(ended, -1) for _, ended in calls])
    assert max(accumulate(step for _, step in events)) <= 3
    first, last = min(begun for begun, _ in calls), max(begun for begun, _ in calls)
    rate = Rate(600, 3)
    assert last - first >= (120 - rate.burst - 1) * rate.interval * 0.95


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
