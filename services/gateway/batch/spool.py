"""Decoded declarations on disk: what parsing leaves for registering, so that the XML is parsed once.

`declarations.jsonl` holds one JSON array `[line, kind, fields]` per declaration, in the order in which they are
decided: by rank (`intake.order`), and of one rank as in the file. `references.txt` holds the XML line of each and its
reference as it may be shown, in the file's order, for the report. Both hold personal data and lie beside the file
itself, readable by the gateway alone; the first goes when the last declaration is published.
"""

import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, NamedTuple, Self

import orjson

from services.gateway.batch.folders import DECLARATIONS
from services.gateway.intake.decision_order import RANKS

REFERENCES: Final = "references.txt"

_BUFFERED: Final = 256
_COPIED_BYTES: Final = 1024 * 1024


class Spooled(NamedTuple):
    """A decoded declaration. `line`: its position in the file, from 1; `fields`: values as text."""

    line: int
    kind: str
    fields: dict[str, Any]


class Draft(NamedTuple):
    """A file that is not complete yet, open for writing and reading again."""

    file: BinaryIO
    path: Path


class SpoolWriter:
    """The writer of both files; they get their names only when they are complete and on disk.

    Each rank has a draft of its own; `finish` puts them one behind the other.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drafts: list[Draft] = []
        self._references = self._draft(REFERENCES)
        self._ranks: dict[int, Draft] = {}
        self._rows: dict[int, list[bytes]] = {}
        self._named: list[str] = []
        self._count = 0

    def _draft(self, name: str) -> Draft:
        path = self._folder / f"{name}.part"
        draft = Draft(os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b"), path)
        self._drafts.append(draft)
        return draft

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | TracebackType | BaseException | None) -> None:
        for draft in self._drafts:
            draft.file.close()
            draft.path.unlink(missing_ok=True)

    def add(self, kind: str, fields: dict[str, Any], reference: str, xml_line: int) -> None:
        """Add the next declaration of the file. `reference`: as it may be shown, else empty."""
        self._count += 1
        self._rows.setdefault(RANKS[kind], []).append(orjson.dumps((self._count, kind, fields)))
        self._named.append(f"{reference}\t{xml_line}\n")
        if len(self._named) == _BUFFERED:
            self._write()

    def _write(self) -> None:
        for rank, rows in self._rows.items():
            if rank not in self._ranks:
                self._ranks[rank] = self._draft(f"{DECLARATIONS}.{rank}")
            self._ranks[rank].file.write(b"\n".join(rows) + b"\n")
        self._references.file.write("".join(self._named).encode())
        self._rows.clear()
        self._named.clear()

    def finish(self) -> int:
        """Make both files final and give the length of the declarations in bytes."""
        self._write()
        ordered = [self._ranks[rank] for rank in sorted(self._ranks)] or [self._draft(f"{DECLARATIONS}.0")]
        whole = ordered[0]
        for draft in ordered[1:]:
            draft.file.seek(0)
            shutil.copyfileobj(draft.file, whole.file, _COPIED_BYTES)
        size = whole.file.tell()
        for draft, name in ((whole, DECLARATIONS), (self._references, REFERENCES)):
            draft.file.flush()
            os.fsync(draft.file.fileno())
            draft.path.replace(self._folder / name)
        return size


def read_chunk(folder: Path, offset: int, start: int, most: int) -> tuple[list[Spooled], int]:
    """Read at most `most` declarations from a byte offset, before which there are `start`.

    Gives them, and the offset behind the last.
    """
    rows: list[bytes] = []
    with (folder / DECLARATIONS).open("rb") as file:
        file.seek(offset)
        for row in file:
            rows.append(row)
            if len(rows) == most:
                break
    decoded = orjson.loads(b"[" + b",".join(rows) + b"]")
    if decoded and len(decoded[0]) == 2:
        # A file that was read by the release before: in its own order, without line numbers.
        decoded = [(start + position, *row) for position, row in enumerate(decoded, 1)]
    return [Spooled(*row) for row in decoded], offset + sum(map(len, rows))


def references_of(folder: Path, lines: Collection[int]) -> dict[int, str]:
    """Find the references of these declarations, as far as they have one: dict[line, reference]."""
    found: dict[int, str] = {}
    last = max(lines, default=0)
    try:
        for line, reference, _ in references(folder):
            if line > last:
                break
            if line in lines and reference:
                found[line] = reference
    except FileNotFoundError:
        # Removed some time after the file was done.
        return {}
    return found


def references(folder: Path) -> Iterator[tuple[int, str, int]]:
    """Read `(line, reference, XML line)` of every declaration, one after the other."""
    with (folder / REFERENCES).open(encoding="utf-8", newline="\n") as file:
        for line, row in enumerate(file, 1):
            reference, _, xml_line = row.rstrip("\n").rpartition("\t")
            yield line, reference, int(xml_line)
