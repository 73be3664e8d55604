"""Publishing what was decided on submissions: the one way in which every deciding service does it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shared.contracts import outcomes
from shared.contracts.envelope import event
from shared.contracts.outcomes import Decision, ItemOutcome
from shared.identifiers import derived_id
from shared.messaging.records import Work

DECIDED = "be.fla.submission.decided.v1"
MOST_OTHERS = 500
"""Items with anomalies in one event: thousands of refusals would make a message larger than Kafka takes."""


class Origin(NamedTuple):
    """Where a decision comes from: an item of a submission, and who sent it for whom."""

    item: str
    submission: str
    line: int
    actor: str
    party: str
    traceparent: str | None = None

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Origin":
        """Get the origin that a submitted event names."""
        item = event["data"]["item"]
        sender = event["actor"], event["party"], event.get("traceparent")
        return cls(item["id"], item["submission"], item["line"], *sender)


Decided = tuple[Origin, ItemOutcome | None]
"""An item and what became of it; None, like the status `accepted`, is published by line only."""


def publish_outcomes(work: Work, source: str, decided: Sequence[Decided]) -> None:
    """Publish one event per submission with all that was decided on it in this batch; a few when much was refused.

    An event's id follows from the first item in it: an item is decided once, so no other event can ever have this id.
    """
    now = work.now.isoformat()
    by_submission: dict[str, list[Decided]] = {}
    for pair in decided:
        by_submission.setdefault(pair[0].submission, []).append(pair)
    for submission, pairs in by_submission.items():
        for origin, decision in _decisions(submission, pairs):
            decided_event = event(
                DECIDED,
                decision,
                id_=derived_id(origin.item, "decision"),
                source=source,
                subject=submission,
                actor=origin.actor,
                party=origin.party,
                time=now,
                submission=submission,
                traceparent=origin.traceparent,
            )
            work.emit(outcomes.TOPIC, submission, decided_event)


def _decisions(submission: str, pairs: Sequence[Decided]) -> Iterator[tuple[Origin, Decision]]:
    """Give each decision beside the first item in it."""
    accepted: list[int] = []
    others: list[tuple[Origin, ItemOutcome]] = []
    for origin, outcome in pairs:
        if outcome is None or outcome["status"] == "accepted":
            accepted.append(origin.line)
        else:
            others.append((origin, outcome))
    pieces = [others[at : at + MOST_OTHERS] for at in range(0, len(others), MOST_OTHERS)] or [[]]
    for number, piece in enumerate(pieces):
        decision: Decision = {"submission": submission, "accepted": [] if number else accepted}
        if piece:
            decision["others"] = [outcome for _, outcome in piece]
        yield piece[0][0] if number else pairs[0][0], decision
