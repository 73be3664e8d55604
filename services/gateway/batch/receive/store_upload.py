"""A file arrives: streamed to disk, unpacked if need be, hashed, bounded, and safe before anyone is told."""

import asyncio
import gzip
import hashlib
import os
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from services.gateway.batch.folders import CONTENT, sync

GZIP: Final = b"\x1f\x8b"
_PIECE: Final = 1024 * 1024


class FileTooLargeError(Exception):
    """The file, or what it unpacks to, is larger than the limit."""

    def __init__(self, maximum: int) -> None:
        super().__init__(f"larger than {maximum} bytes")
        self.maximum = maximum


class InvalidCompressionError(Exception):
    """The file begins like a gzip file and is none, or not a whole one."""


@dataclass(frozen=True, slots=True)
class Received:
    """What arrived: SHA-256 and length of the XML, unpacked."""

    digest: bytes
    size: int


class Sink:
    """Writes what comes into `content.xml` of a folder of its own. Not for the event loop: every call may block."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        folder.mkdir(mode=0o700, parents=True)
        self._folder = folder
        self._most_bytes = most_bytes
        self._file = os.fdopen(os.open(folder / CONTENT, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._hash = hashlib.sha256()
        self._size = 0
        self._head = b""
        self._unpacking: zlib._Decompress | None = None
        self._begun = False

    def write(self, piece: bytes) -> None:
        """Take the next bytes. Raises FileTooLargeError, InvalidCompressionError or OSError."""
        if not self._begun:
            self._head += piece
            if len(self._head) < len(GZIP):
                return
            piece, self._head, self._begun = self._head, b"", True
            if piece.startswith(GZIP):
                self._unpacking = _unpacking()
        if self._unpacking is None:
            self._keep(piece)
        else:
            self._unpack(piece)

    def _unpack(self, packed: bytes) -> None:
        """A megabyte at a time, so that a bomb meets the limit before it meets the memory."""
        assert self._unpacking is not None
        try:
            while packed:
                if self._unpacking.eof:
                    self._unpacking = _unpacking()
                self._keep(self._unpacking.decompress(packed, _PIECE))
                packed = self._unpacking.unused_data if self._unpacking.eof else self._unpacking.unconsumed_tail
        except zlib.error as error:
            raise InvalidCompressionError(str(error)) from error

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._most_bytes:
            raise FileTooLargeError(self._most_bytes)
        self._hash.update(piece)
        self._file.write(piece)

    def finish(self) -> Received:
        """Everything is on disk when this returns. Raises InvalidCompressionError for a gzip file without its end."""
        if self._head:
            self._keep(self._head)
        if self._unpacking is not None and not self._unpacking.eof:
            raise InvalidCompressionError("its end is missing")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        for folder in (self._folder, self._folder.parent):
            sync(folder)
        return Received(self._hash.digest(), self._size)

    def close(self) -> None:
        """Let go, finished or not."""
        self._file.close()


def _unpacking() -> "zlib._Decompress":
    return zlib.decompressobj(wbits=31)


def is_same(file: BinaryIO, size: int, digest: bytes) -> bool:
    """Whether this file, plain or gzip, holds exactly this XML; no more of it is read than that takes."""
    packed = file.read(len(GZIP)) == GZIP
    file.seek(0)
    source = gzip.GzipFile(fileobj=file) if packed else file
    hashed, left = hashlib.sha256(), size
    try:
        while left >= 0 and (piece := source.read(min(_PIECE, left + 1))):
            hashed.update(piece)
            left -= len(piece)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return False
    return left == 0 and hashed.digest() == digest


async def receive(pieces: AsyncIterator[bytes], folder: Path, most_bytes: int) -> Received:
    """Take a whole file into this new folder. Raises as `Sink` does; the caller removes the folder then."""
    sink = await asyncio.to_thread(Sink, folder, most_bytes)
    try:
        gathered: list[bytes] = []
        size = 0
        async for piece in pieces:
            gathered.append(piece)
            size += len(piece)
            if size >= _PIECE:
                await asyncio.to_thread(sink.write, b"".join(gathered))
                gathered, size = [], 0
        await asyncio.to_thread(sink.write, b"".join(gathered))
        return await asyncio.to_thread(sink.finish)
    finally:
        sink.close()
