"""Every line of a ledger is explained: what a rule writes is what a page reads, to the last key, in four languages.

Lines are never rewritten: whoever looks up a balance in ten years reads what is written here.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import orjson
import pytest

from services.entitlements.domain.arrangements.enterprise_size import SizePeriod, Sizes
from services.entitlements.domain.charges.charged_training import TrainingStatus
from services.entitlements.domain.employments import EndReason
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.ledger import deltas, target
from services.entitlements.domain.lines import RULE_VERSION, Line, Rule
from services.entitlements.domain.rights.overrides import OverrideKind
from services.entitlements.domain.settings import DEFAULTS, ExpiryRule, Settings
from services.gateway.web.credit.credit import LedgerLine
from services.gateway.web.credit.ledger_sentences import LedgerExplainer
from services.gateway.web.kit.formatting import Formatter
from shared.contracts.ledger_inputs import INPUTS, Withdrawn, decode_inputs, encode_inputs, inputs_from
from shared.i18n import Language
from tests.unit.entitlements.domain.examples import employed, of_size, override, shipped, term, training

MONTHS = (
    '[{"from":1,"to":12,"count":12,"jointCommittee":"200","fraction":"2/3","size":"74/3","sizeOrigin":"measured",'
    '"arrangement":"sector/200/[20,)/[2024-01-01,2026-01-01)","amount":"3","unit":"days","why":"ownJointCommittee",'
    '"source":"https://www.besox.be/pc-200-nieuwe-sectorale-afspraken-inzake-opleiding/"}]'
)
WRITTEN = {
    Rule.GRANT_BY_MONTHS: f'{{"unit":"days","months":{MONTHS}}}',
    Rule.OVERRIDE_FULL_TIME_DAYS: f'{{"unit":"days","months":{MONTHS},"days":"6","reason":"p","scope":"employment"}}',
    Rule.OVERRIDE_RESULTING_DAYS: (
        f'{{"unit":"days","months":{MONTHS},"days":"3.5","reason":"een \\"plan\\"","scope":"employment",'
        '"agreement":"181682/CO/200"}'
    ),
    Rule.CARRY_OVER_AT_YEAR_END: '{"rests":{"2023":"1.250000","2024":"0.333333"}}',
    Rule.CHARGE_OF_TRAINING: '{"minutes":456,"days":1,"ofDays":2,"hoursPerDay":"7.6","trainingVersion":1}',
    Rule.RESERVE_FOR_TRAINING: '{"minutes":456,"days":1,"ofDays":1,"hoursPerDay":"7.6","trainingVersion":1}',
    Rule.EXPIRY_OF_FIVE_YEAR_PERIOD: '{"rests":{"2024":"2.000000"}}',
    Rule.EXPIRY_OF_FIVE_YEAR_OLD_RIGHT: '{"rests":{"2024":"2.000000"}}',
    Rule.LOSS_AT_END_OF_CONTRACT: '{"lastDay":"2024-08-31","reason":"resignation"}',
}
"""What each rule wrote when its version came into use."""
HOURS = (
    '{"unit":"hours","months":[{"from":1,"to":12,"count":12,"jointCommittee":"111.01.07","fraction":"1","size":"25",'
    '"sizeOrigin":"stated","arrangement":"a row","amount":"16","unit":"hours","why":"ownJointCommittee",'
    '"source":"a source","hoursPerDay":"7.6","averagePerFte":"yes","minMonthsWorked":6,"monthsStarted":12}],'
    '"hoursPerDay":"7.6"}'
)
WITHDRAWN = '{"withdrawn":"noLongerApplies"}'


def ledger() -> list[Line]:
    """Lines of every rule: two employments' whole lives, by either rule of expiry, and what is then taken back."""
    employment = replace(
        employed("2024-01-01", "2030-03-31", reason=EndReason.RESIGNATION),
        terms=(term("2024-01-01", "200", "2/3"), term("2025-01-01", "111.01.07", "1", "40")),
    )
    overrides = (
        override("6", start="2025-01-01", end="2025-12-31"),
        override("9", OverrideKind.RESULTING_DAYS, "2026-01-01", "2026-12-31", agreement="181682/CO/200"),
    )
    trainings = (
        training("2024-12-30", "2025-01-02"),
        training("2029-05-01", id="planned", status=TrainingStatus.PLANNED),
    )
    sizes = Sizes(measured=(SizePeriod(date(2023, 1, 1), None, Decimal("24.7")),))
    facts = Facts(employment, (), sizes, overrides, (), trainings)
    lines: list[Line] = []
    for settings in (DEFAULTS, Settings(expiry=ExpiryRule.PER_RIGHT)):
        lines += target(facts, shipped(), date(2030, 6, 1), settings).lines
    small = Facts(employed("2024-01-01"), (), of_size("9"))
    return [*lines, *target(small, shipped(), date(2026, 1, 1)).lines, *deltas(lines[:5], [], "gone")]


def test_every_rule_in_its_version_has_inputs_of_its_own() -> None:
    assert {(rule.value, version) for rule, version in RULE_VERSION.items()} <= INPUTS.keys()
    assert len(set(INPUTS.values())) == len(INPUTS)
    assert {line.rule for line in ledger()} == set(Rule) == WRITTEN.keys()


def test_every_line_of_a_ledger_is_written_as_its_rule_says() -> None:
    for line in ledger():
        written = encode_inputs(line.inputs)
        assert type(line.inputs) in (INPUTS[line.rule.value, line.rule_version], Withdrawn)
        assert decode_inputs(line.rule.value, line.rule_version, written) == line.inputs
        assert inputs_from(line.rule.value, line.rule_version, orjson.loads(written)) == line.inputs
        assert orjson.dumps(orjson.loads(written)).decode() == written


@pytest.mark.parametrize(
    ("rule", "written"),
    [*WRITTEN.items(), (Rule.GRANT_BY_MONTHS, HOURS), *((rule, WITHDRAWN) for rule in Rule)],
)
def test_what_was_ever_written_is_read_to_the_last_key_and_would_be_written_again(rule: Rule, written: str) -> None:
    assert encode_inputs(decode_inputs(rule.value, 1, written)) == written
    answered = inputs_from(rule.value, 1, orjson.loads(written))
    assert answered is not None
    assert encode_inputs(answered) == written


@pytest.mark.parametrize("language", Language)
def test_every_line_of_a_ledger_is_explained_in_every_language(language: Language) -> None:
    explainer = LedgerExplainer(language, Formatter(language))
    for line in ledger():
        booked = LedgerLine(
            line.date,
            datetime(2026, 1, 1, tzinfo=UTC),
            line.kind.value,
            line.rule.value,
            line.rule_version,
            line.amount,
            line.inputs,
        )
        sentences = explainer.line(booked)
        assert sentences
        assert all(len(sentence) > 10 and "%(" not in sentence for sentence in sentences)


def test_a_rule_that_only_a_newer_release_knows_is_left_unsaid() -> None:
    assert inputs_from("grant.byMoonlight", 1, {"moons": 12}) is None
    assert inputs_from(Rule.GRANT_BY_MONTHS.value, 99, {"unit": "days"}) is None


def test_a_size_and_a_fraction_stay_exact() -> None:
    employment = employed("2024-01-01", None, term("2024-01-01", "200", "2/3"))
    [line, *_] = target(Facts(employment, (), of_size("25")), shipped(), date(2024, 6, 1)).lines
    assert Fraction(orjson.loads(encode_inputs(line.inputs))["months"][0]["fraction"]) == Fraction(2, 3)
