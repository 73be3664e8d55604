"""What is wrong with a declaration is bounded in what it costs to tell: nobody else waits while it is told."""

from typing import Any

import orjson
import pytest

from services.gateway.api.submit import has_more_values
from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.intake.validation import validate
from services.gateway.limits import MOST_ISSUES, MOST_VALUES
from tests.support.text_cases import BASES

Kind = DeclarationKind
_MANY = {f"f{number}": number for number in range(50_000)}
ATTACKS: dict[str, tuple[Kind, dict[str, Any]]] = {
    "unknown fields": (Kind.TRAINING_REGISTRATION, BASES[Kind.TRAINING_REGISTRATION] | _MANY),
    "unknown fields in a group": (
        Kind.TRAINING_REGISTRATION, BASES[Kind.TRAINING_REGISTRATION] | {"provider": {"name": "x"} | _MANY},
    ),
    "unknown fields in terms": (
        Kind.EMPLOYMENT_REGISTRATION, BASES[Kind.EMPLOYMENT_REGISTRATION] | {"terms": [{"a": 1, "b": 2, "c": 3}] * 100},
    ),
    "very many terms": (Kind.EMPLOYMENT_REGISTRATION, BASES[Kind.EMPLOYMENT_REGISTRATION] | {"terms": [{}] * 50_000}),
    "nothing right": (Kind.EMPLOYMENT_REGISTRATION, {"terms": [[1]] * 100} | _MANY),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_at_most_a_hundred_issues_and_a_count_of_the_rest(name: str) -> None:
    kind, fields = ATTACKS[name]
    checked, found = validate(Declared(1, kind, fields), "2026-11-26")
    assert checked is None
    assert 0 < len(found) <= MOST_ISSUES
    assert len(orjson.dumps(found)) < 20_000


def test_what_is_left_out_is_counted_to_the_last() -> None:
    kind, fields = ATTACKS["unknown fields"]
    _, found = validate(Declared(1, kind, fields), "2026-11-26")
    assert found[-1]["code"] == "moreIssues"
    assert int(found[-1]["params"]["count"]) + len(found) - 1 == len(_MANY)


def test_a_right_field_among_very_many_wrong_ones_is_not_called_missing() -> None:
    kind, fields = ATTACKS["unknown fields"]
    _, found = validate(Declared(1, kind, dict(reversed(fields.items()))), "2026-11-26")
    assert {one["code"] for one in found} == {"unknownInput", "moreIssues"}


@pytest.mark.parametrize(
    ("content", "most", "more"),
    [
        ({"a": 1}, 1, False),
        ({"a": 1, "b": 2}, 1, True),
        ({"a": [1, 2, {"b": [3]}]}, 6, False),
        ({"a": [1, 2, {"b": [3]}]}, 5, True),
        ({"items": [{"a": 1}] * MOST_VALUES}, MOST_VALUES, True),
        ({}, 0, False),
    ],
)
def test_the_values_of_a_body_are_counted_however_deep(content: Any, most: int, more: bool) -> None:
    assert has_more_values(content, most) is more


def test_the_largest_bulk_of_right_declarations_is_below_the_bound() -> None:
    body = {"items": [BASES[Kind.TRAINING_REGISTRATION] | dict.fromkeys(map(str, range(20)))] * 1000}
    assert not has_more_values(body, MOST_VALUES)
