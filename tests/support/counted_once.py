"""What a whole stack must hold after known trainings were sent: each counted exactly once everywhere."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from deploy.setup.service_names import SERVICES
from tests.support.payroll import Payroll

MINUTES_A_DAY = 456
"""7 h 36: the day of the joint committee that all these people work under."""

VERSIONS = """
select reference, training::text, version, person::text, (content ->> 'minutes')::int, submission::text
from training_version where enterprise = any($1)
"""
LEDGER = """
select training::text, person::text, count(*), -sum(amount)
from ledger_line where figure = 'charged' and kind = 'charge' and enterprise = any($1) group by training, person
"""
CHARGED_BY_ENTITLEMENTS = """
select person::text, sum(y.charged) from balance, json_to_recordset(years) as y(charged numeric)
where enterprise = any($1) group by person having sum(y.charged) <> 0
"""
CHARGED_BY_DASHBOARD = """
select person::text, sum(charged) from balance where enterprise = any($1) group by person having sum(charged) <> 0
"""
SHOWN = "select id::text, version, person::text, minutes, status from training where enterprise = any($1)"
COUNTERS = """
select id::text, declared, accepted + warned, unchanged, refused, completed_at is not null
from submission where id = any($1::uuid[])
"""
OPEN = "select (select count(*) from parked), (select count(*) from outbox)"


def days(minutes: int) -> Decimal:
    """Calculate the days that a training of so many minutes charges, rounded half-even to six decimals."""
    return (Decimal(minutes) / MINUTES_A_DAY).quantize(Decimal("0.000001"), ROUND_HALF_EVEN)


@dataclass
class CountedOnce:
    """What was sent: `sent` by reference, in minutes; `unanswered` may have arrived or not, but not twice.

    `submissions`: by id how many trainings it must have got accepted.
    """

    sent: dict[str, int] = field(default_factory=dict)
    unanswered: dict[str, int] = field(default_factory=dict)
    submissions: dict[str, int] = field(default_factory=dict)

    def check(self, payroll: Payroll) -> None:
        """Check all services. Raises AssertionError where any counted anything twice, wrongly or not at all."""
        registered = self._registered(payroll)
        enterprises = list(payroll.enterprises)
        due = {training: days(minutes) for training, (_, minutes) in registered.items()}

        charged = {row[0]: row for row in payroll.query("entitlements", LEDGER, enterprises)}
        same("a charge for each training", charged.keys(), due.keys())
        wrong = [row for training, row in charged.items() if (row[2], row[3]) != (1, due[training])]
        assert not wrong, f"charged otherwise than once and rightly: {wrong[:5]} of {len(wrong)}"

        by_person: dict[str, Decimal] = defaultdict(Decimal)
        for training, (person, _) in registered.items():
            by_person[person] += due[training]
        for service, sql in (("entitlements", CHARGED_BY_ENTITLEMENTS), ("dashboard", CHARGED_BY_DASHBOARD)):
            figures = dict(payroll.query(service, sql, enterprises))
            same(f"balances in {service}", figures.items(), by_person.items())

        shown = {(id_, v, p, m, status) for id_, v, p, m, status in payroll.query("dashboard", SHOWN, enterprises)}
        expected = {(id_, 1, person, minutes, "completed") for id_, (person, minutes) in registered.items()}
        same("trainings on the dashboard", shown, expected)

        self._check_counters(payroll)
        for service in SERVICES:
            assert payroll.query(service, OPEN) == [(0, 0)], f"{service} has parked records or unsent events"

    def _registered(self, payroll: Payroll) -> dict[str, tuple[str, int]]:
        """Check registration against what was sent: training -> (person, minutes)."""
        rows = payroll.query("registration", VERSIONS, list(payroll.enterprises))
        again = [row for row in rows if row[2] != 1]
        assert not again, f"registered more than once: {again[:5]}"
        found = {reference: minutes for reference, _, _, _, minutes, _ in rows}
        assert len(found) == len(rows), "references registered twice"
        possible = self.sent | self.unanswered
        same("trainings registered", {r: m for r, m in found.items() if r in self.sent}.items(), self.sent.items())
        assert found.items() <= possible.items(), f"never sent: {list(found.items() - possible.items())[:5]}"
        return {training: (person, minutes) for _, training, _, person, minutes, _ in rows}

    def _check_counters(self, payroll: Payroll) -> None:
        rows = payroll.query("gateway", COUNTERS, list(self.submissions))
        expected = {(id_, count, count, 0, 0, True) for id_, count in self.submissions.items()}
        same("outcomes counted", set(rows), expected)


def same(what: str, found: Iterable[Any], expected: Iterable[Any]) -> None:
    """Assert that both hold the same; the failure names a few of what is missing and of what is too much."""
    found, expected = set(found), set(expected)
    missing, more = expected - found, found - expected
    failure = (
        f"{len(missing)} missing {sorted(map(str, missing))[:3]}, {len(more)} too much {sorted(map(str, more))[:3]}"
    )
    assert not missing and not more, f"{what}: {failure}"
