"""Decoded declarations on disk: what parsing leaves for registering, so that the XML is parsed once.

`declarations.jsonl` holds one JSON array `[line, kind, fields]` per declaration, in the order in which they are
decided: by rank (`intake.order`), and of one rank as in the file. `references.txt` holds the position of each, its XML
line and its reference as it may be shown, in the file's order, for the report. Both hold personal data and lie beside
the file itself, readable by the gateway alone; the first goes when the last declaration is published.

Every row is sealed with its CRC-32, so that a damaged one is noticed and never registered or told.
"""

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, NamedTuple, Self
from zlib import crc32

import orjson

from services.gateway.batch.folders import DECLARATIONS
from services.gateway.intake.decision_order import RANKS

REFERENCES: Final = "references.txt"

_SEAL: Final = 9
"""Bytes of a row before what it holds: eight hexadecimal digits and a blank."""
_BUFFERED: Final = 256
_COPIED_BYTES: Final = 1024 * 1024


class SpoolDamagedError(Exception):
    """What was decoded is missing, or is not what was written. It can be decoded again from the file."""


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
        self._named: list[bytes] = []
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
        self._rows.setdefault(RANKS[kind], []).append(sealed(orjson.dumps((self._count, kind, fields))))
        self._named.append(sealed(f"{self._count}\t{xml_line}\t{reference}".encode()))
        if len(self._named) == _BUFFERED:
            self._write()

    def _write(self) -> None:
        for rank, rows in self._rows.items():
            if rank not in self._ranks:
                self._ranks[rank] = self._draft(f"{DECLARATIONS}.{rank}")
            self._ranks[rank].file.write(b"".join(rows))
        self._references.file.write(b"".join(self._named))
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


def sealed(row: bytes) -> bytes:
    """Make a row of what it holds: without line breaks, behind its CRC-32, with a line break at its end."""
    return b"%08x %b\n" % (crc32(row), row)


def unsealed(row: bytes) -> bytes:
    """Get what a row holds. Raises SpoolDamagedError."""
    held = row[_SEAL:-1]
    if row[:_SEAL] != b"%08x " % crc32(held) or row[-1:] != b"\n":
        if row[:1] == b"[" and row[-2:] == b"]\n":
            # Decoded by the release before, which sealed nothing.
            return row[:-1]
        raise SpoolDamagedError("a decoded declaration is damaged")
    return held


def read_chunk(folder: Path, offset: int, most: int) -> tuple[list[Spooled], int]:
    """Read at most `most` declarations from a byte offset: they and the offset behind the last.

    Raises SpoolDamagedError.
    """
    rows: list[bytes] = []
    with open_spooled(folder / DECLARATIONS) as file:
        file.seek(offset)
        for row in file:
            rows.append(row)
            if len(rows) == most:
                break
    decoded = orjson.loads(b"[" + b",".join(map(unsealed, rows)) + b"]")
    return [Spooled(*row) for row in decoded], offset + sum(map(len, rows))


def open_spooled(path: Path) -> BinaryIO:
    """Open what was decoded, for reading. Raises SpoolDamagedError when it is not there."""
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise SpoolDamagedError(f"{path.name} is missing") from None


def offset_behind(path: Path, rows: int) -> int:
    """Get the byte offset behind so many rows. Raises SpoolDamagedError when there are fewer."""
    with open_spooled(path) as file:
        for _ in range(rows):
            if not file.readline():
                raise SpoolDamagedError(f"{path.name} is too short")
        return file.tell()


def references_of(folder: Path, lines: Collection[int]) -> dict[int, str]:
    """Find the references of these declarations, as far as they have one: dict[line, reference]."""
    found: dict[int, str] = {}
    last = max(lines, default=0)
    for line, reference, _ in references(folder):
        if line > last:
            break
        if line in lines and reference:
            found[line] = reference
    return found


def references(folder: Path) -> Iterator[tuple[int, str, int]]:
    """Read `(line, reference, XML line)` of every declaration, one after the other.

    What is damaged is left out; so is everything once the file was removed, some time after it was done.
    """
    try:
        file = (folder / REFERENCES).open("rb")
    except FileNotFoundError:
        return
    with file:
        unsealed_before = file.readline().count(b"\t") == 1
        file.seek(0)
        for at, row in enumerate(file, 1):
            if unsealed_before:
                # Written by the release before: a reference and the XML line, of every declaration in turn.
                reference, _, xml_line = row.decode().rpartition("\t")
                yield at, reference, int(xml_line)
                continue
            with suppress(SpoolDamagedError):
                line, xml_line, reference = unsealed(row).decode().split("\t", 2)
                yield int(line), reference, int(xml_line)
