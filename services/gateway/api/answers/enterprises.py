"""Enterprises, how they stand, and the arrangements that apply."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from services.gateway.api.answers.common import Address, Count, Minutes, Page, TrainingCount, Year
from services.gateway.api.answers.employments import Credit
from shared.contracts.employer_submissions import OptOut, QuarterSize, Size
from shared.contracts.vocabulary import (
    Days,
    EnterpriseNumber,
    JointCommittee,
    LocalDate,
    Moment,
    TrainingKind,
    TrainingStatus,
)

Decimal = Annotated[str, Field(json_schema_extra={"format": "decimal"})]


class Arrangement(TypedDict):
    """The arrangement of a joint committee and a size, and why it is that one. `days`: of a full-timer's whole year."""

    jointCommittee: NotRequired[JointCommittee]
    size: NotRequired[Decimal]
    known: bool
    reason: Annotated[str, Field(description="Why it applies, or why none is known.", examples=["ownJointCommittee"])]
    parameters: dict[str, str]
    days: NotRequired[Days]
    hours: NotRequired[Decimal]
    hoursPerDay: NotRequired[Decimal]
    unit: NotRequired[Literal["days", "hours"]]
    set: NotRequired[Literal["brochure", "law", "sector"]]
    arrangement: NotRequired[str]
    source: NotRequired[str]
    confidence: NotRequired[Literal["high", "medium", "low"]]
    averagePerFte: NotRequired[bool]
    minMonthsWorked: NotRequired[int]
    note: NotRequired[str]


class ArrangementLookUp(TypedDict):
    """What applies on a day."""

    on: LocalDate
    items: list[Arrangement]


class CountedSize(TypedDict):
    """The size that counts, unrounded, and where it comes from."""

    workers: Decimal
    origin: Literal["averageFullTimeEquivalents", "headsOfFirstLaterQuarter", "measured", "stated"]


class AverageSize(TypedDict):
    """The size of a two-year window, from the quarters that were declared for it."""

    workers: Decimal
    origin: Literal["averageFullTimeEquivalents", "headsOfFirstLaterQuarter"]
    validFrom: LocalDate
    validUntil: LocalDate
    quarters: list[QuarterSize]


class Enterprise(TypedDict):
    """An enterprise as it is known, with the arrangement in force for each of its committees."""

    self: Address
    enterprise: EnterpriseNumber
    version: int
    name: str
    jointCommittees: list[JointCommittee]
    sizes: list[Size]
    size: NotRequired[CountedSize]
    quarters: NotRequired[list[QuarterSize]]
    averageSizes: NotRequired[list[AverageSize]]
    optOuts: NotRequired[list[OptOut]]
    on: LocalDate
    arrangements: list[Arrangement]


class EnterpriseLine(TypedDict):
    """An enterprise among others, with its year's figures."""

    enterprise: EnterpriseNumber
    name: NotRequired[str]
    employees: Count
    trainings: Count
    minutes: Minutes
    available: Days
    incomplete: Count
    lastRegistration: NotRequired[Moment]


class EnterprisePage(Page):
    """A page of enterprises."""

    year: Year
    items: list[EnterpriseLine]


class SummaryEmployees(TypedDict):
    """Who is employed in the year, and how many of them completed a training.

    `onlyInTotals`: former employees to whom access has ended; they count and are on no list.
    """

    onlyInTotals: Count
    employed: Count
    trained: Count
    withoutTraining: Count


class SummaryCredit(Credit):
    """The credit of all employments of the year."""

    employments: Count
    incomplete: Count


class SummaryMonth(TrainingCount):
    """Completed and planned trainings whose first day is in a month."""

    month: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}$", examples=["2025-03"])]
    formalMinutes: Minutes
    informalMinutes: Minutes
    plannedTrainings: Count
    plannedMinutes: Minutes


class SummaryKind(TrainingCount):
    """Completed trainings of a kind."""

    kind: TrainingKind


class SummaryStatus(TrainingCount):
    """Trainings by status."""

    status: TrainingStatus


class SummaryProvider(TrainingCount):
    """Completed trainings by provider, as far as it is named."""

    provider: NotRequired[str]
    providerNumber: NotRequired[EnterpriseNumber]


class SummaryTheme(TrainingCount):
    """Completed trainings by theme, as far as it is named."""

    theme: NotRequired[str]


class SummaryOthers(TrainingCount):
    """The sum of the shares that are not named."""

    count: Count


class SummaryProviders(TypedDict):
    """The largest shares, and the rest in one sum."""

    items: list[SummaryProvider]
    others: SummaryOthers


class SummaryThemes(TypedDict):
    """The largest shares, and the rest in one sum."""

    items: list[SummaryTheme]
    others: SummaryOthers


class EnterpriseSummary(TypedDict):
    """The dashboard's figures of a year. A training belongs, whole, to the year and month of its first day."""

    self: Address
    enterprise: EnterpriseNumber
    name: NotRequired[str]
    year: Year
    years: list[int]
    asOf: Moment
    employees: SummaryEmployees
    participants: Count
    completed: TrainingCount
    planned: TrainingCount
    outsideEmployment: TrainingCount
    credit: SummaryCredit
    byMonth: list[SummaryMonth]
    byKind: list[SummaryKind]
    byStatus: list[SummaryStatus]
    byProvider: SummaryProviders
    byTheme: SummaryThemes
