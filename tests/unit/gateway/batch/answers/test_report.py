"""The itemised report."""

import pytest

from services.gateway.batch.answers.report import harmless


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_begins_as_a_formula(text: str) -> None:
    """Lost: whoever opens the report in a spreadsheet runs what a sender wrote into a reference."""
    assert harmless(text) == "'" + text
    assert harmless("A" + text) == "A" + text
