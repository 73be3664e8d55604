"""Employments, their balances, and the ledger behind these."""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from services.gateway.api.answers.common import Address, Count, Minutes, OfPerson, Page, Year
from services.gateway.api.answers.trainings import TrainingLine
from shared.contracts.employer_submissions import EndReason, OptOut, RestAgreed, Terms
from shared.contracts.entitlements import YearBalance
from shared.contracts.vocabulary import (
    Days,
    EnterpriseNumber,
    JointCommittee,
    LocalDate,
    Moment,
    RightType,
    Uuid,
)

LedgerFigure = Literal["entitlement", "carriedOver", "charged", "reserved", "expired", "lost"]
LineKind = Literal["grant", "recalculation", "override", "carryOver", "reserve", "charge", "giveBack", "expiry", "loss"]


class Credit(TypedDict):
    """Days of right. `balance` = granted + carriedOver - charged - lost; `available` = balance - reserved."""

    granted: Days
    carriedOver: Days
    charged: Days
    reserved: Days
    lost: Days
    balance: Days
    available: Days


class EmploymentFacts(OfPerson):
    """What is known of an employment itself."""

    employment: Uuid
    version: int
    enterprise: EnterpriseNumber
    startDate: LocalDate
    endDate: NotRequired[LocalDate]
    endReason: NotRequired[EndReason]
    restAgreed: NotRequired[RestAgreed]
    terms: list[Terms]
    optOuts: NotRequired[list[OptOut]]
    cancelled: bool


class LatestTrainings(TypedDict):
    """The latest trainings of an employment, and how many there are in all."""

    total: Count
    minutes: Minutes
    items: list[TrainingLine]


class Employment(EmploymentFacts):
    """An employment with its balances and latest trainings. `others`: of the same person at the same enterprise."""

    balances: list[YearBalance]
    trainings: LatestTrainings
    others: list[EmploymentFacts]


class EmploymentYear(OfPerson):
    """An employment in a year. Without a start date only its balance is known here yet."""

    employment: Uuid
    startDate: NotRequired[LocalDate]
    endDate: NotRequired[LocalDate]
    jointCommittee: NotRequired[JointCommittee]
    fraction: NotRequired[Days]
    cancelled: bool
    incomplete: bool
    credit: Credit
    trainings: Count
    minutes: Minutes


class EmploymentTotals(TypedDict):
    """Of all the year's lines. `incomplete`: how many have something that could not be decided.

    `onlyInTotals`: former employees to whom access has ended; their figures are in the totals and on no line.
    """

    trainings: Count
    minutes: Minutes
    incomplete: Count
    employments: Count
    onlyInTotals: Count
    credit: Credit


class EmploymentPage(Page):
    """A page of employments in a year, and the totals of all of them."""

    year: Year
    items: list[EmploymentYear]
    totals: EmploymentTotals


class UnknownMonth(TypedDict):
    """A month that grants nothing because something is not known: its first employed day, and why."""

    day: LocalDate
    reason: str


class LedgerLine(TypedDict):
    """A line that never changes. `inputs` explain the amount; `cause` is the event that led to it."""

    id: int
    year: Year
    figure: LedgerFigure
    about: NotRequired[str]
    date: LocalDate
    kind: LineKind
    amount: Days
    rule: str
    ruleVersion: int
    inputs: dict[str, Any]
    cause: str
    training: NotRequired[Uuid]
    rightType: NotRequired[RightType]
    recordedAt: Moment


class DescribedYear(YearBalance):
    """A year's figures, and what they cannot say: how it is granted, in what unit, which months are unknown."""

    mode: NotRequired[str]
    unit: NotRequired[Literal["days", "hours"]]
    hoursPerDay: NotRequired[Days]
    unknown: NotRequired[list[UnknownMonth]]


class FiveYearPeriod(TypedDict):
    """Five years of an employment that have begun. `missing`: days granted and not charged.

    `warning`: they are over, and less was charged than granted.
    """

    startDate: LocalDate
    endDate: LocalDate
    granted: Days
    charged: Days
    missing: Days
    warning: bool


class SupposedLine(TypedDict):
    """A line that the ledger would have. `inputs` explain the amount."""

    year: Year
    figure: LedgerFigure
    date: LocalDate
    kind: LineKind
    amount: Days
    rule: str
    ruleVersion: int
    inputs: dict[str, Any]


class WhatIf(TypedDict):
    """The years as they are now and as they would be at the end of `asOf`; `lines` add up to `then`."""

    self: Address
    employment: Uuid
    asOf: LocalDate
    now: list[YearBalance]
    then: list[YearBalance]
    lines: list[SupposedLine]


class LedgerYear(DescribedYear):
    """A year with the lines that its figures are the sums of."""

    lines: list[LedgerLine]


class LedgerEmployment(OfPerson):
    """The employment a ledger is of. `restAtEnd`: what becomes of what is left when it has ended."""

    employment: Uuid
    version: int
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    reference: NotRequired[str]
    startDate: LocalDate
    endDate: NotRequired[LocalDate]
    endReason: NotRequired[EndReason]
    restAgreed: NotRequired[RestAgreed]
    terms: list[Terms]
    optOuts: NotRequired[list[OptOut]]
    cancelled: bool
    recordedAt: Moment
    balanceVersion: int
    restAtEnd: NotRequired[Literal["lost", "openCredit", "undecided"]]


class Ledger(TypedDict):
    """Every line behind an employment's balances."""

    self: Address
    employment: LedgerEmployment
    years: list[LedgerYear]
    periods: list[FiveYearPeriod]
