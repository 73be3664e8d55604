"""Find the line that says why a program stopped, in its log or output."""

import json
import re
from pathlib import Path

# The beginning of a line that names an error: an exception of Python or Java, or PostgreSQL's and initdb's words.
_REASON = re.compile(r"[\w.]*(Error|Exception|Exit|Failure): |.*\b(FATAL|PANIC): |initdb: error: ")
_NO_MESSAGE = "it left no message"
_LONGEST = 300


def reason_in_log(log: Path) -> str:
    """Find the line of a log file that says what went wrong, at most 300 characters."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 65_536))
            return reason_in(file.read().decode("utf-8", errors="replace"))
    except OSError:
        return _NO_MESSAGE


def reason_in(output: str) -> str:
    """Find the last line that names an error (hints and stack frames may follow it); else take the last line."""
    lines = (line.strip() for whole in output.splitlines() for line in _unfolded(whole))
    said = [line for line in lines if line and not line.startswith(("at ", "... "))]
    last = next((line for line in reversed(said[-15:]) if _REASON.match(line)), said[-1] if said else "")
    return last[:_LONGEST] or _NO_MESSAGE


def _unfolded(line: str) -> list[str]:
    """Split a JSON log line of a service, which may hold a traceback, into its lines."""
    try:
        entry = json.loads(line)
        return [*entry["event"].splitlines(), *entry.get("exception", "").splitlines()]
    except (ValueError, KeyError, TypeError, AttributeError):
        return [line]
