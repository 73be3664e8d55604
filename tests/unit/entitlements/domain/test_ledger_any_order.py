"""Facts arrive in any order and in any number of steps; the ledger always says what it would if all had been known."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import orjson
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.entitlements.domain.arrangements.enterprise_size import SizePeriod, Sizes
from services.entitlements.domain.balance import year_figures
from services.entitlements.domain.charges.charge_lines import charge_lines
from services.entitlements.domain.charges.charged_training import Training, TrainingContext, TrainingStatus
from services.entitlements.domain.employments import Employment, EndReason, Term
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.ledger import Target, deltas, hours_years, stands_alone, target
from services.entitlements.domain.lines import Figure, Key, Line
from services.entitlements.domain.rights.overrides import Override, OverrideKind, OverrideScope
from services.entitlements.domain.settings import ExpiryRule, Settings
from services.entitlements.domain.year_end.carry_over import sum_years, year_end_lines
from shared.contracts.ledger_inputs import INPUTS, Withdrawn, decode_inputs, encode_inputs
from tests.unit.entitlements.domain.examples import NO_SECTOR, shipped

FOLLOWING_FIGURES = {Figure.CARRIED_OVER, Figure.EXPIRED, Figure.LOST}
FIRST, LAST = date(2022, 10, 1), date(2031, 3, 1)
days = st.dates(FIRST, LAST)
lengths = st.integers(0, 500)
terms = st.builds(
    Term,
    days,
    st.sampled_from([NO_SECTOR, "200", "116", "111.01.07", "115", None]),
    st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(2, 3), Fraction(0)]),
    st.sampled_from([Decimal(38), Decimal(40), Decimal("36.5")]),
)


def _override(
    number: int, kind: OverrideKind, scope: OverrideScope, years: tuple[int, int], amount: Decimal, agreed: bool
) -> Override:
    start, end = date(min(years), 1, 1), date(max(years), 12, 31)
    registered = datetime(2024, 1, 1 + number, tzinfo=UTC)
    agreement = "181682/CO/200" if agreed else None
    return Override(f"override {number}", scope, kind, start, end, amount, "a plan", registered, agreement)


overrides = st.builds(
    _override,
    st.integers(0, 3),
    st.sampled_from(OverrideKind),
    st.sampled_from(OverrideScope),
    st.tuples(st.integers(2023, 2030), st.integers(2023, 2030)),
    st.decimals(0, 12, places=2),
    st.booleans(),
)
trainings = st.builds(
    lambda number, start, length, minutes, charged, status, context: Training(
        f"training {number}", 1, start, start + timedelta(days=length), minutes, status, context, charged
    ),
    st.integers(0, 5),
    days,
    st.sampled_from([0, 0, 0, 3, 40, 400]),
    st.integers(0, 12_000),
    st.none() | st.integers(0, 12_000),
    st.sampled_from(TrainingStatus),
    st.sampled_from([*[TrainingContext.PROFESSIONAL] * 4, TrainingContext.NON_PROFESSIONAL]),
)


def sums(lines: Iterable[Line]) -> dict[Key, Decimal]:
    totals: dict[Key, Decimal] = {}
    for line in lines:
        totals[line.key] = totals.get(line.key, Decimal(0)) + line.amount
    return {key: total for key, total in totals.items() if total}


class Ledgers(RuleBasedStateMachine):
    """Two employments of a person at one enterprise, kept as a service would: only by appending lines."""

    @initialize(rule_of_expiry=st.sampled_from(ExpiryRule))
    def begin(self, rule_of_expiry: ExpiryRule) -> None:
        self.settings = Settings(expiry=rule_of_expiry)
        self.today = FIRST
        self.sizes = Sizes()
        self.employments: dict[str, Employment] = {}
        self.overrides: dict[str, Override] = {}
        self.trainings: dict[str, Training] = {}
        self.ledgers: dict[str, list[Line]] = {}
        self.hours: dict[str, dict[int, Decimal]] = {}
        self.events = 0

    def facts(self, id: str) -> Facts:
        siblings = tuple(other for other in self.employments.values() if other.id != id)
        return Facts(
            self.employments[id],
            siblings,
            self.sizes,
            tuple(self.overrides.values()),
            (),
            tuple(self.trainings.values()),
        )

    def from_scratch(self, id: str) -> Target:
        return target(self.facts(id), shipped(), self.today, self.settings)

    def append(self, id: str, existing: Iterable[Line], wanted: Iterable[Line]) -> list[Line]:
        self.events += 1
        made = deltas(list(existing), wanted, f"event {self.events}")
        self.ledgers[id] += made
        return made

    def recompute_all(self) -> None:
        for id in self.ledgers:
            aim = self.from_scratch(id) if id in self.employments else Target((), {})
            self.hours[id] = hours_years(aim.years)
            self.append(id, self.ledgers[id], aim.lines)

    @rule(id=st.sampled_from("AB"), start=days, length=st.none() | st.integers(0, 2500), first=terms, second=terms)
    def employ(self, id: str, start: date, length: int | None, first: Term, second: Term) -> None:
        end = None if length is None else start + timedelta(days=length)
        own = {start: replace(first, start=start)} | ({second.start: second} if second.start > start else {})
        self.employments[id] = Employment(id, "person", "0123456749", start, end, tuple(own.values()))
        self.ledgers.setdefault(id, [])
        self.recompute_all()

    @precondition(lambda self: self.employments)
    @rule(data=st.data(), reason=st.sampled_from(EndReason))
    def give_the_reason_of_the_end(self, data: st.DataObject, reason: EndReason) -> None:
        id = data.draw(st.sampled_from(sorted(self.employments)))
        self.employments[id] = replace(self.employments[id], end_reason=reason)
        self.recompute_all()

    @precondition(lambda self: self.employments)
    @rule(data=st.data())
    def cancel_an_employment(self, data: st.DataObject) -> None:
        del self.employments[data.draw(st.sampled_from(sorted(self.employments)))]
        self.recompute_all()

    @rule(start=days, first=st.decimals(0, 40, places=1), then=st.decimals(0, 40, places=1))
    def state_sizes(self, start: date, first: Decimal, then: Decimal) -> None:
        self.sizes = Sizes(
            stated=(
                SizePeriod(start, start + timedelta(days=900), first),
                SizePeriod(start + timedelta(days=901), None, then),
            )
        )
        self.recompute_all()

    @rule(one=overrides)
    def override(self, one: Override) -> None:
        self.overrides[one.id] = one
        self.recompute_all()

    @rule(to=days)
    def let_time_pass(self, to: date) -> None:
        self.today = max(self.today, to)
        self.recompute_all()

    @rule(some=st.lists(trainings, min_size=1, max_size=4))
    def register_trainings(self, some: list[Training]) -> None:
        """Only their own lines, and the turn lines where a year has turned: the way a bulk file is booked."""
        for one in some:
            self.register_a_training(one)

    def register_a_training(self, one: Training) -> None:
        before = self.trainings.get(one.id)
        one = replace(one, version=before.version + 1 if before else 1)
        self.trainings[one.id] = one
        for id, employment in self.employments.items():
            ledger = self.ledgers[id]
            earlier = self.facts(id).earlier_siblings
            wanted = charge_lines(one, employment, earlier=earlier, hours_years=self.hours[id])
            made = self.append(id, [line for line in ledger if line.training_id == one.id], wanted)
            if not stands_alone(employment, made, self.today, self.settings):
                turning = year_end_lines(employment, sum_years(employment, ledger), self.today, self.settings)
                self.append(id, [line for line in ledger if line.figure in FOLLOWING_FIGURES], turning)

    @invariant()
    def every_ledger_sums_up_to_what_all_facts_together_give(self) -> None:
        for id, ledger in self.ledgers.items():
            if id not in self.employments:
                assert sums(ledger) == {}
                continue
            aim = self.from_scratch(id)
            assert sums(ledger) == sums(aim.lines)
            assert deltas(ledger, aim.lines, "again") == []
            booked, wanted = year_figures(ledger, aim.years), year_figures(aim.lines, aim.years)
            assert {year: one for year, one in booked.items() if year in wanted} == wanted

    @invariant()
    def every_figure_is_the_exact_sum_of_lines(self) -> None:
        for ledger in self.ledgers.values():
            for year, one in year_figures(ledger, {}).items():
                own = [line for line in ledger if line.year == year]
                assert one.available == sum((line.amount for line in own), Decimal(0))
                assert one.balance == sum(
                    (line.amount for line in own if line.figure is not Figure.RESERVED), Decimal(0)
                )
                assert min(one.entitlement, one.carried_over, one.charged, one.reserved, one.expired, one.lost) >= 0

    @invariant()
    def nothing_is_a_float_and_everything_can_be_written_as_json(self) -> None:
        for ledger in self.ledgers.values():
            for line in ledger:
                assert type(line.amount) is Decimal
                assert line.amount.as_tuple().exponent == -6
                written = encode_inputs(line.inputs)
                assert _is_plain(orjson.loads(written))
                assert decode_inputs(line.rule.value, line.rule_version, written) == line.inputs
                assert type(line.inputs) in (INPUTS[line.rule.value, line.rule_version], Withdrawn)


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(type(name) is str and _is_plain(part) for name, part in value.items())
    if isinstance(value, list):
        return all(_is_plain(part) for part in value)
    return value is None or type(value) in (str, int)


Ledgers.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, suppress_health_check=[HealthCheck.too_slow]
)
TestLedgersInAnyOrder = Ledgers.TestCase
