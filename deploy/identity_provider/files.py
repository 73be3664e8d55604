"""Secrets on disk: written whole or not at all, readable by their owner only."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any


def write_secret(path: Path, content: dict[str, Any]) -> bool:
    """Create a JSON file with mode 600 unless it exists. Returns whether this call created it.

    Two processes that start at once agree: the second finds the first one's file.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        Path(draft).unlink()
    return True
