"""A committee that exists must be known, and one that does not must not be answered for as if it did."""

import csv
from pathlib import Path

import pytest

from services.entitlements.domain.arrangements.joint_committees import ANY, parse_joint_committee
from services.entitlements.domain.arrangements.rows import ArrangementSet
from services.entitlements.domain.arrangements.which_applies import Arrangements, ReasonCode
from services.entitlements.reference.load_arrangements import load_arrangements
from shared.i18n import Language
from shared.reference.joint_committees import dotted, is_known, joint_committees
from tests.unit.entitlements.domain.examples import day as on

FILE = Path("shared/reference/joint_committees.csv")
ROWS = load_arrangements()


def test_the_list_is_in_order_and_each_code_stands_once() -> None:
    with FILE.open(newline="", encoding="utf-8") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    assert codes == sorted(set(codes))
    assert all(parse_joint_committee(code) == code for code in codes)
    assert len(codes) >= 225


def test_every_committee_of_an_arrangement_is_known() -> None:
    """Lost: a warning on every declaration of a sector whose agreement is in our own data."""
    assert [
        row.joint_committee for row in ROWS if row.joint_committee != ANY and not is_known(row.joint_committee)
    ] == []


@pytest.mark.parametrize("code", ["200", "225", "225.01", "22501", "2250100", "305.02.09", "3050209", "300", "330"])
def test_known_however_it_is_dotted(code: str) -> None:
    assert is_known(code)


@pytest.mark.parametrize("code", ["000", "999", "200.99", "2009900"])
def test_nobody_knows(code: str) -> None:
    assert not is_known(code)


def test_a_committee_has_its_name_in_two_languages_and_its_days() -> None:
    committee = joint_committees()["200"]
    assert committee.name(Language.DUTCH) == "Aanvullend Paritair Comité voor de bedienden"
    assert committee.name(Language.FRENCH) == committee.name(Language.GERMAN) != committee.name(Language.DUTCH)
    ended = joint_committees()["113.01"]
    assert ended.exists_on(on("2009-09-30"))
    assert not ended.exists_on(on("2009-10-01"))


@pytest.mark.parametrize("code", ["000", "999", "200.99"])
def test_the_look_up_does_not_answer_for_what_nobody_knows(code: str) -> None:
    """Lost: the right of the general rule, told with confidence for a number that is a typing error."""
    arrangements = Arrangements(ROWS, ArrangementSet.BROCHURE)
    asked = arrangements.looked_up(code, 25, on("2024-06-16"), is_known)
    assert (asked.known, asked.reason.code) == (False, ReasonCode.JOINT_COMMITTEE_NOT_LISTED)
    assert asked.reason.parameters["jointCommittee"] == code


@pytest.mark.parametrize("code", ["200", "225.01.00", "111.01.07", "118.03", None])
def test_the_look_up_answers_for_what_is_known(code: str | None) -> None:
    arrangements = Arrangements(ROWS, ArrangementSet.BROCHURE)
    asked = arrangements.looked_up(code, 25, on("2024-06-16"), is_known)
    assert asked == arrangements.applicable(code, 25, on("2024-06-16"))


def test_a_committee_of_an_operators_own_arrangements_is_answered_for() -> None:
    """Lost: an arrangement that the operator keeps for a committee younger than the list."""
    arrangements = Arrangements(ROWS, ArrangementSet.BROCHURE)
    asked = arrangements.looked_up("111.01.07", 25, on("2024-06-16"), lambda _: False)
    assert asked == arrangements.applicable("111.01.07", 25, on("2024-06-16"))


@pytest.mark.parametrize(("typed", "shown"), [("3050209", "305.02.09"), ("22501", "225.01"), ("200", "200")])
def test_dots_stand_in_their_places(typed: str, shown: str) -> None:
    assert dotted(typed) == shown
