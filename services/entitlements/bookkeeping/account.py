"""What is known of a person at an enterprise before something is decided or calculated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

import orjson

from services.entitlements.bookkeeping.stored_years import StoredYear
from services.entitlements.domain.arrangements.enterprise_size import SizePeriod, SizePrecedence, Sizes
from services.entitlements.domain.arrangements.joint_committees import parse_joint_committee
from services.entitlements.domain.charges.charged_training import Training
from services.entitlements.domain.employments import Employment, EndReason, Term
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.lines import Line
from services.entitlements.domain.rights.overrides import Override
from shared.contracts.employer_submissions import Size

Pair: TypeAlias = tuple[str, str]
"""(enterprise, person): who is locked, loaded and calculated together."""


class Cause(NamedTuple):
    """The event that causes a booking: its id, who acted for whom, and the submission it belongs to."""

    id: str
    actor: str
    party: str
    submission: str | None = None
    traceparent: str | None = None

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Cause":
        """Build the cause from an event."""
        return cls(event["id"], event["actor"], event["party"], event.get("submissionid"), event.get("traceparent"))


@dataclass(frozen=True, slots=True)
class KnownEmployment:
    """An employment as it stands. `terms` is the contract's JSON; `next_calendar_change`: by the calendar alone."""

    employment: Employment
    version: int
    sender: str
    reference: str | None
    terms: str
    cancelled: bool = False
    next_calendar_change: date | None = None


@dataclass(frozen=True, slots=True)
class KnownOverride:
    """The newest version of an employer's override for one employment; `cancelled`: it was taken back."""

    override: Override
    employment: str
    version: int
    cancelled: bool = False


@dataclass(slots=True)
class Balance:
    """An employment's years, in the version last published; 0: never published."""

    version: int = 0
    years: dict[int, StoredYear] = field(default_factory=dict)


@dataclass(slots=True)
class Account:
    """One person at one enterprise: all that the ledgers of their employments depend on, and the ledgers."""

    enterprise: str
    person: str
    employments: dict[str, KnownEmployment] = field(default_factory=dict)
    overrides: dict[str, KnownOverride] = field(default_factory=dict)
    trainings: list[Training] = field(default_factory=list)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    balances: dict[str, Balance] = field(default_factory=dict)

    @property
    def pair(self) -> Pair:
        """Get the account's key."""
        return (self.enterprise, self.person)

    def facts(self, employment: Employment, sizes: Sizes) -> Facts:
        """Collect the facts about one of the employments here, without cancelled employments and overrides."""
        siblings = tuple(
            known.employment
            for known in self.employments.values()
            if not known.cancelled and known.employment.id != employment.id
        )
        overrides = tuple(
            known.override
            for known in self.overrides.values()
            if not known.cancelled and known.employment == employment.id
        )
        return Facts(employment, siblings, sizes, overrides, (), tuple(self.trainings))


@dataclass(frozen=True, slots=True)
class KnownSize:
    """A size that holds. `end_declared`: its end was declared; else it lasts until the next one of its basis begins.

    `id` is its row; None for one not stored yet.
    """

    basis: Literal["stated", "measured"]
    period: SizePeriod
    end_declared: bool = False
    id: int | None = None


@dataclass(frozen=True, slots=True)
class KnownEnterprise:
    """An enterprise as it stands."""

    number: str
    version: int
    name: str
    joint_committees: tuple[str, ...]
    sizes: tuple[KnownSize, ...] = ()

    @property
    def withdrawn(self) -> bool:
        """Tell whether it was withdrawn: whoever registers an enterprise gives it a name."""
        return not self.name


def sizes_of(known: Sequence[KnownSize], precedence: SizePrecedence) -> Sizes:
    """Convert known sizes to those of the calculation."""
    by_basis: dict[str, list[SizePeriod]] = {"stated": [], "measured": []}
    for size in known:
        by_basis[size.basis].append(size.period)
    return Sizes(tuple(by_basis["stated"]), tuple(by_basis["measured"]), precedence=precedence)


def size_state(known: KnownSize) -> Size:
    """Build a size as contracts write it."""
    size: Size = {
        "basis": known.basis,
        "workers": str(known.period.workers),
        "validFrom": known.period.start.isoformat(),
    }
    if known.period.end is not None:
        size["validUntil"] = known.period.end.isoformat()
    return size


@lru_cache(maxsize=16_384)
def terms_of(terms: str) -> tuple[Term, ...]:
    """Parse terms from the contract's JSON. Raises ValueError for what is none.

    Cached by their text: those who are hired on one day mostly have the same.
    """
    return tuple(
        Term(
            date.fromisoformat(one["validFrom"]),
            parse_joint_committee(one["jointCommittee"]),
            Fraction(Decimal(one["fraction"])),
        )
        for one in orjson.loads(terms)
    )


def employment_of(
    id_: str, person: str, enterprise: str, start: date, end: date | None, end_reason: str | None, terms: str
) -> Employment:
    """Build an employment from its columns."""
    reason = None if end_reason is None else EndReason(end_reason)
    return Employment(id_, person, enterprise, start, end, terms_of(terms), reason)
