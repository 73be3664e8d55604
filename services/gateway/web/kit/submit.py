"""Submitting a form's declarations, by the same way in as the other channels, and waiting for the outcome."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from services.gateway.intake import submission_outcomes
from services.gateway.intake.declared import Declared, Sender
from services.gateway.intake.idempotency import KeyReusedError, earlier_submissions
from services.gateway.intake.submission_writer import SubmissionReceipt, SubmissionRequest
from services.gateway.intake.validation import validate
from services.gateway.wiring import Gateway
from shared.anomalies import is_error
from shared.clock import brussels_today
from shared.contracts.vocabulary import Anomaly
from shared.database.engine import driver, transaction

WAIT_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a form. `anomalies`: line -> what is wrong or noteworthy. `pending`: not decided in time.

    `submission`: under which it was stored; None where nothing was.
    """

    subject: str | None
    anomalies: dict[int, list[Anomaly]]
    pending: bool = False
    submission: str | None = None

    @property
    def refused(self) -> dict[int, list[Anomaly]]:
        """The lines that were refused."""
        return {line: found for line, found in self.anomalies.items() if any(map(is_error, found))}


def check(declared: Declared) -> list[Anomaly]:
    """Validate a declaration's own fields before anything is submitted; empty when they are right."""
    checked, found = validate(declared, brussels_today().isoformat())
    return [one for one in found if is_error(one)] if checked is None else []


def _digest(declared: Sequence[Declared]) -> bytes:
    return hashlib.sha256(repr([(d.kind, d.person, sorted(d.fields.items())) for d in declared]).encode()).digest()


def _keys(key: str, digest: bytes) -> tuple[str, str]:
    """Make the form's own key, and that of the same form sent again with another content."""
    return f"form {key}", f"form {key} {digest.hex()[:16]}"


async def sent_before(gateway: Gateway, sender: Sender, declared: Sequence[Declared], key: str) -> bool:
    """Check whether exactly this was submitted with this form already: then submitting gives the first one's result."""
    digest = _digest(declared)
    async with transaction(gateway.engine) as connection:
        found = await earlier_submissions(
            driver(connection), [(sender.organisation, one) for one in _keys(key, digest)]
        )
    return any(row["body_hash"] == digest for row in found.values())


async def submit(gateway: Gateway, sender: Sender, declared: Sequence[Declared], key: str) -> Result:
    """Submit declarations and wait for their outcome. The same form (`key`) sent twice gives the first one's result."""
    digest = _digest(declared)
    own_key, digest_key = _keys(key, digest)
    request = SubmissionRequest(sender, "web", "single" if len(declared) == 1 else "bulk", declared, own_key, digest)
    try:
        receipt = await gateway.writer.submit(request)
    except KeyReusedError:
        # Sent once, gone back, changed and sent again: that is a new declaration.
        receipt = await gateway.writer.submit(
            SubmissionRequest(sender, "web", request.kind, declared, digest_key, digest)
        )
    return await result_of(gateway, receipt)


async def result_of(gateway: Gateway, receipt: SubmissionReceipt) -> Result:
    """Wait a moment for the outcome of a submission."""
    if receipt.submission is None:
        return Result(None, {refused.line: refused.anomalies for refused in receipt.refused})
    state = await submission_outcomes.wait_for(gateway.engine, receipt.submission, WAIT_SECONDS)
    if state is None:
        return Result(receipt.subject, {}, pending=True, submission=receipt.submission)
    anomalies = {item.line: item.anomalies for item in state.items}
    return Result(receipt.subject, anomalies, not state.completed, receipt.submission)


async def submit_one(gateway: Gateway, sender: Sender, declared: Declared, key: str) -> tuple[Result, list[Anomaly]]:
    """Submit a form's only declaration if its own fields are right. Returns the result and what is wrong."""
    if wrong := check(declared):
        return Result(None, {}), wrong
    result = await submit(gateway, sender, [declared], key)
    return result, result.refused.get(1, [])
