"""Employees: the list, one employment, and the form that adds or changes one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from services.gateway.web.views.credit import Credit, YearOfCredit
from services.gateway.web.views.frame import FormState, Frame, Party
from services.gateway.web.views.listing import Listing
from services.gateway.web.views.taking_back import OwnFigure
from services.gateway.web.views.trainings import TrainingRow
from shared.contracts.employer_submissions import EndReason


@dataclass(frozen=True)
class EmployeeRow:
    """One employment in the list. `fraction` is the part of full time, 0 to 1; credit is None until calculated."""

    employment: str
    name: str
    joint_committee: str
    fraction: Decimal
    start_date: date
    end_date: date | None
    credit: Credit | None


@dataclass(frozen=True)
class EmployeesView:
    """`…/employees`. Columns to sort by: name, startDate, granted, charged, available. `search` is `q`.

    `only_in_totals`: how many former employees of the year are not shown any more, `days_after_end` days after the end.
    """

    template: ClassVar[str] = "pages/employees.html"

    enterprise: Party
    year: int
    years: Sequence[int]
    employees: Listing[EmployeeRow]
    search: str = ""
    only_in_totals: int = 0
    days_after_end: int = 30


@dataclass(frozen=True)
class TermsRow:
    """The contract from a day on."""

    valid_from: date
    joint_committee: str
    fraction: Decimal


@dataclass(frozen=True)
class EmployeeView:
    """`…/employees/{employment_id}` in one year.

    `masked_national_number` is made by `Formatter.masked_national_number`, or None where it is not to be shown.
    `year` is None where there is no credit of that year; `why_no_right` is then the label's code: not in service, not
    begun, or the entitlements service has not calculated yet (a moment after the employment was added).
    `own_figures` are the employer's own for the year shown, those taken back among them. `contested_at`: the person
    says not to work here.
    """

    template: ClassVar[str] = "pages/employee.html"

    enterprise: Party
    employment: str
    name: str
    masked_national_number: str | None
    start_date: date
    end_date: date | None
    end_reason: EndReason | None
    terms: Sequence[TermsRow]
    years: Sequence[int]
    shown_year: int
    year: YearOfCredit | None
    trainings: Sequence[TrainingRow]
    why_no_right: str = "pending"
    own_figures: Sequence[OwnFigure] = ()
    contested_at: datetime | None = None

    def year_tabs(self, frame: Frame) -> list[tuple[str, str, bool]]:
        """A tab for each year: its text, its address, whether it is the one shown."""
        return [(str(year), frame.with_query(year=year), year == self.shown_year) for year in self.years]


@dataclass(frozen=True)
class EmploymentFormView:
    """`…/employees/new`, or `…/{employment_id}/change` when `employment` is given.

    `workingTime` is typed as a percentage of full time. `validFrom` (change only) is the day from which the joint
    committee and working time typed here hold; with an empty `validFrom` they replace the newest terms. `committees`
    are codes with their names; `doubted` is the code that nobody knows and that is asked about.
    """

    template: ClassVar[str] = "pages/employment_form.html"
    new_fields: ClassVar[tuple[str, ...]] = (
        "ssin",
        "givenName",
        "familyName",
        "startDate",
        "jointCommittee",
        "workingTime",
        "endDate",
        "endReason",
        "reference",
    )
    change_fields: ClassVar[tuple[str, ...]] = (
        "givenName",
        "familyName",
        "startDate",
        "jointCommittee",
        "workingTime",
        "validFrom",
        "endDate",
        "endReason",
        "reason",
        "expectedVersion",
    )

    enterprise: Party
    form: FormState
    committees: Sequence[tuple[str, str]] = ()
    employment: str | None = None
    name: str = ""
    terms: Sequence[TermsRow] = ()
    doubted: str = ""
