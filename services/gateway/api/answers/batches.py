"""Batches: XML files of declarations, how far they are, and their outcomes."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from services.gateway.api.answers.common import Address, Count, Page
from services.gateway.api.answers.submissions import Line
from shared.contracts.outcomes import OutcomeStatus
from shared.contracts.vocabulary import EnterpriseNumber, Moment, Uuid

Mode = Literal["production", "simulation"]
Text = Annotated[str, Field(description="In the sender's language.")]
Kinds = Annotated[dict[str, Count], Field(description="Declarations by kind.", examples=[{"trainingRegistration": 3}])]


class BatchAnomaly(TypedDict):
    """One thing that is wrong or noteworthy. `code` is one of `/refData/anomalies`."""

    code: str
    field: NotRequired[str]
    severity: Literal["error", "warning"]
    text: Text


class Violation(BatchAnomaly):
    """A place where a file breaks its schema. `line` is the line of the XML."""

    line: NotRequired[int]
    reference: NotRequired[str]
    element: str


class Refusal(BatchAnomaly):
    """Why a file was refused whole."""

    line: NotRequired[int]
    violations: NotRequired[list[Violation]]


class BatchAcknowledgement(TypedDict):
    """Whether the file as such is good, or was cancelled."""

    result: Literal["positive", "negative", "cancelled"]
    acknowledgedAt: Moment
    declared: NotRequired[Count]
    kinds: NotRequired[Kinds]
    refusal: NotRequired[Refusal]


class Acknowledgement(BatchAcknowledgement):
    """An acknowledgement at its own address."""

    self: Address


class BatchProgress(TypedDict):
    """How many bytes were checked, and how many declarations published and decided."""

    checkedBytes: Count
    published: Count
    decided: Count


class BatchLinks(TypedDict):
    """Where to read on."""

    acknowledgement: Address
    report: Address


class Batch(TypedDict):
    """How far a batch is. Its counts are there once the file was found to be good.

    `interrupted`: what is left of the file can no longer be read here; send the same file again and it goes on.
    """

    self: Address
    id: Uuid
    sender: EnterpriseNumber
    mode: Mode
    state: Literal["waiting", "checking", "rejected", "processing", "interrupted", "completed", "cancelled"]
    size: Count
    receivedAt: Moment
    finishedAt: NotRequired[Moment]
    fileName: NotRequired[str]
    reference: NotRequired[str]
    progress: BatchProgress
    declared: NotRequired[Count]
    kinds: NotRequired[Kinds]
    accepted: NotRequired[Count]
    acceptedWithWarnings: NotRequired[Count]
    unchanged: NotRequired[Count]
    refused: NotRequired[Count]
    acknowledgement: NotRequired[BatchAcknowledgement]
    links: BatchLinks


class BatchPage(Page):
    """A page of batches."""

    items: list[Batch]


class ReportItem(TypedDict):
    """A declaration's outcome. `xmlLine` is the line of the file where it begins."""

    line: Line
    xmlLine: NotRequired[int]
    reference: NotRequired[str]
    status: OutcomeStatus
    anomalies: NotRequired[list[BatchAnomaly]]


class BatchReport(TypedDict):
    """Every declaration's outcome; before it is `complete` those that are decided otherwise than plainly accepted."""

    self: Address
    batch: Uuid
    mode: Mode
    complete: bool
    declared: Count
    accepted: Count
    acceptedWithWarnings: Count
    unchanged: Count
    refused: Count
    items: list[ReportItem]
