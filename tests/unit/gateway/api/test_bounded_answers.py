"""No answer grows with what is wrong in a request, whatever is sent; and a field given twice is named by its place."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from services.gateway.api.submit import described, fields_given_twice
from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.intake.submission_outcomes import StoredOutcome, SubmissionState
from services.gateway.intake.validation import path_of, validate
from services.gateway.limits import LARGEST_JSON_BODY, MOST_ISSUES, MOST_ITEMS, MOST_VALUES
from shared.anomalies import anomaly
from shared.contracts.vocabulary import Anomaly
from shared.i18n import Language

LARGEST_ANSWER = 1_500_000


def state(of_items: list[list[Anomaly]]) -> SubmissionState:
    items = [StoredOutcome(line, None, "refused", found) for line, found in enumerate(of_items, 1)]
    now = datetime.now(UTC)
    return SubmissionState("s", "bulk", "api", "1999010345", now, len(items), 0, 0, 0, len(items), now, None, items)


def found_in(fields: dict[str, Any]) -> list[Anomaly]:
    return validate(Declared(1, DeclarationKind.TRAINING_REGISTRATION, fields), "2026-03-02")[1]


ATTACKS: dict[str, Any] = {
    "unknown fields": lambda: [{f"unknown{n}": "x" * 25 for n in range(MOST_VALUES // MOST_ITEMS - 1)}] * MOST_ITEMS,
    "long names": lambda: [{"y" * 3_000: 1}] * MOST_ITEMS,
    "every field wrong": lambda: (
        [{"title": [], "startDate": [], "endDate": {}, "duration": [], "ssin": []}] * MOST_ITEMS
    ),
    "nothing": lambda: [{}] * MOST_ITEMS,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_thousand_wrong_items_are_answered_shortly_and_each_is_told_why(attack: str) -> None:
    """Lost: four megabytes of nonsense that are answered with seventy-five."""
    items = ATTACKS[attack]()
    assert len(orjson.dumps({"items": items})) <= LARGEST_JSON_BODY
    of_items = [found_in(one) for one in items]
    answer = described(state(of_items), Language.GERMAN, items)
    assert len(orjson.dumps(answer)) < LARGEST_ANSWER
    assert all(item["issues"] for item in answer["items"])
    told = sum(len(item["issues"]) for item in answer["items"])
    assert told <= 2 * MOST_ITEMS + MOST_ISSUES


def test_what_is_not_told_is_counted_and_the_first_item_is_told_in_full() -> None:
    many = [anomaly("unknownInput", f"x{n}") for n in range(60)]
    counted = [*many[:3], anomaly("moreIssues", count=40)]
    first, second, third, fourth = described(state([many, many, counted, many[:1]]), Language.ENGLISH)["items"]
    assert len(first["issues"]) == 60
    assert [one["code"] for one in second["issues"]] == ["unknownInput"] * 42 + ["moreIssues"]
    assert second["issues"][-1]["detail"].startswith("18 more")
    assert [one["code"] for one in third["issues"]] == ["unknownInput", "moreIssues"]
    assert third["issues"][-1]["detail"].startswith("42 more")
    assert len(fourth["issues"]) == 1


@pytest.mark.parametrize(
    ("body", "places"),
    [
        (b'{"a": 1, "a": 2}', ["a"]),
        (b'{"items": [{"b": 1}, {"title": "x", "title": "y"}]}', ["items[1].title"]),
        (b'{"provider": {"name": "x", "name": "x"}, "terms": [{}, {"q": {"z": 1, "z": 2, "y": 1, "y": 2}}]}',
         ["provider.name", "terms[1].q.z", "terms[1].q.y"]),
        (b'{"a": {"a": 1}, "b": [{"a": 1}, {"a": 1}]}', []),
    ],
)  # fmt: skip
def test_a_field_given_twice_is_named_by_its_place(body: bytes, places: list[str]) -> None:
    assert [path_of(place) for place in fields_given_twice(body)] == places


def test_very_many_fields_given_twice_are_told_in_part() -> None:
    body = b"[" + b",".join([b'{"a":1,"a":1}'] * 250_000) + b"]"
    assert len(fields_given_twice(body)) == MOST_ISSUES
