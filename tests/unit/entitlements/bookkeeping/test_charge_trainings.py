"""The short way must end where the long way ends, also in years that have turned, by both rules of expiry."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.entitlements.bookkeeping.account import Cause
from services.entitlements.bookkeeping.charge_trainings import OpenLedger
from services.entitlements.bookkeeping.stored_years import StoredYear, years_of
from services.entitlements.domain.arrangements.enterprise_size import SizePeriod, Sizes
from services.entitlements.domain.arrangements.which_applies import Arrangements
from services.entitlements.domain.charges.charged_training import Training, TrainingStatus
from services.entitlements.domain.employments import Employment, EndReason, Term
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.ledger import target
from services.entitlements.domain.lines import Figure, Line
from services.entitlements.domain.settings import DEFAULTS, ExpiryRule, Settings
from services.entitlements.reference.load_arrangements import load_arrangements

ARRANGEMENTS = Arrangements(load_arrangements())
SIZES = Sizes(stated=(SizePeriod(date(2023, 1, 1), None, Decimal(25)),))
TODAY = date(2030, 3, 2)
CAUSE = Cause("cause", "person:someone", "0200000068")

ENDINGS = [(None, None), (date(2029, 6, 30), EndReason.RESIGNATION), (date(2027, 6, 30), EndReason.INDEMNITY)]
# The base counts in days, the other committee in hours.
COMMITTEES = ["999", "111.01.07"]
PER_RIGHT = Settings(expiry=ExpiryRule.PER_RIGHT)


def employment(ending: tuple[date | None, EndReason | None], committee: str) -> Employment:
    start = date(2023, 5, 1)
    return Employment("e", "p", "x", start, ending[0], (Term(start, committee, Fraction(4, 5)),), ending[1])


trainings = st.builds(
    lambda number, version, start, days, minutes, status: Training(
        f"t{number}", version, start, start + timedelta(days=days), minutes, status
    ),
    st.integers(0, 3),
    st.integers(1, 3),
    st.dates(date(2023, 1, 1), date(2031, 6, 1)),
    st.sampled_from([0, 0, 2, 400]),
    st.integers(1, 6000),
    st.sampled_from(TrainingStatus),
)


@pytest.mark.parametrize("choices", [DEFAULTS, PER_RIGHT], ids=["periods", "perRight"])
@given(st.sampled_from(ENDINGS), st.sampled_from(COMMITTEES), st.lists(st.lists(trainings, max_size=3), max_size=4))
@settings(max_examples=80)
def test_batches_of_trainings_end_where_all_facts_together_end(
    choices: Settings,
    ending: tuple[date | None, EndReason | None],
    committee: str,
    batches: list[list[Training]],
) -> None:
    whose = employment(ending, committee)
    start = target(Facts(whose, sizes=SIZES), ARRANGEMENTS, TODAY, choices)
    years: dict[int, StoredYear] = years_of(whose, start)
    lines: list[Line] = list(start.lines)
    known: dict[str, Training] = {}
    for batch in batches:
        newest = {one.id: one for one in sorted(batch, key=lambda one: one.version)}
        opened = OpenLedger(whose, 1, years)
        for one in newest.values():
            before = known.get(one.id)
            if before is not None and before.version >= one.version:
                continue
            if before is None:
                opened.charge(one, "cause")
            else:
                booked = [line for line in lines if line.training_id == one.id and _of_training(line)]
                opened.recharge(one, booked, "cause")
            known[one.id] = one
        booking = opened.close(CAUSE, TODAY, choices)
        lines += booking.lines
        years = dict(booking.years)
    wanted = target(Facts(whose, sizes=SIZES, trainings=tuple(known.values())), ARRANGEMENTS, TODAY, choices)
    assert years == years_of(whose, wanted)
    assert _sums(lines) == _sums(wanted.lines)


def _of_training(line: Line) -> bool:
    return line.figure in (Figure.CHARGED, Figure.RESERVED)


def _sums(lines: list[Line] | tuple[Line, ...]) -> dict[object, Decimal]:
    sums: dict[object, Decimal] = {}
    for line in lines:
        sums[line.key] = sums.get(line.key, Decimal(0)) + line.amount
    return {key: amount for key, amount in sums.items() if amount}
