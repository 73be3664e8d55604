"""What the services answered once about a small bakery: the samples are made of it by the pages' own code.

`tests/pages/record.py` plays the bakery's year and writes each answer to `recorded/`. Their types are those of
`shared/contracts/answers`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from shared.contracts.answers import dashboard, entitlements, registration

RECORDED = Path(__file__).parent / "recorded"
YEAR = 2025
ANSWERS: dict[str, type] = {
    "summary": dashboard.Summary,
    "summary-empty": dashboard.Summary,
    "most-charged": dashboard.EmployeePage,
    "employees": dashboard.EmployeePage,
    "employees-empty": dashboard.EmployeePage,
    "latest": dashboard.TrainingPage,
    "trainings": dashboard.TrainingPage,
    "trainings-empty": dashboard.TrainingPage,
    "enterprises": dashboard.EnterprisePage,
    "enterprise": entitlements.Enterprise,
    "training": registration.TrainingHistory,
    "training-double": registration.TrainingHistory,
    "training-cancelled": registration.TrainingHistory,
    "employment": dashboard.Employment,
    "employment-trainings": dashboard.TrainingPage,
    "employment-ledger": entitlements.Ledger,
    "employment-overrides": entitlements.OverridePage,
    "employment-ending": dashboard.Employment,
    "account": dashboard.PersonAccount,
    "account-ledger-0": entitlements.Ledger,
    "account-ledger-1": entitlements.Ledger,
}
Recorded = TypeVar("Recorded")


def recorded(name: str, answer: type[Recorded]) -> Recorded:
    """Read a recorded answer. Raises TypeError where it is of another type."""
    found = _decoded(name)
    if not isinstance(found, answer):
        raise TypeError(f"{name} is a {type(found).__name__}")
    return found


@cache
def _decoded(name: str) -> Any:
    return msgspec.json.decode((RECORDED / f"{name}.json").read_bytes(), type=ANSWERS[name])


@cache
def names() -> dict[str, str]:
    """Read who is who: dict[person id, name]."""
    return cast("dict[str, str]", json.loads((RECORDED / "names.json").read_text("utf-8")))
