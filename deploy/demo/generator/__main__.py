"""Writes every demo file into the folder above this package."""

import json
from pathlib import Path
from typing import Any, Final

from deploy.demo.generator.access_file import access, representatives, sign_in
from deploy.demo.generator.submissions import submissions

DIRECTORY: Final = Path(__file__).resolve().parents[1]


def files() -> dict[str, dict[str, Any]]:
    """Path inside `deploy/demo` -> content."""
    return {
        "access.json": access(),
        "sign_in.json": sign_in(),
        "representatives.json": representatives(),
        **{f"submissions/{key}.json": content for key, content in submissions().items()},
    }


def rendered(content: dict[str, Any]) -> str:
    """The text of a file: readable, one change per line in a diff."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for name, content in files().items():
        target = DIRECTORY / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(rendered(content), encoding="utf-8")
