"""A training as it stands, what may be declared about it, and what can be decided on that.

Named tuples: a batch makes thousands of them.
"""

from enum import StrEnum
from typing import NamedTuple

from shared.contracts.training_submissions import TrainingContent
from shared.contracts.vocabulary import Anomaly, RegisteredBy


class Change(StrEnum):
    """What made a version. After CANCELLED nothing follows; MATCHED: the same training elsewhere changed."""

    REGISTERED = "registered"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"
    MATCHED = "matched"


class Training(NamedTuple):
    """One version of a training; the newest one is its present state.

    `enterprise` is where the person works, `sender` who declared it first and `reference` what that sender calls it.
    `received_at` is when this version was declared (ISO 8601), `registered_at` when the first one was. `same_as`: the
    training that this one is the same as, which counts in its place; `distinct`: registered as a training of its own
    though the same was there.
    """

    id: str
    version: int
    change: Change
    person: str
    enterprise: str
    sender: str
    reference: str | None
    registered_by: RegisteredBy
    received_at: str
    reason: str | None
    content: TrainingContent
    registered_at: str
    same_as: str | None = None
    distinct: bool = False


class Amendment(NamedTuple):
    """A declaration about a training that is there: whose it should be, and which version the sender had before it."""

    person: str
    enterprise: str
    received_at: str
    reason: str | None
    expected_version: int | None


class Accepted(NamedTuple):
    """The training becomes this."""

    training: Training


class Unchanged(NamedTuple):
    """What was declared is already so."""


class Refused(NamedTuple):
    """The declaration is not taken, and why."""

    anomaly: Anomaly


Decision = Accepted | Unchanged | Refused
