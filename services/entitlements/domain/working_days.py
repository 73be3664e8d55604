"""Days and hours: a day is a normal working day of a full-timer, a fifth of the full-timer's week.

7 h 36 at 38 hours a week, in proportion otherwise [horecawallonie.be]. A fifth of a decimal is a decimal, so nothing is
lost.
"""

from decimal import Decimal
from fractions import Fraction

DAYS_A_WEEK = 5
USUAL_WEEK = Decimal(38)
"""Hours a week of a full-timer where nothing else is known."""


def hours_per_day(full_time_week: Decimal) -> Decimal:
    """Calculate the hours of a working day of a full-timer who works `full_time_week` hours."""
    return full_time_week / DAYS_A_WEEK


def days_from_hours(hours: Fraction, day: Decimal) -> Fraction:
    """Convert hours to days of `day` hours, exactly."""
    return hours / Fraction(day)


def hours_from_days(days: Fraction, day: Decimal) -> Fraction:
    """Convert days of `day` hours to hours, exactly."""
    return days * Fraction(day)
