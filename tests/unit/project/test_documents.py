"""A manual that leads to a file which is not there sends its reader away; a version said twice must be one version."""

import re
import tomllib
from pathlib import Path

import pytest

from deploy.checkout import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([\w./-]+)(?:#[^)]*)?\)")
# In backticks, from a folder of the checkout's root on, without a placeholder in it; a name in the file may follow.
NAMED = re.compile(r"`((?:services|shared|cli|deploy|tests|docs)/[\w./-]+?)(?::[\w ,.-]+)?`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_leads_to_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = [document.parent / link for link in LINK.findall(text)] + [ROOT / named for named in NAMED.findall(text)]
    assert [str(target) for target in targets if not target.exists()] == []


def test_the_changelog_ends_where_the_project_is() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    headings = re.findall(
        r"^## \[([^]]+)\](?: - (\d{4}-\d\d-\d\d))?$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )
    released = [(name, since) for name, since in headings if name != "Unreleased"]
    assert released[0][0] == version
    assert all(since for _, since in released)
    assert [since for _, since in released] == sorted((since for _, since in released), reverse=True)
