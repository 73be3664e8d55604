"""The folders in which the files of batches lie: one each, readable by the gateway alone.

Replicas share them (a volume that all can write): whichever claims a batch finds its file there.
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
    """The folders of batches. `root`: an absolute path."""

    root: Path

    def folder(self, batch: str) -> Path:
        """Get the path of a batch's folder, which may not exist."""
        return self.root / batch

    def hand_over(self, content_of: str, batch: str) -> None:
        """Move the file of one folder to a batch whose own is lost or may be damaged; on disk when this returns."""
        folder = self.folder(batch)
        folder.mkdir(mode=0o700, exist_ok=True)
        (self.folder(content_of) / CONTENT).replace(folder / CONTENT)
        sync(folder)
        sync(self.root)

    def forget_declarations(self, batch: str) -> None:
        """Remove the decoded declarations of a batch that is published in full."""
        for name in (DECLARATIONS, BY_PERSON, OVERTAKEN):
            (self.folder(batch) / name).unlink(missing_ok=True)

    def remove(self, batch: str) -> None:
        """Remove the folder of a batch."""
        shutil.rmtree(self.folder(batch), ignore_errors=True)

    def older_than(self, seconds: float) -> Iterator[str]:
        """List the batches whose folder was last changed more than so many seconds ago."""
        horizon = time.time() - seconds
        for folder in self.root.iterdir() if self.root.is_dir() else ():
            try:
                if folder.stat().st_mtime < horizon and str(UUID(folder.name)) == folder.name:
                    yield folder.name
            except (OSError, ValueError):
                continue


def sync(folder: Path) -> None:
    """Flush the entries of a folder to disk (fsync), so that they survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
