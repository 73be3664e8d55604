"""Decoded declarations on disk: what reading leaves for registering, so that the XML is parsed once.

`declarations.jsonl` holds one JSON array `[kind, fields]` per declaration, in the file's order: the n-th line is the
n-th declaration. `references.txt` holds reference and XML line of each, for the report. Both hold personal data and
lie beside the file itself, readable by the gateway alone; the first goes when the last declaration is published.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

import orjson

CONTENT: Final = "content.xml"
DECLARATIONS: Final = "declarations.jsonl"
REFERENCES: Final = "references.txt"

_BUFFERED: Final = 256


class Spooled(NamedTuple):
    """A decoded declaration: its place in the file (from 1), its kind and its fields as text."""

    line: int
    kind: str
    fields: dict[str, Any]


class SpoolWriter:
    """Writes both files; they get their names only when complete and on disk."""

    def __init__(self, folder: Path) -> None:
        self._targets = (folder / DECLARATIONS, folder / REFERENCES)
        self._drafts = [target.with_suffix(".part") for target in self._targets]
        self._declarations, self._references = (
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") for draft in self._drafts
        )
        self._rows: list[bytes] = []
        self._named: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: TracebackType | BaseException | None) -> None:
        self._declarations.close()
        self._references.close()
        if kind is not None:
            for draft in self._drafts:
                draft.unlink(missing_ok=True)

    def add(self, kind: str, fields: dict[str, Any], xml_line: int) -> None:
        """The next declaration."""
        self._rows.append(orjson.dumps((kind, fields)))
        self._named.append(f"{fields['reference']}\t{xml_line}\n")
        if len(self._rows) == _BUFFERED:
            self._write()

    def _write(self) -> None:
        self._declarations.write(b"\n".join(self._rows) + b"\n" if self._rows else b"")
        self._references.write("".join(self._named).encode())
        self._rows.clear()
        self._named.clear()

    def finish(self) -> int:
        """Make both files final. Returns the length of the declarations in bytes."""
        self._write()
        size = self._declarations.tell()
        for file in (self._declarations, self._references):
            file.flush()
            os.fsync(file.fileno())
        for draft, target in zip(self._drafts, self._targets, strict=True):
            draft.replace(target)
        return size


def read_chunk(folder: Path, offset: int, first_line: int, most: int) -> tuple[list[Spooled], int]:
    """At most `most` declarations from a byte offset on, the first of which is `first_line`; and where they end."""
    rows: list[bytes] = []
    with (folder / DECLARATIONS).open("rb") as file:
        file.seek(offset)
        for row in file:
            rows.append(row)
            if len(rows) == most:
                break
    decoded = orjson.loads(b"[" + b",".join(rows) + b"]")
    chunk = [Spooled(line, kind, fields) for line, (kind, fields) in enumerate(decoded, first_line)]
    return chunk, offset + sum(map(len, rows))


def references(folder: Path) -> Iterator[tuple[int, str, int]]:
    """`(line, reference, XML line)` of every declaration, as a stream."""
    with (folder / REFERENCES).open(encoding="utf-8", newline="\n") as file:
        for line, row in enumerate(file, 1):
            reference, _, xml_line = row.rstrip("\n").rpartition("\t")
            yield line, reference, int(xml_line)
