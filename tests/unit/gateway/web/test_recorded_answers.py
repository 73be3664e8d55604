"""The samples are made of answers as the services give them today.

Lost: a preview that shows what no page in production can show.
"""

import json

import msgspec
import pytest

from tests.pages.recorded_answers import ANSWERS, RECORDED, names


@pytest.mark.parametrize("name", ANSWERS)
def test_a_recorded_answer_is_known_whole(name: str) -> None:
    """Written again it is the same: no field is missing, none is there that its type does not know."""
    content = (RECORDED / f"{name}.json").read_bytes()
    answer = msgspec.json.decode(content, type=ANSWERS[name])
    assert json.loads(msgspec.json.encode(answer)) == json.loads(content)


def test_nothing_is_recorded_that_no_sample_can_name() -> None:
    assert {path.stem for path in RECORDED.glob("*.json")} == {*ANSWERS, "names"}


def test_no_national_number_is_recorded() -> None:
    numbers = [word for path in RECORDED.glob("*.json") for word in path.read_text("utf-8").split('"')]
    assert [word for word in numbers if len(word) == 11 and word.isdigit()] == []
    assert len(names()) > 5
