"""Finds the line that says why a program stopped, in what it wrote."""

import json
import re
from pathlib import Path

# How the line begins that names what went wrong: an exception of Python or Java, or PostgreSQL's and initdb's words.
_REASON = re.compile(r"[\w.]*(Error|Exception|Exit|Failure): |.*\b(FATAL|PANIC): |initdb: error: ")
_NO_MESSAGE = "it left no message"
_LONGEST = 300


def reason_in_log(log: Path) -> str:
    """The line of a log that says what went wrong, at most 300 characters."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 65_536))
            return reason_in(file.read().decode("utf-8", errors="replace"))
    except OSError:
        return _NO_MESSAGE


def reason_in(output: str) -> str:
    """The last line that names what went wrong, which hints and places in the code may follow; else the last of all."""
    lines = (line.strip() for whole in output.splitlines() for line in _unfolded(whole))
    said = [line for line in lines if line and not line.startswith(("at ", "... "))]
    last = next((line for line in reversed(said[-15:]) if _REASON.match(line)), said[-1] if said else "")
    return last[:_LONGEST] or _NO_MESSAGE


def _unfolded(line: str) -> list[str]:
    """The services log one JSON object a line, a traceback too: its lines."""
    try:
        entry = json.loads(line)
        return [*entry["event"].splitlines(), *entry.get("exception", "").splitlines()]
    except (ValueError, KeyError, TypeError, AttributeError):
        return [line]
