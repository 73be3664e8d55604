"""A training as lists show it."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.answers.dashboard import TrainingLine
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


def training_row(line: TrainingLine, employee_name: str = "", enterprise_name: str = "") -> TrainingRow:
    """Make the row of a training."""
    return TrainingRow(
        training=line.training,
        title=line.title,
        employee_name=employee_name,
        start_date=line.start_date,
        end_date=line.end_date,
        minutes=line.minutes,
        kind=line.kind,
        status=line.status,
        provider=(line.provider.name or "") if line.provider else "",
        enterprise_name=enterprise_name,
        same_as=line.same_as,
    )
