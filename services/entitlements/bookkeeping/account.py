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
from services.entitlements.domain.arrangements.enterprise_size import (
    Quarter,
    QuarterDeclaration,
    SizePeriod,
    SizePrecedence,
    Sizes,
)
from services.entitlements.domain.arrangements.joint_committees import parse_joint_committee
from services.entitlements.domain.charges.charged_training import Training
from services.entitlements.domain.employments import Employment, EndReason, RestAtEnd, Term
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.lines import Line
from services.entitlements.domain.rights.overrides import OptOut, Override
from services.entitlements.domain.working_days import USUAL_WEEK
from shared.contracts import employer_submissions as declared
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
    opt_outs: tuple[OptOut, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownOverride:
    """The newest version of an employer's override; `cancelled`: it was taken back.

    `employment` is None for one that is for everybody at the enterprise.
    """

    override: Override
    employment: str | None
    version: int
    cancelled: bool = False


@dataclass(slots=True)
class Balance:
    """An employment's years, in the version last published; 0: never published."""

    version: int = 0
    years: dict[int, StoredYear] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EnterpriseFacts:
    """What holds for all employments of an enterprise: its sizes, its overrides for everybody, its opt-outs."""

    sizes: Sizes = field(default_factory=Sizes)
    overrides: tuple[Override, ...] = ()
    opt_outs: tuple[OptOut, ...] = ()


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

    def facts(self, employment: Employment, enterprise: EnterpriseFacts) -> Facts:
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
        own = self.employments.get(employment.id)
        return Facts(
            employment,
            siblings,
            enterprise.sizes,
            (*overrides, *enterprise.overrides),
            (*(own.opt_outs if own else ()), *enterprise.opt_outs),
            tuple(self.trainings),
        )


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
class KnownQuarter:
    """What was declared for a quarter. `id` is its row; None for one not stored yet."""

    declaration: QuarterDeclaration
    id: int | None = None


@dataclass(frozen=True, slots=True)
class KnownEnterprise:
    """An enterprise as it stands."""

    number: str
    version: int
    name: str
    joint_committees: tuple[str, ...]
    sizes: tuple[KnownSize, ...] = ()
    quarters: tuple[KnownQuarter, ...] = ()
    opt_outs: tuple[OptOut, ...] = ()
    overrides: tuple[KnownOverride, ...] = ()

    def facts(self, precedence: SizePrecedence) -> EnterpriseFacts:
        """Collect what holds for all its employments."""
        overrides = tuple(one.override for one in self.overrides if not one.cancelled)
        return EnterpriseFacts(sizes_of(self, precedence), overrides, self.opt_outs)

    @property
    def withdrawn(self) -> bool:
        """Tell whether it was withdrawn: whoever registers an enterprise gives it a name."""
        return not self.name


def sizes_of(known: KnownEnterprise, precedence: SizePrecedence) -> Sizes:
    """Convert known sizes and quarters to those of the calculation."""
    by_basis: dict[str, list[SizePeriod]] = {"stated": [], "measured": []}
    for size in known.sizes:
        by_basis[size.basis].append(size.period)
    quarters = tuple(one.declaration for one in known.quarters)
    return Sizes(tuple(by_basis["stated"]), tuple(by_basis["measured"]), quarters, precedence)


def quarter_state(known: KnownQuarter) -> declared.QuarterSize:
    """Build a quarter's declaration as contracts write it."""
    one = known.declaration
    state: declared.QuarterSize = {
        "year": one.quarter.year,
        "quarter": one.quarter.number,
        "fullTimeEquivalents": str(one.fte),
        "heads": one.heads,
    }
    if one.agency_fte or one.agency_heads:
        state |= {"agencyFullTimeEquivalents": str(one.agency_fte), "agencyHeads": one.agency_heads}
    return state


def quarter_in(state: declared.QuarterSize) -> QuarterDeclaration:
    """Read a declared quarter."""
    return QuarterDeclaration(
        Quarter(state["year"], state["quarter"]),
        Decimal(state["fullTimeEquivalents"]),
        state["heads"],
        Decimal(state.get("agencyFullTimeEquivalents", "0")),
        state.get("agencyHeads", 0),
    )


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
    return tuple(map(_term, orjson.loads(terms)))


def _term(one: declared.Terms) -> Term:
    week = Decimal(one.get("fullTimeWeek", USUAL_WEEK))
    hours = one.get("weeklyHours")
    # Hours a week say the fraction exactly, which has no decimals to say it with: 25 of 38.
    fraction = Fraction(Decimal(one["fraction"])) if hours is None else Fraction(Decimal(hours)) / Fraction(week)
    return Term(date.fromisoformat(one["validFrom"]), parse_joint_committee(one["jointCommittee"]), fraction, week)


def employment_of(
    id_: str,
    person: str,
    enterprise: str,
    start: date,
    end: date | None,
    end_reason: str | None,
    terms: str,
    rest_agreed: str | None = None,
) -> Employment:
    """Build an employment from its columns."""
    reason = None if end_reason is None else EndReason(end_reason)
    agreed = None if rest_agreed is None else RestAtEnd(rest_agreed)
    return Employment(id_, person, enterprise, start, end, terms_of(terms), reason, agreed)


@lru_cache(maxsize=1024)
def opt_outs_of(periods: str) -> tuple[OptOut, ...]:
    """Parse opt-outs from the contract's JSON."""
    return opt_outs_in(orjson.loads(periods))


def opt_outs_in(periods: Sequence[declared.OptOut]) -> tuple[OptOut, ...]:
    """Read declared opt-outs, in order of their first days. Raises ValueError for a day that is none."""
    days = (
        (date.fromisoformat(one["validFrom"]), date.fromisoformat(one["validUntil"]) if "validUntil" in one else None)
        for one in periods
    )
    return tuple(OptOut(start, end) for start, end in sorted(days, key=lambda one: one[0]))


def opt_out_states(opt_outs: Sequence[OptOut]) -> list[declared.OptOut]:
    """Build opt-outs as contracts write them."""
    states: list[declared.OptOut] = []
    for one in opt_outs:
        state: declared.OptOut = {"validFrom": one.start.isoformat()}
        if one.end is not None:
            state["validUntil"] = one.end.isoformat()
        states.append(state)
    return states
