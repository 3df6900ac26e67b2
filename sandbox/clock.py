"""The time as a portal sees it: its own zone on the wire, and movable so that a year can pass in a test."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

NEVER_DAY = "0000-00-00"
NEVER_STAMP = "0000-00-00 00:00:00"


class Clock:
    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def today(self) -> date:
        return self.now().astimezone(self.zone).date()

    def day(self, days: int) -> str:
        """The ISO day that many days from today."""
        return (self.today() + timedelta(days=days)).isoformat()

    def stamp(self) -> str:
        """Now, as it is stored: UTC ISO 8601 with seconds and a Z."""
        return stamp(self.now())

    def local(self, stored: str) -> str:
        """A stored instant as HostBill shows it: local to the server and without a zone."""
        if not stored:
            return NEVER_STAMP
        return datetime.fromisoformat(stored).astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def add_years(day: str, years: int) -> str:
    """The same day some years later; 29 February becomes 28 February where there is none."""
    start = date.fromisoformat(day)
    try:
        return start.replace(year=start.year + years).isoformat()
    except ValueError:
        return start.replace(year=start.year + years, day=28).isoformat()
