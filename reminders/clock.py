"""Days and hours as each person lives them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(name: str) -> ZoneInfo:
    """UTC for a name that this machine does not know: a digest at another hour is better than none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def local_day(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()


def instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """That hour of that day. An hour that the clocks skip comes one later, of one that comes twice the first counts."""
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def slot(now: datetime, hour: int, zone: ZoneInfo) -> date:
    """The day whose digest is the latest that should have left."""
    day = local_day(now, zone)
    return day if instant(day, hour, zone) <= now else day - timedelta(days=1)
