"""What answers say of upstream's limit, in every way in which portals spell a time, and how long we believe it."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.http.waits import LimitHeaders

DAY = 24 * 3600.0
NOW = 1_795_000_000
SKEWED = {"date": format_datetime(datetime.fromtimestamp(NOW, UTC), usegmt=True)}
"""A portal whose clock is not ours."""


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(NOW + seconds, UTC)


SPELLINGS = {
    "seconds": "90",
    "seconds with a fraction": "90.0",
    "seconds in air": " 90 ",
    "the moment in seconds": str(NOW + 90),
    "the moment with a fraction": f"{NOW + 90}.5",
    "the moment in milliseconds": str((NOW + 90) * 1000),
    "an HTTP date": format_datetime(at(90), usegmt=True),
    "an RFC 850 date": at(90).strftime("%A, %d-%b-%y %H:%M:%S GMT"),
    "a date with another zone": "Wed, 18 Nov 2026 18:08:10 +0700",
    "an ISO date": at(90).isoformat(),
    "an ISO date in Z": at(90).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "told twice": "90, 90",
    "told twice, differently": "5, 90",
}


@pytest.mark.parametrize("header", ["retry-after", "x-ratelimit-reset", "ratelimit-reset"])
@pytest.mark.parametrize("value", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_time_is_read_however_it_is_spelled_and_by_the_portals_own_clock(header, value):
    said = LimitHeaders.read({**SKEWED, header: value})
    assert (said.retry_after if header == "retry-after" else said.reset_after) == pytest.approx(90, abs=1)


def test_without_a_date_in_the_answer_our_own_clock_counts():
    said = LimitHeaders.read({"retry-after": str(int(time.time()) + 90)})
    assert said.retry_after == pytest.approx(90, abs=2)


@pytest.mark.parametrize("value", ["0", str(NOW - 3600), "Sat, 01 Jan 2000 00:00:00 GMT", "0001-01-01T00:00:00+23:59"])
def test_a_moment_that_is_over_is_no_wait(value):
    assert LimitHeaders.read({**SKEWED, "retry-after": value}).retry_after == 0


@pytest.mark.parametrize(
    "value",
    ["90000", "999999999", str(NOW + 10**7), "9" * 15, "Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31T23:59:59-23:59"],
)
def test_nobody_is_believed_for_longer_than_a_day(value):
    assert LimitHeaders.read({**SKEWED, "retry-after": value}).retry_after == DAY


@pytest.mark.parametrize(
    "value",
    ["", "-5", "soon", "1e9", "٣", "NaN", "inf", "9" * 400, "30s", "Thu, 99 Foo 2026 99:99:99 GMT", ",", "5, soon"],
)
def test_what_is_no_time_says_nothing(value):
    assert LimitHeaders.read({"retry-after": value, "x-ratelimit-reset": value}).silent


def test_the_smaller_of_two_numbers_of_calls_counts():
    assert LimitHeaders.read({"x-ratelimit-remaining": "40, 3"}).remaining == 3
    assert LimitHeaders.read({"x-ratelimit-remaining": "many"}).remaining is None


headers = st.dictionaries(
    st.sampled_from(["retry-after", "x-ratelimit-reset", "x-ratelimit-remaining", "ratelimit-reset", "date"]),
    st.one_of(
        st.text(max_size=40),
        st.integers().map(str),
        st.floats().map(str),
        st.datetimes(timezones=st.timezones()).map(datetime.isoformat),
        st.datetimes().map(format_datetime),
        st.from_regex(
            r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{1,5} \d{2}:\d{2}:\d{2} ([+-]\d{4,9}|GMT)", fullmatch=True
        ),
    ),
)


@given(headers)
def test_whatever_is_said_is_a_bounded_wait_or_nothing(said):
    read = LimitHeaders.read(said)
    for wait in (read.retry_after, read.reset_after):
        assert wait is None or (math.isfinite(wait) and 0 <= wait <= DAY)
    assert read.remaining is None or read.remaining >= 0
