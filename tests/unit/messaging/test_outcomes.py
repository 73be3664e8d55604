"""An outcome that is lost, doubled or too large for Kafka leaves a sender waiting for ever."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock

import orjson

from shared.anomalies import anomaly
from shared.contracts.outcomes import ItemOutcome
from shared.contracts.topics import TOPICS
from shared.messaging.outcomes import Decided, Origin, publish_outcomes
from shared.messaging.records import Work
from tests.support.declarations import SUBMISSION, registration


def origin(line: int) -> Origin:
    return Origin.of(registration(line))


def refused(line: int) -> ItemOutcome:
    return {
        "line": line,
        "status": "refused",
        "anomalies": [anomaly("referenceAlreadyUsed", "reference", reference="R" * 100)],
    }


def told(decided: list[Decided]) -> list[dict[str, Any]]:
    work = Work(Mock(), datetime.now(UTC))
    publish_outcomes(work, "urn:fla:registration", decided)
    events = [TOPICS[sent.topic].adapter.validate_json(sent.value) for sent in work.outgoing]
    assert all(len(sent.value) < 500_000 for sent in work.outgoing)
    assert all(
        sent.key == event["data"]["submission"].encode() for sent, event in zip(work.outgoing, events, strict=True)
    )
    return [orjson.loads(sent.value) for sent in work.outgoing]


def test_plainly_accepted_items_are_told_by_line_and_the_others_in_full() -> None:
    accepted: ItemOutcome = {"line": 3, "status": "accepted", "anomalies": []}
    [event] = told([(origin(1), None), (origin(2), refused(2)), (origin(3), accepted)])
    assert event["data"] == {"submission": SUBMISSION, "accepted": [1, 3], "others": [refused(2)]}
    assert event["submissionid"] == event["subject"] == SUBMISSION


def test_a_batch_that_is_refused_as_a_whole_is_told_in_pieces_that_kafka_takes() -> None:
    decided: list[Decided] = [(origin(0), None)]
    decided += [(origin(line), refused(line)) for line in range(1, 4001)]
    events = told(decided)
    assert [line for event in events for line in event["data"]["accepted"]] == [0]
    assert [outcome["line"] for event in events for outcome in event["data"]["others"]] == list(range(1, 4001))
    assert len({event["id"] for event in events}) == len(events) == 8


def test_the_same_decision_has_the_same_id_however_often_it_is_made() -> None:
    decided: list[Decided] = [(origin(1), None), (origin(2), refused(2))]
    assert [event["id"] for event in told(decided)] == [event["id"] for event in told(decided)]
    assert told(decided[1:])[0]["id"] != told(decided)[0]["id"], "another first item is another decision"


def test_nothing_decided_is_nothing_told() -> None:
    assert told([]) == []
