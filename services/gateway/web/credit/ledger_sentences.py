"""Why a balance is what it is: one or more sentences for every ledger line.

The entitlements service gives each rule's inputs (`shared/contracts/ledger_inputs.py`); the words are made here, where
the visitor's language is known. An input that is None is left unsaid.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import msgspec

from services.gateway.web.arrangements.texts import REASONS, SETS
from services.gateway.web.credit.credit import LedgerLine, UnknownMonths
from services.gateway.web.kit.formatting import Formatter
from shared.contracts.ledger_inputs import (
    CarryOverAtYearEnd,
    ChargeOfTraining,
    ExpiryOfFiveYearOldRight,
    ExpiryOfFiveYearPeriod,
    GrantByMonths,
    LedgerInputs,
    LossAtEndOfContract,
    OverrideFullTimeDays,
    OverrideResultingDays,
    ReserveForTraining,
    Rests,
    Stretch,
    TrainingDays,
    Withdrawn,
)
from shared.i18n import N_, Language, translate

LINE_TITLES: Mapping[str, str] = {
    "grant": N_("Right of the year"),
    "recalculation": N_("Right recalculated"),
    "override": N_("Set by the employer"),
    "carryOver": N_("Carried over"),
    "reserve": N_("Planned training"),
    "charge": N_("Training followed"),
    "giveBack": N_("Given back"),
    "expiry": N_("Expired"),
    "loss": N_("Lost at the end of the contract"),
}
_SIZE_ORIGINS = {
    "averageFullTimeEquivalents": N_("average of full-time equivalents in the reference period"),
    "headsOfFirstLaterQuarter": N_("workers at the end of the first quarter with workers"),
    "measured": N_("measured"),
    "stated": N_("stated by the enterprise"),
}

_UNKNOWN: Mapping[str, str] = {
    "sizeUnknown": REASONS["sizeUnknown"],
    "jointCommitteeUnknown": REASONS["jointCommitteeUnknown"],
}


class LedgerExplainer:
    """Sentences in one language. Stateless: one serves all pages."""

    def __init__(self, language: Language, formatter: Formatter) -> None:
        self._language = language
        self._fmt = formatter

    def title(self, line: LedgerLine) -> str:
        """Name a line in two or three words."""
        return self._in_words(LINE_TITLES[line.kind])

    def line(self, line: LedgerLine) -> tuple[str, ...]:
        """Explain a line's amount: one paragraph for each stretch of months, else one in all."""
        inputs = line.inputs
        if isinstance(inputs, Withdrawn):
            return (self._in_words("This was booked before and no longer applies."),)
        return (*self._explanation(inputs), *self._difference(line))

    def unknown(self, months: UnknownMonths) -> str:
        """Explain which months grant nothing for now, and why."""
        period = self._period(months.first, months.last)
        reason = _UNKNOWN.get(months.reason, N_("What the sector agreed is not known for this date."))
        return f"{period[:1].upper()}{period[1:]} {months.year}: {self._in_words(reason)}"

    def _explanation(self, inputs: LedgerInputs | None) -> Iterator[str]:
        match inputs:
            case GrantByMonths():
                yield from self._stretches(inputs.months)
            case OverrideFullTimeDays() | OverrideResultingDays():
                yield " ".join(self._override(inputs))
            case ChargeOfTraining() | ReserveForTraining():
                yield " ".join(self._training(inputs))
            case CarryOverAtYearEnd():
                yield " ".join(self._rests(inputs))
            case ExpiryOfFiveYearPeriod() | ExpiryOfFiveYearOldRight():
                yield " ".join((self._in_words("Five years have passed."), *self._rests(inputs)))
            case LossAtEndOfContract():
                yield self._in_words("The contract ended on %(day)s.", day=self._fmt.date(inputs.last_day))

    def _difference(self, line: LedgerLine) -> Iterator[str]:
        """Explain what a correcting line starts from and arrives at: its own amount is only the difference."""
        if line.before is not None:
            before, after = (self._fmt.days(abs(days)) for days in (line.before, line.before + line.amount))
            yield self._in_words("Booked before: %(before)s. With this line: %(after)s.", before=before, after=after)

    def _stretches(self, months: Iterable[Stretch]) -> Iterator[str]:
        """Yield a paragraph for each stretch; conditions that stay the same are said once."""
        said: set[str] = set()
        for stretch in months:
            conditions = [sentence for sentence in self._conditions(stretch) if sentence not in said]
            said.update(conditions)
            yield " ".join((self._months(stretch), *conditions))

    def _months(self, stretch: Stretch) -> str:
        months = self._period(stretch.first, stretch.last)
        return f"{months[:1].upper()}{months[1:]}: {self._factors(stretch)}."

    def _period(self, first_month: int, last_month: int) -> str:
        first, last = (self._fmt.month_name(month) for month in (first_month, last_month))
        return first if first == last else self._in_words("%(first)s to %(last)s", first=first, last=last)

    def _factors(self, stretch: Stretch) -> str:
        """Word the factors of a stretch: `5 days × 80 % of full time × 6/12`."""
        factors = []
        if stretch.amount is not None:
            amount = Decimal(stretch.amount)
            factors.append(self._fmt.hours(amount) if stretch.unit == "hours" else self._fmt.exact_days(amount))
        if stretch.fraction is not None:
            share = self._fmt.percent(_decimal(stretch.fraction))
            factors.append(self._in_words("%(share)s of full time", share=share))
        factors.append(f"{stretch.count}/12")
        return " × ".join(factors)

    def _conditions(self, stretch: Stretch) -> Iterator[str]:
        if stretch.joint_committee is not None and stretch.size is not None:
            origin = _SIZE_ORIGINS[stretch.size_origin or "stated"]
            yield self._in_words(
                "%(committee)s, enterprise of %(size)s workers (%(origin)s).",
                committee=self._fmt.joint_committee(stretch.joint_committee),
                size=self._fmt.decimal(_decimal(stretch.size)),
                origin=self._in_words(origin),
            )
        if stretch.arrangement is not None:
            rows = SETS[stretch.arrangement.partition("/")[0]]
            yield self._in_words("Counted by %(rules)s.", rules=self._in_words(rows))
        if stretch.hours_per_day is not None:
            hours = self._fmt.hours_and_minutes(stretch.hours_per_day)
            yield self._in_words("A day counts %(hours)s here.", hours=hours)
        if stretch.average_per_fte is not None:
            yield self._in_words(
                "The agreement names an average per full-time worker; it is counted as a right of each."
            )
        if stretch.min_months_worked is not None:
            yield self._in_words(
                "Needs %(needed)s months in service this year; %(months)s are counted.",
                needed=stretch.min_months_worked,
                months="–" if stretch.months_started is None else stretch.months_started,
            )

    def _override(self, inputs: OverrideFullTimeDays | OverrideResultingDays) -> Iterator[str]:
        days = self._fmt.exact_days(Decimal(inputs.days))
        if isinstance(inputs, OverrideResultingDays):
            yield self._in_words("The employer registered %(days)s for this year.", days=days)
        else:
            yield self._in_words("The employer registered %(days)s for someone who works full time.", days=days)
            for stretch in inputs.months:
                yield self._months(msgspec.structs.replace(stretch, amount=inputs.days))
        yield self._in_words("Reason: %(reason)s", reason=inputs.reason)
        if inputs.agreement is not None:
            yield self._in_words("Collective agreement %(number)s.", number=inputs.agreement)

    def _training(self, inputs: TrainingDays) -> Iterator[str]:
        duration = self._fmt.duration(inputs.minutes)
        hours = self._fmt.hours_and_minutes(inputs.hours_per_day)
        yield self._in_words("%(duration)s at %(hours)s a day.", duration=duration, hours=hours)
        if inputs.days != inputs.of_days:
            yield self._in_words(
                "%(days)s of its %(all)s days count here: the others lie in another year or outside the employment.",
                days=inputs.days,
                all=inputs.of_days,
            )

    def _rests(self, inputs: Rests) -> Iterator[str]:
        for year, days in inputs.rests.items():
            yield self._in_words("Left of the right of %(year)s: %(days)s.", year=year, days=self._fmt.exact_days(days))

    def _in_words(self, message: str, **parameters: object) -> str:
        return translate(self._language, message, **parameters)


def _decimal(text: str) -> Decimal:
    """Read a number as the ledger writes it: `0.5` or `2/3`."""
    fraction = Fraction(text)
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)
