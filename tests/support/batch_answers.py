"""A file that is done, one that was rejected, and outcomes: what answers are written of in tests."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from services.gateway.batch.answers.outcomes import DeclarationOutcome
from services.gateway.batch.state import Batch, BatchState, Mode
from shared.anomalies import anomaly

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NASTY = """<&"'>é\u2028=1+1"""

DONE = Batch(
    id="01a20b0c-e311-72e0-b867-738b62c97c48", sender="1999010345", actor="client:x", mode=Mode.PRODUCTION,
    file_name=NASTY, size=1000, language="nl", state=BatchState.COMPLETED, received_at=AT, read_bytes=1000,
    spool_bytes=500, kinds={"trainingRegistration": 4}, sender_reference=NASTY, rejection=None, acknowledged_at=AT,
    checkpoint=4, checkpoint_offset=500, finished_at=AT, attempts=1, declared=4, accepted=1, warned=1, unchanged=1,
    refused=1,
)  # fmt: skip
REFUSAL: dict[str, Any] = {
    "code": "schemaInvalid",
    "violations": [
        {"element": "trainingRegistration/status", "code": "notInList", "field": "status",
         "params": {"allowed": "planned, completed"}, "line": 12, "reference": NASTY},
        {"element": "batch", "code": "missingElement", "params": {"expected": "header"}},
    ],
}  # fmt: skip
REJECTED = replace(DONE, state=BatchState.REJECTED, rejection=REFUSAL, kinds=None, declared=0, checkpoint=0)
OUTCOMES = [
    DeclarationOutcome(1, NASTY, 12, "accepted", []),
    DeclarationOutcome(2, None, None, "acceptedWithWarnings", [anomaly("outsideEmployment", "startDate")]),
    DeclarationOutcome(3, "R3", 30, "unchanged", [anomaly("unchanged")]),
    DeclarationOutcome(
        4, "R4", 40, "refused", [anomaly("referenceAlreadyUsed", reference=NASTY), anomaly("invalidSsin", "ssin")]
    ),
]


async def in_pages(*pages: Sequence[DeclarationOutcome]) -> AsyncIterator[Sequence[DeclarationOutcome]]:
    """Outcomes as the database gives them."""
    for page in pages:
        yield page
