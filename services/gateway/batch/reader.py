"""The gateway's side of the reading process."""

import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from services.gateway.batch.refusal import Counted

_ROOT: Final = Path(__file__).parents[3]
_LONGEST_LINE: Final = 1024 * 1024


class ReadingFailedError(Exception):
    """The reading process ended without an answer: a lack of memory, a crash, a full disk."""


class RefusedFile(Exception):  # noqa: N818 - it names what was found, nothing failed
    """The file is refused; `refusal` as `FileRefusedError.as_json` writes it, `language` as the file's header does."""

    def __init__(self, refusal: dict[str, Any], language: str | None) -> None:
        super().__init__(refusal["code"])
        self.refusal = refusal
        self.language = language


async def read_apart(folder: Path, told: Callable[[int], None]) -> Counted:
    """Read the file in this (absolute) folder in a process of its own; `told` hears the bytes read, twice a second.

    Raises RefusedFile or ReadingFailedError. Cancelling ends the process.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.gateway.batch.reader_process",
        str(folder),
        cwd=_ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_LONGEST_LINE,
    )
    try:
        assert process.stdout is not None and process.stderr is not None
        async for line in process.stdout:
            said = json.loads(line)
            if "counted" in said:
                return Counted.from_json(said["counted"])
            if "refused" in said:
                raise RefusedFile(said["refused"], said["language"])
            told(said["read"])
        last_words = (await process.stderr.read()).decode(errors="replace").strip().splitlines()
        raise ReadingFailedError(f"exit code {await process.wait()}: {last_words[-1] if last_words else 'no word'}")
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
