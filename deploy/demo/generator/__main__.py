"""Writes every demo file next to this package."""

import json
from pathlib import Path
from typing import Any, Final

from deploy.demo.generator.access_file import access, sign_in

DIRECTORY: Final = Path(__file__).resolve().parents[1]


def files() -> dict[str, dict[str, Any]]:
    """File name -> content."""
    return {"access.json": access(), "sign_in.json": sign_in()}


def rendered(content: dict[str, Any]) -> str:
    """The text of a file: readable, one change per line in a diff."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for name, content in files().items():
        (DIRECTORY / name).write_text(rendered(content), encoding="utf-8")
