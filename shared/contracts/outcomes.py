"""`fla.outcomes.v1`: what was decided on each item of a submission. Key: the submission's id.

One event holds all items of one submission that were decided together: plainly accepted ones are only counted by line.
"""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from shared.contracts.envelope import Envelope
from shared.contracts.vocabulary import Anomaly, Uuid

TOPIC = "fla.outcomes.v1"

OutcomeStatus = Literal["accepted", "acceptedWithWarnings", "unchanged", "refused"]


class ItemOutcome(TypedDict):
    """An item that was not plainly accepted."""

    line: int
    status: OutcomeStatus
    anomalies: list[Anomaly]


class Decision(TypedDict):
    """`accepted`: the lines plainly accepted. `others`: the rest. A line appears in exactly one decision, ever."""

    submission: Uuid
    accepted: list[int]
    others: NotRequired[list[ItemOutcome]]


class SubmissionDecided(Envelope):
    type: Literal["be.fla.submission.decided.v1"]
    data: Decision


Event = Annotated[SubmissionDecided, Field()]
