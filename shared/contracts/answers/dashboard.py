"""What the dashboard answers about enterprises, employments, persons and trainings."""

from datetime import date
from decimal import Decimal

from shared.contracts.answers.parts import Answer, Credit, Page
from shared.contracts.employer_submissions import EndReason, OptOut, RestAgreed, Size, Terms
from shared.contracts.vocabulary import (
    EnterpriseNumber,
    JointCommittee,
    Modality,
    Moment,
    RegisteredBy,
    RightType,
    TrainingContext,
    TrainingKind,
    TrainingStatus,
    Uuid,
)


class Count(Answer, frozen=True, kw_only=True):
    """How many trainings, and their minutes."""

    trainings: int
    minutes: int


class Provider(Answer, frozen=True, kw_only=True):
    """Who gave a training, as far as it is known."""

    name: str | None = None
    enterprise_number: EnterpriseNumber | None = None


class Certificate(Answer, frozen=True, kw_only=True):
    """Whether a certificate was given, and until when it holds."""

    awarded: bool
    valid_until: date | None = None


class TrainingLine(Answer, frozen=True, kw_only=True):
    """A training as a list shows it. `same_as`: the training that counts in its place, as it is the same.

    `charged_minutes`: as declared; None: all minutes.
    """

    training: Uuid
    version: int
    person: Uuid
    enterprise: EnterpriseNumber
    title: str
    start_date: date
    end_date: date
    minutes: int
    charged_minutes: int | None = None
    status: TrainingStatus
    kind: TrainingKind
    context: TrainingContext
    right_type: RightType
    provider: Provider | None = None
    certificate: Certificate | None = None
    theme: str | None = None
    modality: Modality | None = None
    reference: str | None = None
    registered_by: RegisteredBy
    same_as: Uuid | None = None
    received_at: Moment
    recorded_at: Moment


class TrainingPage(Page[TrainingLine], frozen=True, kw_only=True):
    """A page of an enterprise's trainings. `totals` count former employees too, and a double once."""

    totals: Count


class LatestTrainings(Answer, frozen=True, kw_only=True):
    """The latest trainings of an employment, and how many there are in all."""

    total: int
    minutes: int
    items: list[TrainingLine]


class AccountTrainings(Page[TrainingLine], frozen=True, kw_only=True):
    """A page of a person's trainings from every employer. `minutes`: of all pages."""

    minutes: int


class YearOfCredit(Credit, frozen=True, kw_only=True):
    """A year's credit of an employment. `incomplete`: something in it could not be decided."""

    year: int
    incomplete: bool


class EmploymentFacts(Answer, frozen=True, kw_only=True):
    """What is known of an employment itself."""

    employment: Uuid
    version: int
    person: Uuid
    enterprise: EnterpriseNumber
    start_date: date
    end_date: date | None = None
    end_reason: EndReason | None = None
    rest_agreed: RestAgreed | None = None
    terms: list[Terms]
    opt_outs: list[OptOut] | None = None
    cancelled: bool


class Employment(EmploymentFacts, frozen=True, kw_only=True):
    """An employment with its balances, newest year first. `others`: of the same person at the same enterprise."""

    balances: list[YearOfCredit]
    trainings: LatestTrainings
    others: list[EmploymentFacts]


class OwnEmployment(Answer, frozen=True, kw_only=True):
    """An employment in a person's account. Without a start date only its balances are known here yet."""

    employment: Uuid
    version: int | None = None
    person: Uuid | None = None
    enterprise: EnterpriseNumber
    start_date: date | None = None
    end_date: date | None = None
    end_reason: EndReason | None = None
    rest_agreed: RestAgreed | None = None
    terms: list[Terms] | None = None
    opt_outs: list[OptOut] | None = None
    cancelled: bool | None = None
    balances: list[YearOfCredit]


class PersonAccount(Answer, frozen=True, kw_only=True):
    """A person's own account, over all employers."""

    person: Uuid
    employments: list[OwnEmployment]
    trainings: AccountTrainings


class EmployeeLine(Answer, frozen=True, kw_only=True):
    """An employment in a year. Without a start date only its balance is known here yet.

    `joint_committee`, `fraction` (of full time, 0 to 1): at the end of the year. `incomplete`: something in its credit
    could not be decided.
    """

    employment: Uuid
    person: Uuid
    start_date: date | None = None
    end_date: date | None = None
    joint_committee: JointCommittee | None = None
    fraction: Decimal | None = None
    cancelled: bool
    incomplete: bool
    credit: Credit
    trainings: int
    minutes: int


class EmployeeTotals(Count, frozen=True, kw_only=True):
    """Of all the year's lines. `incomplete`: how many have something that could not be decided.

    `only_in_totals`: former employees whose data is closed to the asker; they are in the totals and on no line.
    """

    incomplete: int
    employments: int
    only_in_totals: int
    credit: Credit


class EmployeePage(Page[EmployeeLine], frozen=True, kw_only=True):
    """A page of an enterprise's employees in a year, and the totals of all of them."""

    year: int
    totals: EmployeeTotals


class EmployeeIds(Answer, frozen=True, kw_only=True):
    """All of a year's employees as (employment, person), in the order of employments."""

    year: int
    items: list[tuple[str, str]]
    total: int
    only_in_totals: int


class Enterprise(Answer, frozen=True, kw_only=True):
    """What was declared about an enterprise."""

    enterprise: EnterpriseNumber
    version: int
    name: str
    joint_committees: list[JointCommittee]
    sizes: list[Size]


class EnterpriseLine(Answer, frozen=True, kw_only=True):
    """An enterprise among others with its year's figures. Without a name nothing is known of it yet.

    `incomplete`: how many employments have something that could not be decided.
    """

    enterprise: EnterpriseNumber
    name: str | None = None
    employees: int
    trainings: int
    minutes: int
    available: Decimal
    incomplete: int
    last_registration: Moment | None = None


class EnterprisePage(Page[EnterpriseLine], frozen=True, kw_only=True):
    """A page of enterprises."""

    year: int


class SummaryEmployees(Answer, frozen=True, kw_only=True):
    """Who is employed in the year, and how many of them completed a training.

    `only_in_totals`: former employees whose data is closed to the asker; they count and are on no list.
    """

    employed: int
    trained: int
    without_training: int
    only_in_totals: int


class SummaryCredit(Credit, frozen=True, kw_only=True):
    """The credit of all employments of the year. `incomplete`: of how many something could not be decided."""

    employments: int
    incomplete: int


class SummaryMonth(Count, frozen=True, kw_only=True):
    """Completed and planned trainings whose first day is in a month (`2025-03`)."""

    month: str
    formal_minutes: int
    informal_minutes: int
    planned_trainings: int
    planned_minutes: int


class SummaryKind(Count, frozen=True, kw_only=True):
    """Completed trainings of a kind."""

    kind: TrainingKind


class SummaryStatus(Count, frozen=True, kw_only=True):
    """Trainings by status."""

    status: TrainingStatus


class ProviderShare(Count, frozen=True, kw_only=True):
    """Completed trainings of a provider, as far as it is named."""

    provider: str | None = None
    provider_number: EnterpriseNumber | None = None


class ThemeShare(Count, frozen=True, kw_only=True):
    """Completed trainings of a theme, as far as it is named."""

    theme: str | None = None


class Others(Count, frozen=True, kw_only=True):
    """The sum of the shares that are not listed, and how many these are."""

    count: int


class ProviderShares(Answer, frozen=True, kw_only=True):
    """The largest shares, and the rest in one sum."""

    items: list[ProviderShare]
    others: Others


class ThemeShares(Answer, frozen=True, kw_only=True):
    """The largest shares, and the rest in one sum."""

    items: list[ThemeShare]
    others: Others


class Summary(Answer, frozen=True, kw_only=True):
    """An enterprise's figures of a year. A training belongs, whole, to the year and month of its first day.

    `outside_employment`: completed by people who are not known to be employed there in the year.
    """

    enterprise: EnterpriseNumber
    name: str | None = None
    year: int
    years: list[int]
    as_of: Moment
    employees: SummaryEmployees
    participants: int
    completed: Count
    planned: Count
    outside_employment: Count
    credit: SummaryCredit
    by_month: list[SummaryMonth]
    by_kind: list[SummaryKind]
    by_status: list[SummaryStatus]
    by_provider: ProviderShares
    by_theme: ThemeShares


class Totals(Answer, frozen=True, kw_only=True):
    """How many rows the read models have, trainings by status, and how many pages watch live."""

    as_of: Moment
    enterprises: int
    employments: int
    balances: int
    trainings: int
    by_status: list[SummaryStatus]
    open_streams: int
