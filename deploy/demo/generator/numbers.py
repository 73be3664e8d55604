"""Identification numbers that are valid and that nobody has.

National numbers use counters from 970 up, which are given out only on days with nearly a thousand births of one sex,
and enterprise numbers start with 1999, far above what the register has reached. python-stdnum decides what is valid:
of the 97 possible pairs of check digits the one that it accepts is taken.
"""

from collections.abc import Callable
from datetime import date
from enum import Enum

from stdnum.be import bis, nn, vat


class Sex(Enum):
    """The parity of the counter in a national number: odd for men, even for women."""

    MALE = 971
    FEMALE = 970


def enterprise_number(ordinal: int) -> str:
    """Make the enterprise number of the fictional enterprise with this ordinal (1 to 9999)."""
    return _with_check_digits(f"1999{ordinal:04d}", vat.is_valid)


def national_number(born: date, sex: Sex, rank: int = 0) -> str:
    """Make a national number for this birth date; `rank` distinguishes people who share date and sex."""
    stem = f"{born:%y%m%d}{sex.value + 2 * rank:03d}"
    return _with_check_digits(stem, lambda number: nn.is_valid(number) and nn.get_birth_date(number) == born)


def bis_number(born: date, sex: Sex) -> str:
    """Make a BIS number, for someone who is not in the national register: the month counts 40 more."""
    stem = f"{born:%y}{born.month + 40:02d}{born:%d}{sex.value:03d}"
    return _with_check_digits(stem, lambda number: bis.is_valid(number) and bis.get_birth_date(number) == born)


def _with_check_digits(stem: str, is_valid: Callable[[str], bool]) -> str:
    return next(number for check in range(98) if is_valid(number := f"{stem}{check:02d}"))
