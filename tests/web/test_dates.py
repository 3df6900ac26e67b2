from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from web.dates import days_left, exact_day, exact_instant, relative, short_day
from web.tones import Tone, worst

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("left", "tone", "words"),
    [
        (43, None, "in 43 days"),
        (31, None, "in 31 days"),
        (30, Tone.SOON, "in 30 days"),
        (8, Tone.SOON, "in 8 days"),
        (7, Tone.URGENT, "in 7 days"),
        (1, Tone.URGENT, "tomorrow"),
        (0, Tone.URGENT, "today"),
        (-1, Tone.BROKEN, "expired 1 day ago"),
        (-5, Tone.BROKEN, "expired 5 days ago"),
    ],
)
def test_days_left_get_louder_as_they_run_out(left: int, tone: Tone | None, words: str):
    said = days_left(TODAY + timedelta(days=left), today=TODAY)
    assert (said.tone, said.words) == (tone, words)


def test_an_unknown_day_is_said_to_be_unknown():
    assert days_left(None).tone is Tone.UNKNOWN


def test_a_past_day_is_worded_after_what_it_meant():
    day = TODAY - timedelta(days=2)
    assert days_left(day, today=TODAY, over="overdue").words == "2 days overdue"
    assert days_left(day, today=TODAY, over="ago").words == "2 days ago"
    assert days_left(day, today=TODAY, over="ago").tone is None


def test_a_day_is_written_out_and_gets_its_year_when_that_is_far():
    assert exact_day(TODAY) == "Tue 24 Nov 2026"
    assert short_day(date(2027, 1, 1), today=TODAY) == "1 Jan"
    assert short_day(date(2028, 1, 1), today=TODAY) == "1 Jan 2028"


def test_an_instant_is_shown_in_the_zone_of_the_reader():
    when = datetime(2026, 11, 24, 1, 38, tzinfo=UTC)
    with timezone.override("Asia/Ho_Chi_Minh"):
        assert exact_instant(when) == "Tue 24 Nov 2026, 08:38"


def test_a_day_does_not_move_with_the_zone_of_the_reader():
    with timezone.override("Pacific/Auckland"):
        assert exact_day(TODAY) == "Tue 24 Nov 2026"


def test_relative_times_are_short():
    now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert relative(now - timedelta(seconds=5), now=now) == "just now"
    assert relative(now - timedelta(minutes=4), now=now) == "4 minutes ago"
    assert relative(now + timedelta(hours=2), now=now) == "in 2 hours"
    assert relative(now + timedelta(seconds=20), now=now) == "in a moment"
    assert relative(now + timedelta(seconds=2), now=now) == "just now"


def test_a_whole_is_as_bad_as_its_worst_part_and_nothing_is_unknown():
    assert worst([Tone.FINE, Tone.UNKNOWN, Tone.SOON]) is Tone.UNKNOWN
    assert worst([Tone.UNKNOWN, Tone.BROKEN]) is Tone.BROKEN
    assert worst([]) is Tone.UNKNOWN
