"""A training as lists show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.contracts.vocabulary import TrainingKind, TrainingStatus


@dataclass(frozen=True)
class TrainingRow:
    """One training in a list. `employee_name` is empty where the list is about one person.

    `same_as`: the training that counts in its place.
    """

    training: str
    title: str
    employee_name: str
    start_date: date
    end_date: date
    minutes: int
    kind: TrainingKind
    status: TrainingStatus
    provider: str = ""
    enterprise_name: str = ""
    same_as: str | None = None


def training_row(item: Mapping[str, Any], employee_name: str = "", enterprise_name: str = "") -> TrainingRow:
    """A training in a list."""
    return TrainingRow(
        training=item["training"],
        title=item["title"],
        employee_name=employee_name,
        start_date=date.fromisoformat(item["startDate"]),
        end_date=date.fromisoformat(item["endDate"]),
        minutes=item["minutes"],
        kind=item["kind"],
        status=item["status"],
        provider=(item.get("provider") or {}).get("name", ""),
        enterprise_name=enterprise_name,
        same_as=item.get("sameAs"),
    )
