"""How days of balances are rounded where people see them. What is stored and summed stays exact (six decimals)."""

from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from enum import StrEnum


class DayRounding(StrEnum):
    """How balances are shown (`FLA_DAY_ROUNDING`)."""

    EXACT = "exact"
    TWO_DECIMALS = "twoDecimals"
    UP_TO_HALF_DAY = "upToHalfDay"


def round_days(days: Decimal, rounding: DayRounding) -> Decimal:
    """Round days of a balance as they are shown."""
    match rounding:
        case DayRounding.EXACT:
            return days
        case DayRounding.TWO_DECIMALS:
            return days.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
        case DayRounding.UP_TO_HALF_DAY:
            # Adding zero takes the sign off a negative zero.
            return (days * 2).to_integral_value(ROUND_CEILING) / 2 + 0
