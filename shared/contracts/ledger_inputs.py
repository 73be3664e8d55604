"""What explains a ledger line: the inputs of each rule, as its line keeps them in JSON.

The domain of entitlements makes the struct, the ledger keeps it, pages make sentences of it. A struct belongs to a rule
and its version (`INPUTS`); one that changes its fields is another version, as old lines are never rewritten.

Exact numbers are text: a decimal where one says it, else a fraction (`2/3`).
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct, field


class Stretch(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Months in a row that are alike, from `first` to `last` (1 to 12).

    `joint_committee` and `fraction` of full time: where terms are known; `size` and `size_origin`: where a size is;
    from `arrangement` on: where an arrangement applies. `arrangement`: the id of its row; `amount` is in `unit`;
    `why`: a `ReasonCode` of the domain. `hours_per_day`: of an arrangement in hours. `average_per_fte`: it names an
    average.
    """

    first: int = field(name="from")
    last: int = field(name="to")
    count: int
    joint_committee: str | None = None
    fraction: str | None = None
    size: str | None = None
    size_origin: str | None = None
    arrangement: str | None = None
    amount: str | None = None
    unit: str | None = None
    why: str | None = None
    source: str | None = None
    hours_per_day: Decimal | None = None
    average_per_fte: Literal["yes"] | None = None
    min_months_worked: int | None = None
    months_started: int | None = None


class RightOfYear(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A year's right, month by month. `hours_per_day`: of a year whose right is in hours."""

    unit: str
    months: tuple[Stretch, ...]
    hours_per_day: Decimal | None = None


class GrantByMonths(RightOfYear, frozen=True, kw_only=True):
    """A year's right by its arrangements."""


class OverrideDays(RightOfYear, frozen=True, kw_only=True):
    """An employer's override: its days, and the collective agreement that allows fewer than the arrangement's."""

    days: str
    reason: str
    scope: str
    agreement: str | None = None


class OverrideFullTimeDays(OverrideDays, frozen=True, kw_only=True):
    """Days of someone who works full time, still multiplied by working time and months."""


class OverrideResultingDays(OverrideDays, frozen=True, kw_only=True):
    """Days of the year as such."""


class TrainingDays(Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """The days of a training that a line is about: `days` of its `of_days`, which last `minutes` in all."""

    minutes: int
    days: int
    of_days: int
    hours_per_day: Decimal
    training_version: int


class ChargeOfTraining(TrainingDays, frozen=True, kw_only=True, gc=False):
    """A completed training."""


class ReserveForTraining(TrainingDays, frozen=True, kw_only=True, gc=False):
    """A planned training."""


class Rests(Struct, frozen=True, kw_only=True, rename="camel"):
    """What is left of the rights of earlier years: year -> days."""

    rests: dict[int, Decimal]


class CarryOverAtYearEnd(Rests, frozen=True, kw_only=True):
    """Moves to the next year."""


class ExpiryOfFiveYearPeriod(Rests, frozen=True, kw_only=True):
    """Expires as a period of five years has ended."""


class ExpiryOfFiveYearOldRight(Rests, frozen=True, kw_only=True):
    """Expires as the right is five years old."""


class LossAtEndOfContract(Struct, frozen=True, kw_only=True, rename="camel"):
    """The contract's last day, and why it ended."""

    last_day: date
    reason: str


class Withdrawn(Struct, frozen=True, kw_only=True, rename="camel"):
    """A line of any rule that takes back something that no longer applies at all."""

    withdrawn: Literal["noLongerApplies"] = "noLongerApplies"


LedgerInputs: TypeAlias = (
    GrantByMonths
    | OverrideFullTimeDays
    | OverrideResultingDays
    | CarryOverAtYearEnd
    | ChargeOfTraining
    | ReserveForTraining
    | ExpiryOfFiveYearPeriod
    | ExpiryOfFiveYearOldRight
    | LossAtEndOfContract
    | Withdrawn
)

INPUTS: Mapping[tuple[str, int], type[LedgerInputs]] = {
    ("grant.byMonths", 1): GrantByMonths,
    ("override.fullTimeDays", 1): OverrideFullTimeDays,
    ("override.resultingDays", 1): OverrideResultingDays,
    ("carryOver.atYearEnd", 1): CarryOverAtYearEnd,
    ("charge.ofTraining", 1): ChargeOfTraining,
    ("reserve.forTraining", 1): ReserveForTraining,
    ("expiry.fiveYearPeriod", 1): ExpiryOfFiveYearPeriod,
    ("expiry.fiveYearOldRight", 1): ExpiryOfFiveYearOldRight,
    ("loss.atEndOfContract", 1): LossAtEndOfContract,
}
"""(rule, its version) -> the struct of its inputs."""

_WITHDRAWN = "withdrawn"
_DECODERS = {rule: msgspec.json.Decoder(struct) for rule, struct in INPUTS.items()}
_encoder = msgspec.json.Encoder()


def encode_inputs(inputs: LedgerInputs) -> str:
    """Encode a line's inputs as the JSON that its row keeps."""
    return _encoder.encode(inputs).decode()


def decode_inputs(rule: str, version: int, inputs: str) -> LedgerInputs:
    """Decode a row's JSON. KeyError: no such rule; msgspec.ValidationError: not what this rule writes."""
    if inputs.startswith(f'{{"{_WITHDRAWN}"'):
        return Withdrawn()
    return _DECODERS[rule, version].decode(inputs)


def inputs_from(rule: str, version: int, inputs: Mapping[str, Any]) -> LedgerInputs | None:
    """Convert inputs as an answer has them; None for a rule that only a newer release knows.

    Raises msgspec.ValidationError for what is not this rule's.
    """
    if _WITHDRAWN in inputs:
        return Withdrawn()
    struct = INPUTS.get((rule, version))
    return None if struct is None else msgspec.convert(inputs, struct, str_keys=True)
