"""Taking a file: what is kept is what was sent, and never more than the limit."""

import gzip
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.gateway.batch.folders import CONTENT
from services.gateway.batch.receive.store_upload import (
    CompressedTooMuchError,
    FileTooLargeError,
    InvalidCompressionError,
    StoredUpload,
    store_upload,
)
from services.gateway.batch.receive.uploads_at_once import TooManyUploadsError, UploadsAtOnce
from services.gateway.limits import UNPACKED_UNHEEDED

DATA = bytes(range(256)) * 12_000
LIMIT = len(DATA)


async def pieces(data: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def taken(folder: Path, data: bytes, limit: int = LIMIT, size: int = 65_536) -> StoredUpload:
    return await store_upload(pieces(data, size), folder / "b", limit)


@pytest.mark.parametrize("size", [1, 7, 65_536, 10_000_000])
async def test_what_is_kept_is_what_was_sent(tmp_path: Path, size: int) -> None:
    data = DATA[:5000] if size < 10 else DATA
    received = await taken(tmp_path, data, size=size)
    assert received == StoredUpload(hashlib.sha256(data).digest(), len(data))
    assert (tmp_path / "b" / CONTENT).read_bytes() == data
    assert (tmp_path / "b" / CONTENT).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o700


async def test_packed_and_plain_are_the_same_file(tmp_path: Path) -> None:
    """Lost: the same declarations registered twice because one copy was packed."""
    packed = gzip.compress(DATA[:1000]) + gzip.compress(DATA[1000:])
    assert await taken(tmp_path / "x", packed) == await taken(tmp_path / "y", DATA)
    assert await taken(tmp_path / "z", packed, size=3) == await taken(tmp_path / "v", DATA)


async def test_nothing_and_next_to_nothing_are_kept_as_they_are(tmp_path: Path) -> None:
    assert (await taken(tmp_path, b"")).size == 0
    assert (await taken(tmp_path / "1", b"\x1f")).size == 1


@pytest.mark.parametrize("packed", [False, True])
async def test_one_byte_too_many_is_too_many(tmp_path: Path, packed: bool) -> None:
    data = gzip.compress(DATA) if packed else DATA
    await taken(tmp_path / "a", data, limit=len(DATA))
    with pytest.raises(FileTooLargeError):
        await taken(tmp_path / "b", data, limit=len(DATA) - 1)


async def test_a_bomb_is_stopped_at_the_limit(tmp_path: Path) -> None:
    """Lost: the disk, to a file of a megabyte that unpacks to a gigabyte."""
    bomb = gzip.compress(b"\0" * 200_000_000, compresslevel=9)
    with pytest.raises(FileTooLargeError):
        await taken(tmp_path, bomb, limit=5_000_000)
    assert (tmp_path / "b" / CONTENT).stat().st_size <= 5_000_000


@pytest.mark.parametrize("harm", [lambda d: d[:-8], lambda d: d[: len(d) // 2], lambda d: d[:-5] + b"xxxxx"])
async def test_a_broken_packed_file_is_refused(tmp_path: Path, harm: object) -> None:
    with pytest.raises(InvalidCompressionError):
        await taken(tmp_path, harm(gzip.compress(DATA)))  # type: ignore[operator]


async def test_an_upload_that_breaks_off_is_not_a_file(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield DATA
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        await store_upload(broken(), tmp_path / "b", LIMIT)


async def test_a_bomb_is_refused_long_before_it_fills_the_disk(tmp_path: Path) -> None:
    """1 MB that unpacks to 1 GB: what is written stays near the bound that nobody looks below."""
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    with pytest.raises(CompressedTooMuchError):
        await taken(tmp_path, bomb, limit=1_000_000_000)
    assert (tmp_path / "b" / CONTENT).stat().st_size <= UNPACKED_UNHEEDED + 2 * 1024 * 1024


async def test_what_is_small_or_packs_as_xml_does_is_taken(tmp_path: Path) -> None:
    blank = bytes(UNPACKED_UNHEEDED)
    assert (await taken(tmp_path / "small", gzip.compress(blank), limit=10**9)).size == len(blank)
    line = b"<trainingRegistration><reference>%08d</reference><title>Veilig laden</title></trainingRegistration>"
    xml = b"".join(line % number for number in range(300_000))
    assert (await taken(tmp_path / "xml", gzip.compress(xml), limit=10**9)).size == len(xml)


def test_a_sender_has_so_many_files_under_way_and_another_has_its_own() -> None:
    uploads = UploadsAtOnce(2)
    own = uploads.one_of("a"), uploads.one_of("a"), uploads.one_of("b")
    with own[0], own[1], own[2], pytest.raises(TooManyUploadsError), uploads.one_of("a"):
        pass
    with uploads.one_of("a"), uploads.one_of("a"):
        pass
