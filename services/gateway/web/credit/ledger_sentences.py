"""Why a balance is what it is: one or more sentences for every ledger line.

The entitlements service tells a rule and its inputs; the words are made here, where the reader's language is known.
What a rule's inputs hold is said in `services/entitlements/domain/`; an input that is not there is left unsaid.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.gateway.web.arrangements.texts import REASONS, SETS
from services.gateway.web.credit.credit import LedgerLine, UnknownMonths
from services.gateway.web.kit.formatting import Formatter
from shared.i18n import N_, Language, translate

Inputs = Mapping[str, Any]

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
        """What a line is, in two or three words."""
        return self._in_words(LINE_TITLES[line.kind])

    def line(self, line: LedgerLine) -> tuple[str, ...]:
        """Why the line's amount is what it is: one paragraph for each stretch of months, else one in all."""
        if "withdrawn" in line.inputs:
            return (self._in_words("This was booked before and no longer applies."),)
        family = line.rule.partition(".")[0]
        said = self._stretches(line.inputs) if family == "grant" else (" ".join(self._by_family(family, line)),)
        return (*said, *self._difference(line))

    def unknown(self, months: UnknownMonths) -> str:
        """Which months grant nothing for now, and why."""
        period = self._period({"from": months.first, "to": months.last})
        reason = _UNKNOWN.get(months.reason, N_("What the sector agreed is not known for this date."))
        return f"{period[:1].upper()}{period[1:]} {months.year}: {self._in_words(reason)}"

    def _by_family(self, family: str, line: LedgerLine) -> Iterator[str]:
        match family:
            case "override":
                yield from self._override(line)
            case "charge" | "reserve":
                yield from self._charge(line)
            case "carryOver":
                yield from self._rests(line.inputs, N_("Left of the right of %(year)s: %(days)s."))
            case "expiry":
                yield self._in_words("Five years have passed.")
                yield from self._rests(line.inputs, N_("Left of the right of %(year)s: %(days)s."))
            case "loss":
                yield self._in_words("The contract ended on %(day)s.", day=self._day(line.inputs["lastDay"]))

    def _difference(self, line: LedgerLine) -> Iterator[str]:
        """What a line that corrects earlier ones starts from and arrives at: its own amount is only the difference."""
        if line.before is not None:
            before, after = (self._fmt.days(abs(days)) for days in (line.before, line.before + line.amount))
            yield self._in_words("Booked before: %(before)s. With this line: %(after)s.", before=before, after=after)

    def _stretches(self, inputs: Inputs) -> Iterator[str]:
        """Conditions that stay the same are said once."""
        said: set[str] = set()
        for stretch in inputs.get("months", ()):
            conditions = [sentence for sentence in self._conditions(stretch) if sentence not in said]
            said.update(conditions)
            yield " ".join((self._months(stretch), *conditions))

    def _months(self, stretch: Inputs) -> str:
        months = self._period(stretch)
        return f"{months[:1].upper()}{months[1:]}: {self._factors(stretch)}."

    def _period(self, stretch: Inputs) -> str:
        first, last = (self._fmt.month_name(int(stretch[end])) for end in ("from", "to"))
        return first if first == last else self._in_words("%(first)s to %(last)s", first=first, last=last)

    def _factors(self, stretch: Inputs) -> str:
        """`5 days × 80 % of full time × 6/12`, of whatever the stretch tells."""
        factors = []
        if "amount" in stretch:
            amount = Decimal(stretch["amount"])
            factors.append(self._fmt.hours(amount) if stretch.get("unit") == "hours" else self._fmt.exact_days(amount))
        if "fraction" in stretch:
            share = self._fmt.percent(_decimal(stretch["fraction"]))
            factors.append(self._in_words("%(share)s of full time", share=share))
        factors.append(f"{stretch['count']}/12")
        return " × ".join(factors)

    def _conditions(self, stretch: Inputs) -> Iterator[str]:
        if "jointCommittee" in stretch and "size" in stretch:
            yield self._in_words(
                "%(committee)s, enterprise of %(size)s workers (%(origin)s).",
                committee=self._fmt.joint_committee(stretch["jointCommittee"]),
                size=self._fmt.decimal(_decimal(stretch["size"])),
                origin=self._in_words(_SIZE_ORIGINS[stretch.get("sizeOrigin", "stated")]),
            )
        if "arrangement" in stretch:
            rows = SETS[str(stretch["arrangement"]).partition("/")[0]]
            yield self._in_words("Counted by %(rules)s.", rules=self._in_words(rows))
        if "hoursPerDay" in stretch:
            yield self._in_words(
                "A day counts %(hours)s here.", hours=self._fmt.hours_and_minutes(stretch["hoursPerDay"])
            )
        if "averagePerFte" in stretch:
            yield self._in_words(
                "The agreement names an average per full-time worker; it is counted as a right of each."
            )
        if "minMonthsWorked" in stretch:
            yield self._in_words(
                "Needs %(needed)s months in service this year; %(months)s are counted.",
                needed=stretch["minMonthsWorked"],
                months=stretch.get("monthsStarted", "–"),
            )

    def _override(self, line: LedgerLine) -> Iterator[str]:
        inputs = line.inputs
        days = self._fmt.exact_days(Decimal(inputs["days"]))
        if line.rule.endswith("resultingDays"):
            yield self._in_words("The employer registered %(days)s for this year.", days=days)
        else:
            yield self._in_words("The employer registered %(days)s for someone who works full time.", days=days)
            yield from (self._months({**stretch, "amount": inputs["days"]}) for stretch in inputs.get("months", ()))
        yield self._in_words("Reason: %(reason)s", reason=inputs["reason"])
        if "agreement" in inputs:
            yield self._in_words("Collective agreement %(number)s.", number=inputs["agreement"])

    def _charge(self, line: LedgerLine) -> Iterator[str]:
        inputs = line.inputs
        duration = self._fmt.duration(int(inputs["minutes"]))
        hours = self._fmt.hours_and_minutes(inputs["hoursPerDay"])
        yield self._in_words("%(duration)s at %(hours)s a day.", duration=duration, hours=hours)
        if inputs["days"] != inputs["ofDays"]:
            yield self._in_words(
                "%(days)s of its %(all)s days count here: the others lie in another year or outside the employment.",
                days=inputs["days"],
                all=inputs["ofDays"],
            )

    def _rests(self, inputs: Inputs, sentence: str) -> Iterator[str]:
        for year, days in inputs.get("rests", {}).items():
            yield self._in_words(sentence, year=year, days=self._fmt.exact_days(Decimal(days)))

    def _day(self, text: str) -> str:
        return self._fmt.date(date.fromisoformat(text))

    def _in_words(self, message: str, **parameters: object) -> str:
        return translate(self._language, message, **parameters)


def _decimal(text: str) -> Decimal:
    """A number as the ledger writes it: `0.5` or `2/3`."""
    fraction = Fraction(text)
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)
