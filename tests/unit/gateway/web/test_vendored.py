"""A browser library that was changed by hand, or came without its licence, must not reach a reader's browser unseen."""

import hashlib
import json
from typing import Any

import pytest

from services.gateway.web.kit.rendering import STATIC_DIRECTORY

VENDOR = STATIC_DIRECTORY / "vendor"
ENTRIES: list[dict[str, Any]] = json.loads((VENDOR / "vendored.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_a_library_is_the_one_that_was_taken(entry: dict[str, Any]) -> None:
    assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_a_library_has_its_licence_and_its_place_in_the_list(entry: dict[str, Any]) -> None:
    assert (VENDOR / entry["licenceFile"]).stat().st_size > 300
    listed = (VENDOR / "VENDORED.md").read_text(encoding="utf-8")
    for name in ("file", "package", "version", "licence", "sha256"):
        assert entry[name] in listed


def test_nothing_else_lies_among_them() -> None:
    described = {"VENDORED.md", "vendored.json", "licences"}
    assert {path.name for path in VENDOR.iterdir()} - described == {entry["file"] for entry in ENTRIES}
