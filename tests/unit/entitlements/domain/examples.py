"""Short ways to write the facts of a test."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import orjson

from services.entitlements.domain.arrangements.enterprise_size import SizePeriod, Sizes
from services.entitlements.domain.arrangements.rows import ArrangementSet
from services.entitlements.domain.arrangements.which_applies import Arrangements
from services.entitlements.domain.balance import YearFigures, year_figures
from services.entitlements.domain.charges.charged_training import Training, TrainingStatus
from services.entitlements.domain.employments import Employment, EndReason, Term
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.ledger import target
from services.entitlements.domain.lines import Line
from services.entitlements.domain.rights.overrides import Override, OverrideKind, OverrideScope
from services.entitlements.domain.settings import DEFAULTS, Settings
from services.entitlements.reference.load_arrangements import load_arrangements
from shared.contracts.ledger_inputs import encode_inputs

NO_SECTOR = "999"
"""A committee for which no sector row is shipped: the base decides."""
DAY_IN_MINUTES = 456
"""7 h 36."""


def day(text: str) -> date:
    return date.fromisoformat(text)


@cache
def shipped(base: ArrangementSet = ArrangementSet.BROCHURE) -> Arrangements:
    return Arrangements(load_arrangements(), base)


def of_size(workers: str | None) -> Sizes:
    """An enterprise that always stated this size; None states nothing."""
    if workers is None:
        return Sizes()
    return Sizes(stated=(SizePeriod(date(2000, 1, 1), None, Decimal(workers)),))


def term(start: str, committee: str | None = NO_SECTOR, fraction: str = "1", week: str = "38") -> Term:
    return Term(day(start), committee, Fraction(fraction), Decimal(week))


def employed(
    start: str = "2024-01-01",
    end: str | None = None,
    *terms: Term,
    reason: EndReason | None = None,
    id: str = "employment",
) -> Employment:
    return Employment(
        id, "person", "0123456749", day(start), day(end) if end else None, terms or (term(start),), reason
    )


def training(
    start: str,
    end: str | None = None,
    minutes: int = DAY_IN_MINUTES,
    status: TrainingStatus = TrainingStatus.COMPLETED,
    id: str = "training",
) -> Training:
    return Training(id, 1, day(start), day(end or start), minutes, status)


def override(
    days: str,
    kind: OverrideKind = OverrideKind.FULL_TIME_DAYS,
    start: str = "2024-01-01",
    end: str | None = "2024-12-31",
    *,
    scope: OverrideScope = OverrideScope.EMPLOYMENT,
    agreement: str | None = None,
    registered: int = 1,
    reason: str = "company plan",
) -> Override:
    return Override(
        f"override-{scope}-{kind}-{registered}",
        scope,
        kind,
        day(start),
        day(end) if end else None,
        Decimal(days),
        reason,
        datetime(2024, 1, registered, tzinfo=UTC),
        agreement,
    )


def figures(facts: Facts, on: str, settings: Settings = DEFAULTS) -> dict[int, YearFigures]:
    """The figures per year at the end of a day, from scratch."""
    wanted = target(facts, shipped(), day(on), settings)
    return year_figures(wanted.lines, wanted.years)


def entitlement(facts: Facts, year: int = 2024) -> Decimal:
    """The entitlement of a year, known at its end."""
    return figures(facts, f"{year}-12-31")[year].entitlement


def written_inputs(line: Line) -> dict[str, Any]:
    """What explains a line, as its row keeps it."""
    inputs: dict[str, Any] = orjson.loads(encode_inputs(line.inputs))
    return inputs
