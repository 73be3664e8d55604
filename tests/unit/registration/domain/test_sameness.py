"""Without this what an earlier release kept in its own notation is another training today."""

from typing import Any

import pytest

from services.registration.domain.sameness import say_the_same
from tests.support.declarations import content

PROVIDER = {"name": "Opleidingscentrum Voorbeeld"}


@pytest.mark.parametrize(
    "kept",
    [
        {"chargedMinutes": 912},
        {"provider": {**PROVIDER, "internal": False}},
        {"certificate": {"awarded": False}},
        {"title": "Veiligheid  op de\u00a0werkvloer "},
        {"provider": {"name": "Opleidingscentrum\nVoorbeeld"}},
    ],
    ids=str,
)
def test_what_an_earlier_release_kept_says_the_same(kept: dict[str, Any]) -> None:
    assert say_the_same(content(**kept), content())  # type: ignore[arg-type]
    assert say_the_same(content(), content(**kept))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        {"chargedMinutes": 911},
        {"chargedMinutes": 0},
        {"provider": {**PROVIDER, "internal": True}},
        {"certificate": {"awarded": True}},
        {"certificate": {"awarded": False, "validUntil": "2027-01-01"}},
        {"status": "planned"},
        {"title": "veiligheid op de werkvloer"},
        {"location": "Gent"},
    ],
    ids=str,
)
def test_what_says_something_else_is_another_content(other: dict[str, Any]) -> None:
    assert not say_the_same(content(**other), content())  # type: ignore[arg-type]


def test_a_field_that_was_left_to_the_day_says_nothing() -> None:
    assert say_the_same(content(status="notFollowed"), content(), ["status"])  # type: ignore[arg-type]
    assert not say_the_same(content(title="EHBO"), content(), ["status"])  # type: ignore[arg-type]
