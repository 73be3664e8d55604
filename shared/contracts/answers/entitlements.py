"""What the entitlements service answers, one struct per internal route (`services/entitlements/queries`)."""

from datetime import date
from decimal import Decimal
from typing import Any

from shared.contracts.answers.parts import Answer, Credit, Page
from shared.contracts.employer_submissions import EndReason, OptOut, QuarterSize, RestAgreed, Size, Terms
from shared.contracts.vocabulary import Anomaly, EnterpriseNumber, Moment, RightType, Uuid


class Arrangement(Answer, frozen=True, kw_only=True):
    """Which arrangement applies to a joint committee and a size on a day, and why.

    `reason` and `parameters`: a code and what fills its sentence (`ReasonCode` of the domain). `size`: exact,
    a fraction where no decimal says it (`74/3`). `days` and `hours`: of a full-timer's whole year, exact or to six
    decimals. From `days` on: by the row that decides, None where none does. `set`: `brochure`, `law` or `sector`.
    """

    joint_committee: str | None = None
    size: str | None = None
    known: bool
    reason: str
    parameters: dict[str, str]
    days: Decimal | None = None
    hours: Decimal | None = None
    hours_per_day: Decimal | None = None
    unit: str | None = None
    set: str | None = None
    arrangement: str | None = None
    source: str | None = None
    confidence: str | None = None
    average_per_fte: bool | None = None
    min_months_worked: int | None = None
    note: str | None = None


class ArrangementLookUp(Answer, frozen=True, kw_only=True):
    """`GET /internal/arrangement`: one item, or one per joint committee of the enterprise that was named."""

    on: date
    enterprise: EnterpriseNumber | None = None
    name: str | None = None
    items: list[Arrangement]


class SizeBandDays(Answer, frozen=True, kw_only=True):
    """The full-timer's days for enterprises from `lower` to `upper` workers (None: no upper bound)."""

    lower: Decimal
    lower_included: bool
    upper: Decimal | None = None
    upper_included: bool
    days: Decimal


class GeneralRule(Answer, frozen=True, kw_only=True):
    """`GET /internal/generalRule`: days by size where no joint committee speaks, smallest sizes first."""

    on: date
    set: str
    items: list[SizeBandDays]


class JointCommittee(Answer, frozen=True, kw_only=True):
    """A joint committee that has an arrangement of its own."""

    code: str


class JointCommittees(Answer, frozen=True, kw_only=True):
    """`GET /internal/jointCommittees`."""

    items: list[JointCommittee]


class SizeThatCounts(Answer, frozen=True, kw_only=True):
    """The size that counts on the day asked for, exact, and where it comes from (`SizeOrigin` of the domain)."""

    workers: str
    origin: str


class AverageSize(Answer, frozen=True, kw_only=True):
    """The size of a two-year window that declared quarters give, exact; `origin` and `quarters` tell from what."""

    workers: str
    origin: str
    valid_from: date
    valid_until: date
    quarters: list[QuarterSize]


class Enterprise(Answer, frozen=True, kw_only=True):
    """`GET /internal/enterprises/{number}`: `arrangements` and `size` are those of the day `on`.

    `average_sizes`: what the declared `quarters` make of the windows that they decide.
    """

    enterprise: EnterpriseNumber
    version: int
    name: str
    joint_committees: list[str]
    sizes: list[Size]
    on: date
    arrangements: list[Arrangement]
    size: SizeThatCounts | None = None
    quarters: list[QuarterSize] | None = None
    average_sizes: list[AverageSize] | None = None
    opt_outs: list[OptOut] | None = None


class UnknownMonth(Answer, frozen=True, kw_only=True):
    """A month that grants nothing because something is not known: its first employed day, and a reason's code."""

    day: date
    reason: str


class YearFigures(Credit, frozen=True, kw_only=True):
    """A year's figures as `fla.entitlements.v1` has them."""

    year: int
    incomplete: bool


class DescribedYear(YearFigures, frozen=True, kw_only=True):
    """A year's figures, and what lines cannot say of it.

    `mode`: how its right came about; `unit` it is expressed in. `hours_per_day`: of a year whose right is in hours.
    """

    mode: str | None = None
    unit: str | None = None
    hours_per_day: Decimal | None = None
    unknown: list[UnknownMonth] | None = None


class EmploymentState(Answer, frozen=True, kw_only=True):
    """An employment as it stands. `balance_version` 0: nothing was ever booked."""

    employment: Uuid
    version: int
    person: Uuid
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    reference: str | None = None
    start_date: date
    end_date: date | None = None
    end_reason: EndReason | None = None
    rest_agreed: RestAgreed | None = None
    terms: list[Terms]
    opt_outs: list[OptOut] | None = None
    cancelled: bool
    recorded_at: Moment
    balance_version: int


class Employment(EmploymentState, frozen=True, kw_only=True):
    """`GET /internal/employments/{id}`: an employment with its balances."""

    years: list[DescribedYear]


class Employments(Answer, frozen=True, kw_only=True):
    """`GET /internal/enterprises/{number}/employments`. `next`: the `after` of the next page, if there is one."""

    items: list[Employment]
    next: str | None = None


class LedgerLine(Answer, frozen=True, kw_only=True):
    """A line of a ledger. `inputs`: what the rule was given, a struct of `shared.contracts.ledger_inputs` as JSON.

    `amount`: in days, signed by its effect on what is available. `cause`: the event that made it.
    """

    id: int
    year: int
    figure: str
    about: str | None = None
    date: date
    kind: str
    amount: Decimal
    rule: str
    rule_version: int
    inputs: dict[str, Any]
    cause: Uuid
    training: Uuid | None = None
    right_type: RightType | None = None
    recorded_at: Moment


class LedgerYear(DescribedYear, frozen=True, kw_only=True):
    """A year's figures with the lines that they are the sum of."""

    lines: list[LedgerLine]


class LedgerEmployment(EmploymentState, frozen=True, kw_only=True):
    """The employment of a ledger. `rest_at_end`, once its end is known: `lost`, `openCredit` or `undecided`."""

    rest_at_end: str | None = None


class FiveYearPeriod(Answer, frozen=True, kw_only=True):
    """Five years of an employment that have begun, in days. `missing`: granted and not charged.

    `warning`: they are over, and less was charged than granted.
    """

    start_date: date
    end_date: date
    granted: Decimal
    charged: Decimal
    missing: Decimal
    warning: bool


class Ledger(Answer, frozen=True, kw_only=True):
    """`GET /internal/employments/{id}/ledger`."""

    employment: LedgerEmployment
    years: list[LedgerYear]
    periods: list[FiveYearPeriod]


class SupposedLine(Answer, frozen=True, kw_only=True):
    """A line that a ledger would have."""

    year: int
    figure: str
    date: date
    kind: str
    amount: Decimal
    rule: str
    rule_version: int
    inputs: dict[str, Any]


class WhatIf(Answer, frozen=True, kw_only=True):
    """`POST /internal/what-if`: the years now and then; `lines` are those that `then` is the sum of."""

    as_of: date
    now: list[YearFigures]
    then: list[YearFigures]
    lines: list[SupposedLine]


class Override(Answer, frozen=True, kw_only=True):
    """A version of an employer's override. `basis`: `fullTimeDays` or `resultingDays`."""

    entitlement: Uuid
    version: int
    employment: Uuid
    person: Uuid
    enterprise: EnterpriseNumber
    year: int
    basis: str
    days: Decimal
    right_type: RightType
    valid_from: date
    valid_until: date
    registered_at: Moment
    cancelled: bool
    until_year: int | None = None
    reason: str | None = None
    collective_agreement: str | None = None


class EnterpriseOverride(Answer, frozen=True, kw_only=True):
    """A version of an override for everybody at an enterprise. `basis`: `fullTimeDays` or `resultingDays`."""

    entitlement: Uuid
    version: int
    enterprise: EnterpriseNumber
    year: int
    until_year: int | None = None
    basis: str
    days: Decimal
    right_type: RightType
    valid_from: date
    valid_until: date
    registered_at: Moment
    cancelled: bool
    reason: str | None = None
    collective_agreement: str | None = None


class EnterpriseOverridePage(Page[EnterpriseOverride], frozen=True, kw_only=True):
    """`GET /internal/enterprises/{number}/enterpriseEntitlements`."""


class EnterpriseOverrideVersions(Answer, frozen=True, kw_only=True):
    """`GET /internal/enterpriseEntitlements/{id}`: the override as it stands, and its versions, newest first."""

    entitlement: EnterpriseOverride
    versions: list[EnterpriseOverride]


class OverridePage(Page[Override], frozen=True, kw_only=True):
    """`GET /internal/enterprises/{number}/entitlements`."""


class OverrideVersions(Answer, frozen=True, kw_only=True):
    """`GET /internal/entitlements/{id}`: the override as it stands, and all its versions, newest first."""

    entitlement: Override
    versions: list[Override]


class OverrideInForce(Answer, frozen=True, kw_only=True):
    """An override that counts for an employment in a year today."""

    basis: str
    days: Decimal


class OverrideEffect(Answer, frozen=True, kw_only=True):
    """What an override would change for one employment: the year's right in days, `now` and `then`.

    `existing`: the overrides of that year, the newest first. `anomalies`: why it would be refused (then `now` and
    `then` are the same), or warnings.
    """

    employment: Uuid
    now: Decimal
    then: Decimal
    existing: list[OverrideInForce]
    anomalies: list[Anomaly]


class OverrideEffects(Answer, frozen=True, kw_only=True):
    """`POST /internal/entitlements/effects`: an item for each employment that was asked about, in that order."""

    items: list[OverrideEffect]


class Recalculation(Answer, frozen=True, kw_only=True):
    """How far a recalculation has come: `done` of `total` employments. Without `enterprise`: everybody's."""

    recalculation: Uuid
    enterprise: EnterpriseNumber | None = None
    reason: str
    requested_at: Moment
    total: int
    done: int
    failure: str | None = None
    finished_at: Moment | None = None


class Recalculations(Answer, frozen=True, kw_only=True):
    """`GET /internal/recalculations`, newest first."""

    items: list[Recalculation]
