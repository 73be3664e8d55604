"""Where the files of batches lie: one folder each, readable by the gateway alone.

Replicas share this place (a volume that all can write): whoever claims a batch finds its file there.
"""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

CONTENT: Final = "content.xml"
DECLARATIONS: Final = "declarations.jsonl"
BY_PERSON: Final = "rehearsal.jsonl"
OVERTAKEN: Final = "overtaken.bits"


@dataclass(frozen=True, slots=True)
class BatchFolders:
    """The folder of all batches, as an absolute path."""

    root: Path

    def folder(self, batch: str) -> Path:
        """The folder of one batch, which may not be there."""
        return self.root / batch

    def hand_over(self, content_of: str, batch: str) -> None:
        """Give this batch the file of another folder, unless it has its own still; safe when this returns."""
        folder = self.folder(batch)
        if not (folder / CONTENT).exists():
            folder.mkdir(mode=0o700, exist_ok=True)
            (self.folder(content_of) / CONTENT).replace(folder / CONTENT)
            sync(folder)
            sync(self.root)

    def forget_declarations(self, batch: str) -> None:
        """Everything is published: the decoded declarations are not needed any more."""
        for name in (DECLARATIONS, BY_PERSON, OVERTAKEN):
            (self.folder(batch) / name).unlink(missing_ok=True)

    def remove(self, batch: str) -> None:
        """Remove all there is of a batch."""
        shutil.rmtree(self.folder(batch), ignore_errors=True)

    def older_than(self, seconds: float) -> Iterator[str]:
        """The batches whose folder was made so long ago."""
        horizon = time.time() - seconds
        for folder in self.root.iterdir() if self.root.is_dir() else ():
            try:
                if folder.stat().st_mtime < horizon and str(UUID(folder.name)) == folder.name:
                    yield folder.name
            except (OSError, ValueError):
                continue


def sync(folder: Path) -> None:
    """Make what lies in this folder lie there after a loss of power too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
