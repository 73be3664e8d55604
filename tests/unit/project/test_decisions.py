"""Whoever questions a decision must find it, and see since when it holds and whether it still does."""

import re
from pathlib import Path

import pytest

from deploy.checkout import ROOT

FOLDER = ROOT / "docs" / "decisions"
DECISIONS = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
FORM = re.compile(
    r"# (?P<title>[^\n]+)\n\n"
    r"Status: (in force|withdrawn|replaced by \[[^]]+\]\([a-z-]+\.md\)) · (?P<since>\d{4}-\d\d-\d\d)\n\n"
)


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_its_status_and_its_date_and_is_in_the_index(decision: Path) -> None:
    head = FORM.match(decision.read_text(encoding="utf-8"))
    assert head, "the first lines are: # Title, an empty one, Status: in force · 2026-11-26, an empty one"
    row = f"| [{head['title']}]({decision.name}) | {head['since']} |"
    assert row in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()


def test_the_index_names_no_decision_that_is_not_there() -> None:
    named = re.findall(r"\]\(([a-z-]+\.md)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert sorted(named) == [path.name for path in DECISIONS]
