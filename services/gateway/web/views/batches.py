"""Files in bulk: the list, sending one, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from services.gateway.web.views.frame import FormState
from services.gateway.web.views.listing import Listing
from shared.contracts.outcomes import OutcomeStatus


class BatchState(StrEnum):
    """How far a file is."""

    RECEIVED = "received"
    PROCESSING = "processing"
    DONE = "done"
    REJECTED = "rejected"


@dataclass(frozen=True)
class BatchRow:
    """One file. `declared` is None until all of it was read; the counts only grow."""

    batch: str
    file_name: str
    size: int
    received_at: datetime
    state: BatchState
    declared: int | None
    accepted: int
    warned: int
    unchanged: int
    refused: int

    @property
    def decided(self) -> int:
        """How many declarations have their outcome."""
        return self.accepted + self.warned + self.unchanged + self.refused


@dataclass(frozen=True)
class BatchesView:
    """`/batches`, newest first."""

    template: ClassVar[str] = "pages/batches.html"

    batches: Listing[BatchRow]


@dataclass(frozen=True)
class NewBatchView:
    """`/batches/new`: a multipart form with `file` and `mode` (`production` or `simulation`)."""

    template: ClassVar[str] = "pages/batch_new.html"
    fields: ClassVar[tuple[str, ...]] = ("file", "mode")

    form: FormState
    schema_href: str
    largest: int


@dataclass(frozen=True)
class AnomalyRow:
    """One thing wrong or noteworthy with one declaration, its text in the reader's language."""

    line: int
    reference: str | None
    status: OutcomeStatus
    code: str
    field: str | None
    text: str


@dataclass(frozen=True)
class BatchView:
    """`/batches/{id}`; `fragment` is fetched again every second or two while the file is not done.

    `rejection` says, in the reader's language, why the acknowledgement is negative; then nothing of the file was taken.
    `report_ready`: the itemised report can be downloaded.
    """

    template: ClassVar[str] = "pages/batch.html"
    fragment: ClassVar[str] = "fragments/batch.html"

    batch: BatchRow
    simulation: bool
    anomalies: Listing[AnomalyRow]
    rejection: str | None = None
    report_ready: bool = False

    @property
    def running(self) -> bool:
        """Whether more is still to come."""
        return self.batch.state in (BatchState.RECEIVED, BatchState.PROCESSING)
