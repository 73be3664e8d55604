"""Days and moments of an answer, where there may be none."""

from datetime import date, datetime


def day(text: str | None) -> date | None:
    """A local date, or none."""
    return date.fromisoformat(text) if text else None


def moment(text: str | None) -> datetime | None:
    """A moment in UTC, or none."""
    return datetime.fromisoformat(text) if text else None
