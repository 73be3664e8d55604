"""Which arrangement applies to a joint committee, a size and a date, and why (domain.md section 4, "Arrangement").

A code *speaks for a size* if any of its rows contains that size. The most specific code that speaks decides; if it has
no row on the date, the right is unknown, never silently replaced by a wider code's.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from services.entitlements.domain.amounts import exact_text
from services.entitlements.domain.arrangements.joint_committees import ANY, from_most_specific
from services.entitlements.domain.arrangements.rows import ArrangementRow, ArrangementSet, Unit, contradictions
from services.entitlements.domain.working_days import DAYS_A_WEEK, USUAL_WEEK, days_from_hours, hours_from_days


class ReasonCode(StrEnum):
    """Why an arrangement applies, or why none is known. A page has one sentence for each."""

    OWN_COMMITTEE = "ownJointCommittee"
    WIDER_COMMITTEE = "widerJointCommittee"
    BASE = "base"
    BEFORE_FIRST_ROW = "beforeFirstRow"
    BETWEEN_ROWS = "betweenRows"
    AFTER_LAST_ROW = "afterLastRow"
    SIZE_UNKNOWN = "sizeUnknown"
    JOINT_COMMITTEE_UNKNOWN = "jointCommitteeUnknown"
    JOINT_COMMITTEE_NOT_LISTED = "jointCommitteeNotListed"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code and what its sentence needs: always texts.

    Parameters, where they make sense: `jointCommittee` (asked), `decidedBy` (the code that speaks), `size`, `date`,
    `silent` (more specific codes that have no row for this size, with commas), `set`, `band`, `validFrom`, `validUntil`
    (exclusive), `previousUntil` and `nextFrom` (the rows around an unknown date).
    """

    code: ReasonCode
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Applicable:
    """The answer of a look-up. `row` is None where the right is unknown; `reason` says why either way."""

    joint_committee: str | None
    size: Fraction | None
    on: date
    row: ArrangementRow | None
    reason: Reason

    @property
    def known(self) -> bool:
        """Tell whether there is an answer. Zero days is one."""
        return self.row is not None

    def hours_per_day(self, full_time_week: Decimal = USUAL_WEEK) -> Decimal:
        """Get the hours of a day: those that an arrangement in hours names, else a fifth of the week."""
        if self.row is not None and self.row.unit is Unit.HOURS and self.row.hours_per_day is not None:
            return self.row.hours_per_day
        return full_time_week / DAYS_A_WEEK

    def days(self, full_time_week: Decimal = USUAL_WEEK) -> Fraction | None:
        """Calculate the full-time days of a whole year, exactly; None where unknown."""
        if self.row is None:
            return None
        amount = Fraction(self.row.amount)
        return amount if self.row.unit is Unit.DAYS else days_from_hours(amount, self.hours_per_day(full_time_week))

    def hours(self, full_time_week: Decimal = USUAL_WEEK) -> Fraction | None:
        """Calculate the full-time hours of a whole year, exactly; None where unknown."""
        if self.row is None:
            return None
        amount = Fraction(self.row.amount)
        return amount if self.row.unit is Unit.HOURS else hours_from_days(amount, self.hours_per_day(full_time_week))


class Arrangements:
    """All rows that count: one base set and the sectors'. Raises ValueError if two rows contradict each other."""

    def __init__(self, rows: Iterable[ArrangementRow], base: ArrangementSet = ArrangementSet.BROCHURE) -> None:
        if base is ArrangementSet.SECTOR:
            raise ValueError("the base is the brochure's set or the law's")
        by_code: defaultdict[str, list[ArrangementRow]] = defaultdict(list)
        for row in rows:
            if row.set in (base, ArrangementSet.SECTOR):
                by_code[row.joint_committee].append(row)
        for code, own in by_code.items():
            own.sort(key=lambda row: row.validity.start)
            if found := contradictions(own):
                raise ValueError(f"two rows of {code} speak at once: {found[0][0].id} and {found[0][1].id}")
        self.base = base
        self._by_code = dict(by_code)
        # The first days of months of a few sizes and codes come back for every employee of an enterprise.
        self._remembered = lru_cache(maxsize=8_192)(self._find)

    def applicable(self, joint_committee: str | None, size: Fraction | Decimal | None, on: date) -> Applicable:
        """Find the arrangement that applies on a day to a canonical committee code and an enterprise of `size` workers.

        None for a committee or a size that is not known. Raises ValueError for a negative size.
        """
        if size is None:
            return self._unknown(joint_committee, None, on, ReasonCode.SIZE_UNKNOWN, {})
        if size < 0:
            raise ValueError("an enterprise has no negative size")
        if joint_committee is None:
            return self._unknown(None, Fraction(size), on, ReasonCode.JOINT_COMMITTEE_UNKNOWN, {})
        return self._remembered(joint_committee, size if isinstance(size, Fraction) else Fraction(size), on)

    def looked_up(
        self, joint_committee: str | None, size: Fraction | Decimal | None, on: date, is_listed: Callable[[str], bool]
    ) -> Applicable:
        """Find the arrangement for someone who asks: unknown for a code that is neither listed nor arranged."""
        if joint_committee is None or joint_committee in self._by_code or is_listed(joint_committee):
            return self.applicable(joint_committee, size, on)
        exact = None if size is None else Fraction(size)
        return self._unknown(joint_committee, exact, on, ReasonCode.JOINT_COMMITTEE_NOT_LISTED, {})

    def general_rule(self, on: date) -> list[ArrangementRow]:
        """List the base's rows that hold on a day, smallest sizes first: the rule where no committee speaks."""
        rows = [row for row in self._by_code.get(ANY, ()) if row.validity.contains(on)]
        return sorted(rows, key=lambda row: (row.size.lower, not row.size.lower_included))

    def _find(self, joint_committee: str, size: Fraction, on: date) -> Applicable:
        silent: list[str] = []
        for code in from_most_specific(joint_committee):
            speaking = [row for row in self._by_code.get(code, ()) if row.size.contains(size)]
            if speaking:
                return self._decide(joint_committee, size, on, speaking, silent)
            if code in self._by_code:
                silent.append(code)
        return self._unknown(joint_committee, size, on, ReasonCode.BETWEEN_ROWS, {"silent": ", ".join(silent)})

    def _decide(
        self, asked: str, size: Fraction, on: date, speaking: list[ArrangementRow], silent: list[str]
    ) -> Applicable:
        code = speaking[0].joint_committee
        parameters = {"decidedBy": code, "silent": ", ".join(silent), "set": str(speaking[0].set)}
        for row in speaking:
            if row.validity.contains(on):
                parameters |= {"band": str(row.size), "validFrom": row.validity.start.isoformat()}
                if row.validity.until is not None:
                    parameters["validUntil"] = row.validity.until.isoformat()
                return Applicable(asked, size, on, row, _reason(_code_of(asked, code), asked, size, on, parameters))
        before = [row.validity.until for row in speaking if row.validity.until is not None and row.validity.until <= on]
        after = [row.validity.start for row in speaking if row.validity.start > on]
        if before:
            parameters["previousUntil"] = max(before).isoformat()
        if after:
            parameters["nextFrom"] = min(after).isoformat()
        unknown = ReasonCode.BETWEEN_ROWS if before and after else ReasonCode.AFTER_LAST_ROW
        return self._unknown(asked, size, on, unknown if before else ReasonCode.BEFORE_FIRST_ROW, parameters)

    @staticmethod
    def _unknown(
        asked: str | None, size: Fraction | None, on: date, code: ReasonCode, parameters: dict[str, str]
    ) -> Applicable:
        return Applicable(asked, size, on, None, _reason(code, asked, size, on, parameters))


def _code_of(asked: str, decided_by: str) -> ReasonCode:
    if decided_by == ANY:
        return ReasonCode.BASE
    return ReasonCode.OWN_COMMITTEE if decided_by == asked else ReasonCode.WIDER_COMMITTEE


def _reason(code: ReasonCode, asked: str | None, size: Fraction | None, on: date, parameters: dict[str, str]) -> Reason:
    known = {"jointCommittee": asked or "", "size": "" if size is None else exact_text(size), "date": on.isoformat()}
    return Reason(code, {name: text for name, text in (known | parameters).items() if text})
