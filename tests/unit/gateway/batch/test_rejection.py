"""Why files are rejected."""

import re
from pathlib import Path

from shared.anomaly_texts import CATALOGUE


def test_every_code_said_of_a_file_has_its_text() -> None:
    """Codes are written in the parsing process as they are; the catalogue must have each with its placeholders."""
    said: dict[str, set[str]] = {}
    for source in map(Path.read_text, sorted(Path("services/gateway/batch").rglob("*.py"))):
        for code, rest in re.findall(r'\banomaly\("(\w+)"([^\n]*)', source):
            said.setdefault(code, set()).update(re.findall(r"\b(allowed|minimum|maximum|expected)=", rest))
    assert {"truncated", "doctypeNotAllowed", "notInList"} <= said.keys()
    for code, filled in said.items():
        wanted = set(re.findall(r"%\((\w+)\)s", CATALOGUE[code].text))
        assert wanted == filled, code
