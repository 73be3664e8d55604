"""Parsing in a subprocess: the gateway's side (the other is `parse_process`)."""

import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import structlog

from services.gateway.batch.xml.file_summary import FileSummary

log = structlog.get_logger()

_ROOT: Final = Path(__file__).parents[4]
_LONGEST_LINE: Final = 1024 * 1024


class ParsingFailedError(Exception):
    """The parsing process ended without an answer: out of memory, a crash, a full disk."""


class RejectedFile(Exception):  # noqa: N818 - it names what was found, nothing failed
    """The parsing process rejected the file. `rejection`: as FileRejectedError gives it; `language`: the header's."""

    def __init__(self, rejection: dict[str, Any], language: str | None) -> None:
        super().__init__(rejection["code"])
        self.rejection = rejection
        self.language = language


async def parse_in_subprocess(folder: Path, on_progress: Callable[[int], None]) -> FileSummary:
    """Parse the file in this absolute folder in a process of its own; `on_progress` gets the bytes read so far.

    Raises RejectedFile or ParsingFailedError. Cancelling ends the process.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.gateway.batch.xml.parse_process",
        str(folder),
        cwd=_ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_LONGEST_LINE,
    )
    verdict: RejectedFile | None = None
    try:
        assert process.stdout is not None and process.stderr is not None
        async for line in process.stdout:
            message = json.loads(line)
            if "summary" in message:
                return FileSummary.from_json(message["summary"])
            if "rejected" in message:
                if "searchFailed" in message:
                    log.error("not every violation of a file was found", error=message["searchFailed"])
                raise RejectedFile(message["rejected"], message["language"])
            if "verdict" in message:
                verdict = RejectedFile(message["verdict"], message["language"])
            else:
                on_progress(message["read"])
        if verdict is not None:
            log.error("the search for the violations of a file ended its process")
            raise verdict
        output = (await process.stderr.read()).decode(errors="replace").strip().splitlines()
        raise ParsingFailedError(f"exit code {await process.wait()}: {output[-1] if output else 'no output'}")
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
