"""Days and moments: a day is a day in Brussels, a moment is aware and in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


def brussels_today() -> date:
    """Get today's date in Brussels."""
    return datetime.now(BRUSSELS).date()


def brussels_day(moment: datetime) -> date:
    """Get the day in Brussels on which an aware moment falls. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone belongs to no day")
    return moment.astimezone(BRUSSELS).date()


def end_of_day(day: date) -> datetime:
    """Get the first moment (UTC) after a day in Brussels. What was recorded before it was *known on* that day."""
    return datetime.combine(day + timedelta(days=1), time(), BRUSSELS).astimezone(UTC)
