"""Days left and relative times, in the words that every page uses.

A day (an expiry, a due date) is a `date` and never shifts with a time zone; an instant is an aware `datetime` and is
shown in the reader's zone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, to_locale

from web.tones import Tone

SOON_DAYS = 30
URGENT_DAYS = 7


@dataclass(frozen=True, slots=True)
class DaysLeft:
    tone: Tone | None
    """None is neutral: known, and more than `SOON_DAYS` away."""
    words: str
    exact: str
    day: date | None


def babel_locale() -> Locale:
    """The reader's language as babel knows it, English where babel does not."""
    try:
        return Locale.parse(to_locale(get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def days_left(day: date | None, *, today: date | None = None, over: str = "expired") -> DaysLeft:
    """What to say about a day that matters.

    `over` is "expired" (it has lapsed), "overdue" (it should have been paid) or "ago" (it just was).
    """
    if day is None:
        return DaysLeft(Tone.UNKNOWN, gettext("date unknown"), gettext("The provider names no date we can read"), None)
    left = (day - (today or timezone.localdate())).days
    if left < 0:
        return DaysLeft(None if over == "ago" else Tone.BROKEN, _words_over(-left, over), exact_day(day), day)
    if over == "ago":
        return DaysLeft(None, _words_left(left), exact_day(day), day)
    tone = Tone.URGENT if left <= URGENT_DAYS else Tone.SOON if left <= SOON_DAYS else None
    return DaysLeft(tone, _words_left(left), exact_day(day), day)


def _words_left(left: int) -> str:
    if left == 0:
        return gettext("today")
    if left == 1:
        return gettext("tomorrow")
    return ngettext("in %(days)d day", "in %(days)d days", left) % {"days": left}


def _words_over(days: int, over: str) -> str:
    if over == "overdue":
        words = ngettext("%(days)d day overdue", "%(days)d days overdue", days)
    elif over == "ago":
        words = ngettext("%(days)d day ago", "%(days)d days ago", days)
    else:
        words = ngettext("expired %(days)d day ago", "expired %(days)d days ago", days)
    return words % {"days": days}


def exact_day(day: date) -> str:
    """Tue 24 Nov 2026"""
    return format_date(day, "EEE d MMM y", locale=babel_locale())


def short_day(day: date, *, today: date | None = None) -> str:
    """24 Nov, with its year when that is not this one or the next quarter's."""
    now = today or timezone.localdate()
    near = abs((day - now).days) < 300
    return format_date(day, "d MMM" if near else "d MMM y", locale=babel_locale())


def exact_instant(when: datetime) -> str:
    """Tue 24 Nov 2026, 08:38, in the reader's time zone."""
    return format_datetime(timezone.localtime(when), "EEE d MMM y, HH:mm", locale=babel_locale())


def moment(when: datetime, *, now: datetime | None = None) -> str:
    """14:05, or Sat 21 Nov, 14:05 when that was not today; in the reader's time zone."""
    local, today = timezone.localtime(when), timezone.localtime(now or datetime.now(UTC)).date()
    if local.date() == today:
        return format_datetime(local, "HH:mm", locale=babel_locale())
    pattern = "EEE d MMM, HH:mm" if abs((local.date() - today).days) < 300 else "EEE d MMM y, HH:mm"
    return format_datetime(local, pattern, locale=babel_locale())


def relative(when: datetime, *, now: datetime | None = None) -> str:
    """4 minutes ago, in 2 hours; 'just now' and 'in a moment' within half a minute. Clocks may differ by a few seconds."""
    delta = when - (now or datetime.now(UTC))
    if abs(delta) < timedelta(seconds=30):
        return gettext("in a moment") if delta > timedelta(seconds=5) else gettext("just now")
    return format_timedelta(delta, add_direction=True, threshold=1.2, locale=babel_locale())


def month_name(day: date) -> str:
    """Dec, or Jan 2027 where the year begins."""
    return format_date(day, "MMM y" if day.month == 1 else "MMM", locale=babel_locale())
