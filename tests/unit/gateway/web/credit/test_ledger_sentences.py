"""Every line of a balance is explained: a reader who asks "why is it 3.2 days?" gets an answer, in words."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from services.entitlements.domain.arrangements.enterprise_size import SizeOrigin
from services.entitlements.domain.arrangements.which_applies import ReasonCode
from services.entitlements.domain.lines import RULE_VERSION, Kind, Rule
from services.gateway.web.arrangements.arrangement_sentences import ArrangementExplainer
from services.gateway.web.arrangements.look_up import ArrangementAnswer
from services.gateway.web.credit.credit import LedgerLine, UnknownMonths
from services.gateway.web.credit.ledger_sentences import LINE_TITLES, LedgerExplainer
from services.gateway.web.kit.formatting import Formatter
from shared.contracts.ledger_inputs import inputs_from
from shared.i18n import Language
from tests.pages import credits

EXPLAINER = LedgerExplainer(Language.ENGLISH, Formatter(Language.ENGLISH))
STRETCH: dict[str, Any] = {
    "from": 1,
    "to": 6,
    "count": 6,
    "jointCommittee": "118",
    "fraction": "0.5",
    "size": "24.5",
    "sizeOrigin": "averageFullTimeEquivalents",
    "arrangement": "sector/118/[20,)/[2023-01-01,)",
    "amount": "2",
    "unit": "days",
}
INPUTS: dict[Rule, dict[str, Any]] = {
    Rule.GRANT_BY_MONTHS: {"unit": "days", "months": [STRETCH]},
    Rule.OVERRIDE_FULL_TIME_DAYS: {
        "unit": "days",
        "days": "6",
        "reason": "agreed",
        "scope": "employment",
        "months": [STRETCH],
    },
    Rule.OVERRIDE_RESULTING_DAYS: {
        "unit": "days",
        "days": "3.5",
        "reason": "agreed",
        "scope": "employment",
        "months": [],
    },
    Rule.CARRY_OVER_AT_YEAR_END: {"rests": {"2023": "1.250000"}},
    Rule.CHARGE_OF_TRAINING: {"minutes": 456, "days": 1, "ofDays": 2, "hoursPerDay": "7.6", "trainingVersion": 1},
    Rule.RESERVE_FOR_TRAINING: {"minutes": 456, "days": 2, "ofDays": 2, "hoursPerDay": "7.6", "trainingVersion": 1},
    Rule.EXPIRY_OF_FIVE_YEAR_PERIOD: {"rests": {"2024": "2.000000"}},
    Rule.EXPIRY_OF_FIVE_YEAR_OLD_RIGHT: {"rests": {"2024": "2.000000"}},
    Rule.LOSS_AT_END_OF_CONTRACT: {"lastDay": "2024-08-31", "reason": "resignation"},
}


def _line(rule: Rule, inputs: dict[str, Any]) -> LedgerLine:
    recorded_at, read = datetime(2024, 1, 1, tzinfo=UTC), inputs_from(rule.value, RULE_VERSION[rule], inputs)
    return LedgerLine(date(2024, 1, 1), recorded_at, "grant", rule.value, RULE_VERSION[rule], Decimal(1), read)


def _said(rule: Rule, inputs: dict[str, Any] | None = None) -> str:
    text = " ".join(EXPLAINER.line(_line(rule, INPUTS[rule] if inputs is None else inputs)))
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("language", Language)
def test_every_rule_of_the_ledger_has_words(rule: Rule, language: Language) -> None:
    sentences = LedgerExplainer(language, Formatter(language)).line(_line(rule, INPUTS[rule]))
    assert sentences
    assert all(len(sentence) > 10 for sentence in sentences)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_line_has_a_title(kind: Kind) -> None:
    assert kind.value in LINE_TITLES


def test_a_right_is_shown_as_the_calculation_that_made_it() -> None:
    assert "January to June: 2 days × 50% of full time × 6/12." in _said(Rule.GRANT_BY_MONTHS).replace("50 %", "50%")
    assert "JC 118, enterprise of 24.5 workers (average of full-time equivalents" in _said(Rule.GRANT_BY_MONTHS)


def test_a_fraction_that_no_decimal_can_say_is_understood() -> None:
    assert "66.67" in _said(
        Rule.GRANT_BY_MONTHS, {"unit": "days", "months": [{**STRETCH, "fraction": str(Fraction(2, 3))}]}
    )


def test_conditions_that_stay_the_same_are_said_once() -> None:
    later = {**STRETCH, "from": 7, "to": 12, "fraction": "1"}
    said = EXPLAINER.line(_line(Rule.GRANT_BY_MONTHS, {"unit": "days", "months": [STRETCH, later]}))
    assert len(said) == 2
    assert "workers" in said[0]
    assert "workers" not in said[1]


@pytest.mark.parametrize("origin", SizeOrigin)
def test_every_origin_of_a_size_has_words(origin: SizeOrigin) -> None:
    assert "workers (" in _said(
        Rule.GRANT_BY_MONTHS, {"unit": "days", "months": [{**STRETCH, "sizeOrigin": origin.value}]}
    )


def test_a_training_at_the_turn_of_the_year_tells_which_days_count() -> None:
    assert "7 h 36 at 7 h 36 a day." in _said(Rule.CHARGE_OF_TRAINING)
    assert "1 of its 2 days" in _said(Rule.CHARGE_OF_TRAINING)
    assert "of its" not in _said(Rule.RESERVE_FOR_TRAINING)


def test_a_deviation_tells_its_reason_and_agreement() -> None:
    inputs = INPUTS[Rule.OVERRIDE_RESULTING_DAYS] | {"agreement": "181682/CO/200"}
    assert "Reason: agreed Collective agreement 181682/CO/200." in _said(Rule.OVERRIDE_RESULTING_DAYS, inputs)


def test_what_no_longer_applies_is_told_as_such() -> None:
    assert "no longer applies" in _said(Rule.CHARGE_OF_TRAINING, {"withdrawn": "noLongerApplies"})


def test_a_line_that_corrects_others_says_where_it_starts_and_arrives() -> None:
    """Else "5 days × 12/12" would stand beside +4, and nobody could say why."""
    first = _line(Rule.GRANT_BY_MONTHS, INPUTS[Rule.GRANT_BY_MONTHS])
    assert not any("Booked before" in sentence for sentence in EXPLAINER.line(first))
    said = EXPLAINER.line(replace(first, amount=Decimal(4), before=Decimal(1)))
    assert said[-1].replace("\u00a0", " ") == "Booked before: 1 day. With this line: 5 days."
    charge = _line(Rule.CHARGE_OF_TRAINING, INPUTS[Rule.CHARGE_OF_TRAINING])
    less = EXPLAINER.line(replace(charge, kind="giveBack", amount=Decimal("0.25"), before=Decimal("-0.75")))
    assert less[-1].replace("\u00a0", " ") == "Booked before: 0.75 days. With this line: 0.5 days."


@pytest.mark.parametrize("reason", ReasonCode)
@pytest.mark.parametrize("language", Language)
def test_months_that_grant_nothing_say_which_and_why(reason: ReasonCode, language: Language) -> None:
    said = LedgerExplainer(language, Formatter(language)).unknown(UnknownMonths(2023, 3, 12, reason.value))
    assert " 2023: " in said
    assert "%(" not in said
    size = EXPLAINER.unknown(UnknownMonths(2023, 3, 3, "sizeUnknown"))
    assert size == "March 2023: No size of the enterprise is known for this date."


def test_the_sample_ledger_adds_up_to_what_it_explains() -> None:
    year = credits.explained()
    assert sum(line.amount for line in year.lines) == year.credit.available


@pytest.mark.parametrize("reason", ReasonCode)
@pytest.mark.parametrize("language", Language)
def test_every_reason_for_an_arrangement_has_a_sentence(reason: ReasonCode, language: Language) -> None:
    answer = ArrangementAnswer(reason.value, {"jointCommittee": "118", "decidedBy": "118", "nextFrom": "2024-01-01"})
    assert "%(" not in ArrangementExplainer(language, Formatter(language)).why(answer)[0]


def test_an_answer_says_what_weakens_it() -> None:
    known = ArrangementAnswer("base", {"decidedBy": "*"}, Decimal(5), set="brochure")
    assert len(ArrangementExplainer(Language.ENGLISH, Formatter(Language.ENGLISH)).why(known)) == 2
    weak = replace(known, confidence="low", average_per_fte=True, min_months_worked=6)
    assert len(ArrangementExplainer(Language.ENGLISH, Formatter(Language.ENGLISH)).why(weak)) == 5
