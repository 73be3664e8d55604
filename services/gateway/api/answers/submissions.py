"""What became of what was sent."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from services.gateway.api.answers.common import Address, Count, Language
from services.gateway.api.answers.problems import Issue
from shared.contracts.outcomes import OutcomeStatus
from shared.contracts.vocabulary import Channel, Moment, Uuid

Line = Annotated[int, Field(ge=1, description="Place in what was sent, from 1.")]


class Receipt(TypedDict):
    """One declaration that was taken. `id` is what it is about; `status` is `pending` until it is decided."""

    id: NotRequired[Uuid]
    submissionId: Uuid
    status: Literal["pending", "accepted", "acceptedWithWarnings", "unchanged"]
    issues: NotRequired[Annotated[list[Issue], Field(description="Warnings.")]]


class SubmissionItem(TypedDict):
    """An item that was not plainly accepted."""

    line: Line
    reference: NotRequired[str]
    status: OutcomeStatus
    issues: list[Issue]


class Submission(TypedDict):
    """A submission: its counts, and each item that was not plainly accepted."""

    self: Address
    id: Uuid
    channel: Channel
    receivedAt: Moment
    status: Literal["processing", "completed"]
    declared: NotRequired[Count]
    accepted: Count
    acceptedWithWarnings: Count
    unchanged: Count
    refused: Count
    subject: NotRequired[Annotated[Uuid, Field(description="What a single declaration was about.")]]
    items: list[SubmissionItem]


class Code(TypedDict):
    """An entry of a code list. An anomaly has a severity and a text too."""

    code: str
    severity: NotRequired[Literal["error", "warning"]]
    text: NotRequired[Language]


class CodeList(TypedDict):
    """A code list."""

    items: list[Code]
