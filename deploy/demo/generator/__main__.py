"""Write every demo file into the folder above this package."""

import json
from pathlib import Path
from typing import Any, Final

from deploy.demo.generator.access_file import access, representatives, sign_in
from deploy.demo.generator.submissions import submissions

DIRECTORY: Final = Path(__file__).resolve().parents[1]


def files() -> dict[str, dict[str, Any]]:
    """Make the content of every file (dict[path inside `deploy/demo`, content])."""
    return {
        "access.json": access(),
        "sign_in.json": sign_in(),
        "representatives.json": representatives(),
        **{f"submissions/{key}.json": content for key, content in submissions().items()},
    }


def rendered(content: dict[str, Any]) -> str:
    """Write a file's content as JSON in which a diff shows one change per line."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for name, content in files().items():
        target = DIRECTORY / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(rendered(content), encoding="utf-8")
