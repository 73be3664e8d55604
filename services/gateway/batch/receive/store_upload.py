"""Storing an upload: streamed to disk, unpacked if it is gzip, hashed, bounded, and synced before it is answered."""

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
from services.gateway.limits import UNPACKED_RATIO, UNPACKED_UNHEEDED

GZIP: Final = b"\x1f\x8b"
_PIECE: Final = 1024 * 1024


class FileTooLargeError(Exception):
    """The file, or what it unpacks to, is larger than the limit."""

    def __init__(self, maximum: int) -> None:
        super().__init__(f"larger than {maximum} bytes")
        self.maximum = maximum


class CompressedTooMuchError(Exception):
    """The file unpacks to so many times its size that it is no file of declarations."""


class InvalidCompressionError(Exception):
    """The file begins like a gzip file and is not one, or not a whole one."""


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """What was stored: SHA-256 and length of the XML, unpacked."""

    digest: bytes
    size: int


class Sink:
    """The writer of `content.xml` in a new folder. Not for the event loop: every call may block."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        folder.mkdir(mode=0o700, parents=True)
        self._folder = folder
        self._most_bytes = most_bytes
        self._file = os.fdopen(os.open(folder / CONTENT, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._hash = hashlib.sha256()
        self._size = 0
        self._received = 0
        self._head = b""
        self._unpacking: zlib._Decompress | None = None
        self._begun = False

    def write(self, piece: bytes) -> None:
        """Write the next bytes. Raises FileTooLargeError, InvalidCompressionError, CompressedTooMuchError, OSError."""
        self._received += len(piece)
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
        """Unpack a megabyte at a time, so that a gzip bomb meets the limit before it fills the memory."""
        assert self._unpacking is not None
        try:
            while packed:
                if self._unpacking.eof:
                    self._unpacking = _unpacking()
                self._keep(self._unpacking.decompress(packed, _PIECE))
                if self._size > UNPACKED_UNHEEDED and self._size > self._received * UNPACKED_RATIO:
                    raise CompressedTooMuchError
                packed = self._unpacking.unused_data if self._unpacking.eof else self._unpacking.unconsumed_tail
        except zlib.error as error:
            raise InvalidCompressionError(str(error)) from error

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._most_bytes:
            raise FileTooLargeError(self._most_bytes)
        self._hash.update(piece)
        self._file.write(piece)

    def finish(self) -> StoredUpload:
        """Flush everything to disk. Raises InvalidCompressionError for a gzip file without its end."""
        if self._head:
            self._keep(self._head)
        if self._unpacking is not None and not self._unpacking.eof:
            raise InvalidCompressionError("its end is missing")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        for folder in (self._folder, self._folder.parent):
            sync(folder)
        return StoredUpload(self._hash.digest(), self._size)

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()


def _unpacking() -> "zlib._Decompress":
    return zlib.decompressobj(wbits=31)


def is_same(file: BinaryIO, size: int, digest: bytes) -> bool:
    """Tell whether a file, plain or gzip, holds the XML of this length and SHA-256.

    No more of it is read than that takes.
    """
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


async def store_upload(pieces: AsyncIterator[bytes], folder: Path, most_bytes: int) -> StoredUpload:
    """Store a whole file in this new folder. Raises as `Sink` does; the caller removes the folder then."""
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
