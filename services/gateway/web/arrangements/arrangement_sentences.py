"""Why an arrangement applies, or why none is known, in sentences."""

from collections.abc import Iterator
from datetime import date

from services.gateway.web.arrangements.general_rule import SizeBand
from services.gateway.web.arrangements.look_up import ArrangementAnswer
from services.gateway.web.arrangements.texts import REASONS, SETS
from services.gateway.web.kit.formatting import Formatter
from shared.i18n import N_, Language, translate


class ArrangementExplainer:
    """Sentences about arrangements in one language. Stateless: one serves all pages."""

    def __init__(self, language: Language, formatter: Formatter) -> None:
        self._language = language
        self._fmt = formatter

    def why(self, answer: ArrangementAnswer) -> tuple[str, ...]:
        """Explain why this arrangement applies, or why none is known, in sentences."""
        return tuple(self._sentences(answer))

    def size_band(self, band: SizeBand) -> str:
        """Word for which enterprises a line of the general rule is."""
        if band.upper is None:
            sentence = N_("%(lower)s workers or more") if band.lower_included else N_("More than %(lower)s workers")
        elif not band.lower and not band.upper_included:
            sentence = N_("Fewer than %(upper)s workers")
        elif band.upper_included:
            sentence = N_("%(lower)s to %(upper)s workers")
        else:
            sentence = N_("%(lower)s to fewer than %(upper)s workers")
        return self._in_words(sentence, lower=self._fmt.decimal(band.lower), upper=self._fmt.decimal(band.upper))

    def _sentences(self, answer: ArrangementAnswer) -> Iterator[str]:
        texts = {
            "jointCommittee": "–",
            "decidedBy": "–",
            "nextFrom": "–",
            "previousUntil": "–",
            **{name: self._parameter(name, text) for name, text in answer.parameters.items()},
        }
        yield self._in_words(REASONS[answer.reason], **texts)
        if answer.set:
            yield self._in_words("Counted by %(rules)s.", rules=self._in_words(SETS[answer.set]))
        if answer.hours_per_day and answer.hours is not None:
            yield self._in_words(
                "A day counts %(hours)s here.", hours=self._fmt.hours_and_minutes(answer.hours_per_day)
            )
        if answer.average_per_fte:
            yield self._in_words(
                "The agreement names an average per full-time worker; it is counted as a right of each."
            )
        if answer.min_months_worked is not None:
            yield self._in_words(
                "Only for those in service for %(months)s months in the year.", months=answer.min_months_worked
            )
        if answer.confidence != "high":
            yield self._in_words("The source is not plain on this point: check it before you rely on it.")

    def _parameter(self, name: str, text: str) -> str:
        if name in ("jointCommittee", "decidedBy"):
            return self._in_words("the general rule") if text == "*" else self._fmt.joint_committee(text)
        if name in ("validFrom", "validUntil", "nextFrom", "previousUntil", "date"):
            return self._day(text)
        return text

    def _day(self, text: str) -> str:
        return self._fmt.date(date.fromisoformat(text))

    def _in_words(self, message: str, **parameters: object) -> str:
        return translate(self._language, message, **parameters)
