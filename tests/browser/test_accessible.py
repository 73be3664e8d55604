"""Nobody is kept out: every page passes axe in light and dark, wide and narrow, and the browser has no complaint.

Each combination of two of (language, colours, width) is visited, which finds what a full cross would at half the time.
"""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit
from tests.pages.catalogue import SAMPLES

WAYS = (
    ("nl", "light", 1280),
    ("nl", "dark", 390),
    ("de", "dark", 1280),
    ("de", "light", 320),
)
OPTIONS = {"rules": {"target-size": {"enabled": True}}}


def _violations(visited: Visit) -> list[str]:
    found: dict[str, Any] = Axe().run(visited.page, options=OPTIONS).response
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(map(str, way)))
@pytest.mark.parametrize("name", [sample.name for sample in SAMPLES])
def test_a_page_is_accessible(visit: Callable[..., Visit], name: str, way: tuple[str, str, int]) -> None:
    language, colours, width = way
    visited = visit(f"/preview/{name}?lang={language}", width=width, color_scheme=colours)
    if visited.page.locator("figure.chart").count():
        visited.page.wait_for_selector("figure.chart[data-drawn] canvas")
    assert _violations(visited) == []
    assert visited.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    assert visited.complaints == []
