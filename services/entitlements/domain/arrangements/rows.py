"""Rows of arrangements: what a source says for one joint committee, one band of sizes and one stretch of time.

Rows are reference data (`services/entitlements/reference/arrangements.csv`), never code.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from services.entitlements.domain.arrangements.size_bands import SizeBand


class ArrangementSet(StrEnum):
    """Whose rows: one of the two bases (the brochure's is the default), or a sector's."""

    BROCHURE = "brochure"
    LAW = "law"
    SECTOR = "sector"


class Unit(StrEnum):
    """What an arrangement counts in."""

    DAYS = "days"
    HOURS = "hours"


class RightType(StrEnum):
    """Where days come from, and what a training is charged to."""

    LEGAL = "legal"
    SECTORAL = "sectoral"
    COMPANY = "company"


class Confidence(StrEnum):
    """How plainly the published source says what the row says."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Validity:
    """From `start` up to but not including `until`; None goes on."""

    start: date
    until: date | None

    def contains(self, day: date) -> bool:
        """Tell whether the row holds on `day`."""
        return self.start <= day and (self.until is None or day < self.until)

    def overlaps(self, other: "Validity") -> bool:
        """Tell whether there is a day on which both hold."""
        return (other.until is None or self.start < other.until) and (self.until is None or other.start < self.until)

    def __str__(self) -> str:
        return f"[{self.start},{'' if self.until is None else self.until})"


@dataclass(frozen=True, slots=True)
class ArrangementRow:
    """One row. `joint_committee` is a canonical code, or `*` in a base set; `amount` is in `unit`.

    `hours_per_day`: what an arrangement in hours itself calls a day. `average_per_fte` counts as an individual right of
    that amount and is marked. `min_months_worked`: started months at the enterprise below which there is no right.
    """

    set: ArrangementSet
    joint_committee: str
    size: SizeBand
    validity: Validity
    amount: Decimal
    unit: Unit
    source: str
    confidence: Confidence = Confidence.HIGH
    average_per_fte: bool = False
    min_months_worked: int | None = None
    hours_per_day: Decimal | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.amount < 0 or (self.hours_per_day is not None and self.hours_per_day <= 0):
            raise ValueError("an arrangement grants nothing negative, in days of more than 0 hours")

    @property
    def right_type(self) -> RightType:
        """Get the type of right: a base's rows are the legal right, a sector's the sectoral one."""
        return RightType.SECTORAL if self.set is ArrangementSet.SECTOR else RightType.LEGAL

    @property
    def id(self) -> str:
        """Get the row's id: set, code, band and validity."""
        return f"{self.set}/{self.joint_committee}/{self.size}/{self.validity}"


def contradictions(rows: Iterable[ArrangementRow]) -> list[tuple[ArrangementRow, ArrangementRow]]:
    """Find pairs of rows of one set and code that both answer for some size on some day."""
    return [
        (one, other)
        for one, other in combinations(rows, 2)
        if (one.set, one.joint_committee) == (other.set, other.joint_committee)
        and one.size.overlaps(other.size)
        and one.validity.overlaps(other.validity)
    ]
