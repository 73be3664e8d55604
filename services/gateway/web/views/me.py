"""The employee's own account: `/me`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from services.gateway.web.views.credit import YearOfCredit
from services.gateway.web.views.frame import Capacity, Frame, Party
from services.gateway.web.views.representing import Announced, Offer, OwnClaim
from services.gateway.web.views.trainings import TrainingRow


@dataclass(frozen=True)
class OwnEmployment:
    """One of the reader's employments; `year` is the credit of the year shown, None where there is none.

    `why_no_right` then says why, by its label's code.
    """

    employment: str
    enterprise: Party
    joint_committee: str
    fraction: Decimal
    start_date: date
    end_date: date | None
    year: YearOfCredit | None
    why_no_right: str = "pending"


@dataclass(frozen=True)
class Office:
    """A role that opens no pages of its own yet: as what, and for which organisation (None where it is not named)."""

    capacity: Capacity
    organisation: Party | None


@dataclass(frozen=True)
class MeView:
    """Right, balance and trainings of the reader, from every employer. `trainings` are of all years, newest first.

    `announced`: new employers, and what became of those that the reader contests. `offices`: what the reader is
    besides, said because whoever signed in for it finds nothing of it here.
    """

    template: ClassVar[str] = "pages/me.html"

    name: str
    shown_year: int
    years: Sequence[int]
    employments: Sequence[OwnEmployment]
    trainings: Sequence[TrainingRow]
    offices: Sequence[Office] = ()
    announced: Sequence[Announced] = ()
    claims: Sequence[OwnClaim] = ()
    offers: Sequence[Offer] = ()
    may_register: bool = False

    def year_tabs(self, frame: Frame) -> list[tuple[str, str, bool]]:
        """A tab for each year: its text, its address, whether it is the one shown."""
        return [(str(year), frame.with_query(year=year), year == self.shown_year) for year in self.years]
