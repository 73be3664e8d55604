"""Exact amounts of days: integers and fractions inside, a Decimal of six places in every ledger line."""

from decimal import Decimal
from fractions import Fraction

PLACES = 6
_SCALE = 10**PLACES
ZERO = Decimal("0.000000")


def days_of(numerator: int, denominator: int) -> Decimal:
    """Divide into days, rounded once, half to even, to six decimals. The denominator is positive.

    Integers, because this runs for every charge of a bulk file: a Fraction costs ten times as much.
    """
    quotient, rest = divmod(numerator * _SCALE, denominator)
    twice = 2 * rest
    if twice > denominator or (twice == denominator and quotient & 1):
        quotient += 1
    return Decimal(quotient).scaleb(-PLACES)


def rounded(days: Fraction) -> Decimal:
    """Round an exact number of days to a line's amount: half to even, six decimals."""
    return days_of(days.numerator, days.denominator)


def exact_text(value: Fraction | Decimal) -> str:
    """Write a number without loss: `0.5` where a decimal says it all, else `2/3`."""
    fraction = Fraction(value)
    rest = fraction.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(fraction)
    decimal = Decimal(fraction.numerator) / Decimal(fraction.denominator)
    return format(decimal, "f") if decimal == decimal.to_integral_value() else format(decimal.normalize(), "f")
