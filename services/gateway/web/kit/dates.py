"""Days and moments of an answer, where there may be none."""

from datetime import date, datetime


def day(text: str | None) -> date | None:
    """Parse an ISO day; None stays None."""
    return date.fromisoformat(text) if text else None


def moment(text: str | None) -> datetime | None:
    """Parse an ISO moment with its offset; None stays None."""
    return datetime.fromisoformat(text) if text else None
