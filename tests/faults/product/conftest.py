"""A social secretariat on a running product that is about to be mistreated, and the books of all it sent."""

import os
from dataclasses import dataclass

import pytest

from tests.support.batch_files import Plan
from tests.support.counted_once import CountedOnce
from tests.support.payroll import STAFF_TRAININGS, Payroll
from tests.support.running_stack import RunningStack

RECORDS = int(os.environ.get("FLA_FAULT_RECORDS", "20000"))
"""Trainings in the file that is on its way when something is killed."""

PEOPLE = max(1, RECORDS // 10)
ENTERPRISES = max(1, PEOPLE // 50)


@dataclass
class Mistreated:
    """One stack, one sender and one set of books for all the tests: what one breaks, the next would still see."""

    payroll: Payroll
    books: CountedOnce

    @property
    def stack(self) -> RunningStack:
        return self.payroll.stack

    def plan(self, series: str) -> Plan:
        return self.payroll.plan(RECORDS, series, self.payroll.year)


@pytest.fixture(scope="session")
def mistreated(stack: RunningStack) -> Mistreated:
    payroll = Payroll.set_up(stack, people=PEOPLE, enterprises=ENTERPRISES)
    return Mistreated(payroll, CountedOnce(sent=dict(STAFF_TRAININGS)))
